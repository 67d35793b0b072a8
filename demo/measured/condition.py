"""The state of buildings: surveyed area, grades, backlog by risk class in prices of the year, and their value."""

from __future__ import annotations

from fractions import Fraction

from demo.days import uses_by_days
from demo.delivered import delivers
from demo.factors import CONSTRUCTION_INDEX, REPLACEMENT, REPLACEMENT_YEAR
from demo.measured.amounts import Amounts, Key, Number, add
from demo.model import OPERATED, Municipality
from demo.records import Survey

CLASSES = ("BL_HOEJ", "BL_BETYDELIG", "BL_MODERAT", "BL_LAV")
# The class of a part that is due, by consequence and by whether its grade is above 2; and by priority.
BY_CONSEQUENCE = {
    ("Høj", True): "BL_HOEJ",
    ("Høj", False): "BL_BETYDELIG",
    ("Mellem", True): "BL_BETYDELIG",
    ("Mellem", False): "BL_MODERAT",
    ("Lav", True): "BL_MODERAT",
    ("Lav", False): "BL_LAV",
}
BY_PRIORITY = dict(zip("1234", CLASSES, strict=True))
SATISFACTORY, SERIOUS = 1, 2
RECENT_YEARS = 5


def sum_condition(municipality: Municipality, year: int) -> Amounts:
    """Condition measures of each building, over the uses that its area has in the year."""
    found: Amounts = {}
    newest = _newest(municipality, year)
    index = Fraction(CONSTRUCTION_INDEX[year]) / Fraction(CONSTRUCTION_INDEX[REPLACEMENT_YEAR])
    for site in municipality.properties:
        for building in site.buildings if site.tenure in OPERATED else ():
            area = building.operating_area(site.tenure)
            if area is None or not building.exists_in(year):
                continue
            by_days = uses_by_days(municipality, site, year)
            whole = sum(by_days.values())
            for (use, tenure), share in by_days.items():
                place = (site.property_no, use, tenure)
                if delivers(municipality.code, "condition_surveys"):
                    parts = newest.get((site.property_no, building.number), [])
                    for measure, amount in _measures(parts, year, area * share, Fraction(share, whole)).items():
                        add(found, Key(*place, measure), amount)
                if tenure == "owned":
                    add(found, Key(*place, "GV"), area * share * REPLACEMENT[use, REPLACEMENT_YEAR] * index)
    return found


def _newest(municipality: Municipality, year: int) -> dict[tuple[str, int], list[Survey]]:
    """Per building, of each part the last survey up to the end of the year."""
    parts: dict[tuple[str, int, str], Survey] = {}
    for survey in sorted(municipality.records.surveys, key=lambda survey: survey.surveyed):
        if survey.surveyed.year <= year:
            parts[survey.property_no, survey.building_no, survey.part] = survey
    found: dict[tuple[str, int], list[Survey]] = {}
    for (number, building, _), survey in parts.items():
        found.setdefault((number, building), []).append(survey)
    return found


def _measures(parts: list[Survey], year: int, area: Number, share: Fraction) -> dict[str, Number]:
    if not parts:
        return dict.fromkeys(("A_SYN", "A_SYN_5", "A_GOD", "A_TILST"), 0)
    found: dict[str, Number] = {"A_SYN": area}
    newest = max(survey.surveyed.year for survey in parts)
    found["A_SYN_5"] = area if newest > year - RECENT_YEARS else 0
    grade = grade_of(parts)
    if grade is not None:
        found["A_GOD"] = area if grade <= SATISFACTORY else 0
        found["A_TILST"] = grade * area
    if all(survey.grade is not None for survey in parts):
        found |= {risk: amount * share for risk, amount in _backlog(parts, year).items()}
    return found


def grade_of(parts: list[Survey]) -> Fraction | None:
    """The mean of the parts' grades: weighed by what they cost to mend where each costs something, else plain."""
    graded = [(Fraction(survey.grade), survey.backlog) for survey in parts if survey.grade is not None]
    if not graded:
        return None
    weights = [backlog for _, backlog in graded] if all(backlog for _, backlog in graded) else [1] * len(graded)
    return sum((grade * weight for (grade, _), weight in zip(graded, weights, strict=True)), Fraction(0)) / sum(weights)


def _backlog(parts: list[Survey], year: int) -> dict[str, Fraction]:
    """Kroner by risk class in prices of the year, of parts that are below what is agreed."""
    found = dict.fromkeys(CLASSES, Fraction(0))
    for survey in parts:
        if survey.grade is not None and survey.grade > SATISFACTORY:
            index = Fraction(CONSTRUCTION_INDEX[year]) / Fraction(CONSTRUCTION_INDEX[survey.surveyed.year])
            is_serious = survey.grade > SERIOUS
            risk = BY_PRIORITY.get(survey.risk) or BY_CONSEQUENCE[survey.risk, is_serious]
            found[risk] += survey.backlog * index
    return found
