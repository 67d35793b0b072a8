"""The seeds that decide which inputs count: a row that says something twice would count it twice."""

from __future__ import annotations

import csv
from itertools import pairwise

import pytest

from register.read import read_register
from warehouse.build import DBT_PROJECT

KEYS = {
    "fm/fm_room_types": ["room_type"],
    "fm/fm_incident_types": ["incident_type"],
    "fm/fm_risk_classes": ["basis", "value", "grade_above"],
    "factors/factors_price_bases": ["measure_code", "version"],
}
FOLDED = {"fm/fm_room_types": "room_type", "fm/fm_incident_types": "incident_type", "fm/fm_risk_classes": "value"}


def rows(seed: str) -> list[dict[str, str]]:
    with (DBT_PROJECT / "seeds" / f"{seed}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("seed", KEYS)
def test_a_seed_says_nothing_twice(seed: str) -> None:
    keys = [tuple(row[column] for column in KEYS[seed]) for row in rows(seed)]
    assert keys
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("seed", FOLDED)
def test_spellings_are_folded_as_they_are_compared(seed: str) -> None:
    spellings = [row[FOLDED[seed]] for row in rows(seed)]
    assert [one for one in spellings if one != " ".join(one.lower().split()) or not one.isascii()] == []


def test_risk_classes_are_measures_and_the_bands_of_a_value_meet_from_one_to_three() -> None:
    bands: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in rows("fm/fm_risk_classes"):
        assert row["measure_code"] in read_register().measures["BL"].sum_of
        bands.setdefault((row["basis"], row["value"]), []).append((row["grade_above"], row["grade_to"]))
    for found in map(sorted, bands.values()):
        assert (found[0][0], found[-1][1]) == ("1", "3")
        assert all(lower[1] == upper[0] for lower, upper in pairwise(found))


def test_an_index_is_one_that_the_warehouse_has_and_moves_a_measure_of_the_register() -> None:
    for row in rows("factors/factors_price_bases"):
        assert row["measure_code"] in read_register().measures
        assert row["index_source"] in {"byg43", "pris113", "price_index"}
        assert (row["index_source"] == "price_index") == bool(row["source_name"] and row["art_group"])
