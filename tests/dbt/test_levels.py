"""Levels, coverage and statuses of key figures over measures written by hand, through the models that dbt runs."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from psycopg.rows import dict_row

from register.load import load as load_register
from tests.dbt.conftest import Rows, empty, run_dbt
from warehouse.database import connect
from warehouse.settings import Settings

# property, building, use, tenure, measure, amount, status; a dash is nothing
MEASURES = """
P1 B1 school         owned  A_BDA       1000   ''
P1 B2 school         owned  A_BDA       500    ''
P1 B1 school         owned  A_EJET      1000   ''
P1 B2 school         owned  A_EJET      500    ''
P2 B3 sports         leased A_BDA       2000   ''
P2 B3 sports         leased A_LEJET     2000   ''
P3 B4 daycare        owned  A_BDA       200    ''
P3 B4 administration owned  A_BDA       200    ''
P3 B4 daycare        owned  A_EJET      200    ''
P3 B4 administration owned  A_EJET      200    ''
P1 B1 school         owned  A_OPV       900    e
P1 B2 school         owned  A_OPV       450    ''
P2 B3 sports         leased A_OPV       1800   i
P3 B4 daycare        owned  A_OPV       200    ''
P3 B4 administration owned  A_OPV       200    ''
P1 -  school         owned  C_EL        100000 ''
P1 -  school         owned  C_VARME     80000  ''
P1 -  school         owned  C_VEDL_UDV  15000  ''
P2 -  sports         leased C_EL        50000  ''
P2 -  sports         leased C_VARME     90000  ''
P2 -  sports         leased C_RENG      60000  ''
P3 -  daycare        owned  C_EL        10000  ''
P3 -  administration owned  C_EL        0      ''
P1 B1 school         owned  Q_VARME     90000  ''
P2 -  sports         leased H_REF       1000   ''
P2 -  sports         leased H_BOOK      800    ''
P1 -  school         owned  A_TOM       150    ''
P2 -  sports         leased A_TOM       -      x
-  -  none           none   N_INDB      1000   ''
-  -  none           none   C_IDRAET_NETTO 250000 ''
"""
MODELS = ("int_measures__rolled_up", "int_key_figure_needs__listed+", "int_key_figure_terms__summed+")
# figure, use category (empty: all), numerator, denominator, value, status, flags, units, coverage
EXPECTED = [
    # 330,000 over 3,550 m2; one area estimated, one imputed: imputed is the graver
    ("GEN-12", "", "330000", "3550", "92.958", "i", "estimated,imputed", 3, "100"),
    ("GEN-12", "school", "180000", "1350", "133.333", "e", "estimated", 1, "100"),
    ("GEN-12", "sports", "140000", "1800", "77.778", "i", "imputed", 1, "100"),
    # accounts reach P3, and it had no heating: no C_VARME is no value for daycare alone
    ("GEN-12", "daycare", None, "200", None, "x", "", 1, "100"),
    # no cleaned area is known: all area steps in, and says so
    ("GEN-10", "sports", "60000", "2000", "30", "", "fallback_denominator", 1, "100"),
    # a meter in one building tells of its property: 1,500 of 3,900 m2
    ("GEN-13", "", "90000", "3550", None, "x", "estimated,imputed", 3, "38.462"),
    ("GEN-13", "school", "90000", "1350", "66.667", "e", "estimated", 1, "100"),
    # areas alone count buildings; B4 has two uses and is one building of the municipality, and one of each use
    ("GEN-01", "", "3900", "1", "3900", "", "", 4, "100"),
    ("GEN-01", "daycare", "200", "1", "200", "", "", 1, "100"),
    ("GEN-01", "administration", "200", "1", "200", "", "", 1, "100"),
    # no leased building lacks an owned area
    ("GEN-03", "", "2000", "3900", "51.282", "", "", 4, "100"),
    # a tagged part of costs needs accounts that reach the property, not the tag: 1,900 owned m2 are all reached
    ("VED-06", "", "15000", "1900", "7.895", "", "", 2, "100"),
    # hours are of the property
    ("KUL-08", "", "800", "1000", "80", "", "", 1, "100"),
    # an observation of the whole property stands for each of its buildings; P2's is missing, P3 has none
    ("GEN-29", "", "150", "3900", "3.846", "", "", 4, "50"),
    # figures of the municipality as a whole ask nothing of buildings
    ("KUL-05", "", "250000", "1000", "250", "", "", 0, None),
    # inhabitants count in full for a use category
    ("GEN-02", "school", "1500", "1000", "1.5", "", "", 2, "100"),
    ("SKO-01", "", "1500", None, None, "x", "", 1, "0"),
    ("KUL-01", "", None, "1000", None, "m", "", 0, None),
]


@pytest.fixture(scope="module")
def figures(warehouse: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rows]:
    with connect("owner", autocommit=True) as connection:
        empty(connection)
        load_register(warehouse)
        _write_measures(connection)
    run_dbt(warehouse, tmp_path_factory.mktemp("levels"), "run", "--select", *MODELS)
    with connect("owner", autocommit=True, row_factory=dict_row) as connection:
        yield connection.execute("select * from audit.fct_key_figures").fetchall()
        connection.execute("drop table intermediate.int_measures__unioned, intermediate.int_years__observed cascade")


@pytest.mark.parametrize(
    ("code", "use", "numerator", "denominator", "value", "status", "flags", "units", "coverage"), EXPECTED
)
def test_a_figure_of_a_level_has_parts_status_flags_and_coverage(
    figures: Rows, code: str, use: str, numerator: str | None, denominator: str | None, value: str | None, status: str,
    flags: str, units: int, coverage: str | None,
) -> None:  # fmt: skip
    level = "use_category" if use else "municipality"
    (row,) = [
        row for row in figures if (row["key_figure_code"], row["level"], row["use_category"]) == (code, level, use)
    ]
    assert (_text(row["numerator"]), _text(row["denominator"])) == (numerator, denominator)
    assert (_text(row["value"]), row["status_code"], row["flags"]) == (value, status, flags)
    assert (row["n_units"], _text(row["coverage_pct"])) == (units, coverage)


def test_a_use_category_that_a_municipality_does_not_have_has_no_row(figures: Rows) -> None:
    assert {row["use_category"] for row in figures} == {"", "school", "sports", "daycare", "administration"}


def _text(number: Decimal | None) -> str | None:
    return (
        None if number is None else f"{round(number, 3):f}".rstrip("0").rstrip(".") if number % 1 else f"{number:.0f}"
    )


def _write_measures(connection: Any) -> None:
    for name in ("int_measures__unioned", "int_years__observed"):
        row = connection.execute(
            "select relkind from pg_class where oid = to_regclass(%s)", [f"intermediate.{name}"]
        ).fetchone()
        if row is not None:
            connection.execute(f"drop {'view' if row[0] == 'v' else 'table'} intermediate.{name} cascade")
    connection.execute("set role ejd_transformer")
    connection.execute(
        "create table intermediate.int_years__observed as select '0997' as municipality_code, 2025 as year"
    )
    connection.execute(
        "create table intermediate.int_measures__unioned (municipality_code text, topic text, year integer, "
        "property_id text, building_id text, use_category text, tenure text, measure_code text, amount numeric, "
        "unit text, status_code text, kind text)"
    )
    for line in MEASURES.strip().splitlines():
        place, building, use, tenure, measure, amount, status = line.split()
        connection.execute(
            "insert into intermediate.int_measures__unioned select '0997', topic, 2025, %s, %s, use_category, %s, "
            "measure_code, %s, unit, %s, kind from register.use_categories, register.measures "
            "where use_category = %s and measure_code = %s",
            [*(_nothing(place), _nothing(building), tenure, _nothing(amount), status.strip("'")), use, measure],
        )
    connection.execute("reset role")


def _nothing(text: str) -> str | None:
    return None if text == "-" else text
