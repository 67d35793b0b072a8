"""Folders for files on their way: below the home folder, and gone with the process that uses them, even if killed.

Each folder has a lock beside it, held by its user. The system lets the lock of a dead process go, so whoever needs a
folder next can tell what has been left behind, and removes it: originals may hold personal data.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout

from warehouse.settings import Settings

LOCK = ".lock"


@contextmanager
def scratch_folder(settings: Settings) -> Iterator[Path]:
    """A folder of one's own, mode 0700, removed at the end; those of killed processes are removed first."""
    root = settings.home / "scratch"
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = root / uuid4().hex
    lock = FileLock(f"{folder}{LOCK}")
    # One at a time looks for locks that nobody holds: a new one is never taken for an abandoned one.
    with FileLock(root / "looking"):
        for path in root.glob(f"*{LOCK}"):
            _remove_abandoned(path)
        lock.acquire()
    try:
        folder.mkdir(mode=0o700)
        yield folder
    finally:
        _remove(Path(lock.lock_file))
        lock.release()


def _remove_abandoned(lock_file: Path) -> None:
    try:
        with FileLock(lock_file, timeout=0):
            _remove(lock_file)
    except Timeout:
        return


def _remove(lock_file: Path) -> None:
    shutil.rmtree(lock_file.with_suffix(""), ignore_errors=True)
    lock_file.unlink(missing_ok=True)
