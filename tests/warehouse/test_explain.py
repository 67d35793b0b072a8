"""An explanation adds up: value, both sums, the properties behind them, deliveries, or why there is none."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from rich.console import Console

from tests.audit_candidate import Candidate
from warehouse.cli.terminal import WIDE
from warehouse.database import connect
from warehouse.explain import ExplainError, Explanation, explain, render
from warehouse.publish import publish
from warehouse.settings import Settings


@pytest.fixture
def candidate(clean_warehouse: Settings) -> Candidate:
    candidate = Candidate(clean_warehouse)
    with connect("owner") as connection:
        connection.execute(
            "insert into ops.deliveries (source, stream, municipality_code, load_kind, state, file_name, "
            "content_sha256, profile_sha256, byte_size, stored_path) values "
            "('ledger_opus', 'postings', '0991', 'window', 'landed', 'posteringer_2025.csv', 'c', 'p', 1, 's'),"
            "('energy', 'readings', '0991', 'window', 'landed', 'el_2025.csv', 'd', 'p', 1, 's')"
        )
    candidate.execute(
        "insert into audit.fct_measure_deliveries values ('0991', 'schools_daycare', 2025, 'C_RENG', 1, 400), "
        "('0991', 'schools_daycare', 2025, 'C_VARME', 1, 30), ('0991', 'schools_daycare', 2025, 'Q_EL', 2, 12)"
    )
    return candidate


def publish_all(candidate: Candidate) -> None:
    candidate.finish()
    candidate.judge()
    publish(candidate.settings)


def as_text(explanation: Explanation) -> str:
    console = Console(width=WIDE)
    with console.capture() as captured:
        console.print(render(explanation))
    return captured.get()


def test_a_published_figure_is_explained_down_to_properties_and_deliveries(candidate: Candidate) -> None:
    publish_all(candidate)
    explained = explain(candidate.settings, "SKO-03", "0991", 2025)
    assert explained.figure is not None
    assert (explained.figure.value, explained.figure.numerator, explained.figure.denominator) == (330, 330_000, 1000)
    behind = {(row.part, row.property_id, row.measure_code): row.amount for row in explained.behind}
    assert behind == {
        ("numerator", "0991-S1", "C_RENG"): 150_000,
        ("numerator", "0991-S1", "C_VEDL_PL"): 100_000,
        ("numerator", "0991-S1", "C_VARME"): 80_000,
        ("denominator", "0991-S1", "A_BDA"): 1000,
    }
    assert [(d.file_name, d.measures, d.source_rows) for d in explained.deliveries] == [
        ("posteringer_2025.csv", "C_RENG C_VARME", 430)
    ]


@pytest.mark.parametrize("code", ["GEN-01", "GEN-04", "GEN-10", "SKO-01", "SKO-03", "ADM-09", "VED-01"])
def test_what_is_behind_a_figure_sums_to_it(candidate: Candidate, code: str) -> None:
    publish_all(candidate)
    explained = explain(candidate.settings, code, "0993", 2024)
    assert explained.figure is not None
    assert explained.total("numerator") == explained.figure.numerator
    assert (explained.total("denominator") or 1) == explained.figure.denominator


def test_the_terminal_shows_value_formula_properties_and_files(candidate: Candidate) -> None:
    publish_all(candidate)
    text = as_text(explain(candidate.settings, "SKO-03", "0991", 2025))
    for shown in ("330.00 DKK/m2", "C_RENG + C_VARME + C_VEDL_PL / A_BDA", "version 1, proposed", "0991-S1 school S1",
                  "150,000.00", "posteringer_2025.csv", "schools_daycare 2025: publish"):  # fmt: skip
        assert shown in text


def test_amounts_of_many_measures_are_whole_and_none_is_left_out(candidate: Candidate) -> None:
    publish_all(candidate)
    explained = explain(candidate.settings, "GEN-04", "0991", 2025)
    first = next(row for row in explained.behind if row.part == "numerator")
    several = [
        replace(first, property_id=f"0991-P{number:02}", measure_code=f"C_{letter}", amount=Decimal(1_234_567 + number))
        for number in range(27)  # two more than are shown one by one
        for letter in "ABCDEFGH"
    ]
    printed = as_text(replace(explained, behind=tuple(several)))
    tables = [line for line in printed.splitlines() if "0991-P03" in line]
    assert [line.count("1,234,570.00") for line in tables] == [6, 2]  # eight measures and, in the second, their sum
    assert "9,876,560.00" in tables[1]
    assert "2 more" in printed
    assert "2,469,185.00" in printed  # 1,234,592 and 1,234,593
    assert "266,669,280.00" in printed  # 8 x (27 x 1,234,567 + 351)
    assert "…" not in printed


def test_a_held_figure_is_explained_by_its_verdict(candidate: Candidate) -> None:
    candidate.multiply(100, "C_RENG", "school", "0993", 2025)
    publish_all(candidate)
    explained = explain(candidate.settings, "SKO-03", "0993", 2025)
    assert explained.figure is None
    assert [(v.topic, v.verdict) for v in explained.verdicts] == [("schools_daycare", "hold")]
    text = " ".join(as_text(explained).split())
    assert "not published" in text
    assert "schools_daycare 2025: hold: unit_factor: C_RENG of school" in text


def test_a_figure_without_its_withheld_input_names_it_and_the_held_topic(candidate: Candidate) -> None:
    candidate.multiply(100, "C_RENG", "school", "0993", 2025)
    publish_all(candidate)
    explained = explain(candidate.settings, "GEN-10", "0993", 2025)
    assert explained.figure is not None and explained.figure.value is None
    verdicts = [(v.topic, v.verdict) for v in explained.verdicts]
    assert verdicts == [("general", "publish with warnings"), ("schools_daycare", "hold")]
    assert explained.total("numerator") == Decimal(60_000)  # the town hall's; the school's is held
    assert "C_RENG of school 2025 is held: unit_factor" in as_text(explained)


def test_a_warehouse_without_a_municipality_says_how_to_begin(clean_warehouse: Settings) -> None:
    with pytest.raises(ExplainError, match="no municipality is configured here: begin with `ejendomstal new-munic"):
        explain(clean_warehouse, "SKO-03", "0991", 2025)


@pytest.mark.parametrize(
    ("code", "municipality", "year", "message"),
    [
        ("SKO-3", "0991", 2025, "no key figure SKO-3: did you mean SKO-03"),
        ("SKO-03", "0999", 2025, "no municipality 0999 is configured: use one of 0991, 0993"),
        ("SKO-03", "0991", 1999, "no version of SKO-03 is valid in 1999"),
    ],
)
def test_what_does_not_exist_is_said_with_what_does(
    candidate: Candidate, code: str, municipality: str, year: int, message: str
) -> None:
    with pytest.raises(ExplainError, match=message):
        explain(candidate.settings, code, municipality, year)
