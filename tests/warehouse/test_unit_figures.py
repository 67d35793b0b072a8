"""Key figures of properties and buildings: views over published measures, by the register's formulas."""

from __future__ import annotations

from typing import Any

import pytest

from tests.audit_candidate import Candidate
from warehouse.database import connect
from warehouse.publish import publish
from warehouse.settings import Settings

# property S1 of 0991 in 2025: building, measure, amount, status
MEASURES = [
    (None, "C_HEAT", 80_000, ""),
    (None, "C_COLD", None, "x"),
    ("B1", "A_WARM", 800, "e"),
    ("B2", "A_WARM", None, "x"),
    ("B1", "A_ALL", 1000, ""),
    ("B2", "A_ALL", 600, ""),
    ("B1", "Q_HEAT", 40_000, ""),
]
# code: parts as (part, measure, weight, required), scale, constant
FIGURES: dict[str, tuple[list[tuple[str, str, int, bool]], int, int | None]] = {
    "GEN-91": (
        [("numerator", "C_HEAT", 1, True), ("numerator", "C_COLD", 2, False), ("denominator", "A_WARM", 1, True)],
        1,
        None,
    ),
    "GEN-92": ([("numerator", "C_COLD", 1, True), ("denominator", "A_ALL", 1, True)], 1, None),
    "GEN-93": (
        [
            ("numerator", "C_HEAT", 1, True),
            ("denominator", "A_NONE", 1, True),
            ("fallback_denominator", "A_ALL", 1, True),
        ],
        1,
        None,
    ),
    "GEN-94": ([("numerator", "A_ALL", 1, True)], 1, 1),
    "GEN-95": ([("numerator", "Q_HEAT", 1, True), ("denominator", "A_ALL", 1, True)], 100, None),
    "GEN-96": (
        [("numerator", "C_HEAT", 1, True), ("numerator", "C_COLD", 1, True), ("denominator", "A_ALL", 1, True)],
        1,
        None,
    ),
}


@pytest.fixture
def published(clean_warehouse: Settings) -> Candidate:
    candidate = Candidate(clean_warehouse)
    with connect("ejd_loader") as connection:
        for code in ("C_HEAT", "C_COLD", "A_WARM", "A_ALL", "A_NONE", "Q_HEAT"):
            connection.execute(
                "insert into register.measures values (%s, %s, %s, 'unit', 'quantity', 'building', 'x')", [code] * 3
            )
        for code, (terms, scale, constant) in FIGURES.items():
            _declare(connection, code, terms, scale, constant)
    for building, measure, amount, status in MEASURES:
        candidate.execute(
            "insert into audit.fct_measures values ('0991', 'schools_daycare', 2025, '0991-S1', %s, 'school', 'owned', "
            "%s, %s, 'unit', %s)", building, measure, amount, status,
        )  # fmt: skip
    # A year that no definition is valid in.
    candidate.execute(
        "insert into audit.fct_measures values "
        "('0991', 'schools_daycare', 2024, '0991-S1', 'B1', 'school', 'owned', 'A_ALL', 900, 'unit', '')"
    )
    candidate.finish()
    candidate.judge()
    publish(candidate.settings)
    return candidate


def _declare(connection: Any, code: str, terms: list[tuple[str, str, int, bool]], scale: int, constant: Any) -> None:
    connection.execute(
        "insert into register.key_figures (key_figure_code, version, topic, name_da, name_en, unit, scale, "
        "denominator_constant, direction, levels, bounds_severity, largest_change_severity, coverage_needed_pct, "
        "adoption_state, valid_from, is_break, formula, definition_source, definition_sha256) "
        "values (%s, 1, 'general', 'navn', 'name', 'unit', %s, %s, 'neutral', 'building,property', 'hold', 'hold', 90, "
        "'proposed', 2025, false, 'f', 's', 'h')", [code, scale, constant],
    )  # fmt: skip
    for number, (part, measure, weight, required) in enumerate(terms, start=1):
        connection.execute(
            "insert into register.key_figure_terms values (%s, 1, %s, %s, %s, %s, %s)",
            [code, part, number, measure, weight, required],
        )
        connection.execute(
            "insert into register.key_figure_term_scopes values (%s, 1, %s, %s, %s, 'school', 'owned')",
            [code, part, number, measure],
        )


def figure(code: str, unit: str = "property", place: str = "0991-S1") -> tuple:
    with connect("ejd_analyst") as connection:
        (row,) = connection.execute(
            f"select numerator, denominator, value, status_code, flags from marts.{unit}_key_figures "
            f"where key_figure_code = %s and {unit}_id = %s", [code, place],
        ).fetchall()  # fmt: skip
    return row


def test_a_property_sums_its_buildings_and_carries_what_is_estimated(published: Candidate) -> None:
    assert figure("GEN-91") == (80_000, 800, 100, "e", "estimated")


def test_a_required_term_without_an_amount_gives_no_value(published: Candidate) -> None:
    assert figure("GEN-92") == (None, 1600, None, "x", "")
    # also where another term of the same part has one
    assert figure("GEN-96") == (None, 1600, None, "x", "")


def test_the_fallback_denominator_steps_in_and_is_flagged(published: Candidate) -> None:
    assert figure("GEN-93") == (80_000, 1600, 50, "", "fallback_denominator")


def test_a_constant_denominator_and_a_scale_are_used(published: Candidate) -> None:
    assert figure("GEN-94") == (1600, 1, 1600, "", "")
    assert figure("GEN-95") == (40_000, 1600, 2500, "", "")


def test_a_building_has_the_figures_whose_terms_are_known_for_it(published: Candidate) -> None:
    assert figure("GEN-95", "building", "B1") == (40_000, 1000, 4000, "", "")
    assert figure("GEN-95", "building", "B2") == (None, 600, None, "x", "")
    assert figure("GEN-94", "building", "B2")[2] == 600


def test_only_levels_and_years_of_the_definition_are_shown(published: Candidate) -> None:
    with connect("ejd_analyst") as connection:
        rows = connection.execute(
            "select distinct key_figure_code, year from marts.property_key_figures order by 1"
        ).fetchall()
    assert rows == [(code, 2025) for code in FIGURES]


def test_only_the_measures_that_pointers_name_are_summed(published: Candidate) -> None:
    published.multiply(2, "C_HEAT", "school", "0991", 2025)
    published.finish()
    published.judge()
    publish(published.settings)
    assert figure("GEN-91")[:3] == (160_000, 800, 200)
