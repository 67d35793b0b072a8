"""Commands as processes that can be killed, without the seconds that their imports take.

A command is forked from a process that has imported everything, as Airflow's LocalExecutor forks its tasks: the same
code in a process of its own, with a session of its own, four to seven seconds sooner.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

from warehouse.settings import PROJECT, Settings

DBT = "warehouse.dbt_process"


def preload() -> None:
    """Import what the commands import when they run."""
    from alembic import command, config  # noqa: F401

    from connectors.base import registered
    from expectations.suites import load_great_expectations
    from warehouse import build, cli, pipeline, publish, report  # noqa: F401

    registered()
    load_great_expectations()


@dataclass(frozen=True)
class Command:
    """A started command; what it prints goes to `log`."""

    pid: int
    log: Path

    def has_ended(self) -> bool:
        """Also when nobody has asked for its exit status yet."""
        return not psutil.pid_exists(self.pid) or psutil.Process(self.pid).status() == psutil.STATUS_ZOMBIE

    def wait(self, seconds: float) -> int | None:
        """Exit status, negative for a signal; None, and it is killed, when it has not ended in time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.01)
        os.killpg(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        return None

    def dbt(self) -> list[psutil.Process]:
        """Its dbt processes."""
        try:
            children = psutil.Process(self.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []
        return [child for child in children if is_dbt(child)]

    def printed(self) -> str:
        """All it has said."""
        return self.log.read_text(errors="replace")


def is_dbt(process: psutil.Process) -> bool:
    """Whether a process is one of ours that runs dbt."""
    try:
        return DBT in process.cmdline()
    except psutil.Error:
        return False


def start(arguments: list[str], settings: Settings, environment: Mapping[str, str]) -> Command:
    """Fork `ejendomstal <arguments>`. Only from a process without threads and without open connections."""
    settings.logs.mkdir(parents=True, exist_ok=True)
    log = settings.logs / f"{'-'.join(arguments)}.{time.monotonic_ns()}.log"
    log.touch(0o600)  # a command can be killed before it opens one
    pid = os.fork()
    if pid:
        return Command(pid, log)
    status = 1
    try:
        status = _become(arguments, settings, environment, log)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _become(arguments: list[str], settings: Settings, environment: Mapping[str, str], log: Path) -> int:
    os.setsid()
    descriptor = os.open(log, os.O_WRONLY | os.O_APPEND)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    os.chdir(PROJECT)
    os.environ.update(environment)
    os.environ.update(place(settings))
    tempfile.tempdir = None  # looked up before the fork
    from warehouse.cli import app

    try:
        app(arguments)
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def place(settings: Settings) -> dict[str, str]:
    """Environment that leads a command to its home; scratch files go there too, so that they are found."""
    scratch = settings.home / "tmp"
    scratch.mkdir(parents=True, exist_ok=True)
    return {
        "EJENDOMSTAL_HOME": str(settings.home),
        "EJENDOMSTAL_CONFIG": str(settings.config),
        "TMPDIR": str(scratch),
    }
