"""The kept bytes of deliveries, and the quarantine for originals that may hold personal data."""

from __future__ import annotations

import hashlib
import re
import shutil
import time
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import IO, Any

import fsspec

from connectors.declarations import Delivery
from warehouse.settings import Settings

CHUNK = 1024 * 1024
SECONDS_PER_DAY = 86_400


class KeptFile(AbstractContextManager["KeptFile"]):
    """One file on its way into the store: written under a passing name, given its own by `finish`.

    Landings of one table wait for each other, so the passing name of a stream and municipality is free: what a killed
    landing left there is overwritten by the next.
    """

    def __init__(self, delivery: Delivery, settings: Settings) -> None:
        """Open the passing file of this stream and municipality."""
        self._files, root = fsspec.core.url_to_fs(settings.kept_bytes_url)
        self._folder = f"{root.rstrip('/')}/{delivery.source}/{delivery.stream}/{delivery.municipality_code}"
        self._passing = f"{self._folder}/incoming.tmp"
        self._name = _safe_name(delivery.file_name)
        self._files.makedirs(self._folder, exist_ok=True)
        self._file: IO[bytes] = self._files.open(self._passing, "wb")
        self._hash = hashlib.sha256()

    def write(self, chunk: bytes) -> None:
        """Add bytes."""
        self._hash.update(chunk)
        self._file.write(chunk)

    def sha256(self) -> str:
        """Hash of what was written so far."""
        return self._hash.hexdigest()

    def restart(self) -> None:
        """Forget what was written."""
        self._file.close()
        self._file = self._files.open(self._passing, "wb")
        self._hash = hashlib.sha256()

    def finish(self) -> tuple[str, str]:
        """Give the file its lasting name; return path and sha256. The same bytes are kept once."""
        self._file.close()
        sha256 = self._hash.hexdigest()
        path = f"{self._folder}/{sha256[:2]}/{sha256}_{self._name}"
        if self._files.exists(path):
            self._files.rm(self._passing)
        else:
            self._files.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
            self._files.mv(self._passing, path)
        return path, sha256

    def discard(self) -> None:
        """Leave nothing behind."""
        with suppress(OSError):  # a full disk cannot take what is still to be written
            self._file.close()
        if self._files.exists(self._passing):
            self._files.rm(self._passing)

    def __exit__(self, kind: type[BaseException] | None, *_: Any) -> None:
        """Discard what an error left unfinished."""
        if kind is not None:
            self.discard()


def hash_file(path: Path) -> str:
    """Sha256 of a local file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_kept_bytes(settings: Settings, path: str) -> bytes | None:
    """What is kept under a path of the store; None where nothing is."""
    files, _ = fsspec.core.url_to_fs(settings.kept_bytes_url)
    try:
        content: bytes = files.cat_file(path)
    except FileNotFoundError:
        return None
    return content


def keep_rejected(delivery: Delivery, settings: Settings) -> tuple[str, str, bool]:
    """Keep the file of a delivery that does not land; return path, sha256 and whether that is the quarantine."""
    if delivery.holds_personal_data:
        return *quarantine(delivery, settings), True
    with KeptFile(delivery, settings) as kept:
        with delivery.path.open("rb") as file:
            for chunk in iter(lambda: file.read(CHUNK), b""):
                kept.write(chunk)
        return *kept.finish(), False


def quarantine(delivery: Delivery, settings: Settings) -> tuple[str, str]:
    """Copy a rejected original to the folder that only the loader can read; return path and sha256."""
    folder = settings.quarantine
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    sha256 = hash_file(delivery.path)
    target = folder / f"{sha256}_{_safe_name(delivery.file_name)}"
    target.touch(mode=0o600)
    target.chmod(0o600)
    shutil.copyfile(delivery.path, target)
    return str(target), sha256


def purge_quarantine(settings: Settings, days: int = 14) -> int:
    """Remove originals that have lain in quarantine for more than `days`; return how many."""
    oldest = time.time() - days * SECONDS_PER_DAY
    files = [file for file in settings.quarantine.glob("*") if file.is_file() and file.stat().st_mtime < oldest]
    for file in files:
        file.unlink(missing_ok=True)  # another pull may have been quicker
    return len(files)


def _safe_name(file_name: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "_", Path(file_name).name)[-120:].lstrip(".") or "file"
