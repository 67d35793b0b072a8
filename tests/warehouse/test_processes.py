from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import psutil
import pytest

from warehouse.processes import Background, stop

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
# A parent that ignores SIGTERM and has a child of its own.
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']).pid, flush=True); time.sleep(600)",
]


def started(folder: Path, name: str, command: list[str]) -> Background:
    background = Background(name, folder)
    background.start(command, log=folder / f"{name}.log", environment=os.environ, cwd=folder)
    return background


def test_a_process_is_found_again_by_name_and_stopped(tmp_path: Path) -> None:
    process = started(tmp_path, "sleeper", SLEEP).process()
    assert process is not None

    stop([Background("sleeper", tmp_path)], seconds=10)

    assert Background("sleeper", tmp_path).process() is None
    assert not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    assert not Background("sleeper", tmp_path).pid_file.exists()


def test_starting_twice_starts_once(tmp_path: Path) -> None:
    first = started(tmp_path, "sleeper", SLEEP).process()
    second = started(tmp_path, "sleeper", SLEEP).process()
    stop([Background("sleeper", tmp_path)], seconds=10)
    assert first == second


def test_a_process_that_does_not_listen_is_killed_with_what_it_started(tmp_path: Path) -> None:
    stubborn = started(tmp_path, "stubborn", STUBBORN)
    deadline = time.monotonic() + 20
    while not (printed := (tmp_path / "stubborn.log").read_text().strip()) and time.monotonic() < deadline:
        time.sleep(0.05)

    stop([stubborn], seconds=0.5)

    assert stubborn.process() is None
    assert not psutil.pid_exists(int(printed)) or psutil.Process(int(printed)).status() == psutil.STATUS_ZOMBIE


@pytest.mark.parametrize("content", ["", "[]", '{"pid": 999999999, "started": 0}'])
def test_a_pid_file_of_nothing_is_no_process(tmp_path: Path, content: str) -> None:
    (tmp_path / "gone.pid").write_text(content)
    assert Background("gone", tmp_path).process() is None


def test_a_pid_that_belongs_to_another_program_now_is_left_alone(tmp_path: Path) -> None:
    background = Background("reused", tmp_path)
    background.pid_file.write_text(json.dumps({"pid": os.getpid(), "started": 1.0}))
    stop([background], seconds=1)
    assert psutil.Process(os.getpid()).is_running()
