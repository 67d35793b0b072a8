"""The kinds of facts the truth is made of, each with its grain."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Measured:
    """One measure of a property (`property_no` None: tied to none), use category, tenure and year, money as posted."""

    municipality_code: str
    year: int
    property_no: str | None
    use_category: str
    tenure: str
    measure_code: str
    amount: Decimal


@dataclass(frozen=True)
class Cost:
    """Kroner of one property (`property_no` None: tied to none), cost category and year.

    Use category and tenure are those the property is known by; over which the money is spread, `Measured` says.
    """

    municipality_code: str
    year: int
    property_no: str | None
    use_category: str
    tenure: str
    cost_category: str
    posted_dkk: Decimal
    intended_dkk: Decimal


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
    """A key figure at municipality level, from what was posted.

    `fate`: published, withheld (status x), held, or missing (status x; `missing` names the inputs nobody delivers).
    A sum without one of its inputs is still told, a value is not.
    """

    municipality_code: str
    year: int
    key_figure_code: str
    numerator: Decimal
    denominator: Decimal
    value: Decimal | None
    fate: str
    missing: tuple[str, ...] = ()
