"""Backup and restore of a whole warehouse: database, kept bytes, configuration and, encrypted, secrets.

The embedded server is copied as a cluster (`physical`), so that it can be recovered to any moment the archived WAL
covers; of a server of one's own our database is dumped (`dump`). See docs/decisions/0011.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from connectors.store import hash_file
from warehouse.backup import dump, files, physical
from warehouse.backup.manifest import BackupError, Manifest, find_backup, verify
from warehouse.database import connect, prepare, running
from warehouse.server import Server
from warehouse.settings import Settings

__all__ = ["BackupError", "Restored", "back_up", "restore"]

KEPT = "kept"
MOVE_STORED_PATHS = """
update ops.deliveries set stored_path = %(now)s || substr(stored_path, length(%(was)s) + 1)
where not is_quarantined and starts_with(stored_path, %(was)s || '/')
"""


@dataclass(frozen=True)
class Restored:
    """What a restore brought back. `replaced` is where the old cluster lies; `missing` kept files nobody has."""

    folder: Path
    manifest: Manifest
    replaced: Path | None
    config: Path
    kept_files: int
    deliveries: int
    newest_edition: int | None
    missing: int


def back_up(settings: Settings, target: Path) -> tuple[Path, Manifest]:
    """Write one backup below `target`, whole or not at all. Returns its folder and what it says of itself."""
    began = datetime.now(UTC)
    folder = target / began.strftime("%Y%m%dT%H%M%S.%fZ")
    partial = folder.with_name(f"{folder.name}.partial")
    _make_private(target)
    partial.mkdir(mode=0o700)
    try:
        with running(settings):
            manifest = _write(settings, partial, began)
        partial.rename(folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return folder, manifest


def restore(settings: Settings, source: Path, until: datetime | None = None) -> Restored:
    """Bring a warehouse back from a backup, or from the newest of a target that was finished by `until`.

    Args:
        settings: where to restore it; its kept bytes, configuration and secrets are added to, never overwritten.
        source: a backup's folder, or the target that holds several.
        until: recover to this moment; default: as far as there is WAL.

    Raises:
        BackupError: nothing was changed; the message says why.
    """
    folder, manifest = find_backup(source, until)
    verify(folder, manifest)
    embedded = Server(settings).is_embedded
    if embedded != (manifest.form == "basebackup"):
        other = "unset" if manifest.form == "basebackup" else "set"
        raise BackupError(f"{folder} is a {manifest.form}: {other} EJENDOMSTAL_DATABASE_URL to restore it.")
    if until is not None and not embedded:
        raise BackupError("a dump knows one moment only: leave out --to, or have the server's owner recover it.")
    files.restore_secrets(settings, folder)
    replaced = None
    if embedded:
        replaced = physical.restore(settings, folder, until)
    else:
        dump.restore(settings, folder)
    try:
        kept = files.restore_kept_bytes(settings, folder.parent / KEPT)
        config = files.restore_configuration(settings, folder)
        prepare(settings)
        return _look(settings, folder, manifest, replaced, config, kept)
    finally:
        Server(settings).stop()


def _make_private(target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    if target.stat().st_mode & 0o077:
        raise BackupError(f"others may read {target}, and a backup holds every row: chmod 700 {target}.")


def _write(settings: Settings, partial: Path, began: datetime) -> Manifest:
    embedded = Server(settings).is_embedded
    (physical if embedded else dump).save(settings, partial)
    # After the database: a row of ops.deliveries is there only when its bytes are.
    kept = files.save_kept_bytes(settings, partial.parent / KEPT)
    files.save_configuration(settings, partial)
    encrypted = files.save_secrets(settings, partial)
    with connect("owner", settings=settings) as connection:
        row = connection.execute("select version_num from ops_migrations.alembic_version").fetchone()
        version = connection.info.server_version
    for path in partial.iterdir():
        path.chmod(0o600)
    manifest = Manifest(
        "basebackup" if embedded else "dump", began.isoformat(), datetime.now(UTC).isoformat(), version,
        row[0] if row else "", files.kept_root(settings), kept, "encrypted" if encrypted else "left out",
        {path.name: hash_file(path) for path in sorted(partial.iterdir())},
    )  # fmt: skip
    manifest.write(partial)
    return manifest


def _look(
    settings: Settings, folder: Path, manifest: Manifest, replaced: Path | None, config: Path, kept: int
) -> Restored:
    """See that readers have what they had; point deliveries at where their bytes are now."""
    with connect("owner", settings=settings) as connection:
        connection.execute(MOVE_STORED_PATHS, {"was": manifest.kept_root, "now": files.kept_root(settings)})
        row = connection.execute(
            "select (select count(*) from ops.deliveries), (select max(edition_id) from published.editions)"
        ).fetchone()
        paths = connection.execute("select distinct stored_path from ops.deliveries where not is_quarantined")
        missing = files.count_missing(settings, [path for (path,) in paths])
    assert row is not None  # an aggregate gives one row
    return Restored(folder, manifest, replaced, config, kept, row[0], row[1], missing)
