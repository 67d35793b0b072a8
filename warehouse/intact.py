"""Whether what a build has made is still there: a crash of the server empties unlogged tables without a word."""

from __future__ import annotations

from typing import Any

import psycopg

from warehouse.errors import KnownError


class LostBuildError(KnownError):
    """The server crashed since the build began; the candidate has to be built again."""


def require_intact(connection: psycopg.Connection[Any], candidate_id: int) -> None:
    """Refuse to go on with a candidate whose mark went with a crash.

    Raises:
        LostBuildError: it did.
    """
    marked = connection.execute("select from ops.build_marks where candidate_id = %s", [candidate_id]).fetchone()
    if marked is None:
        raise LostBuildError(
            f"the database server crashed after the build of candidate {candidate_id} began, and tables of it are "
            "empty now: run `ejendomstal build` again (in Airflow: clear the task dbt_staging and those after it)."
        )
