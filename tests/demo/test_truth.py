"""The truth is worked out from the model; here it is held against the files, read in the plainest way."""

from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from demo.figures import DEFINITIONS
from demo.generate import make_world
from demo.truth import Truth, tell_truth
from tests.demo.reading import bbr_rows, category_of, opus_postings, prisme_postings, rows_of

Sums = dict[tuple[int, str], Decimal]


def true_costs(truth: Truth, code: str) -> Sums:
    sums: Sums = defaultdict(Decimal)
    for cost in truth.costs:
        if cost.municipality_code == code:
            sums[cost.year, cost.cost_category] += cost.posted_dkk
    # What is split by area has endless fractions of an oere.
    return {key: round(dkk, 9) for key, dkk in sums.items()}


def rules_of(world: Path, code: str) -> list[dict[str, str]]:
    return rows_of(world / "config" / "municipalities" / code / "account_rules.csv", "utf-8", ",")


@pytest.mark.parametrize("code", ["0991", "0993"])
def test_the_opus_files_sum_to_the_truth_by_category_to_the_oere(code: str, world: tuple[Path, Truth]) -> None:
    folder, truth = world
    year, psp_file, number = {
        "0991": ("Regnskabsår", "psp_stamdata.csv", "Funktion"),
        "0993": ("År", "PSP.csv", "Funktion"),
    }[code]
    master = {row["PSP-element"]: row for row in rows_of(folder / "sources" / code / "ledger" / psp_file, "cp1252")}
    found: Sums = defaultdict(Decimal)
    for row, amount in opus_postings(folder / "sources", code):
        psp = master.get(row["PSP-element"], {number: "", "Dranst": "1"})
        category = category_of(
            rules_of(folder, code),
            int(row[year]),
            account=row["Artskonto"],
            function=psp[number],
            psp=row["PSP-element"],
            dranst=psp["Dranst"],
        )
        found[int(row[year]), category] += amount

    assert found == true_costs(truth, code)


def test_the_prisme_files_sum_to_the_truth_by_category_to_the_oere(world: tuple[Path, Truth]) -> None:
    folder, truth = world
    found: Sums = defaultdict(Decimal)
    for row, amount in prisme_postings(folder / "sources"):
        year = int(row["Regnskabsår"])
        fields = {"account": row["Konto"], "function": row["Funktion"], "dranst": row["Dranst"]}
        found[year, category_of(rules_of(folder, "0992"), year, cost_centre=row["Bærer"], **fields)] += amount

    assert found == true_costs(truth, "0992")


def test_costs_by_property_and_accepted_money_by_function_are_the_same_money(truth: Truth) -> None:
    by_property: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    by_function: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    for cost in truth.costs:
        by_property[cost.municipality_code, cost.year] += cost.posted_dkk
    for accepted in truth.accepted:
        by_function[accepted.municipality_code, accepted.year] += accepted.dkk

    # What is split by area has endless fractions of an oere.
    assert {key: round(dkk, 9) for key, dkk in by_property.items()} == by_function


def test_unmapped_money_is_the_same_in_both_views(truth: Truth) -> None:
    unmapped = sum(cost.posted_dkk for cost in truth.costs if cost.cost_category == "C_UMAPPED")

    assert unmapped == sum(accepted.unmapped_dkk for accepted in truth.accepted) > 0


def test_owned_area_is_what_bbr_says_of_existing_buildings_and_fm_of_the_rest(world: tuple[Path, Truth]) -> None:
    folder, truth = world
    sources = folder / "sources"
    sites = {row["Ejendomsnr."]: row for row in rows_of(sources / "0991" / "fm" / "ejendomme_0991.csv")}
    areas = area_by_building(sources, "0991")
    places = place_of_building(sources, "0991")
    found = Decimal(0)
    for row in rows_of(sources / "0991" / "fm" / "bygninger_0991.csv"):
        site = sites[row["Ejendomsnr."]]
        built = int(row["Opførelsesår"] or 0)
        if site["Ejerforhold"] != "Ejet" or built > 2024:
            continue
        identity = row["BBR-id"] or places.get((site["BFE-nr."], int(row["Bygningsnr."])), "")
        found += areas.get(identity, Decimal(row["Bruttoareal"].replace(".", "") or 0))

    true = [
        a.amount for a in truth.measures if (a.municipality_code, a.year, a.measure_code) == ("0991", 2024, "A_EJET")
    ]
    assert found == sum(true) > 0


def area_by_building(sources: Path, code: str) -> dict[str, Decimal]:
    areas = {
        row["id_lokalId"]: Decimal(row["byg038SamletBygningsareal"])
        for row in bbr_rows(sources, "Bygning", code)
        if row["status"] == "6" and row["byg038SamletBygningsareal"]
    }
    for row in bbr_rows(sources, "Etage", code):
        if row["status"] == "6" and row["bygning"] in areas:
            areas[row["bygning"]] += Decimal(row["eta021ArealAfUdnyttetDelAfTagetage"] or 0)
            areas[row["bygning"]] += Decimal(row["eta022Kælderareal"] or 0)
    return areas


