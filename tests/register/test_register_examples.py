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


def exact(number: float) -> Fraction:
    return Fraction(str(number))


def total(terms: list[dict], rows: list[dict], chosen: dict) -> Fraction:
    """Weight times amount of every row that a term sums and the filter lets through."""
    result = Fraction(0)
    for term in terms:
        for row in rows:
            if row["measure"] not in SUMS[term["measure"]]:
                continue
            of_whole_municipality = row["measure"] == "N_INDB"
            use_fits = "use_categories" not in chosen or row["use_category"] in chosen["use_categories"]
            tenure_fits = row["tenure"] in chosen.get("tenure", ["owned", "leased", "none"])
            if of_whole_municipality or (use_fits and tenure_fits):
                result += exact(term.get("weight", 1)) * exact(row["amount"])
    return result


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


def test_every_file_is_seen() -> None:
    assert len(FILES) >= 41
