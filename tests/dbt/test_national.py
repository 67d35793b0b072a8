"""0000 brings what is the same for all, and is no municipality."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.dbt.conftest import Built, Macros


def test_what_is_delivered_for_the_country_makes_no_municipality(built: Built) -> None:
    assert built.rows("stg_statbank__folk1a", municipality_code="0000")
    for name, rows in built.tables.items():
        if rows and name.startswith(("int_", "dim_", "fct_")) and "municipality_code" in rows[0]:
            assert not [row for row in rows if row["municipality_code"] == "0000"], name


@pytest.mark.parametrize(("municipality_code", "people"), [("0998", 10100), ("0999", 500)])
def test_inhabitants_are_the_municipalitys_own_and_levels_are_not_summed(
    built: Built, municipality_code: str, people: int
) -> None:
    assert built.amount("N_INDB", municipality_code=municipality_code, year=2025) == people


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2.351", "2351"), ("7,3", "7.3"), ("100,0 %", "100.0"), ("1.234.567", "1234567"), ("0", "0"), ("-1,5", "-1.5"),
        ("", None), ("-", None), ("..", None), ("*", None), ("Ja", None),
    ],
)  # fmt: skip
def test_a_danish_number_is_read_as_a_dane_writes_it(macros: Macros, text: str, number: str | None) -> None:
    assert macros.call("parse_danish_number", text) == (None if number is None else Decimal(number))


@pytest.mark.parametrize(
    ("text", "number"),
    [("37,7", "37.7"), ("37.7", "37.7"), ("-20", "-20"), ("0", "0"), ("..", None), ("-", None), ("", None)],
)
def test_a_statbank_value_has_a_comma_or_a_point_and_no_thousands(
    macros: Macros, text: str, number: str | None
) -> None:
    assert macros.call("parse_statbank_value", text) == (None if number is None else Decimal(number))
