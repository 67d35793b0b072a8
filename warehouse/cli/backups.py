"""Backup and restore of the whole warehouse."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from warehouse.cli.terminal import console, explained


def backup(
    target: Annotated[Path, typer.Argument(help="folder that holds all backups; others may not read it")],
) -> None:
    """Copy database, kept bytes and configuration to a folder; secrets only encrypted, if there is a passphrase."""
    from warehouse.backup import back_up

    with explained() as settings:
        folder, manifest = back_up(settings, target.expanduser().absolute())
    _say(f"Written: {folder}")
    _say(f"  database: {manifest.form}, migration {manifest.revision}")
    _say(f"  kept files: {manifest.kept_files}; configuration: all; secrets: {manifest.secrets}")
    if manifest.secrets == "left out":
        _say(f"  keep a copy of {settings.secrets_file} elsewhere, or set EJENDOMSTAL_BACKUP_PASSPHRASE.")
    if manifest.form == "basebackup" and settings.wal_archive is None:
        _say("  what changes after this can not be restored: set EJENDOMSTAL_WAL_ARCHIVE to keep every minute.")


def restore(
    source: Annotated[Path, typer.Argument(help="a backup's folder, or the folder that holds all of them")],
    to: Annotated[
        str | None, typer.Option(help="moment to go back to, for example 2026-03-01T14:30+01:00; without a zone UTC")
    ] = None,
) -> None:
    """Bring the warehouse back; the cluster that was there before is set aside, nothing else is overwritten."""
    from warehouse.backup import BackupError
    from warehouse.backup import restore as restore_backup

    with explained() as settings:
        try:
            until = datetime.fromisoformat(to) if to else None
        except ValueError:
            raise BackupError(f"{to} is no moment: write 2026-03-01T14:30:00+01:00.") from None
        if until is not None and until.tzinfo is None:
            until = until.replace(tzinfo=UTC)
        done = restore_backup(settings, source.expanduser().absolute(), until)
    _say(f"Restored: {done.folder}" + (f", up to {until.isoformat(sep=' ')}" if until else ""))
    _say(f"  {done.deliveries} deliveries, newest edition {done.newest_edition or 'none'}")
    _say(f"  {done.kept_files} kept files put back; configuration: {done.config}")
    if done.replaced is not None:
        _say(f"  the cluster that was there before: {done.replaced}")
    if done.missing:
        _say(f"  {done.missing} kept files are missing: their rows are there, but they cannot be read again.", "yellow")


def _say(line: str, style: str = "") -> None:
    console.print(line, style=style, highlight=False, markup=False, soft_wrap=True)
