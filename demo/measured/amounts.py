"""Sums of measures: exact fractions per property, use category, tenure and measure."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from demo.days import Shares

NOWHERE = ("none", "none")


class Key(NamedTuple):
    """Where an amount belongs. `property_no` is empty for what no property has."""

    property_no: str
    use_category: str
    tenure: str
    measure_code: str


# Whole, or an exact fraction.
Number = int | Fraction
# An amount of 0 says that it is known to be nothing; what is not known has no key.
Amounts = dict[Key, Number]


def add(found: Amounts, key: Key, amount: Number) -> None:
    """Add to one sum."""
    found[key] = found[key] + amount if key in found else amount


def spread(found: Amounts, property_no: str, measure: str, amount: Number, shares: Shares) -> None:
    """Add an amount of a property to the uses it had."""
    for (use, tenure), share in shares.items():
        add(found, Key(property_no, use, tenure, measure), amount if share == 1 else amount * share)


def as_decimal(amount: Number) -> Decimal:
    """To 28 digits; exact where it ends before."""
    return Decimal(amount.numerator) / Decimal(amount.denominator)
