"""Background processes of this installation: started apart from the terminal, found again and stopped by pid file.

A pid alone may belong to another program after a while, so the file keeps the process's start time too, and nothing is
ever signalled unless both agree.
"""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

# Clocks read the same start time with tiny differences.
START_TIME_TOLERANCE_SECONDS = 1.0


@dataclass(frozen=True)
class Background:
    """One named background process with its pid file in `folder`."""

    name: str
    folder: Path

    @property
    def pid_file(self) -> Path:
        """JSON with pid and start time."""
        return self.folder / f"{self.name}.pid"

    def start(self, command: Sequence[str], *, log: Path, environment: Mapping[str, str], cwd: Path) -> None:
        """Start it in a session of its own, output to `log`. Does nothing when it runs already."""
        if self.process() is not None:
            return
        log.parent.mkdir(parents=True, exist_ok=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as output:
            started = subprocess.Popen(
                list(command), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                env=dict(environment), cwd=cwd, start_new_session=True,
            )  # fmt: skip
        record = {"pid": started.pid, "started": psutil.Process(started.pid).create_time()}
        self.pid_file.write_text(json.dumps(record))

    def process(self) -> psutil.Process | None:
        """The running process, or None."""
        try:
            record = json.loads(self.pid_file.read_text())
            process = psutil.Process(record["pid"])
            same = abs(process.create_time() - record["started"]) < START_TIME_TOLERANCE_SECONDS
            return process if same and _is_alive(process) else None
        except (FileNotFoundError, ValueError, TypeError, KeyError, psutil.Error):
            return None


def stop(backgrounds: Iterable[Background], seconds: float) -> None:
    """Ask all of them to end, wait together, kill what is left of them and of the processes they started."""
    known = list(backgrounds)
    parents = [process for background in known if (process := background.process()) is not None]
    family = [*parents, *(child for parent in parents for child in _children(parent))]
    for parent in parents:
        _quietly(parent.terminate)
    alive = _wait(parents, seconds)
    # A process that started after the first look is found through its living parent.
    family.extend(child for parent in alive for child in _children(parent))
    left = _wait(family, 0 if alive else 1)
    for process in left:
        _quietly(process.kill)
    _wait(left, 5)
    for background in known:
        background.pid_file.unlink(missing_ok=True)


def _wait(processes: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Wait until all have ended; returns those that have not."""
    deadline = time.monotonic() + seconds
    while (alive := [process for process in processes if _is_alive(process)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    return alive


def _is_alive(process: psutil.Process) -> bool:
    """A zombie has ended: in a container whose first process collects none, it stays for good."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def is_alive(pid: int) -> bool:
    """Whether a process of this number works."""
    try:
        return _is_alive(psutil.Process(pid))
    except psutil.Error:
        return False


def living_in(folder: Path, name: str) -> list[int]:
    """Processes of this name that work in a folder, as far as we may look at them."""
    place = str(folder.absolute())
    found = []
    for process in psutil.process_iter(["name"]):
        try:
            if process.info["name"] == name and process.cwd() == place and _is_alive(process):
                found.append(process.pid)
        except psutil.Error:
            continue
    return found


def free_port() -> int:
    """A loopback port nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return list(process.children(recursive=True))
    except psutil.Error:
        return []


def _quietly(action: Callable[[], None]) -> None:
    try:
        action()
    except psutil.NoSuchProcess:
        return
