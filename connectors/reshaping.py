"""Rows of a file that was made for people, on their way to rows for a table: what a profile declares, and no more."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

from connectors.base import Stream
from connectors.configuration import EXCEL_DAYS, FileStream
from connectors.errors import Place
from connectors.rowwise import BadRow
from connectors.workbooks import date_writer

Row = tuple[int, list[str]]
Change = Callable[[str], str]
TOTAL = re.compile(r"(?:i ?alt|(?:sub|hoved|grand )?total(?:er|sum)?|(?:del)?sum|samlet|gennemsnit) *:?", re.IGNORECASE)
MOST_NOTED = 20
# A null marker may have this many blanks around it; longer text is not looked at.
BLANKS = 4


@dataclass
class Reshaper:
    """Turns rows of `columns` into rows of `columns` and those the profile gives; notes what it left out."""

    columns: Sequence[str]
    stream: Stream
    profile: FileStream
    place: Place
    given: dict[str, str]
    drops_totals: bool
    warnings: list[str] = field(default_factory=list)
    count: int = 0

    def __post_init__(self) -> None:
        """Look up once what is done to which position."""
        at = {column: index for index, column in enumerate(self.columns)}
        self._fill = {at[column]: "" for column in self.profile.fill_down if column in at}
        self._keys = [at[key] for key in self.stream.key if key in at and key not in self.profile.fill_down]
        self._nulls = {mark.strip().casefold() for mark in self.profile.nulls}
        self._split = {at[name]: re.compile(f"[{re.escape(marks)}]") for name, marks in self.profile.split.items()
                       if name in at}  # fmt: skip
        self._changes = self._plan_changes(at)
        self._tail = list(self.given.values())

    @property
    def names(self) -> list[str]:
        """Columns of what `reshape` yields."""
        return [*self.columns, *self.given]

    def reshape(self, rows: Iterator[Row | BadRow]) -> Iterator[list[str]]:
        """The rows as they land. A row that could not be read comes as one of another width, to be counted there."""
        held: list[Row] = []  # these are totals if nothing else follows
        longest, is_null = max(map(len, self._nulls), default=0) + BLANKS, self._is_null
        for row in rows:
            if isinstance(row, BadRow):
                self._note(f"row {row.row_no}: {row.reason}")
                yield [""] * (len(self.names) + 1)
                continue
            if self._nulls:
                row = (row[0], ["" if len(value) <= longest and is_null(value) else value for value in row[1]])
            if not any(value and not value.isspace() for value in row[1]):
                continue
            if self.drops_totals and self._is_total(row[1]):
                held.append(row)
                continue
            for earlier in held:
                yield from self._finish(earlier[1])
            held.clear()
            yield from self._finish(row[1])
        for row_no, _ in held:
            self._note(f"row {row_no}, at the end, has no key: left out as a total")

    def _is_null(self, value: str) -> bool:
        return value.strip().casefold() in self._nulls

    def _is_total(self, values: list[str]) -> bool:
        if not self._keys:
            return False
        return all(not values[key].strip() or TOTAL.fullmatch(values[key].strip()) for key in self._keys)

    def _finish(self, values: list[str]) -> Iterator[list[str]]:
        for index, last in self._fill.items():
            if values[index].strip():
                self._fill[index] = values[index]
            else:
                values[index] = last
        for index, change in self._changes.items():
            values[index] = change(values[index])
        for made in self._split_values(values) if self._split else (values,):
            self.count += 1
            yield [*made, *self._tail]

    def _split_values(self, values: list[str]) -> Iterator[list[str]]:
        parts = [[part.strip() for part in mark.split(values[at]) if part.strip()] for at, mark in self._split.items()]
        for chosen in product(*(part or [""] for part in parts)):
            made = list(values)
            for index, value in zip(self._split, chosen, strict=True):
                made[index] = self._changes[index](value) if index in self._changes else value
            yield made

    def _plan_changes(self, at: dict[str, int]) -> dict[int, Change]:
        changes: dict[int, Change] = {at[name]: _pad(width) for name, width in self.profile.pad.items() if name in at}
        if EXCEL_DAYS in self.profile.date_formats:
            read = date_writer(self.profile.date_formats)
            for name in self.stream.dates:
                if name in at:
                    changes[at[name]] = lambda text: read(float(text)) if re.fullmatch(r"\d{5}", text.strip()) else text
        return changes

    def _note(self, problem: str) -> None:
        if len(self.warnings) < MOST_NOTED:
            self.warnings.append(f"{self.place}: {problem}")


def _pad(width: int) -> Change:
    """Give a number back the zeros that a spreadsheet took; other text stays."""
    return lambda text: text.strip().zfill(width) if text.strip().isdecimal() else text
