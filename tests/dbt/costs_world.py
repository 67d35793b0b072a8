"""A small world of money whose deliveries and rules a test may change between builds, with dbt kept running."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
from dbt.cli.main import dbtRunner

from register.load import load as load_register
from tests.dbt.conftest import build_world, insert
from tests.dbt.small_world import RawDelivery
from warehouse.build import DBT_PROJECT, dbt_environment
from warehouse.database import connect
from warehouse.settings import Settings

RULE_HEADING = (
    "priority,account,function,dranst,art,psp,cost_centre,cost_category,property_no,share,split,split_uses,tags\n"
)
LINK_HEADING = "link_type,source_key,property_no,share,valid_from,valid_to,note\n"
KEY_HEADING = "split_key,property_no,share,valid_from,valid_to,note\n"
# What is made anew when money or its mapping changes.
CHANGED = (
    *("path:models/intermediate/costs", "path:models/intermediate/areas", "path:models/intermediate/property_model"),
    "int_users__counted",
    *("stg_ledger_opus__psp_elements", "stg_ledger_opus__accounts", "fct_cost_reconciliation"),
    "assert_postings_are_neither_lost_nor_repeated",
)
KEPT = (
    *("int_postings__unioned", "int_postings__summed", "int_posting_deliveries__summed"),
    *("int_posting_keys__categorised", "int_cost_destinations__shared", "int_costs__allocated", "int_costs__accepted"),
)


class CostsWorld:
    """One warehouse; `build` brings it in line with what the test has delivered and declared since."""

    def __init__(
        self, settings: Settings, folder: Path, configuration: dict[str, str], deliveries: list[RawDelivery]
    ) -> None:
        self.settings = settings.model_copy(update={"config": folder})
        self.folder = folder
        build_world(settings, folder, configuration, deliveries, "+fct_cost_reconciliation")
        os.environ |= dbt_environment(self.settings, folder)
        self.arguments = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
        parsed = dbtRunner().invoke(["--quiet", "parse", *self.arguments])
        assert parsed.success
        self.manifest: Any = parsed.result

    def declare(self, code: str, **files: str) -> None:
        """Write mapping files of a municipality: rules, links, keys, each as rows without heading."""
        headings = {"rules": ("account_rules", RULE_HEADING), "links": ("property_links", LINK_HEADING),
                    "keys": ("split_keys", KEY_HEADING)}  # fmt: skip
        for kind, rows in files.items():
            name, heading = headings[kind]
            (self.settings.municipalities / code / f"{name}.csv").write_text(heading + rows, encoding="utf-8")

    def deliver(self, delivery: RawDelivery, replaces: int | None = None) -> int:
        """Land a delivery, and retire the one that it replaces. Returns its id."""
        with connect("owner", autocommit=True) as connection:
            delivery_id = insert(connection, delivery)
            connection.execute(
                "update ops.deliveries set row_count = %s where delivery_id = %s", [len(delivery.rows), delivery_id]
            )
        if replaces is not None:
            self.retire(replaces)
        return delivery_id

    def retire(self, delivery_id: int) -> None:
        """Let a delivery count no more."""
        with connect("owner", autocommit=True) as connection:
            connection.execute("update ops.deliveries set state = 'superseded' where delivery_id = %s", [delivery_id])

    def build(self, *options: str, only: tuple[str, ...] = CHANGED) -> None:
        """Load the mapping and let dbt build what hangs on it."""
        load_register(self.settings)
        command = ["--quiet", "build", *options, *self.arguments, "--select", *only]
        # A command leaves what it compiled in the manifest, and the next would take it for its own.
        result = dbtRunner(manifest=self.manifest.deepcopy()).invoke(command)
        assert result.success, [str(one.message) for one in getattr(result.result, "results", []) if one.message]

    def rows(self, query: str, *bound: Any) -> list[tuple[Any, ...]]:
        """Rows of a query."""
        with connect("owner", autocommit=True) as connection:
            return connection.execute(query.encode(), list(bound)).fetchall()

    def costs(self, code: str, year: int) -> dict[tuple[str | None, str], Decimal]:
        """Property and measure -> amount."""
        query = (
            "select property_id, measure_code, sum(amount) from intermediate.int_costs__allocated "
            "where municipality_code = %s and year = %s group by 1, 2"
        )
        return {(property_id, measure): amount for property_id, measure, amount in self.rows(query, code, year)}

    def kept(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything that incremental models hold, in a fixed order."""
        found = {}
        with connect("owner", autocommit=True) as connection:
            for table in KEPT:
                found[table] = sorted(_content(connection, f"intermediate.{table}"), key=repr)
        return found

    def row_versions(self, table: str, code: str, year: int, column: str = "fiscal_year") -> set[str]:
        """Transactions that wrote the rows of a scope: unchanged where the scope was not touched."""
        query = f"select distinct xmin::text from intermediate.{table} where municipality_code = %s and {column} = %s"
        return {version for (version,) in self.rows(query, code, year)}


def _content(connection: psycopg.Connection, table: str) -> list[tuple[Any, ...]]:
    rows = connection.execute(f"select * from {table}".encode()).fetchall()
    return [tuple(value.normalize() if isinstance(value, Decimal) else value for value in row) for row in rows]
