"""The embedded server: a copy of the whole cluster with pg_basebackup, and recovery from it to any later moment."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import time
from datetime import datetime
from pathlib import Path

import psycopg
from sqlalchemy import URL

from warehouse.backup.manifest import BackupError
from warehouse.database import connect, libpq_environment, url
from warehouse.server import OWNER, Server, binaries, quote_path, quote_setting
from warehouse.settings import Settings

BASE, WAL = "base.tar.gz", "pg_wal.tar.gz"


def save(settings: Settings, folder: Path) -> None:
    """Write `base.tar.gz`, `pg_wal.tar.gz` and the server's own `backup_manifest`, and have PostgreSQL verify them."""
    # Level 1: a level more costs twice the time for a twentieth of the size.
    copy = ("--pgdata", str(folder), "--format=tar", "--compress=client-gzip:1", "--wal-method=stream")
    run_client("pg_basebackup", *copy, "--checkpoint=fast", "--no-password", address=url("owner", settings=settings))
    run_client("pg_verifybackup", "--no-parse-wal", "--quiet", str(folder))


def restore(settings: Settings, folder: Path, until: datetime | None) -> Path | None:
    """Put the cluster back and recover it: to `until`, or as far as there is WAL. It runs afterwards.

    Returns:
        Where the cluster that was there before lies now.

    Raises:
        BackupError: a server runs on it, or the WAL does not reach `until`; the old cluster is back in its place then.
    """
    server = Server(settings)
    if server.is_running():
        raise BackupError("the embedded server runs: stop Airflow and every `ejendomstal` command, then restore.")
    replaced = _set_aside(server.data)
    try:
        _unpack(server, folder)
        _recover(server, until, replaced)
    except BaseException:
        server.stop(immediate=True)
        if replaced is not None:
            shutil.rmtree(server.data)
            replaced.rename(server.data)
        raise
    if not _knows_owner(server):
        _set_owner_password(server)
    return replaced


def run_client(program: str, *arguments: str, address: URL | None = None) -> None:
    """Run one of PostgreSQL's clients; its password goes through the environment.

    Raises:
        BackupError: it failed. What it printed names files and tables, never a row.
    """
    environment = {**os.environ, **(libpq_environment(address) if address else {}), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [str(binaries() / program), *arguments], env=environment, stdin=subprocess.DEVNULL, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        said = " ".join(done.stderr.split())[:300] or f"status {done.returncode}"
        raise BackupError(f"{program} failed: {said}")


def _set_aside(data: Path) -> Path | None:
    if not data.exists():
        return None
    replaced = data.with_name(f"{data.name}.replaced-{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}")
    return data.rename(replaced)


def _unpack(server: Server, folder: Path) -> None:
    server.data.mkdir(parents=True, mode=0o700)
    for name, target in ((BASE, server.data), (WAL, server.data / "pg_wal")):
        with tarfile.open(folder / name) as archive:
            archive.extractall(target, filter="data")
    (server.data / "recovery.signal").touch()
    for path in (server.data, *server.data.rglob("*")):
        server.hand_over(path)


def _recover(server: Server, until: datetime | None, replaced: Path | None) -> None:
    """Start with a recovery target; PostgreSQL promotes itself when it is there."""
    places = [server.settings.wal_archive, replaced / "pg_wal" if replaced else None]
    copies = [f"cp {quote_path(place)}/%f %p" for place in places if place is not None and place.exists()]
    lines = [f"restore_command = {quote_setting(' || '.join(copies) or 'false')}", "hot_standby = off"]
    if until is not None:
        lines += [f"recovery_target_time = '{until.isoformat(sep=' ')}'", "recovery_target_action = 'promote'"]
    address = server.start(*lines)
    ready = [str(binaries() / "pg_isready"), "-q", "-h", address.host, "-p", str(address.port), "-t", "1"]
    # Without a hot standby it answers when recovery has ended, not before.
    while subprocess.run(ready, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode != 0:
        if not server.is_running():
            reach = "" if until is None else f" The WAL may not reach {until.isoformat(sep=' ')}: name an earlier time."
            raise BackupError(f"recovery did not end, nothing was changed: read {server.log}.{reach}")
        time.sleep(0.1)


def _knows_owner(server: Server) -> bool:
    try:
        connect("owner", settings=server.settings).close()
    except psycopg.OperationalError:
        return False
    return True


def _set_owner_password(server: Server) -> None:
    """Secrets were made anew since the backup: the owner gets today's, and will give the other roles theirs."""
    server.stop()
    command = f"alter role {OWNER} password '{server.password()}';\n"
    server.call("postgres", "--single", "-D", str(server.data), "postgres", told=command)
    server.start()
