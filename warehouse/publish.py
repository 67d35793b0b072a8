"""Publication: what the gate let through becomes visible, in one transaction.

Readers see the edition each scope's pointer names. Rows are appended under a new edition and the pointer is moved, so a
reader is never blocked, sees the old or the new edition whole, and can ask for any earlier one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal, get_args

import psycopg

from expectations.evaluate import lock_audit_tables
from warehouse import benchmarks
from warehouse import publish_sql as statements
from warehouse.database import connect
from warehouse.errors import KnownError
from warehouse.settings import Settings

Kind = Literal["provisional", "final", "correction"]
# One publication at a time: two would write revisions against the same old edition. Any number only this lock uses.
PUBLICATION_LOCK = 7421003
TOPIC_TABLES = ("measures", "coverage", "measure_deliveries", "heat_correction")
LINEAGE_TABLES = ("cost_keys", "cost_destinations", "meter_quantities")


class PublicationError(KnownError):
    """Nothing was published; the message says why and what to do."""


@dataclass(frozen=True)
class PublishReport:
    """What a publication did. `edition_id` is None when no scope had changed."""

    candidate_id: int | None
    edition_id: int | None
    scopes_written: int
    scopes_unchanged: int
    scopes_held: int
    revisions: int


NOTHING = PublishReport(None, None, 0, 0, 0, 0)


def publish(settings: Settings, kind: Kind = "provisional", note: str | None = None) -> PublishReport:
    """Publish the newest candidate, if the gate has judged it. Publishing it again does nothing.

    Args:
        settings: where the warehouse is.
        kind: standing of the edition: `provisional`, `final`, or `correction` of an earlier one.
        note: reason, kept with the edition.

    Raises:
        PublicationError: unknown kind, or the newest candidate is not judged (audit tables hold its rows only).
    """
    if kind not in get_args(Kind):
        raise PublicationError(f"unknown kind {kind!r}: use one of {', '.join(get_args(Kind))}.")
    with connect("ejd_publisher", settings=settings) as connection:
        connection.execute("select pg_advisory_xact_lock(%s)", [PUBLICATION_LOCK])
        candidate_id = _judged_candidate(connection)
        if candidate_id is None:
            return NOTHING
        report = _publish_candidate(connection, candidate_id, kind, note)
    if report.edition_id is not None:
        # Readers come at once; without statistics their first queries would be planned for empty tables.
        with connect("ejd_publisher", settings=settings) as connection:
            connection.execute("select ops.analyze_published()")
    return report


def _judged_candidate(connection: psycopg.Connection) -> int | None:
    row = connection.execute(
        "select candidate_id, state from ops.candidates order by candidate_id desc limit 1 for update"
    ).fetchone()
    if row is None or row[1] == "published":
        return None
    if row[1] != "gated":
        raise PublicationError(
            f"candidate {row[0]} is {row[1]}, not gated, and the audit tables hold no older one: "
            "run `ejendomstal build` and `ejendomstal gate` first."
        )
    return int(row[0])


def _publish_candidate(
    connection: psycopg.Connection, candidate_id: int, kind: Kind, note: str | None
) -> PublishReport:
    lock_audit_tables(connection)
    connection.execute("select ops.protect_restricted(true)")
    bound = {"candidate_id": candidate_id}
    for statement in statements.PREPARE:
        connection.execute(statement.encode(), bound)
    counts = connection.execute(statements.COUNT_SCOPES.encode(), bound).fetchone()
    assert counts is not None  # an aggregate gives one row
    changed, unchanged, held = counts
    edition_id, revisions = None, 0
    if changed:
        edition_id = _new_edition(connection, candidate_id, kind, note)
        revisions = _write(connection, edition_id)
    benchmarks.renew(connection, edition_id)
    connection.execute(
        "update ops.candidates set state = 'published', published_at = clock_timestamp(), edition_id = %s "
        "where candidate_id = %s",
        [edition_id, candidate_id],
    )
    return PublishReport(candidate_id, edition_id, changed, unchanged, held, revisions)


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


def _write(connection: psycopg.Connection, edition_id: int) -> int:
    bound = {"edition_id": edition_id}
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
    return revisions
