"""What must hold of any warehouse that nobody works on, whatever happened to it before."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import psutil
from psycopg import Connection, sql

from tests.torture.commands import is_dbt
from warehouse.database import connect
from warehouse.settings import Settings

SECONDS_TO_LET_GO = 10
TEMPORARY = ("*.tmp", "*.part", "place.json", "rows.csv", "*__dbt_*")
# Each gives the faulty rows.
QUESTIONS = {
    "a pointer leads to another content than its scope's edition": """
        select from published.pointers p left join published.scope_editions s
            using (municipality_code, topic, year, edition_id)
        where s.content_sha256 is distinct from p.content_sha256""",
    "a scope has a newer edition than its pointer shows": """
        select from published.scope_editions s join published.pointers p using (municipality_code, topic, year)
        where s.edition_id > p.edition_id""",
    "a scope has an edition and no pointer": """
        select from published.scope_editions s
        where not exists (select from published.pointers p
            where (p.municipality_code, p.topic, p.year) = (s.municipality_code, s.topic, s.year))""",
    "a pointer shows measures of an edition of another scope": """
        select from published.pointers p left join published.scope_editions s
            on (s.municipality_code, s.topic, s.year, s.edition_id)
                = (p.municipality_code, p.topic, p.year, p.measures_edition_id)
        where s.measures_edition_id is distinct from p.measures_edition_id""",
    "an edition has no scope": """
        select from published.editions e
        where not exists (select from published.scope_editions s where s.edition_id = e.edition_id)""",
    "an edition of a topic has no key figure": """
        select from published.scope_editions s where topic <> 'property_model' and not exists (
            select from published.key_figures k where (k.municipality_code, k.topic, k.year, k.edition_id)
                = (s.municipality_code, s.topic, s.year, s.edition_id))""",
    "a published candidate's edition is missing": """
        select from ops.candidates where state = 'published' and edition_id is not null
            and edition_id not in (select edition_id from published.editions)""",
    "an edition comes from a candidate that is not published": """
        select from published.editions e join ops.candidates c using (candidate_id) where c.state <> 'published'""",
    "a candidate is still on its way": """
        select from ops.candidates where state in ('building', 'built', 'gated')""",
    "a run is still said to be running": "select from ops.runs where state = 'running'",
    "a delivery that landed has no bytes or no count": """
        select from ops.deliveries where state in ('landed', 'superseded')
            and (stored_path = '' or content_sha256 = '' or row_count is null)""",
    "a superseded delivery does not say by which": """
        select from ops.deliveries where (state = 'superseded') <> (superseded_by is not null)""",
    "a table of a build is left over": """
        select from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ('staging', 'intermediate', 'audit') and c.relname ~ '__dbt_(tmp|backup)'""",
    "a temporary table is left over": """
        select from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname like 'pg\\_temp%'""",
    "a transaction is prepared and forgotten": "select from pg_prepared_xacts",
    "an index or constraint is invalid": "select from pg_index where not indisvalid",
}
WRITTEN_BY_SCOPE = """
select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attname in ('municipality_code', 'topic', 'year', 'edition_id')
where n.nspname = 'published' and c.relkind = 'r'
    and c.relname <> all('{pointers,scope_editions,revisions}')
group by c.relname having count(*) = 4
"""
WITHOUT_SCOPE = sql.SQL(
    "select from published.{} t where not exists (select from published.scope_editions s "
    "where (s.municipality_code, s.topic, s.year, s.edition_id) "
    "= (t.municipality_code, t.topic, t.year, t.edition_id))"
)
RAW = """
select n.nspname, c.relname, c.relispartition from pg_class c join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attname = 'delivery_id'
where n.nspname like 'raw\\_%' and c.relkind = 'r'
"""
WITHOUT_DELIVERY = sql.SQL(
    "select from {} r where not exists (select from ops.deliveries d "
    "where d.delivery_id = r.delivery_id and d.state in ('landed', 'superseded'))"
)
OTHERS = """
select usename || ' ' || state from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
"""
LOCKS = "select from pg_locks where locktype = 'advisory'"


def faults(settings: Settings) -> list[str]:
    """What is wrong, one sentence each; nothing when all is well."""
    with connect("owner", settings=settings, autocommit=True) as connection:
        found = [*_left_open(connection), *_broken_rows(connection), *_orphans(connection)]
        found += _kept_bytes(connection, settings)
    return found + [f"file left over: {path.relative_to(settings.home)}" for path in _left_files(settings)]


def _left_open(connection: Connection) -> Iterator[str]:
    deadline = time.monotonic() + SECONDS_TO_LET_GO
    while time.monotonic() < deadline and (
        connection.execute(OTHERS).fetchone() or connection.execute(LOCKS).fetchone()
    ):
        time.sleep(0.05)
    for (who,) in connection.execute(OTHERS).fetchall():
        yield f"a connection is still open: {who}"
    if connection.execute(LOCKS).fetchone():
        yield "an advisory lock is still held"


def _broken_rows(connection: Connection) -> Iterator[str]:
    for sentence, question in QUESTIONS.items():
        count = len(connection.execute(question.encode()).fetchall())
        if count:
            yield f"{sentence} ({count} rows)"
    for (table,) in connection.execute(WRITTEN_BY_SCOPE).fetchall():
        count = len(connection.execute(WITHOUT_SCOPE.format(sql.Identifier(table))).fetchall())
        if count:
            yield f"published.{table} has {count} rows of no edition of their scope"


def _orphans(connection: Connection) -> Iterator[str]:
    for schema, table, is_partition in connection.execute(RAW).fetchall():
        count = len(connection.execute(WITHOUT_DELIVERY.format(sql.Identifier(schema, table))).fetchall())
        if count:
            yield f"{schema}.{table} has {count} rows without a delivery"
        stream, _, code = table.rpartition("_")
        known = connection.execute(
            "select from ops.deliveries where 'raw_' || source = %s and stream = %s and municipality_code = %s",
            [schema, stream, code],
        ).fetchone()
        if is_partition and known is None:
            yield f"partition {schema}.{table} belongs to no delivery"


def _kept_bytes(connection: Connection, settings: Settings) -> Iterator[str]:
    """Paths are compared below the store's folder: a home that was copied keeps the paths it was made with."""
    rows = connection.execute(
        "select stored_path from ops.deliveries where not is_quarantined union all select stored_path from ops.bundles"
    ).fetchall()
    told = {path.rpartition("/deliveries/")[2] for (path,) in rows}
    root = settings.home / "deliveries"
    lying = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    for name in sorted(told - lying):
        yield f"kept bytes are missing: {name}"
    for name in sorted(lying - told):
        yield f"kept bytes of no delivery or candidate: {name}"


def _left_files(settings: Settings) -> list[Path]:
    left = [path for pattern in TEMPORARY for path in (settings.home / "pulls").rglob(pattern)]
    left += settings.home.glob("*.tmp")
    left += (settings.home / "pg").glob("base/pgsql_tmp/*")
    left += (path for path in (settings.home / "scratch").glob("*") if path.name != "looking")
    return left + list((settings.home / "tmp").glob("*"))


def left_processes(settings: Settings) -> list[str]:
    """dbt processes that outlived the command they belong to."""
    target = str(settings.home / "dbt")
    found = []
    for process in psutil.process_iter():
        try:
            if is_dbt(process) and process.cwd() == target:
                found.append(f"dbt process {process.pid} outlives its command")
        except psutil.Error:
            continue
    return found
