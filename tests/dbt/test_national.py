"""0000 brings what is the same for all, and is no municipality."""

from __future__ import annotations

import pytest

from tests.dbt.conftest import Built


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