def place_of_building(sources: Path, code: str) -> dict[tuple[str, int], str]:
    """(BFE number, building number) -> id, the building on foreign ground by its own BFE number."""
    bfe = {row["id_lokalId"]: row["bfeNummer"] for row in bbr_rows(sources, "Ejendomsrelation", code)}
    ground = {row["id_lokalId"]: bfe[row["bestemtFastEjendom"]] for row in bbr_rows(sources, "Grund", code)}
    own = {
        row["bygning"]: bfe[row["bygningPåFremmedGrund"]] for row in bbr_rows(sources, "BygningEjendomsrelation", code)
    }
    return {
        (own.get(row["id_lokalId"], ground[row["grund"]]), int(row["byg007Bygningsnummer"])): row["id_lokalId"]
        for row in bbr_rows(sources, "Bygning", code)
        if row["status"] == "6"
    }


@pytest.fixture(scope="module")
def full_truth() -> Truth:
    return tell_truth(make_world(7, 1.0), 7, 1.0, [], {})


def figure(truth: Truth, code: str, year: int) -> dict[str, float]:
    found = [f for f in truth.figures if (f.key_figure_code, f.year) == (code, year)]
    return {f.municipality_code: float(f.value) for f in found if f.value is not None}


@pytest.mark.parametrize(
    ("code", "low", "high"),
    [
        ("GEN-02", 4.5, 6.0),  # 5.3 m2 per inhabitant
        ("GEN-04", 270, 370),  # 317 DKK per m2
        ("GEN-10", 120, 210),  # 150 DKK per m2 of all area, a little more per cleaned m2
        ("GEN-15", 23, 31),  # 27 kWh per m2
        ("VED-01", 95, 140),  # 117 DKK per m2
        ("SKO-01", 15, 24),  # m2 per pupil in eight municipalities
        ("DAG-01", 8, 15),
    ],
)
def test_levels_follow_the_national_estimates(code: str, low: float, high: float, full_truth: Truth) -> None:
    values = figure(full_truth, code, 2024)

    assert len(values) == 3
    assert all(low <= value <= high for value in values.values()), values


def test_heat_and_water_follow_the_national_estimates(full_truth: Truth) -> None:
    area = sum(a.amount for a in full_truth.measures if (a.year, a.measure_code) == (2024, "A_BDA"))
    for measure, low, high in (("Q_VARME", 80, 106), ("Q_VAND", 0.3, 0.4)):
        used = sum(q.amount for q in full_truth.measures if (q.year, q.measure_code) == (2024, measure))
        assert low <= used / area <= high


# Emissions fall; surveys, labels and incidents come when they come; what stood still for months has less data; offices
# that were taken over in the middle of a year have all their workplaces and half their cost.
UNSTEADY = (
    *("GEN-30", "GEN-33", "GEN-34", "VED-09", "VED-10", "VED-11", "VED-12", "VED-13", "VED-14", "VED-17", "VED-18"),
    *("SKO-10", "KUL-06", "KUL-01", "ADM-04", "ADM-05"),
)


def test_nothing_but_the_planted_fault_moves_by_more_than_a_tenth(full_truth: Truth) -> None:
    values = {(f.municipality_code, f.key_figure_code, f.year): f for f in full_truth.figures}
    for (code, key_figure, year), now in values.items():
        before = values.get((code, key_figure, year - 1))
        if key_figure not in UNSTEADY and before and before.value and now.value and now.fate == "published":
            assert abs(now.value / before.value - 1) < Decimal("0.1"), (code, key_figure, year)


def test_only_the_schools_of_0993_in_2025_are_held_and_only_sums_over_their_cleaning_lose_their_value(
    full_truth: Truth,
) -> None:
    fates = {
        (f.municipality_code, f.year, f.key_figure_code): f.fate for f in full_truth.figures if f.fate != "published"
    }

    assert {key for key, fate in fates.items() if fate == "held"} == {
        ("0993", 2025, code) for code in DEFINITIONS if code[:3] in ("SKO", "DAG")
    }
    assert {key for key, fate in fates.items() if fate == "withheld"} == {
        ("0993", 2025, c) for c in ("GEN-04", "GEN-05", "GEN-07", "GEN-08", "GEN-09", "GEN-10")
    }


def test_the_fault_is_a_factor_of_a_hundred_on_cleaning_of_schools_and_nothing_else(full_truth: Truth) -> None:
    faulty = [cost for cost in full_truth.costs if cost.posted_dkk != cost.intended_dkk]

    assert {(c.municipality_code, c.year, c.use_category, c.cost_category) for c in faulty} == {
        ("0993", 2025, "school", "C_RENG")
    }
    assert all(cost.posted_dkk == 100 * cost.intended_dkk for cost in faulty)


def test_less_than_a_twentieth_of_the_area_lacks_a_heated_or_cleaned_area(full_truth: Truth) -> None:
    for municipality in make_world(7, 1.0):
        sites = [p for p in municipality.properties if p.tenure in ("owned", "leased")]
        whole = sum(site.area(2025) for site in sites)
        for name in ("heated", "cleaned"):
            lacking = [site for site in sites if any(getattr(b, name) is None for b in site.buildings)]
            assert 0 < sum(site.area(2025) for site in lacking) < whole / 10
