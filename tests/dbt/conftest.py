"""Builds the small world once with dbt itself and keeps what came out."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.rows import dict_row

from register.load import load as load_register
from tests.conftest import drop_built
from tests.dbt.small_world import CONFIGURATION, DELIVERIES, RawDelivery
from warehouse.build import DBT_PROJECT, dbt_environment
from warehouse.database import connect
from warehouse.settings import Settings

Rows = list[dict[str, Any]]
SEPARATOR = "/* next */"
# macro -> its arguments, as Jinja writes them
ONE_ARGUMENT = (
    "parse_amount", "parse_date", "parse_year", "safe_year", "safe_integer", "function_code", "fold_tenure",
    "parse_danish_number", "parse_statbank_value",
)  # fmt: skip
MACROS = {"parse_posting_amount": "'one', 'two'", **dict.fromkeys(ONE_ARGUMENT, "'one'")}


class Built:
    """Rows of every relation of staging, intermediate and audit, as they were right after the build."""

    def __init__(self, tables: dict[str, Rows], columns: dict[tuple[str, str], list[tuple[str, str]]]) -> None:
        self.tables = tables
        self.columns = columns

    def rows(self, table: str, **where: Any) -> Rows:
        """Rows whose columns have the given values."""
        return [row for row in self.tables[table] if all(row[name] == value for name, value in where.items())]

    def row(self, table: str, **where: Any) -> dict[str, Any]:
        """The one row that has the given values."""
        (found,) = self.rows(table, **where)
        return found

    def amount(self, measure_code: str, **where: Any) -> Decimal | None:
        """Sum of the known amounts of a measure; None where there is none."""
        amounts = [row["amount"] for row in self.rows("fct_measures", measure_code=measure_code, **where)]
        known = [amount for amount in amounts if amount is not None]
        return sum(known, Decimal(0)) if known else None


@pytest.fixture(scope="session")
def built(warehouse: Settings, tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build_world(warehouse, tmp_path_factory.mktemp("dbt"), CONFIGURATION, DELIVERIES)


def build_world(
    warehouse: Settings, folder: Path, configuration: dict[str, str], deliveries: list[RawDelivery], *select: str
) -> Built:
    """Empty the warehouse, fill it with a world of a test's own and build it, or what dbt's selectors name of it."""
    settings = warehouse.model_copy(update={"config": folder})
    for name, text in configuration.items():
        path = settings.municipalities / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    with connect("owner", autocommit=True) as connection:
        empty(connection)
        load_register(settings)
        for delivery in deliveries:
            insert(connection, delivery)
    # buildable, as the pipeline says: a test that spans layers waits until all of its parents are there.
    run_dbt(settings, folder, "build", "--indirect-selection", "buildable", *(["--select", *select] if select else []))
    with connect("owner", row_factory=dict_row) as connection:
        return Built(_read_all(connection), _read_columns(connection))


class Macros:
    """The project's macros as PostgreSQL expressions over two text columns, `one` and `two`."""

    def __init__(self, expressions: dict[str, str], connection: psycopg.Connection) -> None:
        self.expressions = expressions
        self.connection = connection

    def call(self, name: str, first: str, second: str = "", marks: str = ",.") -> Any:
        """What the macro makes of one text, or of two, in a delivery with these decimal and thousands marks."""
        query = (
            f"select {self.expressions[name]} from (select %s::text, %s::text, %s::text) "
            "as given (one, two, number_marks)"
        )
        row = self.connection.execute(query, [first, second, f"{marks}-+ '\u00a0"]).fetchone()
        assert row is not None
        return row[0]


@pytest.fixture(scope="session")
def macros(warehouse: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Macros]:
    calls = [f"{{{{ {name}({arguments}) }}}}" for name, arguments in MACROS.items()]
    compiled = run_dbt(warehouse, tmp_path_factory.mktemp("macros"), "compile", "--inline", SEPARATOR.join(calls))
    # psycopg reads % as a placeholder.
    expressions = compiled.replace("%", "%%").split(SEPARATOR)
    with connect("ejd_transformer", autocommit=True) as connection:
        yield Macros(dict(zip(MACROS, expressions, strict=True)), connection)


