"""Judging written numbers and dates without a database: what staging will be able to read."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from connectors.declarations import NumberFormat

# Distinct values remembered by one judge: bounds memory where nearly every row has its own.
REMEMBERED = 20_000


def number_pattern(number: NumberFormat, digit: str) -> str:
    """A regular expression, for whole values, of numbers so written; `digit` matches one digit."""
    thousands, decimal = re.escape(number.thousands), re.escape(number.decimal)
    whole = f"{digit}+"
    if number.thousands:
        whole = f"(?:{digit}{{1,3}}(?:{thousands}{digit}{{3}})+|{digit}+)"
    unsigned = f"(?:{whole}(?:{decimal}{digit}*)?|{decimal}{digit}+)"
    return f" *(?:[+-]?{unsigned}{f'|{unsigned}-' if number.trailing_minus else ''}) *"


def number_judge(number: NumberFormat) -> Callable[[str], bool]:
    """A test for the *shape* of a number, that is with every digit written as 9."""
    pattern = re.compile(number_pattern(number, "9"))

    @lru_cache(REMEMBERED)
    def judge(shape: str) -> bool:
        return pattern.fullmatch(shape) is not None

    return judge


def date_judge(formats: tuple[str, ...]) -> Callable[[str], bool]:
    """A test whether a text is a date in one of the strptime `formats`."""

    @lru_cache(REMEMBERED)
    def judge(text: str) -> bool:
        return any(_reads_as(text.strip(" "), form) for form in formats)

    return judge


def _reads_as(text: str, form: str) -> bool:
    try:
        datetime.strptime(text, form)
    except ValueError:
        return False
    return True


def spellings(municipality_code: str) -> list[str]:
    """How files write a municipality's code: with and without its leading zero, and as a spreadsheet's number."""
    bare = municipality_code.lstrip("0")
    return sorted({municipality_code, bare, f"{municipality_code}.0", f"{bare}.0"})


@lru_cache(64)
def _number(number: NumberFormat) -> re.Pattern[str]:
    return re.compile(number_pattern(number, "[0-9]"))


def plain_number(text: str, number: NumberFormat) -> str | None:
    """A number so written, with a decimal point and a leading minus; None: it is not so written."""
    if _number(number).fullmatch(text) is None:
        return None
    digits = text.strip(" +-").replace(number.thousands, "") if number.thousands else text.strip(" +-")
    return f"{'-' if '-' in text else ''}{digits.replace(number.decimal, '.')}"


# Day, month, year and serial number of a Danish person number, with or without its dash.
PERSON_NUMBER = re.compile(r"(?<!\d)(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}[- ]?\d{4}(?!\d)")


def holds_person_number(text: str) -> bool:
    """Tell whether a text has something of the shape of a person number in it."""
    return PERSON_NUMBER.search(text) is not None
