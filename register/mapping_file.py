"""Read a municipality's mapping file: a comma-separated UTF-8 table with a fixed heading."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from register.schema import RegisterError

# Open ends of a validity.
FIRST_YEAR, LAST_YEAR = 0, 9999


@dataclass(frozen=True)
class MappingRow:
    """One row of a mapping file; knows where it stands, so that a message can say so."""

    file: str
    number: int
    values: dict[str, str]

    def error(self, field: str, problem: str, advice: str) -> RegisterError:
        """A fault in one field of this row."""
        return RegisterError(self.file, problem, advice, row=self.number, field=field)

    def text(self, field: str) -> str:
        """Value of a field that may not be empty."""
        if not self.values[field]:
            raise self.error(field, "is empty", "fill it in")
        return self.values[field]

    def whole_number(self, field: str, default: int | None = None) -> int:
        """Value of a field that holds a whole number; empty means `default`, if there is one."""
        value = self.values[field]
        if not value and default is not None:
            return default
        if not (value.isascii() and value.isdigit()):
            raise self.error(field, "is not a whole number", "write digits only")
        return int(value)

    def decimal(self, field: str, default: Decimal) -> Decimal:
        """Value of a field that holds an exact decimal with a point; empty means `default`."""
        value = self.values[field]
        if not value:
            return default
        try:
            number = Decimal(value)
        except InvalidOperation:
            number = Decimal("nan")
        if not number.is_finite():
            raise self.error(field, "is not a number", "write digits with a decimal point, for example 0.25")
        return number

    def day(self, field: str) -> date | None:
        """Value of a field that holds a date; empty means open."""
        value = self.values[field]
        if not value:
            return None
        try:
            day = date.fromisoformat(value)
        except ValueError:
            day = date.min
        if len(value) != 10 or not value.replace("-", "").isdigit() or not 1900 <= day.year <= 2100:
            raise self.error(field, "is not a date from 1900 to 2100", "write year-month-day, for example 2025-07-01")
        return day

    def years(self) -> tuple[int, int]:
        """First and last year of validity, both included; empty means open."""
        first = self.whole_number("valid_from", FIRST_YEAR)
        last = self.whole_number("valid_to", LAST_YEAR)
        for field, year in (("valid_from", first), ("valid_to", last)):
            if year not in (FIRST_YEAR, LAST_YEAR) and not 1970 <= year <= 2100:
                raise self.error(field, "is not a year from 1970 to 2100", "write a year, or leave it empty for open")
        if last < first:
            raise self.error("valid_to", "is before valid_from", "exchange the two years")
        return first, last


def read_mapping(
    path: Path, label: str, heading: tuple[str, ...], *, needed: tuple[str, ...] | None = None
) -> Iterator[MappingRow]:
    """Rows of a mapping file, with blanks around values removed; no rows if there is no such file.

    Args:
        path: The file.
        label: How messages name it.
        heading: Its columns.
        needed: Where the columns may come in any order and all but these may be left out: those. A row has empty
            values for the columns left out.

    Raises:
        RegisterError: not UTF-8, another heading, or a row with too many or too few fields.
    """
    if not path.is_file():
        return
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise RegisterError(label, "is not UTF-8 text", "save it as CSV UTF-8") from None
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        given = _read_heading(next(rows, []), label, heading, needed)
        left_out = dict.fromkeys(set(heading) - set(given), "")
        for number, row in enumerate(rows, start=1):
            if any(value.strip() for value in row):
                yield _mapping_row(row, number, label, given, left_out)
    except csv.Error:
        raise RegisterError(label, f"line {rows.line_num} has an open quotation mark", "close it") from None


def _read_heading(
    found: list[str], label: str, heading: tuple[str, ...], needed: tuple[str, ...] | None
) -> tuple[str, ...]:
    """Columns of the file, in its order."""
    given = tuple(name.strip() for name in found)
    if given == heading:
        return given
    if needed is not None and set(needed) <= set(given) <= set(heading) and len(set(given)) == len(given):
        return given
    if len(given) == 1 and ";" in given[0]:
        raise RegisterError(label, "is separated by semicolons", "save it separated by commas")
    if needed is None:
        raise RegisterError(label, "has another heading than expected", f"use the heading {','.join(heading)}")
    raise RegisterError(
        label,
        "has another heading than expected",
        f"use the heading {','.join(heading)}, of which all but {' and '.join(needed)} may be left out",
    )


def _mapping_row(
    row: list[str], number: int, label: str, heading: tuple[str, ...], left_out: dict[str, str]
) -> MappingRow:
    if len(row) != len(heading):
        raise RegisterError(
            label,
            f"has {len(row)} fields, expected {len(heading)}",
            "put values that hold a comma in quotation marks",
            row=number,
        )
    given = {name: value.strip() for name, value in zip(heading, row, strict=True)}
    return MappingRow(label, number, {**left_out, **given})
