"""The rows of a rebuilt edition: what it takes over from before, and whether they are those that were stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from warehouse.publish_sql import DIMENSIONS, TOPIC_SOURCES

SHOWN_DIFFERENCES = 5
SCOPES = """
select municipality_code, topic, year, content_sha256 from published.scope_editions where edition_id = %s
order by 1, 2, 3
"""
# What readers saw of the edition's scopes just before it.
BEFORE = """
select s.municipality_code, s.topic, s.year, max(b.edition_id) as edition_id, max(b.published_at) as published_at
from published.scope_editions s
join published.scope_editions b
    on b.municipality_code = s.municipality_code and b.topic = s.topic and b.year = s.year
    and b.edition_id < s.edition_id
where s.edition_id = %(edition_id)s
group by s.municipality_code, s.topic, s.year
"""
# name of a table to fill, with what of the live warehouse; in an order that keeps references
SEEDS = {
    "published.editions": "select edition_id, kind, candidate_id, published_at, register_sha256, note "
    "from published.editions where edition_id < %(edition_id)s",
    "published.key_figures": f"select k.* from published.key_figures k join ({BEFORE}) b "
    "using (municipality_code, topic, year, edition_id)",
    # No hash: whatever comes out is written, so that it can be compared.
    "published.pointers": f"select municipality_code, topic, year, edition_id, '' as content_sha256, "
    f"edition_id as measures_edition_id, '' as measures_content, published_at from ({BEFORE}) b",
    "published.finals": "select s.municipality_code, s.topic, s.year, b.edition_id, '' as content_sha256, "
    f"b.published_at as locked_at from published.scope_editions s join ({BEFORE}) b "
    "using (municipality_code, topic, year) join published.editions e on e.edition_id = s.edition_id "
    "where s.edition_id = %(edition_id)s and e.kind = 'correction'",
}
JUDGEMENT = {
    "ops.gate_results": "select %(made_id)s::bigint as candidate_id, municipality_code, topic, year, "
    "'publish' as verdict from published.scope_editions where edition_id = %(edition_id)s",
    "ops.withheld_inputs": "select %(made_id)s::bigint as candidate_id, municipality_code, topic, use_category, "
    "measure_code, year, rule from ops.edition_withheld_inputs where edition_id = %(edition_id)s",
    "ops.gate_failures": "select %(made_id)s::bigint as candidate_id, rule, 'warning' as severity, municipality_code, "
    "topic, year, key, '' as advice from ops.edition_warnings where edition_id = %(edition_id)s",
}
KEPT = """
select count(*) from published.key_figures
where edition_id = %s and (status_code = 'z' or 'last_good' = any (string_to_array(flags, ',')))
"""
WRITTEN = "(select * from published.{} where edition_id = %s) written"
# An edition that changed no measures shows those of one before; a rebuilt one writes its own.
SHOWN_MEASURES = """
(
    select m.* from published.measures m
    join published.scope_editions s
        on s.municipality_code = m.municipality_code and s.topic = m.topic and s.year = m.year
        and s.measures_edition_id = m.edition_id
    where s.edition_id = %s
) shown
"""
# Every byte of every row counts, and no order.
HASHES = """
select municipality_code, topic, year, count(*),
    encode(sha256(convert_to(string_agg(line, E'\\n' order by line collate "C"), 'UTF8')), 'hex')
from (
    select municipality_code, topic, year, cast(row({columns}) as text) as line
    from {rows}
) lines
group by 1, 2, 3
"""
LINES = """
select cast(row({columns}) as text) from {rows}
where municipality_code = %s and topic = %s and year = %s
"""
FIGURES = """
select key_figure_code || ' version ' || version || ' ' || level || ' ' || use_category,
    coalesce(value::text, 'no value') || ' ' || status_code
