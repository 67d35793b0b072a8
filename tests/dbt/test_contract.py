"""What publication copies from schema audit has the columns of schema published, in the same order."""

from __future__ import annotations

import pytest

from tests.dbt.conftest import Built
from warehouse.publish_sql import DIMENSIONS, TOPIC_SOURCES

PAIRS = {f"fct_{table}": table for table in TOPIC_SOURCES} | {model: table for table, model in DIMENSIONS.items()}


@pytest.mark.parametrize("model", PAIRS)
def test_an_audit_table_has_the_columns_of_its_published_table(built: Built, model: str) -> None:
    edition, *others = built.columns["published", PAIRS[model]]
    assert edition == ("edition_id", "bigint")
    assert built.columns["audit", model] == others


def test_there_is_nothing_else_in_audit_than_what_is_published_judged_or_compared(built: Built) -> None:
    audit = {table for schema, table in built.columns if schema == "audit"}
    assert audit == {*PAIRS, "fct_cost_reconciliation", "dim_municipality_structures", "fct_measure_contents"}


def test_each_scope_of_measures_is_counted_once_and_by_all_its_rows(built: Built) -> None:
    counted: dict[tuple[str, str, int], int] = {}
    for row in built.rows("fct_measures"):
        scope = (row["municipality_code"], row["topic"], row["year"])
        counted[scope] = counted.get(scope, 0) + 1
    contents = built.rows("fct_measure_contents")
    assert {(row["municipality_code"], row["topic"], row["year"]): row["measure_rows"] for row in contents} == counted
    assert len({row["hash_sum"] for row in contents}) == len(contents) > 5


@pytest.mark.parametrize("dimension", [model for model in PAIRS if model.startswith("dim_")])
def test_a_dimension_belongs_to_the_property_model_of_no_year(built: Built, dimension: str) -> None:
    rows = built.tables[dimension]
    assert {(row["topic"], row["year"]) for row in rows} == {("property_model", 0)}
