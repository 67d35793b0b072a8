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
}
LOST = ("the database server cannot be reached or closed the connection", "see its log")
LATER = "what was committed stays; run the command again"


def explain(error: psycopg.OperationalError) -> str:
    """One sentence: what happened, what to do, and that nothing half is left."""
    state = error.sqlstate or ""
    what, advice = next((meaning for code, meaning in MEANINGS.items() if state.startswith(code)), LOST)
    return f"{what}{f' (SQLSTATE {state})' if state else ''}: {advice}; {LATER}."
