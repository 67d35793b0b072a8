"""Where a table may have gone: StatBank's list of tables, and the subject under which the nearest one lies."""

from __future__ import annotations

import difflib
from typing import Any

from connectors.errors import Place, RequestRefusedError, SourceError
from connectors.http import Client


def explain_refusal(client: Client, table_id: str, place: Place, refusal: RequestRefusedError) -> RequestRefusedError:
    """What StatBank meant by refusing a table: with the nearest tables where it has no such one."""
    try:
        tables = _tables(client)
        if not tables or table_id in tables:
            return refusal
        nearest = difflib.get_close_matches(table_id, tables, 3, 0.4)
        subjects = _subjects(client)
    except (SourceError, KeyError, TypeError, AttributeError):
        return refusal  # the first fault tells more than a second one
    shown = ", ".join(f"{name} {tables[name]} ({subjects.get(name, 'no subject')})" for name in nearest) or "none"
    problem = f"{refusal.problem}; StatBank has no table {table_id}, nearest are: {shown}"
    return RequestRefusedError(place, problem, "declare the table that has taken its place")


def _tables(client: Client) -> dict[str, str]:
    answer = client.post_json("tables", {"lang": "da", "format": "JSON"})
    return {str(table["id"]): str(table.get("text", "")) for table in answer}


def _subjects(client: Client) -> dict[str, str]:
    """Description of the subject that each table lies under."""
    ask = {"lang": "da", "format": "JSON", "recursive": True, "includeTables": True}
    found: dict[str, str] = {}
    remaining: list[Any] = list(client.post_json("subjects", ask))
    while remaining:
        subject = remaining.pop()
        remaining.extend(subject.get("subjects") or [])
        for table in subject.get("tables") or []:
            found[str(table["id"])] = str(subject.get("description", ""))
    return found
