"""Rebuild an edition from what was kept, in a database of its own, and compare it with what readers were shown.

Kept are the bytes of the deliveries, an archive of what was declared with the program that reads it, and the gate's
judgement. Values that an edition took over from an earlier one (last good, withdrawn) are given to the
rebuilding as they were shown then, and counted.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import class_row
from pydantic import SecretStr

from connectors.history import LISTED, DeliveryRecord
from connectors.store import read_kept_bytes
from warehouse.candidate_inputs import CONFIG, UNREADABLE, read_bundle, unpack
from warehouse.database import connect, conninfo, url
from warehouse.editions import EditionError
from warehouse.settings import Settings
from warehouse.verify_rows import Comparison, compare, seed

# A start of dbt, a build of the country and the landing of its files.
LONGEST_SECONDS = 4 * 3600
INPUTS = """
select e.edition_id, e.kind, e.note, c.inputs_moved, c.bundle_sha256, b.stored_path, c.candidate_id,
    (select count(*) from published.scope_editions s where s.edition_id = e.edition_id)
from published.editions e
left join ops.candidates c using (candidate_id)
left join ops.bundles b using (bundle_sha256)
where e.edition_id = %s
"""
PROGRAM_SUFFIXES = (".py", ".html")
DELIVERIES = "select delivery_id from ops.candidate_deliveries where candidate_id = %s"


@dataclass(frozen=True)
class Inputs:
    """What an edition was made of."""

    edition_id: int
    kind: str
    note: str | None
    bundle_sha256: str
    bundle_path: str
    deliveries: tuple[DeliveryRecord, ...]


@dataclass(frozen=True)
class Verification:
    """What came of it. `kept_figures`: values that were taken over from earlier editions, and are not rebuilt."""

    edition_id: int
    deliveries: int
    kept_figures: int
    comparison: Comparison

    @property
    def is_same(self) -> bool:
        """Whether every scope came out as it was shown."""
        return not self.comparison.differences


def verify(
    settings: Settings,
    edition_id: int,
    progress: Callable[[str], object] = lambda line: None,
    *,
    todays_program: bool = False,
) -> Verification:
    """Rebuild an edition and compare it row by row.

    Args:
        settings: where the warehouse is.
        edition_id: the edition.
        progress: is told what goes on.
        todays_program: read the register, configuration and models of that time with the program of now: where the
            program of that time no longer runs.

    Raises:
        EditionError: it cannot be rebuilt: what was kept is not there, not the same any more, or does not land or build
            as it did. The message says what.
    """
    inputs = _read_inputs(settings, edition_id)
    with tempfile.TemporaryDirectory(prefix="ejendomstal-verify-") as folder:
        scratch = Path(folder)
        _check_deliveries(settings, inputs)
        _unpack(settings, inputs, scratch / "program", todays_program)
        job = scratch / "job.json"
        job.write_text(json.dumps(_job(settings, inputs)), encoding="utf-8")
        with _fresh_database(settings, edition_id) as fresh:
            progress(f"Landing {len(inputs.deliveries)} deliveries and building ...")
            _run(settings, fresh, scratch, "build", inputs)
            with connect("owner", settings=settings) as live, connect("owner", settings=fresh) as made:
                kept = seed(live, made, edition_id)
            progress("Publishing and comparing ...")
            _run(settings, fresh, scratch, "publish", inputs)
            with connect("owner", settings=settings) as live, connect("owner", settings=fresh) as made:
                comparison = compare(live, made, edition_id)
    return Verification(edition_id, len(inputs.deliveries), kept, comparison)


def _read_inputs(settings: Settings, edition_id: int) -> Inputs:
    with connect("owner", settings=settings) as connection:
        row = connection.execute(INPUTS.encode(), [edition_id]).fetchone()
        if row is None:
            raise EditionError(f"there is no edition {edition_id}: `ejendomstal edition list` has them all.")
        _, kind, note, inputs_moved, bundle_sha256, bundle_path, candidate_id, scopes = row
        if bundle_sha256 is None:
            raise EditionError(f"edition {edition_id} was made before its inputs were kept: it cannot be rebuilt.")
        if not scopes:
            raise EditionError(
                f"edition {edition_id} wrote no rows of its own, it made final what earlier editions had shown: verify "
                "those (`ejendomstal edition list --municipality CODE --year YEAR` names them)."
            )
        query = f"{LISTED} where delivery_id in ({DELIVERIES}) order by delivery_id"
        cursor = connection.cursor(row_factory=class_row(DeliveryRecord))
        records = cursor.execute(query.encode(), [candidate_id]).fetchall()
    # A delivery that was superseded since was current then.
    current = (replace(record, state="landed", superseded_by=None) for record in records)
    if inputs_moved:
        raise EditionError(
            f"deliveries landed, or files were edited, while edition {edition_id} was built: it may hold some of them "
            "and cannot be made again."
        )
    return Inputs(edition_id, kind, note, bundle_sha256, bundle_path, tuple(current))


def _check_deliveries(settings: Settings, inputs: Inputs) -> None:
    """The bytes are kept under their own hash."""
    faults = []
    for record in inputs.deliveries:
        found = read_kept_bytes(settings, record.stored_path)
        if found is None:
            faults.append(f"the bytes of delivery {record.delivery_id} ({record.source} {record.stream}) are gone")
            continue
        if not Path(record.stored_path).name.startswith(f"{hashlib.sha256(found).hexdigest()}_"):
            faults.append(f"the bytes of delivery {record.delivery_id} ({record.source} {record.stream}) have changed")
    if faults:
        raise EditionError(f"edition {inputs.edition_id} cannot be rebuilt: {'; '.join(faults)}.")


def _unpack(settings: Settings, inputs: Inputs, folder: Path, todays_program: bool) -> None:
    found = read_kept_bytes(settings, inputs.bundle_path)
    try:
        bundle = None if found is None else unpack(found)
    except UNREADABLE:
        bundle = None
    if bundle is None:
        raise EditionError(f"edition {inputs.edition_id} cannot be rebuilt: the archive of its inputs is not readable.")
    if bundle.sha256 != inputs.bundle_sha256:
        raise EditionError(f"edition {inputs.edition_id} cannot be rebuilt: the archive of its inputs has changed.")
    files = bundle.files
    if todays_program:
        now = {
            path: content for path, content in read_bundle(settings).files.items() if path.endswith(PROGRAM_SUFFIXES)
        }
        files = now | {path: content for path, content in files.items() if not path.endswith(PROGRAM_SUFFIXES)}
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    (folder / CONFIG / "municipalities").mkdir(parents=True, exist_ok=True)


def _job(settings: Settings, inputs: Inputs) -> dict[str, Any]:
    # In the fresh database nothing is signed; the scopes of a correction are locked there, see verify_rows.seed.
    is_correction = inputs.kind == "correction"
    return {
        "kind": "correction" if is_correction else "provisional",
        "note": inputs.note,
        "kept_bytes_url": settings.kept_bytes_url,
        "deliveries": [json.loads(json.dumps(asdict(record), default=str)) for record in inputs.deliveries],
    }


@contextmanager
def _fresh_database(settings: Settings, edition_id: int) -> Iterator[Settings]:
    """Settings of a database beside the warehouse's, which does not exist before and after."""
    address = url("owner", settings=settings)
    name = f"{address.database}_verify_{edition_id}_{os.getpid()}"
    fresh = address.set(database=name).render_as_string(hide_password=False)
    try:
        yield settings.model_copy(update={"database_url": SecretStr(fresh)})
    finally:
        # The archived program made it, with everything in it.
        with psycopg.connect(conninfo(address), autocommit=True) as connection:
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def _run(settings: Settings, fresh: Settings, scratch: Path, step: str, inputs: Inputs) -> None:
    """One step in the program of that time, with its configuration, the fresh database and a store of its own."""
    home = scratch / "home"
    home.mkdir(exist_ok=True)
    if settings.secrets_file.exists() and not (home / settings.secrets_file.name).exists():
        # The roles are those of the server: other passwords would lock everyone else out.
        (home / settings.secrets_file.name).symlink_to(settings.secrets_file)
    assert fresh.database_url is not None  # just set
    environment = {
        **os.environ,
        "PYTHONPATH": str(scratch / "program"),
        "EJENDOMSTAL_HOME": str(home),
        "EJENDOMSTAL_CONFIG": str(scratch / "program" / CONFIG),
        "EJENDOMSTAL_STORE_URL": f"file://{home / 'deliveries'}",
        "EJENDOMSTAL_DATABASE_URL": fresh.database_url.get_secret_value(),
    }
    result = subprocess.run(
        [sys.executable, "-m", "warehouse.rebuild", step, str(scratch / "job.json")],
        env=environment, cwd=scratch / "program", capture_output=True, text=True, check=False, timeout=LONGEST_SECONDS,
    )  # fmt: skip
    if result.returncode != 0:
        lines = [line for line in result.stderr.splitlines() if line.strip()]
        reason = lines[-1] if lines else f"the program of its time ended with status {result.returncode}"
        raise EditionError(f"edition {inputs.edition_id} cannot be rebuilt: {reason}")
