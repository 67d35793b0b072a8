"""Build the candidate edition: dbt turns current deliveries into the schema `audit`.

A build is a row of `ops.candidates`. Its fingerprint covers everything the result depends on (current deliveries,
register, configuration, the dbt project and the gate's rules), so an equal fingerprint means there is nothing to do.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from expectations.exceptions import exceptions_file
from register.load import load as load_register
from warehouse import candidate_inputs
from warehouse.changes import changed_streams, note_declared, years_of_whole
from warehouse.database import connect, libpq_environment, url
from warehouse.dbt_session import DbtEndedError, DbtSession
from warehouse.errors import KnownError
from warehouse.intact import require_intact
from warehouse.settings import PROJECT, Settings

DBT_PROJECT = PROJECT / "dbt_project"
LAYERS = ("staging", "intermediate", "marts")
DEFINING_FOLDERS = (DBT_PROJECT, PROJECT / "expectations")
DEFINING_SUFFIXES = {".sql", ".yml", ".csv", ".py"}
# One build at a time: two would write the same tables. Any number that only builds use.
BUILD_LOCK = 7421002
# buildable: a test that spans layers waits for the layer that completes its parents.
BUILD = ("build", "--indirect-selection", "buildable", "--select")
# Everything that is told by the year (places, uses, users, hours) is made for these years, and nearly every delivery
# leaves them as they are: what is reached through this model only need not be made again then.
YEARS = "int_years__observed"
YEARS_HASH = f"select coalesce(sum(hash_record_extended(y, 0)), 0)::text from intermediate.{YEARS} y"
# A dbt process that has read the project and waits for its command.
_waiting: DbtSession | None = None


class BuildError(KnownError):
    """The candidate could not be built; the message names the layer and the log to read."""


def fingerprint(settings: Settings) -> str:
    """Hash of everything a candidate depends on. Loads the register first, so that files and tables agree."""
    return _fingerprint(settings, load_register(settings))


def _fingerprint(settings: Settings, register: str) -> str:
    digest = hashlib.sha256(register.encode())
    for path in _defining_files(*DEFINING_FOLDERS):
        digest.update(path.relative_to(PROJECT).as_posix().encode())
        digest.update(path.read_bytes())
    exceptions = exceptions_file(settings)
    if exceptions.is_file():
        digest.update(exceptions.read_bytes())
    with connect("ejd_transformer", settings=settings) as connection:
        rows = connection.execute("select delivery_id from ops.current_deliveries order by delivery_id").fetchall()
    digest.update(repr(rows).encode())
    return digest.hexdigest()


def is_due(settings: Settings) -> bool:
    """Whether the newest candidate is something else than a published one of today's inputs."""
    with connect("ejd_transformer", settings=settings) as connection:
        newest = connection.execute(
            "select fingerprint, state from ops.candidates order by candidate_id desc limit 1"
        ).fetchone()
    return newest != (fingerprint(settings), "published")


def start(settings: Settings) -> int:
    """Open a new candidate; candidates that never reached publication are given up. Returns its id."""
    register = load_register(settings)
    today = _fingerprint(settings, register)
    with connect("ejd_transformer", settings=settings) as connection:
        connection.execute(
            "update ops.candidates set state = 'abandoned' where state in ('building', 'built', 'gated')"
        )
        row = connection.execute(
            "insert into ops.candidates (fingerprint, state) values (%s, 'building') returning candidate_id", [today]
        ).fetchone()
        assert row is not None  # an insert ... returning gives a row or raises
        note_declared(connection, row[0], register, project_sha256())
        candidate_inputs.record(connection, settings, row[0])
        connection.execute("select ops.renew_statistics('ops', 'register')")
    return int(row[0])


def warm_up(settings: Settings) -> None:
    """Have dbt read the project beforehand; the next `run_layer` of this process uses it. Costs nothing if unused."""
    global _waiting
    if _waiting is None:
        _waiting = _open_dbt(settings)


