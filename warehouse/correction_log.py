"""The public correction log: what was final and corrected, what was withdrawn, and which editions there were."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import psycopg
from psycopg.rows import dict_row

from warehouse.database import connect
from warehouse.server import Server
from warehouse.settings import Settings

SHOWN = 500
CORRECTED = """
select to_char(r.published_at, 'YYYY-MM-DD') as day, r.edition_id, r.municipality_code as municipality, r.year,
    r.key_figure_code || ' ' || coalesce(d.name_da, '') as figure, r.old_value, r.new_value, r.difference,
    r.new_status_code, coalesce(r.reason, '') as reason
from marts.revisions r
left join marts.dim_key_figures d using (key_figure_code, version)
where r.level = 'municipality' and (r.kind = 'correction' or r.new_status_code = 'z')
order by r.edition_id desc, r.municipality_code, r.year, r.key_figure_code, r.version
"""
EDITIONS = """
select e.edition_id, to_char(e.published_at, 'YYYY-MM-DD') as day, e.kind, coalesce(e.note, '') as note,
    (select count(*) from marts.revisions r where r.edition_id = e.edition_id and r.level = 'municipality') as revisions
from marts.editions e
order by e.edition_id desc
limit %s
"""


@dataclass(frozen=True)
class CorrectionLog:
    """What the page shows; `more` older corrections are left out."""

    revisions: list[dict[str, Any]]
    editions: list[dict[str, Any]]
    more: int


def read_corrections(settings: Settings) -> CorrectionLog | None:
    """The log, as any reader may see it; None where no warehouse runs."""
    server = Server(settings)
    if server.is_embedded and not server.is_running():
        return None
    try:
        connection = connect("ejd_analyst", settings=settings, connect_timeout=5)
    except psycopg.OperationalError:
        return None
    with connection, connection.cursor(row_factory=dict_row) as cursor:
        revisions = cursor.execute(CORRECTED.encode()).fetchall()
        editions = cursor.execute(EDITIONS.encode(), [SHOWN]).fetchall()
    shown = [_in_words(row) for row in revisions[:SHOWN]]
    return CorrectionLog(shown, editions, len(revisions) - len(shown))


def _in_words(row: dict[str, Any]) -> dict[str, Any]:
    new = "trukket tilbage" if row["new_status_code"] == "z" else _number(row["new_value"])
    return row | {"old": _number(row["old_value"]), "new": new, "difference": _number(row["difference"])}


def _number(value: Decimal | None) -> str:
    """Two decimals in the Danish way; a missing value is a dash, never a zero."""
    return "–" if value is None else f"{value:,.2f}".translate(str.maketrans(",.", ".,"))
