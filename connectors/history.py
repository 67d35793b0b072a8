"""What became of deliveries: the rows of ops.deliveries and of the rejected rows, for a person to read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from warehouse.database import connect
from warehouse.settings import Settings

RejectedRows = tuple[str | None, str, int, int]  # field, reason, how many, the first of them
LISTED = """
select delivery_id, source, stream, municipality_code, state, load_kind, window_from, window_to, file_name, byte_size,
    row_count, rejected_row_count, declared_row_count, control_totals, warnings, error_class, reason, source_version,
    content_sha256, profile_sha256, stored_path, is_quarantined, superseded_by, coalesce(landed_at, received_at) as at
from ops.deliveries
"""


@dataclass(frozen=True)
class DeliveryRecord:
    """One row of ops.deliveries. `at`: when it landed, or was received."""

    delivery_id: int
    source: str
    stream: str
    municipality_code: str
    state: str
    load_kind: str
    window_from: date | None
    window_to: date | None
    file_name: str
    byte_size: int
    row_count: int | None
    rejected_row_count: int | None
    declared_row_count: int | None
    control_totals: dict[str, Any] | None
    warnings: list[str] | None
    error_class: str | None
    reason: str | None
    source_version: str | None
    content_sha256: str
    profile_sha256: str
    stored_path: str
    is_quarantined: bool
    superseded_by: int | None
    at: datetime


def list_deliveries(
    settings: Settings,
    source: str | None = None,
    municipality_code: str | None = None,
    state: str | None = None,
    limit: int = 100,
) -> list[DeliveryRecord]:
    """The newest deliveries, newest first."""
    wanted = {"source": source, "municipality_code": municipality_code, "state": state}
    given = {name: value for name, value in wanted.items() if value is not None}
    where = " and ".join(f"{name} = %({name})s" for name in given) or "true"
    query = f"{LISTED} where {where} order by delivery_id desc limit %(limit)s"
    with connect("ejd_loader", settings=settings) as connection:
        return _records(connection, query, {**given, "limit": limit})


def find_delivery(settings: Settings, delivery_id: int) -> tuple[DeliveryRecord, list[RejectedRows]] | None:
    """One delivery and its rejected rows, or None."""
    with connect("ejd_loader", settings=settings) as connection:
        found = _records(connection, f"{LISTED} where delivery_id = %(id)s", {"id": delivery_id})
        return (found[0], rejected_rows(connection, found[0].source, delivery_id)) if found else None


def find_newer(settings: Settings, record: DeliveryRecord) -> int | None:
    """A current delivery that came after this one for the same rows, if there is one."""
    query = (
        "select max(delivery_id) from ops.deliveries where source = %s and stream = %s and municipality_code = %s "
        "and state = 'landed' and delivery_id > %s and load_kind <> 'delta' "
        "and (window_from is null or window_from < %s and %s < window_to)"
    )
    scope = [record.source, record.stream, record.municipality_code, record.delivery_id]
    with connect("ejd_loader", settings=settings) as connection:
        row = connection.execute(query, [*scope, record.window_to, record.window_from]).fetchone()
    return None if row is None else row[0]


def rejected_rows(connection: psycopg.Connection, source: str, delivery_id: int) -> list[RejectedRows]:
    """Rows of an accepted delivery that stayed out, counted by field and reason. Never their content."""
    table = sql.Identifier(f"raw_{source}", "rejected_rows")
    query = sql.SQL(
        "select field, reason, count(*), min(row_no) from {} where delivery_id = %s "
        "group by field, reason order by count(*) desc, field, reason"
    ).format(table)
    return connection.execute(query, [delivery_id]).fetchall()


def warnings_of(connection: psycopg.Connection, delivery_id: int) -> list[str]:
    """What a delivery was warned about when it landed."""
    row = connection.execute("select warnings from ops.deliveries where delivery_id = %s", [delivery_id]).fetchone()
    return list(row[0] or []) if row else []


def _records(connection: psycopg.Connection, query: str, values: dict[str, Any]) -> list[DeliveryRecord]:
    with connection.cursor(row_factory=class_row(DeliveryRecord)) as cursor:
        return cursor.execute(query.encode(), values).fetchall()