def run_layer(settings: Settings, *layers: str, whole: bool = False) -> None:
    """Build and test what has changed, or everything that is needed, of one or more layers with one dbt process.

    Raises:
        BuildError: dbt failed; nothing is published from a candidate that was not finished.
        LostBuildError: the server crashed since the layers below were built.
    """
    if LAYERS[0] not in layers:
        _require_intact(settings)
    with connect("ejd_transformer", settings=settings) as connection:
        changed = None if whole else changed_streams(connection)
        years = years_of_whole(connection)
    if changed is None:
        _run_dbt(settings, [*BUILD, *select_models(settings, layers)], ", ".join(layers))
    elif changed:
        make_changed(settings, changed, layers, years=years)


def make_changed(
    settings: Settings,
    streams: Sequence[str],
    layers: Sequence[str] = LAYERS,
    *,
    toward: Sequence[str] = (),
    years: str | None = None,
) -> None:
    """Make what changed streams reach.

    Args:
        settings: where the warehouse is.
        streams: `source.stream` of what has changed.
        layers: of these layers only.
        toward: only what these models are made of, and they themselves; empty for all.
        years: `observed_years` when all models were last made; None if they may be of different builds.

    Raises:
        BuildError: dbt failed.
    """
    sources = [f"raw_{stream}" for stream in streams]
    with _dbt(settings, ", ".join(layers)) as dbt:
        reached = dbt.reached(sources, toward=toward)
        first = dbt.reached(sources, toward=[YEARS]) if years is not None and "intermediate" in layers else {}
        first = {name: layer for name, layer in first.items() if name in reached}
        if YEARS in first:
            _build(dbt, first, layers)
            if observed_years(settings) == years:
                reached = dbt.reached(sources, around=YEARS, toward=toward)
            reached = {name: layer for name, layer in reached.items() if name not in first}
        _build(dbt, reached, layers)


def observed_years(settings: Settings) -> str | None:
    """Hash of the municipalities and years that the models are made for; None before there are any."""
    with connect("ejd_transformer", settings=settings) as connection:
        if connection.execute("select to_regclass(%s)", [f"intermediate.{YEARS}"]).fetchone() == (None,):
            return None
        row = connection.execute(YEARS_HASH.encode()).fetchone()
    return str(row[0]) if row else None


def _require_intact(settings: Settings) -> None:
    with connect("ejd_transformer", settings=settings) as connection:
        newest = connection.execute("select max(candidate_id) from ops.candidates").fetchone()
        if newest is not None and newest[0] is not None:
            require_intact(connection, newest[0])


def run_models(settings: Settings, *selectors: str) -> None:
    """Make what dbt's selectors name, without its tests and outside any candidate: for looking at, not for publishing.

    Raises:
        BuildError: dbt failed.
    """
    _run_dbt(settings, ["run", "--select", *selectors], " ".join(selectors))


def _run_dbt(settings: Settings, command: list[str], what: str) -> None:
    with _dbt(settings, what) as dbt:
        _run(dbt, command)


def _build(dbt: DbtSession, models: Mapping[str, str], layers: Sequence[str]) -> None:
    chosen = sorted(name for name, layer in models.items() if layer in layers)
    if chosen:
        _run(dbt, [*BUILD, *chosen])


def _run(dbt: DbtSession, command: list[str]) -> None:
    is_good, printed = dbt.run(command)
    if not is_good:
        raise DbtEndedError(1, printed)


@contextmanager
def _dbt(settings: Settings, what: str) -> Iterator[DbtSession]:
    """The process that waits, or a new one, while no other build runs; its failures in one sentence."""
    global _waiting
    session, _waiting = _waiting or _open_dbt(settings), None
    try:
        with _alone(settings):
            yield session
    except DbtEndedError as error:
        if error.status < 0:
            raise BuildError(
                f"dbt was killed (signal {-error.status}) in {what}: build again; if it happens again, "
                "look for what kills it, most often too little memory."
            ) from None
        lines = [line for line in error.printed.splitlines() if line.strip()]
        log = _target(settings) / "dbt.log"
        raise BuildError(f"dbt failed in {what}: {' / '.join(lines[:8])} (read {log}).") from None
    finally:
        session.close()


