"""The kinds of facts the truth is made of, each with its grain."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Area:
    """m2 of one measure for a municipality, year, use category and tenure."""

    municipality_code: str
    year: int
    use_category: str
    tenure: str
    measure_code: str
    m2: Decimal


@dataclass(frozen=True)
class Cost:
    """Kroner of one property (`property_no` None: tied to none), cost category and year."""

    municipality_code: str
    year: int
    property_no: str | None
    use_category: str
    tenure: str
    cost_category: str
    posted_dkk: Decimal
    intended_dkk: Decimal


@dataclass(frozen=True)
class Quantity:
    """kWh or m3 of one property and year."""

    municipality_code: str
    year: int
    property_no: str
    measure_code: str
    amount: Decimal


@dataclass(frozen=True)
class Users:
    """Pupils, children or inhabitants of a municipality and year."""

    municipality_code: str
    year: int
    measure_code: str
    amount: Decimal


@dataclass(frozen=True)
class Accepted:
    """Kroner of all postings of a municipality, year and function; "" = the cost unit has no known function."""

    municipality_code: str
    year: int
    function_code: str
    dkk: Decimal
    unmapped_dkk: Decimal


@dataclass(frozen=True)
class Figure:
    """A key figure at municipality level, from what was posted. `fate`: published, withheld (status x) or held."""

    municipality_code: str
    year: int
    key_figure_code: str
    numerator: Decimal
    denominator: Decimal
    value: Decimal
    fate: str
