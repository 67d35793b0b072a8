"""What two warehouses have in common when they hold the same: hashes of contents, ids and times left out."""

from __future__ import annotations

from collections.abc import Iterable

from psycopg import Connection, sql

from warehouse.database import connect
from warehouse.settings import Settings

# Ids come from sequences, which do not go back when a transaction does.
IDS = {"edition_id", "old_edition_id", "delivery_id", "candidate_id", "run_id", "superseded_by", "stored_path"}
COLUMNS = """
select c.relname, array_agg(a.attname::text order by a.attnum)
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where n.nspname = %s and c.relkind = any(%s) and not c.relispartition and a.attname <> all(%s)
    and a.atttypid <> 'timestamptz'::regtype
group by c.relname order by c.relname
"""
# A sum does not depend on the order of rows. A reason may name the edition that a value comes from.
HASH = sql.SQL(
    "select count(*), coalesce(sum(hashtextextended("
    "regexp_replace(cast(r as text), 'edition [0-9]+', 'edition', 'g'), 0)::numeric), 0) "
    "from (select {} from {} {}) r"
)
EVERY_ROW = sql.SQL("")
Content = dict[str, tuple[int, str]]


def marts(settings: Settings) -> Content:
    """Every view of schema marts."""
    with connect("owner", settings=settings) as connection:
        return _content(connection, "marts", "v")


def audit(settings: Settings) -> Content:
    """Every table of the candidate."""
    with connect("owner", settings=settings) as connection:
        return _content(connection, "audit", "rv")


def landed(settings: Settings) -> Content:
    """Every raw table's rows of current deliveries, and what is known of the deliveries."""
    current = sql.SQL("where delivery_id in (select delivery_id from ops.current_deliveries)")
    with connect("owner", settings=settings) as connection:
        names = connection.execute(
            "select nspname from pg_namespace where nspname like 'raw\\_%' order by 1"
        ).fetchall()
        found = _content(connection, "ops", "r", only=("deliveries",))
        for (schema,) in names:
            found |= _content(connection, schema, "rp", where=current)
    return found


def _content(
    connection: Connection, schema: str, kinds: str, only: Iterable[str] = (), where: sql.Composable = EVERY_ROW
) -> Content:
    found: Content = {}
    for name, columns in connection.execute(COLUMNS, [schema, list(kinds), list(IDS)]).fetchall():
        if only and name not in only:
            continue
        query = HASH.format(sql.SQL(", ").join(map(sql.Identifier, columns)), sql.Identifier(schema, name), where)
        rows = connection.execute(query).fetchall()
        found[f"{schema}.{name}"] = (rows[0][0], str(rows[0][1]))
    return found


def differences(found: Content, expected: Content) -> list[str]:
    """One sentence per view or table that differs."""
    return [
        f"{name} has {found.get(name, (0, ''))[0]} rows, expected {expected.get(name, (0, ''))[0]}, or others"
        for name in sorted({*found, *expected})
        if found.get(name) != expected.get(name)
    ]
