"""Checks that need no server: configuration, files of ours, installed versions, disk."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path
from urllib.parse import urlsplit

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from warehouse.checking import find_faults, find_missing_connections
from warehouse.doctor.finding import Finding, fault, ok, warning
from warehouse.settings import PROJECT, Settings

LOCK = PROJECT / "requirements" / "runtime.txt"
# Named in the line that says all is well: what people ask for first.
NAMED = ("apache-airflow", "dbt-core", "great-expectations", "psycopg")
GIBIBYTE = 2**30
# Below the first nothing can be relied on: a build writes its tables anew before it removes the old ones.
FAULT_BYTES, WARNING_BYTES = GIBIBYTE, 5 * GIBIBYTE


def check_configuration(settings: Settings) -> Iterator[Finding]:
    """As `ejendomstal config check`."""
    faults = find_faults(settings)
    for one in faults:
        yield fault("configuration", one.rstrip("."), "see `ejendomstal config check`")
    for variable in find_missing_connections(settings):
        yield warning("configuration", f"{variable} is not set", "set it, or make the connection in Airflow")
    if not faults:
        yield ok("configuration", f"no fault in {settings.config}")


def check_files(settings: Settings) -> Iterator[Finding]:
    """Nobody else reads secrets, quarantine, backups' WAL or an .env beside the project."""
    private = {
        settings.secrets_file: 0o600, settings.quarantine: 0o700, settings.home / "pg": 0o700,
        settings.home / "airflow" / "passwords.json": 0o600, PROJECT / ".env": 0o600,
    }  # fmt: skip
    if settings.wal_archive is not None:
        private[settings.wal_archive] = 0o700
    seen = {path: path.stat() for path in private if path.exists()}
    opened = [path for path, status in seen.items() if stat.S_IMODE(status.st_mode) & 0o077]
    for path in opened:
        yield fault("permissions", f"others may use {path}", f"chmod {private[path]:o} {path}")
    if settings.secrets_file in seen and seen[settings.secrets_file].st_uid not in (os.geteuid(), 0):
        yield fault("permissions", f"{settings.secrets_file} belongs to another user", "run as that user, or chown it")
    if not os.access(settings.home, os.W_OK):
        yield fault("permissions", f"{settings.home} cannot be written", "make it, or correct EJENDOMSTAL_HOME")
    elif not opened:
        yield ok("permissions", f"{len(seen)} private files and folders are private")


def check_versions(settings: Settings) -> Iterator[Finding]:
    """What is installed against the lock and the Python the project asks for."""
    pins = read_pins(LOCK)
    differing = []
    for name, pinned in pins.items():
        try:
            found = version(name)
        except PackageNotFoundError:
            found = "missing"
        if found != pinned:
            differing.append(f"{name} {found} for {pinned}")
    python = ".".join(map(str, sys.version_info[:3]))
    wanted = distribution("ejendomstal").metadata["Requires-Python"]
    if wanted and python not in SpecifierSet(wanted):
        yield fault("versions", f"Python {python}, wanted {wanted}", "make .venv anew with another Python")
    if differing:
        shown = ", ".join(differing[:5]) + (f" and {len(differing) - 5} more" if len(differing) > 5 else "")
        yield fault("versions", f"not as locked: {shown}", "make .venv anew: rm -r .venv; make .venv/.installed")
    else:
        named = ", ".join(f"{name} {pins[name]}" for name in NAMED if name in pins)
        yield ok("versions", f"Python {python}, {len(pins)} packages as locked, {named}")


def read_pins(lock: Path) -> dict[str, str]:
    """Name and version of every package that the lock wants on this machine."""
    lines = (line.partition(" \\")[0] for line in lock.read_text().splitlines() if line[:1].isalnum())
    wanted = [requirement for requirement in map(Requirement, lines) if _applies(requirement)]
    return {one.name: next(iter(one.specifier)).version for one in wanted}


def _applies(requirement: Requirement) -> bool:
    return requirement.marker is None or requirement.marker.evaluate()


def check_disk(settings: Settings) -> Iterator[Finding]:
    """Room for the home folder, kept bytes and archived WAL; each disk once."""
    kept = urlsplit(settings.kept_bytes_url)
    places = {"home": settings.home, "kept bytes": Path(kept.path) if kept.scheme in ("", "file") else None,
              "archived WAL": settings.wal_archive}  # fmt: skip
    disks: dict[int, tuple[list[str], int]] = {}
    for name, path in places.items():
        if path is not None:
            there = next(parent for parent in (path, *path.parents) if parent.exists())
            names, _ = disks.setdefault(there.stat().st_dev, ([], shutil.disk_usage(there).free))
            names.append(name)
    for names, free in disks.values():
        seen = f"{free / GIBIBYTE:.1f} GiB free for {', '.join(names)}"
        if free < FAULT_BYTES:
            yield fault("disk", seen, "make room before the next run: at least 1 GiB, better 5")
        elif free < WARNING_BYTES:
            yield warning("disk", seen, "make room: a build of the whole country needs more than 5 GiB for a while")
        else:
            yield ok("disk", seen)
