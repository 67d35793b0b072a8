"""Measures of the truth worked out by hand, from the files where they say it, and figures from these measures."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from demo.days import uses_by_days, uses_of_year
from demo.figures import DEFINITIONS, work_out
from demo.generate import make_world
from demo.measured.amounts import Amounts, Key
from demo.measured.condition import grade_of
from demo.measured.everything import all_measures
from demo.model import Municipality
from demo.records import Survey
from demo.truth import Truth
from tests.demo.reading import rows_of


@pytest.fixture(scope="module")
def municipalities() -> dict[str, Municipality]:
    return {municipality.code: municipality for municipality in make_world(7, 1.0)}


@pytest.fixture(scope="module")
def amounts(municipalities: dict[str, Municipality]) -> dict[tuple[str, int], Amounts]:
    return {(code, year): all_measures(m, year) for code, m in municipalities.items() for year in (2024, 2025)}


def test_offices_taken_over_on_1_july_2024_count_184_of_366_days(
    municipalities: dict[str, Municipality], amounts: dict[tuple[str, int], Amounts]
) -> None:
    (site,) = [site for site in municipalities["0992"].properties if site.held_from]
    place = (site.property_no, "administration", "leased")
    area = sum(building.fm_bda for building in site.buildings)

    assert amounts["0992", 2024][Key(*place, "A_LEJET")] == Fraction(area * 184, 366)
    assert amounts["0992", 2025][Key(*place, "A_LEJET")] == area
    # Its meters have half a year: what is missing may be winter, so heat is not corrected.
    assert Key(*place, "Q_VARME") in amounts["0992", 2024]
    assert Key(*place, "Q_VARME_K") not in amounts["0992", 2024]
    assert all(seats.counted >= date(2024, 7, 1) for seats in municipalities["0992"].records.seats
               if seats.property_no == site.property_no)  # fmt: skip


def test_an_office_that_became_a_house_of_culture_on_1_july_2024_shares_its_year_182_to_184(
    municipalities: dict[str, Municipality], amounts: dict[tuple[str, int], Amounts]
) -> None:
    municipality = municipalities["0993"]
    (period,) = municipality.records.periods
    site = municipality.property(period.property_no)

    assert uses_of_year(municipality, site, 2023) == {("administration", "owned"): 1}
    assert uses_by_days(municipality, site, 2024) == {
        ("administration", "owned"): Fraction(182, 366),
        ("culture", "owned"): Fraction(184, 366),
    }
    before, after = (amounts["0993", 2024][Key(site.property_no, use, "owned", "C_FORS")]
                     for use in ("administration", "culture"))  # fmt: skip
    posted = sum(c.posted for c in municipality.charges
                 if (c.category, c.year, c.unit.shares) == ("C_FORS", 2024, ((site.property_no, "1"),)))  # fmt: skip
    assert before / after == Fraction(182, 184)
    assert before + after == Fraction(posted, 100)


def test_heat_of_a_school_is_corrected_but_for_the_19_per_cent_that_do_not_depend_on_the_weather(
    world: tuple[Path, Truth],
) -> None:
    folder, truth = world
    rows = rows_of(folder / "sources" / "0991" / "energy" / "forbrug_2024.csv", "cp1252")
    metered = sum(Decimal(row["Forbrug"].replace(",", ".")) for row in rows if row["Målernr."] == "99100102")
    told = amounts_of(truth, "0991", 2024, "991001")

    assert told["Q_VARME"] == metered
    # 2,690 degree days in 2024, 2,880 in a normal year
    assert abs(told["Q_VARME_K"] - metered * (Decimal("0.19") + Decimal("0.81") * 2880 / 2690)) < Decimal("1e-9")


def test_emissions_are_electricity_and_district_heating_times_the_factors_of_the_year(truth: Truth) -> None:
    told = amounts_of(truth, "0991", 2025, "991001")

    assert told["Q_CO2E"] == told["Q_EL"] * Decimal("0.091") + told["Q_VARME"] * Decimal("0.070")


def amounts_of(truth: Truth, code: str, year: int, number: str) -> dict[str, Decimal]:
    found: dict[str, Decimal] = defaultdict(Decimal)
    for measured in truth.measures:
        if (measured.municipality_code, measured.year, measured.property_no) == (code, year, number):
            found[measured.measure_code] += measured.amount
    return found


def test_a_year_of_opening_hours_is_261_weekdays_and_52_saturdays(
    municipalities: dict[str, Municipality], amounts: dict[tuple[str, int], Amounts]
) -> None:
    openings = municipalities["0992"].records.openings
    number = openings[0].property_no
    weekday = next(o.closes - o.opens for o in openings if (o.property_no, o.weekday) == (number, 1))
    found = {key.measure_code: amount for key, amount in amounts["0992", 2025].items() if key.property_no == number}

    assert found["H_AABEN"] == 261 * weekday + 52 * 6
    assert found["N_UGER"] == Fraction(365, 7)


def test_new_hours_from_april_take_the_place_of_the_old_ones(
    municipalities: dict[str, Municipality], amounts: dict[tuple[str, int], Amounts]
) -> None:
    openings = municipalities["0991"].records.openings
    number = next(o.property_no for o in openings if o.valid_to)
    new = next(o.closes - o.opens for o in openings if (o.property_no, o.weekday, o.valid_to) == (number, 1, None))
    found = {key.measure_code: amount for key, amount in amounts["0991", 2024].items() if key.property_no == number}

    # January to March 2024: 65 weekdays and 13 Saturdays of six hours; then 197 and 39.
    assert found["H_AABEN"] == 65 * 6 + 13 * 6 + 197 * new + 39 * 6
    assert found["N_UGER"] == Fraction(366, 7)


def test_only_what_lies_between_16_and_22_on_weekdays_is_booked_time(
    municipalities: dict[str, Municipality], amounts: dict[tuple[str, int], Amounts]
) -> None:
    bookings = municipalities["0992"].records.bookings
    number = bookings[0].property_no
    found = {key.measure_code: amount for key, amount in amounts["0992", 2025].items() if key.property_no == number}
    half_hours = sum(
        len([minute for minute in range(b.starts, b.ends, 30) if 960 <= minute < 1320])
        for b in bookings
        if b.property_no == number and b.day.isoweekday() <= 5
    )

    assert found["H_REF"] == 261 * 6
    assert found["H_BOOK"] == Fraction(half_hours, 2)
    assert any(b.starts < 960 for b in bookings)
    assert any(b.day.isoweekday() > 5 for b in bookings)


@pytest.mark.parametrize(
    ("parts", "grade"),
    [
        ([("1", 0), ("3", 200)], Fraction(2)),  # one costs nothing to mend: the plain mean
        ([("2", 300), ("3", 100)], Fraction(9, 4)),  # (2 * 300 + 3 * 100) / 400
        ([(None, 50), ("1", 0)], Fraction(1)),  # what nobody can read counts for nothing
        ([(None, 50)], None),
    ],
)
def test_the_grade_of_a_building_is_the_mean_of_its_parts(
    parts: list[tuple[str | None, int]], grade: Fraction | None
) -> None:
    surveys = [
        Survey("1", 1, str(number), Decimal(given) if given else None, "Lav", backlog, date(2024, 1, 1))
        for number, (given, backlog) in enumerate(parts)
    ]
    assert grade_of(surveys) == grade


def test_the_register_of_the_world_has_95_figures_and_eight_of_them_have_no_input(truth: Truth) -> None:
    missing: dict[str, set[str]] = defaultdict(set)
    for figure in truth.figures:
        if figure.year == 2025:
            missing[figure.key_figure_code].add(",".join(figure.missing))
    never = {code: sorted(reasons) for code, reasons in missing.items() if "" not in reasons}

    assert len(DEFINITIONS) == len(missing) == 95
    assert set(never) >= {"ADM-10", "KUL-09", "KUL-10", "KUL-11", "VED-19", "VED-02", "VED-16", "GEN-32"}
    assert never["VED-19"] == ["N_BYG_EGNET,N_BYG_VURD"]


def test_87_figures_have_a_value_in_a_municipality_of_full_size(
    amounts: dict[tuple[str, int], Amounts],
) -> None:
    computed = set()
    for code in ("0991", "0992", "0993"):
        sums: dict[tuple[str, str, str], int | Fraction] = defaultdict(int)
        for key, amount in amounts[code, 2025].items():
            sums[key.measure_code, key.use_category, key.tenure] += amount
        computed |= {figure for figure, definition in DEFINITIONS.items() if not work_out(definition, sums)[2]}

    assert len(computed) == 87


def test_a_figure_leaves_out_what_is_let_out_and_what_is_leased_where_only_owned_counts() -> None:
    measures = {
        ("C_VEDL_PL", "school", "owned"): 300,
        ("C_VEDL_AK", "school", "leased"): 90,
        ("C_VEDL_AK", "housing", "let_out"): 50,
        ("A_EJET", "school", "owned"): 10,
        ("I_LEJE", "housing", "let_out"): -4000,
        ("A_UDLEJET", "housing", "let_out"): 8,
    }

    assert work_out(DEFINITIONS["VED-01"], measures) == (300, 10, ())
    assert work_out(DEFINITIONS["VED-05"], measures) == (300, 390, ())
    assert work_out(DEFINITIONS["GEN-28"], measures) == (4000, 8, ())
    assert work_out(DEFINITIONS["GEN-01"], measures)[2] == ("A_BDA",)
