"""What a backup says of itself, and which of several is the one to restore."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from connectors.store import hash_file
from warehouse.errors import KnownError

FILE = "manifest.json"
Form = Literal["basebackup", "dump"]


class BackupError(KnownError):
    """Nothing was backed up or restored; the message says why and what to do."""


@dataclass(frozen=True)
class Manifest:
    """One backup. `files` are its own files by hash; kept bytes lie beside all backups of a target."""

    form: Form
    started_at: str
    finished_at: str
    server_version: int
    revision: str
    kept_root: str
    kept_files: int
    secrets: Literal["encrypted", "left out"]
    files: dict[str, str] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        """Beside the files it names."""
        (folder / FILE).write_text(json.dumps(asdict(self), indent=1) + "\n")
        (folder / FILE).chmod(0o600)


def read_manifest(folder: Path) -> Manifest:
    """A backup's manifest.

    Raises:
        BackupError: there is none, or it is not of this version.
    """
    try:
        return Manifest(**json.loads((folder / FILE).read_text()))
    except (OSError, ValueError, TypeError):
        raise BackupError(f"{folder} is no backup of this version: it has no readable {FILE}.") from None


def find_backup(source: Path, until: datetime | None) -> tuple[Path, Manifest]:
    """The backup that is `source`, or the newest below it that was finished by `until`.

    Raises:
        BackupError: there is none.
    """
    if (source / FILE).exists():
        folders = [source]
    else:
        folders = sorted(file.parent for file in source.glob(f"*/{FILE}") if not file.parent.name.endswith(".partial"))
    for folder in reversed(folders):
        manifest = read_manifest(folder)
        if until is None or datetime.fromisoformat(manifest.finished_at) <= until:
            return folder, manifest
    when = "" if until is None else f" that was finished by {until.isoformat(sep=' ', timespec='seconds')}"
    raise BackupError(f"there is no backup{when} in {source}: name the folder that `ejendomstal backup` wrote to.")


def verify(folder: Path, manifest: Manifest) -> None:
    """Every file of the backup is there and as it was written.

    Raises:
        BackupError: one is not.
    """
    for name, sha256 in manifest.files.items():
        if not (folder / name).exists() or hash_file(folder / name) != sha256:
            raise BackupError(f"{folder / name} is missing or damaged: restore another backup.")
