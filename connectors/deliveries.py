"""What ops.deliveries knows: the rows landing reads and writes, and nothing else."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import psycopg
from psycopg import sql

from connectors.copying import Target
from connectors.declarations import Delivery, LandingResult, NumberFormat, Outcome
from connectors.errors import OverlappingWindowError, Place, ShrunkenDeliveryError
from connectors.store import hash_file

# Faults that depend on the other deliveries, not on the file alone: such a file is looked at again.
LOOKED_AT_AGAIN = [OverlappingWindowError.__name__, ShrunkenDeliveryError.__name__]


@dataclass(frozen=True)
class Kept:
    """Where the bytes of a delivery lie, and the hash of the file as it was received."""

    stored_path: str
    content_sha256: str
    is_quarantined: bool = False


@dataclass(frozen=True)
class Counts:
    """Rows that came in and rows that did not; the control total found, if one was declared."""

    landed: int
    rejected: int
    control_total: Decimal | None


def open_target(connection: psycopg.Connection, delivery: Delivery) -> Target:
    """Find the raw table or make its partition, and hold other landings of it off until the transaction ends."""
    schema = f"raw_{delivery.source}"
    name = sql.Identifier(schema, delivery.stream).as_string(connection)
    row = connection.execute("select c.relkind = 'p' from pg_class c where c.oid = %s::regclass", [name]).fetchone()
    target = Target(schema, delivery.stream)
    if row is not None and row[0]:
        connection.execute("select ops.ensure_partition(%s::regclass, %s)", [name, delivery.municipality_code])
        target = Target(schema, f"{delivery.stream}_{delivery.municipality_code}")
        # A new partition locks its parent: let go before the long part begins.
        connection.commit()
    lock_target(connection, target)
    return target


def lock_target(connection: psycopg.Connection, target: Target) -> None:
    """Wait for other landings of this table; the lock ends with the transaction."""
    connection.execute(
        "select pg_advisory_xact_lock(hashtextextended(%s, 1))", [f"landing {target.schema}.{target.table}"]
    )


def find_known(connection: psycopg.Connection, delivery: Delivery, size: int) -> tuple[LandingResult | None, list[int]]:
    """Look for the same bytes. The file is read only if a delivery of its size is known.

    Returns:
        The result to repeat, where they were read in the same way; the current deliveries that hold the same bytes
        read in another way, which a new reading replaces whatever its window: no bytes count twice.
    """
    rows = connection.execute(
        "select delivery_id, state, content_sha256, profile_sha256, row_count, rejected_row_count, error_class, reason "
        "from ops.deliveries where source = %s and stream = %s and municipality_code = %s and byte_size = %s "
        "and (state = 'landed' or state = 'rejected' and error_class <> all(%s)) order by state, delivery_id desc",
        [*_scope(delivery), size, LOOKED_AT_AGAIN],
    ).fetchall()
    sha256 = hash_file(delivery.path) if rows else ""
    same = [row for row in rows if row[2] == sha256]
    for delivery_id, state, _, profile, landed, rejected, error_class, reason in same:
        if profile == delivery.profile_sha256:
            outcome: Outcome = "unchanged" if state == "landed" else "still_rejected"
            return LandingResult(outcome, delivery_id, landed or 0, rejected or 0, error_class, reason), []
    return None, [row[0] for row in same if row[1] == "landed"]


def find_rejection(
    connection: psycopg.Connection, delivery: Delivery, sha256: str, error_class: str
) -> LandingResult | None:
    """The same bytes, read in the same way, rejected before for the same kind of fault."""
    row = connection.execute(
        "select delivery_id, error_class, reason from ops.deliveries where source = %s and stream = %s "
        "and municipality_code = %s and content_sha256 = %s and profile_sha256 = %s and error_class = %s "
        "and state = 'rejected' order by delivery_id desc limit 1",
        [*_scope(delivery), sha256, delivery.profile_sha256, error_class],
    ).fetchone()
    return None if row is None else LandingResult("still_rejected", row[0], 0, 0, row[1], row[2])


def find_replaced(connection: psycopg.Connection, delivery: Delivery, same_bytes: list[int], place: Place) -> list[int]:
    """Current deliveries that this one takes the place of, those of the same bytes among them.

    Raises:
        OverlappingWindowError: a current window lies partly outside this one.
    """
    if delivery.load_kind == "delta":
        return same_bytes
    current = connection.execute(
        "select delivery_id, window_from, window_to from ops.current_deliveries "
        "where source = %s and stream = %s and municipality_code = %s",
        _scope(delivery),
    ).fetchall()
    if delivery.load_kind == "snapshot":
        return [delivery_id for delivery_id, _, _ in current]
    if delivery.window is None:
        raise ValueError(f"{place}: a delivery of load kind window needs its window.")
    begin, end = delivery.window
    others = [row for row in current if row[0] not in same_bytes]
    touched = [row for row in others if row[1] < end and begin < row[2]]
    for delivery_id, other_begin, other_end in touched:
        if other_begin < begin or end < other_end:
            raise OverlappingWindowError(
                place,
                f"its window {begin} to {end} covers a part of {other_begin} to {other_end} of delivery {delivery_id}",
                "deliver the whole of that window, or the part after it",
            )
    return [*same_bytes, *(row[0] for row in touched)]


def count_rows(connection: psycopg.Connection, delivery_ids: list[int]) -> int:
    """Rows that some deliveries brought, together."""
    row = connection.execute(
        "select coalesce(sum(row_count), 0) from ops.deliveries where delivery_id = any(%s)", [delivery_ids]
    ).fetchone()
    assert row is not None  # an aggregate gives one row
    return int(row[0])


def begin(connection: psycopg.Connection, delivery: Delivery, size: int) -> int:
    """Write the row of a delivery that is about to land, and tell the session, so that raw rows carry its id."""
    delivery_id = _insert(connection, delivery, size, Kept("", ""), "landed", {})
    connection.execute(
        "select set_config('ejendomstal.municipality_code', %s, true), set_config('ejendomstal.delivery_id', %s, true)",
        [delivery.municipality_code, str(delivery_id)],
    )
    return delivery_id


def complete(
    connection: psycopg.Connection,
    delivery_id: int,
    delivery: Delivery,
    kept: Kept,
    counts: Counts,
    replaced: list[int],
    warnings: list[str],
) -> None:
    """Fill in what landing found, and retire the deliveries this one replaces."""
    control = delivery.checks.control
    totals = {}
    if control is not None:
        totals = {control.column: {"declared": str(control.total), "found": str(counts.control_total)}}
    connection.execute(
        "update ops.deliveries set stored_path = %s, content_sha256 = %s, row_count = %s, rejected_row_count = %s, "
        "control_totals = %s, warnings = %s, landed_at = clock_timestamp() where delivery_id = %s",
        [kept.stored_path, kept.content_sha256, counts.landed, counts.rejected, json.dumps(totals),
         json.dumps(warnings), delivery_id],
    )  # fmt: skip
    connection.execute(
        "update ops.deliveries set state = 'superseded', superseded_by = %s where delivery_id = any(%s)",
        [delivery_id, replaced],
    )


def record_rejection(
    connection: psycopg.Connection, delivery: Delivery, size: int, kept: Kept, error_class: str, reason: str
) -> int:
    """Write the row of a delivery whose rows stay out."""
    return _insert(connection, delivery, size, kept, "rejected", {"error_class": error_class, "reason": reason})


def _scope(delivery: Delivery) -> tuple[str, str, str]:
    return delivery.source, delivery.stream, delivery.municipality_code


def _insert(
    connection: psycopg.Connection, delivery: Delivery, size: int, kept: Kept, state: str, more: dict[str, Any]
) -> int:
    begin_date, end_date = delivery.window or (None, None)
    # A delivery writes all its numbers in one way; staging reads them by it, because 1.234 alone does not tell.
    numbers = next(iter(delivery.checks.numbers.values()), NumberFormat())
    values = {
        "source": delivery.source,
        "stream": delivery.stream,
        "municipality_code": delivery.municipality_code,
        "load_kind": delivery.load_kind,
        "window_from": begin_date,
        "window_to": end_date,
        "state": state,
        "file_name": delivery.file_name,
        "content_sha256": kept.content_sha256,
        "source_version": delivery.source_version,
        "profile_sha256": delivery.profile_sha256,
        "byte_size": size,
        "stored_path": kept.stored_path,
        "is_quarantined": kept.is_quarantined,
        "decimal_mark": numbers.decimal,
        "thousands_mark": numbers.thousands,
        "declared_row_count": delivery.checks.declared_rows,
        "warnings": json.dumps(delivery.warnings),
        **more,
    }
    statement = sql.SQL("insert into ops.deliveries ({}) values ({}) returning delivery_id").format(
        sql.SQL(", ").join(map(sql.Identifier, values)), sql.SQL(", ").join(map(sql.Placeholder, values))
    )
    row = connection.execute(statement, values).fetchone()
    assert row is not None
    return int(row[0])
