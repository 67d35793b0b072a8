"""Every worked example, computed from the YAML text alone: no schema, no loader, no SQL."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from register.read import REGISTER

FILES = sorted(path for path in REGISTER.rglob("*.yml") if path.parent != REGISTER)
SUMS = {
    entry["measure"]: entry.get("sum_of") or [entry["measure"]]
    for entry in yaml.safe_load((REGISTER / "measures.yml").read_text(encoding="utf-8"))
}


PARTS = ("numerator", "denominator", "fallback_denominator")
OF_THE_WHOLE_MUNICIPALITY = ("N_INDB", "C_NETTO", "C_IDRAET_NETTO")
# topic prefix -> how many; written here and not read from the files, so that a lost file is noticed
NUMBERS = {"GEN": 34, "ADM": 10, "SKO": 10, "DAG": 7, "KUL": 15, "VED": 19}
CODES = [f"{prefix}-{number:02d}" for prefix, last in NUMBERS.items() for number in range(1, last + 1)]


def exact(number: float) -> Fraction:
    return Fraction(str(number))


def total(terms: list[dict], rows: list[dict], chosen: dict) -> Fraction:
    """Weight times amount of every row that a term sums and the filter lets through."""
    result = Fraction(0)
    for term in terms:
        for row in rows:
            if row["measure"] not in SUMS[term["measure"]]:
                continue
            if is_in(row, chosen):
                result += exact(term.get("weight", 1)) * exact(row["amount"])
    return result


def is_in(row: dict, chosen: dict) -> bool:
    """Whether the filter lets a row through."""
    use_fits = "use_categories" not in chosen or row["use_category"] in chosen["use_categories"]
    tenure_fits = row["tenure"] in chosen.get("tenure", ["owned", "leased", "none"])
    return row["measure"] in OF_THE_WHOLE_MUNICIPALITY or (use_fits and tenure_fits)


def is_summed(row: dict, terms: list[dict], chosen: dict) -> bool:
    return is_in(row, chosen) and any(row["measure"] in SUMS[term["measure"]] for term in terms)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_worked_example_comes_out_as_written(path: Path) -> None:
    entry = yaml.safe_load(path.read_text(encoding="utf-8"))
    example, chosen = entry["example"], entry.get("filter", {})
    numerator = total(entry["numerator"], example["rows"], chosen)
    denominator = (
        total(entry["denominator"], example["rows"], chosen)
        if "denominator" in entry
        else exact(entry["denominator_constant"])
    )
    assert numerator == exact(example["numerator"])
    assert denominator == exact(example["denominator"])
    assert exact(entry.get("scale", 1)) * numerator / denominator == exact(example["value"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_example_lies_within_its_own_bounds(path: Path) -> None:
    entry = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert entry["bounds"]["low"] <= entry["example"]["value"] <= entry["bounds"]["high"]


def test_the_register_holds_the_95_key_figures_of_the_collaboration_and_no_other() -> None:
    codes = [yaml.safe_load(path.read_text(encoding="utf-8"))["code"] for path in FILES]
    assert sorted(set(codes)) == sorted(CODES)
    assert len(CODES) == 95


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_example_of_a_narrowed_figure_has_a_row_that_is_left_out(path: Path) -> None:
    entry = yaml.safe_load(path.read_text(encoding="utf-8"))
    terms = [term for part in PARTS for term in entry.get(part, [])]
    left_out = [row for row in entry["example"]["rows"] if not is_summed(row, terms, entry.get("filter", {}))]
    assert left_out or "filter" not in entry


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_example_has_a_row_for_every_term_that_is_required(path: Path) -> None:
    entry = yaml.safe_load(path.read_text(encoding="utf-8"))
    given = {row["measure"] for row in entry["example"]["rows"]}
    terms = [term for part in PARTS[:2] for term in entry.get(part, []) if term.get("required", True)]
    assert [term["measure"] for term in terms if not given & set(SUMS[term["measure"]])] == []


def test_a_percentage_is_a_hundred_times_a_ratio() -> None:
    entries = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in FILES]
    assert {entry["code"] for entry in entries if (entry["unit"] == "%") != (entry.get("scale", 1) == 100)} == set()
    assert {entry["code"] for entry in entries if entry.get("scale", 1) == 10000} == {"KUL-14", "VED-18"}


def test_a_figure_over_owned_leased_or_let_out_area_sums_only_such_premises() -> None:
    only = {"A_EJET": ["owned"], "A_EJET_5AAR": ["owned"], "A_LEJET": ["leased"], "A_UDLEJET": ["let_out"]}
    for path in FILES:
        entry = yaml.safe_load(path.read_text(encoding="utf-8"))
        divisors = [term["measure"] for term in entry.get("denominator", [])]
        if len(divisors) == 1 and divisors[0] in only:
            assert entry["filter"]["tenure"] == only[divisors[0]], entry["code"]
