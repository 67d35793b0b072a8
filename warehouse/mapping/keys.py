"""The summed keys of a municipality's postings: everything a rule looks at, read once from the ledger.

They are `intermediate.int_posting_keys__summed`, which every build makes. Where there is none yet, or none with this
municipality in it, dbt is asked for this one model and what it is made of: no other source and no property is needed to
begin with a mapping.
"""

from __future__ import annotations

from dataclasses import dataclass

import psycopg

from connectors.base import registered
from register.account_rules import PATTERNS
from warehouse.build import run_models
from warehouse.database import connect
from warehouse.mapping.errors import MappingError
from warehouse.pipeline import recorded
from warehouse.settings import Settings

KEYS = "int_posting_keys__summed"
TABLE = f"intermediate.{KEYS}"
# Masters with the texts of accounts.
ACCOUNT_MASTERS = ("stg_ledger_opus__accounts", "stg_ledger_files__accounts")
SELECTORS = (f"+{KEYS}", *ACCOUNT_MASTERS)
COMMAND = "mapping keys"
# Pattern of a rule -> the column of the keys that it looks at, as in the macro rule_patterns.
COLUMNS = {
    **dict(zip(PATTERNS, PATTERNS, strict=True)),
    "function": "function_code",
    "ownership": "ownership_code",
    "grouping": "grouping_code",
    "art": "art_code",
    "psp": "psp_element",
    "project": "project_no",
}
NEWER = """
select count(*) from ops.current_deliveries
where municipality_code = %(code)s and source = any(%(sources)s) and landed_at > (
    select max(started_at) from (
        select started_at from ops.candidates where built_at is not null
        union all
        select started_at from ops.runs where command = %(command)s and state = 'succeeded'
    ) as summings
)
"""


@dataclass(frozen=True)
class Keys:
    """What is known about the keys of one municipality."""

    code: str
    newer_deliveries: int
    summed_now: bool


def have_keys(settings: Settings, code: str, *, refresh: bool = False) -> Keys:
    """Have the summed keys of a municipality; make them if there are none, or if asked to.

    Raises:
        MappingError: the municipality has delivered no postings, or none that can be read.
        BuildError: dbt failed.
    """
    ledgers = [name for name, source in registered().items() if source.family == "ledger"]
    with connect("ejd_transformer", settings=settings) as connection:
        summed = not refresh and _has(connection, code)
        delivered = connection.execute(
            "select exists (select from ops.current_deliveries where municipality_code = %s and source = any(%s))",
            [code, ledgers],
        ).fetchone()
    if not summed:
        if delivered != (True,):
            raise MappingError(
                f"municipality {code} has delivered no ledger: configure one of {', '.join(ledgers)} in sources.yml "
                f"and run `ejendomstal pull --municipality {code}`."
            )
        with recorded(settings, COMMAND):
            run_models(settings, *SELECTORS)
    with connect("ejd_transformer", settings=settings) as connection:
        if not _has(connection, code):
            raise MappingError(
                f"the ledger of municipality {code} holds no postings that count: look at "
                f"`ejendomstal deliveries --municipality {code}`."
            )
        return Keys(code, _count_newer(connection, code, ledgers), not summed)


def _has(connection: psycopg.Connection, code: str) -> bool:
    """Whether there are keys of the municipality, in the form of today's project."""
    found = {
        name
        for (name,) in connection.execute(
            "select attname from pg_attribute where attrelid = to_regclass(%s) and attnum > 0", [TABLE]
        )
    }
    if not {*COLUMNS.values(), "is_in_scope"} <= found:
        return False
    query = f"select exists (select from {TABLE} where municipality_code = %s)"
    return connection.execute(query.encode(), [code]).fetchone() == (True,)


def _count_newer(connection: psycopg.Connection, code: str, ledgers: list[str]) -> int:
    row = connection.execute(NEWER, {"code": code, "sources": ledgers, "command": COMMAND}).fetchone()
    return int(row[0]) if row else 0