def run_dbt(settings: Settings, target: Path, *arguments: str) -> str:
    """Run dbt as the pipeline does and return what it printed; its own words if it fails."""
    command = [sys.executable, "-m", "dbt.cli.main", "--quiet", *arguments]
    command += ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
    result = subprocess.run(
        command, env=dbt_environment(settings, target), cwd=target, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout
    return result.stdout


def insert(connection: psycopg.Connection, delivery: RawDelivery) -> int:
    """Register a delivery and put its rows into its raw table. Returns the delivery's id."""
    start, end = delivery.window or (None, None)
    row = connection.execute(
        "insert into ops.deliveries (source, stream, municipality_code, load_kind, window_from, window_to, state, "
        "decimal_mark, thousands_mark, file_name, content_sha256, profile_sha256, byte_size, stored_path) "
        "values (%s, %s, %s, %s, %s, %s, %s, %s, %s, 'hand made', 'x', 'x', 0, 'x') returning delivery_id",
        [
            *(delivery.source, delivery.stream, delivery.municipality_code, delivery.load_kind),
            *(start, end, delivery.state),
            *(delivery.decimal_mark, "." if delivery.decimal_mark == "," else ""),
        ],
    ).fetchone()
    assert row is not None
    table = sql.Identifier(f"raw_{delivery.source}", delivery.stream)
    partitioned = connection.execute(
        "select relkind = 'p' from pg_class where oid = to_regclass(%s)", [f"raw_{delivery.source}.{delivery.stream}"]
    ).fetchone()
    if partitioned == (True,):
        connection.execute(
            "select ops.ensure_partition(%s::regclass, %s)",
            [f"raw_{delivery.source}.{delivery.stream}", delivery.municipality_code],
        )
    for number, values in enumerate(delivery.rows, start=1):
        lineage = {"municipality_code": delivery.municipality_code, "delivery_id": row[0], "row_no": number}
        content = {**{name: value or None for name, value in values.items()}, **lineage}
        connection.execute(
            sql.SQL("insert into {} ({}) values ({})").format(
                table,
                sql.SQL(", ").join(map(sql.Identifier, content)),
                sql.SQL(", ").join(sql.Placeholder() * len(content)),
            ),
            list(content.values()),
        )
    return int(row[0])


def empty(connection: psycopg.Connection) -> None:
    """Empty everything that is delivered, configured or published, and let go what dbt made of it."""
    names = connection.execute(
        "select format('%I.%I', schemaname, tablename) from pg_tables "
        "where schemaname like 'raw\\_%' or schemaname in ('register', 'ops', 'published') "
        "and tablename <> 'audit_trail'"  # which only grows
    ).fetchall()
    connection.execute(sql.SQL("truncate {} cascade").format(sql.SQL(", ".join(name for (name,) in names))))
    drop_built(connection)


def _read_all(connection: psycopg.Connection[dict[str, Any]]) -> dict[str, Rows]:
    relations = connection.execute(
        "select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace "
        "where n.nspname in ('staging', 'intermediate', 'audit') and c.relkind in ('r', 'v')"
    ).fetchall()
    return {
        one["name"]: connection.execute(
            sql.SQL("select * from {}").format(sql.Identifier(one["schema"], one["name"]))
        ).fetchall()
        for one in relations
    }


def _read_columns(connection: psycopg.Connection[dict[str, Any]]) -> dict[tuple[str, str], list[tuple[str, str]]]:
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in connection.execute(
        "select table_schema, table_name, column_name, data_type from information_schema.columns "
        "where table_schema in ('audit', 'published') order by table_schema, table_name, ordinal_position"
    ):
        found.setdefault((row["table_schema"], row["table_name"]), []).append((row["column_name"], row["data_type"]))
    return found
