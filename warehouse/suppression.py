"""Suppression: what few persons are behind is decided when a candidate is judged, and applied on publication."""

from __future__ import annotations

import psycopg

from warehouse import suppression_sql as statements
from warehouse.database import connect
from warehouse.settings import Settings


def decide(connection: psycopg.Connection, candidate_id: int) -> None:
    """Write down what is hidden of a candidate, in place of an earlier decision. The caller commits.

    Args:
        connection: Of the publisher, while no build replaces the audit tables.
        candidate_id: The newest candidate: the audit tables hold its rows.
    """
    for statement in statements.DECIDE:
        connection.execute(statement.encode(), {"candidate_id": candidate_id})


def decide_newest(settings: Settings) -> None:
    """The same for the newest candidate, where its judgement came from elsewhere than the gate."""
    with connect("ejd_publisher", settings=settings) as connection:
        row = connection.execute("select max(candidate_id) from ops.candidates").fetchone()
        assert row is not None  # an aggregate gives one row
        decide(connection, row[0])
