"""Publication: what the gate let through becomes visible, in one transaction.

Readers see the edition each scope's pointer names. Rows are appended under a new edition and the pointer is moved, so a
reader is never blocked, sees the old or the new edition whole, and can ask for any earlier one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

import psycopg
from psycopg.rows import dict_row

from expectations.evaluate import lock_audit_tables
from warehouse import benchmarks
from warehouse import publish_sql as statements
from warehouse.database import connect
from warehouse.edition_calendar import read_calendar
from warehouse.errors import KnownError
from warehouse.intact import require_intact
from warehouse.settings import Settings

Kind = Literal["provisional", "final", "correction"]
# One publication at a time: two would write revisions against the same old edition. Any number only this lock uses.
PUBLICATION_LOCK = 7421003
LONGEST_WAIT = "15min"
# What a candidate was judged for: an edition that is to last needs the severer judgement.
STRICTNESS: dict[str, int] = {"provisional": 0, "final": 1, "correction": 1}
TOPIC_TABLES = ("measures", "coverage", "measure_deliveries", "heat_correction")
LINEAGE_TABLES = ("cost_keys", "cost_destinations", "meter_quantities")


class PublicationError(KnownError):
    """Nothing was published; the message says why and what to do."""


@dataclass(frozen=True)
class Chosen:
    """The scopes that an edition is to be about; None is all."""

    municipality_code: str | None = None
    topic: str | None = None
    year: int | None = None


EVERYTHING = Chosen()


@dataclass(frozen=True)
class PublishReport:
    """What a publication did. `edition_id` is None when there was nothing to write and nothing to lock.

    `scopes_locked` are final and differ in the candidate: they stay as they are until a correction. `scopes_unsigned`
    may be final by the calendar and are not signed with the content that the candidate has.
    """

    candidate_id: int | None
    edition_id: int | None
    kind: Kind = "provisional"
    scopes_written: int = 0
    scopes_unchanged: int = 0
    scopes_held: int = 0
    scopes_locked: int = 0
    scopes_made_final: int = 0
    scopes_unsigned: int = 0
    revisions: int = field(default=0)


NOTHING = PublishReport(None, None)


def publish(
    settings: Settings, kind: Kind = "provisional", note: str | None = None, chosen: Chosen = EVERYTHING
) -> PublishReport:
    """Publish the newest candidate, if the gate has judged it for this kind. Doing it again does nothing.

    A provisional edition takes every scope that is not final; a final one those that are signed with the candidate's
    content, and locks them; a correction those that are locked and have changed.

    Args:
        settings: where the warehouse is.
        kind: standing of the edition.
        note: reason, kept with the edition; a correction needs one.
        chosen: only these scopes.

    Raises:
        PublicationError: unknown kind, no reason, or the newest candidate is not judged, or not for this kind (audit
            tables hold its rows only); or another publication took too long.
        LostBuildError: the server crashed since it was built.
    """
    if kind not in get_args(Kind):
        raise PublicationError(f"unknown kind {kind!r}: use one of {', '.join(get_args(Kind))}.")
    if kind == "correction" and not (note and note.strip()):
        raise PublicationError("a correction says why: give the reason with --note.")
    try:
        with connect("ejd_publisher", settings=settings) as connection:
            connection.execute(f"set local lock_timeout = '{LONGEST_WAIT}'")
            connection.execute("select pg_advisory_xact_lock(%s)", [PUBLICATION_LOCK])
            candidate_id = _judged_candidate(connection, kind)
            if candidate_id is None:
                return NOTHING
            report = _publish_candidate(connection, candidate_id, kind, note, _bound(settings, kind, chosen))
            # What was written is known to the next connection only when it is told, and that may wait for a second.
            connection.execute("select pg_stat_force_next_flush()")
    except psycopg.errors.LockNotAvailable:
        raise PublicationError(
            f"another publication or build has gone on for more than {LONGEST_WAIT}; nothing was published: "
            "look at `ejendomstal status`, and publish again when it is done."
        ) from None
    if report.edition_id is not None:
        # Readers come at once; without statistics their first queries would be planned for empty tables.
        with connect("ejd_publisher", settings=settings) as connection:
            connection.execute("select ops.renew_statistics('published', 'register')")
    return report


def _bound(settings: Settings, kind: Kind, chosen: Chosen) -> dict[str, object]:
    calendar = read_calendar(settings)
    today = date.today()
    return {
        "kind": kind,
        "municipality_code": chosen.municipality_code,
        "topic": chosen.topic,
        "year": chosen.year,
        "closed_years": calendar.years_that_are("closed", today),
        "final_years": calendar.years_that_are("final", today),
    }


def _judged_candidate(connection: psycopg.Connection, kind: Kind) -> int | None:
    row = connection.execute(
        "select candidate_id, state, kind, suppressed_at is not null from ops.candidates "
        "order by candidate_id desc limit 1 for update"
    ).fetchone()
    if row is None:
        return None
    candidate_id, state, judged_for, is_suppressed = row
    if state == "published" and kind == "provisional":
        return None
    if state not in ("gated", "published"):
        raise PublicationError(
            f"candidate {candidate_id} is {state}, not gated, and the audit tables hold no older one: "
            "run `ejendomstal build` and `ejendomstal gate` first."
        )
    if not is_suppressed:
        raise PublicationError(
            f"candidate {candidate_id} was judged without deciding what is hidden of it (by an older program): "
            f"run `ejendomstal gate --kind {kind}` again."
        )
    if STRICTNESS[judged_for] < STRICTNESS[kind]:
        raise PublicationError(
            f"candidate {candidate_id} is judged for a {judged_for} edition, and a {kind} one asks for more: "
            f"run `ejendomstal gate --kind {kind}` first."
        )
    require_intact(connection, candidate_id)
    return int(candidate_id)


def _publish_candidate(
    connection: psycopg.Connection, candidate_id: int, kind: Kind, note: str | None, bound: dict[str, object]
) -> PublishReport:
    lock_audit_tables(connection)
    connection.execute("select ops.protect_restricted(true)")
    # Figures meet by seven texts: to sort them for a merge takes longer than to hash them, how many there ever are.
    connection.execute("set local enable_mergejoin = off")
    # One processor is enough for it, and leaves the others to readers.
    connection.execute("set local max_parallel_workers_per_gather = 0")
    bound = bound | {"candidate_id": candidate_id}
    for statement in (*statements.PREPARE, statements.cover(kind), "analyze scopes"):
        connection.execute(statement.encode(), bound)
    with connection.cursor(row_factory=dict_row) as cursor:
        counts = cursor.execute(statements.COUNT_SCOPES.encode(), bound).fetchone()
    assert counts is not None  # an aggregate gives one row
    edition_id, revisions = None, 0
    if counts["written"] or counts["made_final"]:
        edition_id = _new_edition(connection, candidate_id, kind, note)
        revisions = _write(connection, edition_id, candidate_id)
    benchmarks.renew(connection, edition_id)
    connection.execute(
        "update ops.candidates set state = 'published', published_at = clock_timestamp(), "
        "edition_id = coalesce(%s, edition_id) where candidate_id = %s",
        [edition_id, candidate_id],
    )
    return PublishReport(
        candidate_id, edition_id, kind, revisions=revisions,
        **{f"scopes_{name}": count for name, count in counts.items()},
    )  # fmt: skip


def _new_edition(connection: psycopg.Connection, candidate_id: int, kind: Kind, note: str | None) -> int:
    definitions = connection.execute(
        "select key_figure_code, version, definition_sha256 from register.key_figures order by 1, 2"
    ).fetchall()
    # The clock is read after the lock was had, so that editions are published in the order of their ids.
    row = connection.execute(
        "insert into published.editions (kind, candidate_id, published_at, register_sha256, note) "
        "values (%s, %s, clock_timestamp(), %s, %s) returning edition_id",
        [kind, candidate_id, hashlib.sha256(repr(definitions).encode()).hexdigest(), note],
    ).fetchone()
    assert row is not None  # an insert ... returning gives a row or raises
    return int(row[0])


def _write(connection: psycopg.Connection, edition_id: int, candidate_id: int) -> int:
    bound = {"edition_id": edition_id, "candidate_id": candidate_id}
    connection.execute(statements.WRITE_KEY_FIGURES.encode(), bound)
    for table in TOPIC_TABLES:
        connection.execute(statements.write_topic_table(table).encode(), bound)
    # Whole years of a ledger are joined here by columns whose values go together: a planner takes them as independent,
    # expects one row and loops.
    connection.execute("set local enable_nestloop = off")
    for table in LINEAGE_TABLES:
        connection.execute(statements.write_topic_table(table).encode(), bound)
    connection.execute("set local enable_nestloop = on")
    for table in statements.DIMENSIONS:
        connection.execute(statements.write_dimension(table).encode(), bound)
    revisions = connection.execute(statements.WRITE_REVISIONS.encode(), bound).rowcount
    connection.execute(statements.WRITE_SCOPE_EDITIONS.encode(), bound)
    connection.execute(statements.MOVE_POINTERS.encode(), bound)
    for statement in (statements.LOCK_FINALS, *statements.KEEP_JUDGEMENT):
        connection.execute(statement.encode(), bound)
    return revisions
