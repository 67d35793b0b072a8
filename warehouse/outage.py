"""What it means to an operator when the server does not do what it was asked: one sentence, never a row's content."""

from __future__ import annotations

import psycopg

# By SQLSTATE, the first that begins so. PostgreSQL's own message may quote a row and is not repeated.
MEANINGS = {
    "53100": ("the disk of the database server is full", "free space or enlarge it"),
    "53200": ("the database server is out of memory", "run less at once or give it more"),
    "53300": ("the database server has no connection left", "end idle ones or allow more"),
    "53400": ("a query needed more temporary disk than temp_file_limit allows", "raise it or free space"),
    "55P03": ("another session holds a lock that this one waited for", "end that session or wait"),
    "57014": ("the server cancelled a query", "see who did or which time-out is too short"),
    "57P": ("the database server closed the connection or is not up", "see its log"),
    "": ("the database server cannot be reached or closed the connection", "see its log"),
}


def meaning(sqlstate: str | None) -> tuple[str, str]:
    """What has happened and what to do; without SQLSTATE the connection was lost."""
    state = sqlstate or ""
    if state and not any(code and state.startswith(code) for code in MEANINGS):
        return f"the database server refused it (SQLSTATE {state})", "see its log"
    return next(told for code, told in MEANINGS.items() if state.startswith(code))


def explain(error: psycopg.OperationalError) -> str:
    """One sentence: what happened, what to do, and that nothing half is left."""
    what, advice = meaning(error.sqlstate)
    return f"{what}: {advice}; what was committed stays, run the command again."
