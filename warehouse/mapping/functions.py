"""The authorised chart's functions and arts, as far as a mapping needs them: Danish names, and what is property.

account_functions.csv: property_role is core (premises of its own), related, outdoor, land, asset, utility, vat or none.
account_arts.csv: the category that postings on an art usually have where nothing else tells, and how sure that is.
Where is_name_seen is `no`, the Danish name was not read in an official list.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Function:
    """One authorised function, five digits."""

    name_da: str
    property_role: str


@dataclass(frozen=True)
class Art:
    """One authorised art, two digits. cost_category is empty where an art tells nothing."""

    name_da: str
    cost_category: str
    confidence_pct: int


@cache
def functions() -> dict[str, Function]:
    """Functions by code."""
    return {row["function_code"]: Function(row["name_da"], row["property_role"]) for row in _rows("functions")}


@cache
def arts() -> dict[str, Art]:
    """Arts by code."""
    return {
        row["art"]: Art(row["name_da"], row["cost_category"], int(row["confidence_pct"] or 0)) for row in _rows("arts")
    }


def function_name(code: str) -> str:
    """Code and name, or the code alone where it is not known or no function."""
    known = functions().get(code)
    return f"{code} {known.name_da}" if known else code


def property_role(code: str) -> str:
    """What a function has to do with property; `unknown` for one that the list lacks."""
    known = functions().get(code)
    return known.property_role if known else "unknown"


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"account_{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
