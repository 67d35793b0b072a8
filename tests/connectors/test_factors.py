"""Factors by file drop: a file adds its vintage and replaces none."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.pull import pull
from tests.connectors.drops import configure, drop, select
from warehouse.settings import Settings, get_settings

HEADING = "source_name;vintage;area;year;month;is_normal_year;degree_days\n"


@pytest.fixture
def folder(clean_warehouse: Settings, config_folder: Path) -> Path:
    section = {"folder": "drop", "files": {"degree_days": "graddage_*.csv", "emission_factors": "emission_*.csv"}}
    return configure(config_folder, "0000", factors=section) / "drop"


def test_a_later_vintage_does_not_supersede_the_earlier_one(clean_warehouse: Settings, folder: Path) -> None:
    drop(folder, "graddage_2025.csv", HEADING + "DMI;2025;Landet;2024;0;0;2.841,5\n")
    pull("factors", "0000", get_settings())
    drop(folder, "graddage_2026-02-01.csv", HEADING + "DMI;2026;Landet;2024;0;0;2.850\n", age=1)
    pull("factors", "0000", get_settings())
    query = "select vintage, degree_days from raw_factors.degree_days join ops.current_deliveries using (delivery_id)"
    assert sorted(select(clean_warehouse, query)) == [("2025", "2.841,5"), ("2026", "2.850")]


@pytest.mark.parametrize(
    ("text", "error_class"),
    [
        ("source_name;area;year;month;is_normal_year;degree_days\nDMI;Landet;2024;0;0;2841\n", "MissingColumnError"),
        (HEADING + ";2025;Landet;2024;0;0;2841\n", "MalformedRowsError"),
        (HEADING + "DMI;;Landet;2024;0;0;2841\n", "MalformedRowsError"),
        (HEADING + "DMI;2025;Landet;2024;0;0;mange\n", "MalformedRowsError"),
    ],
    ids=["no vintage column", "no source", "no vintage", "no number"],
)
def test_figures_without_source_and_vintage_stay_out(folder: Path, text: str, error_class: str) -> None:
    drop(folder, "graddage_2025.csv", text)
    (result,) = pull("factors", "0000", get_settings())
    assert (result.outcome, result.error_class) == ("rejected", error_class)


def test_a_file_that_does_not_say_when_it_was_written_is_refused(folder: Path) -> None:
    drop(
        folder,
        "emission_seneste.csv",
        "source_name;vintage;carrier;area;year;method;kg_co2e_per_kwh\nA;1;El;DK1;2024;x;0,1\n",
    )
    (result,) = pull("factors", "0000", get_settings())
    assert result.error_class == "UnreadableFileError"