from published.key_figures where edition_id = %s and municipality_code = %s and topic = %s and year = %s
"""

Scope = tuple[str, str, int]


@dataclass(frozen=True)
class Difference:
    """A table's rows of one scope that came out otherwise. `examples` are figures only, no row of anyone's property."""

    table: str
    scope: Scope
    only_stored: int
    only_rebuilt: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """How many scopes and rows were compared, and where they differ."""

    scopes: int
    rows: int
    differences: tuple[Difference, ...]


def seed(live: psycopg.Connection, made: psycopg.Connection, edition_id: int) -> int:
    """Give the rebuilt candidate what stood behind the edition: what readers saw before, and the gate's judgement.

    Returns:
        How many figures of the edition were taken over from before.
    """
    row = made.execute("select max(candidate_id) from ops.candidates").fetchone()
    assert row is not None  # an aggregate gives one row
    bound = {"edition_id": edition_id, "made_id": row[0]}
    for table, query in (SEEDS | JUDGEMENT).items():
        _copy(live, made, table, query, bound)
    made.execute(f"alter table published.editions alter column edition_id restart with {edition_id}".encode())
    made.execute(
        "update ops.candidates set state = 'gated', kind = 'correction' where candidate_id = %(made_id)s", bound
    )
    kept = live.execute(KEPT.encode(), [edition_id]).fetchone()
    return int(kept[0]) if kept else 0


def compare(live: psycopg.Connection, made: psycopg.Connection, edition_id: int) -> Comparison:
    """Compare every published table, scope by scope."""
    differences, rows = [], 0
    for table in (*TOPIC_SOURCES, *DIMENSIONS):
        columns = _shared_columns(live, made, table)
        stored, rebuilt = (
            {row[:3]: row[3:] for row in found} for found in _ask_both(live, made, table, HASHES, columns, edition_id)
        )
        rows += sum(count for count, _ in stored.values())
        differences += [
            _difference(live, made, table, columns, edition_id, scope)
            for scope in sorted(stored.keys() | rebuilt.keys())
            if stored.get(scope) != rebuilt.get(scope)
        ]
    scopes = {row[:3]: row[3] for row in live.execute(SCOPES.encode(), [edition_id])}
    found = {row[:3]: row[3] for row in made.execute(SCOPES.encode(), [edition_id])}
    named = {difference.scope for difference in differences}
    differences += [
        Difference("scope_editions", scope, 1, int(scope in found), ())
        for scope, content in scopes.items()
        if found.get(scope) != content and scope not in named
    ]
    return Comparison(len(scopes), rows, tuple(differences))


def _difference(
    live: psycopg.Connection, made: psycopg.Connection, table: str, columns: str, edition_id: int, scope: Scope
) -> Difference:
    bound = [edition_id, *scope]
    stored, rebuilt = ([row[0] for row in found] for found in _ask_both(live, made, table, LINES, columns, *bound))
    examples: list[str] = []
    if table == "key_figures":
        old: dict[str, str] = dict(live.execute(FIGURES.encode(), bound).fetchall())
        new: dict[str, str] = dict(made.execute(FIGURES.encode(), bound).fetchall())
        changed = [key for key in sorted(old.keys() | new.keys()) if old.get(key) != new.get(key)]
        examples = [f"{key}: {old.get(key, 'none')}, rebuilt {new.get(key, 'none')}" for key in changed]
    return Difference(
        table, scope, _surplus(stored, rebuilt), _surplus(rebuilt, stored), tuple(examples[:SHOWN_DIFFERENCES])
    )


def _ask_both(
    live: psycopg.Connection, made: psycopg.Connection, table: str, query: str, columns: str, *bound: Any
) -> Iterator[list[tuple]]:
    """What the query finds in the edition's rows of a table: those that readers were shown, and those rebuilt."""
    shown = SHOWN_MEASURES if table == "measures" else WRITTEN.format(table)
    for connection, rows in ((live, shown), (made, WRITTEN.format(table))):
        statement = query.replace("{columns}", columns).replace("{rows}", rows)
        yield connection.execute(statement.encode(), bound).fetchall()


def _surplus(these: list[str], those: list[str]) -> int:
    return (Counter(these) - Counter(those)).total()


def _shared_columns(live: psycopg.Connection, made: psycopg.Connection, table: str) -> str:
    """Columns of both, in the order of now: an older program may know fewer."""
    known = [_columns(one, f"published.{table}") for one in (live, made)]
    return ", ".join(column for column in known[0] if column in known[1] and column != "edition_id")


def _columns(connection: psycopg.Connection, table: str) -> list[str]:
    query = (
        "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped "
        "order by attnum"
    )
    return [row[0] for row in connection.execute(query, [table])]


def _copy(live: psycopg.Connection, made: psycopg.Connection, table: str, query: str, bound: dict[str, Any]) -> None:
    cursor = live.execute(query.encode(), bound)
    given = [column.name for column in cursor.description or ()]
    known = set(_columns(made, table))
    places = [place for place, name in enumerate(given) if name in known]
    schema, name = table.split(".")
    target = sql.SQL("copy {} ({}) from stdin").format(
        sql.Identifier(schema, name), sql.SQL(", ").join(sql.Identifier(given[place]) for place in places)
    )
    with made.cursor() as writer, writer.copy(target) as copy:
        for row in cursor:
            copy.write_row([row[place] for place in places])
