"""Benchmarks: how the municipalities of a group lie, computed from what is published, where it can have changed."""

from __future__ import annotations

import psycopg

from warehouse import benchmarks_sql as statements


def renew(connection: psycopg.Connection, edition_id: int | None) -> int:
    """Compute the benchmarks of topics and years that an edition changed, or of all when an own list has changed.

    Runs in the transaction of the publication, after its pointers were moved: readers see figures and benchmarks of the
    same edition.

    Returns:
        How many topics and years were computed.
    """
    bound: dict[str, object] = {"edition_id": edition_id}
    for statement in statements.PREPARE:
        connection.execute(statement.encode(), bound)
    row = connection.execute(
        "select count(*), nextval('published.benchmark_runs') from due having count(*) > 0"
    ).fetchone()
    if row is None:
        return 0
    due, bound["run_id"] = row
    for statement in statements.COMPUTE:
        connection.execute(statement.encode(), bound)
    return int(due)