def select_models(settings: Settings, layers: Sequence[str]) -> list[str]:
    """What dbt is to build of these layers when everything is made, as its selectors.

    Of staging it is the models that later layers read and those of streams that have delivered: the many streams that
    an installation does not have cost it nothing.
    """
    later = [f"tag:{layer}" for layer in layers if layer != "staging"]
    if "staging" not in layers:
        return later
    with connect("ejd_transformer", settings=settings) as connection:
        delivered = connection.execute(
            "select distinct source, stream from ops.current_deliveries order by source, stream"
        ).fetchall()
    read_later = [f"tag:staging,+tag:{layer}" for layer in LAYERS[1:]]
    return [*read_later, *(f"tag:staging,source:raw_{source}.{stream}+" for source, stream in delivered), *later]


def finish(settings: Settings) -> int:
    """Mark the newest candidate as built; the gate may now judge it. May be repeated. Returns its id.

    Raises:
        BuildError: there is none.
        LostBuildError: the server crashed while it was built.
    """
    _require_intact(settings)
    years = observed_years(settings)
    with connect("ejd_transformer", settings=settings) as connection:
        row = connection.execute(
            "update ops.candidates set state = 'built', built_at = coalesce(built_at, clock_timestamp()), "
            "observed_years = %s "
            "where candidate_id = (select max(candidate_id) from ops.candidates) and state in ('building', 'built') "
            "returning candidate_id",
            [years],
        ).fetchone()
        if row is None:
            raise BuildError("no candidate is being built: start a build first.")
        candidate_inputs.note_moved(connection, settings, row[0])
    return int(row[0])


def build(settings: Settings, *, whole: bool = False) -> int:
    """Build what has changed, or the whole, in one dbt process. Returns the candidate's id."""
    start(settings)
    run_layer(settings, *LAYERS, whole=whole)
    return finish(settings)


def dbt_environment(settings: Settings, target: Path) -> dict[str, str]:
    """Environment of a dbt process: where the warehouse is, telemetry off, files in `target`."""
    address = url("ejd_transformer", settings=settings)
    return {
        **os.environ,
        **libpq_environment(address),  # how to verify the server: dbt's own settings know half of it
        "EJENDOMSTAL_DBT_HOST": str(address.host),
        "EJENDOMSTAL_DBT_PORT": str(address.port or 5432),
        "EJENDOMSTAL_DBT_USER": str(address.username),
        "EJENDOMSTAL_DBT_PASSWORD": str(address.password),
        "EJENDOMSTAL_DBT_DBNAME": str(address.database),
        "EJENDOMSTAL_DBT_PROJECT_SHA256": project_sha256(),
        "DBT_TARGET_PATH": str(target / "target"),
        "DBT_LOG_PATH": str(target),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
    }


def project_sha256() -> str:
    """Hash of the dbt project: incremental models made by another one are made anew."""
    digest = hashlib.sha256()
    for path in _defining_files(DBT_PROJECT):
        digest.update(path.relative_to(DBT_PROJECT).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _target(settings: Settings) -> Path:
    """Folder of dbt's own files: what it read, its log, its manifest."""
    target = settings.home / "dbt"
    target.mkdir(parents=True, exist_ok=True)
    return target


def _open_dbt(settings: Settings) -> DbtSession:
    target = _target(settings)
    return DbtSession(DBT_PROJECT, dbt_environment(settings, target), target)


def _defining_files(*folders: Path) -> list[Path]:
    return sorted(
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix in DEFINING_SUFFIXES and not {"target", "logs", "__pycache__"} & set(path.parts)
    )


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    with connect("ejd_transformer", settings=settings, autocommit=True) as connection:
        connection.execute("set lock_timeout = 0")
        connection.execute("select pg_advisory_lock(%s)", [BUILD_LOCK])
        yield
