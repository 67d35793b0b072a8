"""KMD Opus report CJI3 (line items of projects) as saved from the spool: a printed list, to rows of fields.

Each page repeats its heading. A record has a main line and, under a heading of its own, a second line. On many main
lines the columns after the longest gap of the heading stand some places to the left of their headings, and the number
of fields does not tell how many: the place is found by what must stand there, and where nothing or more than one place
fits, the row is refused. Saved as text without tabs, the same list has bars at fixed places: declare `delimiter: "|"`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from connectors.base import Conversion, Converted
from connectors.declarations import NumberFormat
from connectors.delimited import open_lines
from connectors.errors import MissingColumnError, UnreadableFileError
from connectors.ledger_records import open_plain
from connectors.rowwriter import RowWriter
from connectors.values import date_judge, holds_person_number, plain_number

NUMBER, AMOUNT, DAY, PERIOD = "Bilagsnummer", "Vrd./CO-områdevaluta", "Bogføringsdato", "Periode"
MAIN = {
    NUMBER: "document_no", "BoL": "line_no", "PSP-element": "psp_element", PERIOD: "period", DAY: "posting_date",
    "Bilagsdato": "document_date", "Registr.": "registration_date", "Kl.": "registration_time", "År": "fiscal_year",
    "Omk.art": "cost_element", AMOUNT: "amount", "COVal": "currency", "BilArt": "document_type",
    "Funktionsområde": "function_area", "Modkonto": "counter_account", "Partnerobjekt": "partner_object",
    "RefBilNr": "reference_document_no",
}  # fmt: skip
SECOND = {
    "TilbF-Ref.": "reversal_reference", "TilbF-Org.": "reversal_origin", "TbF": "reversal_flag",
    "TFB": "reversed_flag", "Valørdato": "value_date",
}  # fmt: skip
COLUMNS = (*MAIN.values(), *SECOND.values())
# How far to the left of their headings fields are looked for. 0 and 1 are seen in a real export.
SHIFTS = range(4)
PRINTED = NumberFormat(",", ".", trailing_minus=True)
is_date = date_judge(("%d.%m.%Y",))


def _is_amount(text: str) -> bool:
    return plain_number(text, PRINTED) is not None


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


# What must stand under a heading. The first three are on every line; the others where the line reaches so far.
ANCHORS: Mapping[str, Callable[[str], bool]] = {
    PERIOD: _matches(r"\d{1,2}"),
    DAY: is_date,
    AMOUNT: _is_amount,
    "Bilagsdato": is_date,
    "Registr.": is_date,
    "Kl.": _matches(r"\d\d:\d\d:\d\d"),
    "År": _matches(r"(?:19|20)\d\d"),
    "Omk.art": _matches(r"[S\d]\d{1,7}|"),
}
ON_EVERY_LINE = (PERIOD, DAY, AMOUNT)
# On the second line nothing is always filled; a flag of one character that is longer tells that the line is shifted.
SECOND_ANCHORS: Mapping[str, Callable[[str], bool]] = {
    "TbF": _matches(r".?"), "TFB": _matches(r".?"), "Valørdato": lambda text: not text or is_date(text),
    "TilbF-Ref.": _matches(r"\w*"),
}  # fmt: skip


@dataclass(frozen=True)
class _Heading:
    """Where the columns of one of the two lines stand. Of two columns of one name (`BoL`, `OAr`) the first counts."""

    columns: Mapping[str, int]
    loose_from: int  # columns from here on may stand further left
    bars: tuple[int, ...]  # places of the bars of a list without tabs; empty: it has tabs

    @classmethod
    def of(cls, line: str, delimiter: str) -> _Heading:
        """Read a heading's line."""
        bars = tuple(match.start() for match in re.finditer(r"\|", line)) if delimiter == "|" else ()
        names = cls({}, 0, bars).cells(line)
        columns = {name: at for at, name in reversed([*enumerate(names)]) if name}
        return cls(columns, len(names) if bars else _end_of_gap(names), bars)

    def cells(self, line: str) -> list[str]:
        """The fields of a line of this kind."""
        if not self.bars:
            return [field.strip() for field in line.split("\t")]
        edges = zip((-1, *self.bars), (*self.bars, None), strict=True)
        return [line[start + 1 : end].strip() for start, end in edges]

    def get(self, cells: list[str], name: str, shift: int = 0) -> str | None:
        """The field under a heading; None where the line or the heading does not reach so far."""
        at = self.columns.get(name, -1)
        place = at - shift if at >= self.loose_from else at
        return cells[place] if 0 <= place < len(cells) else None

    def shifts(self, cells: list[str]) -> list[int]:
        """How far to the left the loose columns of a main line can stand."""
        possible = SHIFTS[:1] if self.bars else SHIFTS
        return [shift for shift in possible if all(self._fits(cells, name, shift) for name in ANCHORS)]

    def _fits(self, cells: list[str], name: str, shift: int) -> bool:
        value = self.get(cells, name, shift)
        return ANCHORS[name](value) if value is not None else name not in ON_EVERY_LINE


def _end_of_gap(names: list[str]) -> int:
    """The first column after the longest run of nameless ones: what stands before it is never shifted."""
    end, longest, run = names.index(PERIOD) if PERIOD in names else len(names), 0, 0
    for at, name in enumerate(names):
        if name and run > longest:
            end, longest = at, run
        run = 0 if name else run + 1
    return end


@dataclass
class _List:
    """The list while it is read: its headings, the record that waits for its second line, what was found."""

    rows: RowWriter
    conversion: Conversion
    main: _Heading | None = None
    second: _Heading | None = None
    waiting: list[str] | None = None  # cells of a main line
    notes: Counter[str] = field(default_factory=Counter)

    def see(self, line: str) -> None:
        """Take the next line. A record's second line may stand below the heading of the next page."""
        delimiter = self.conversion.profile.delimiter
        if NUMBER in line and NUMBER in (heading := _Heading.of(line, delimiter)).columns:
            self.main, self.second = self._checked(heading), None
        elif self.main is None or not line.strip(" \t-|"):
            return
        elif self.second is None and any(name in line for name in SECOND):
            self.second = _Heading.of(line, delimiter)
        else:
            self._see_record(line, self.main)

    def _checked(self, heading: _Heading) -> _Heading:
        missing = [name for name in ("BoL", *ANCHORS) if name not in heading.columns]
        if missing:
            problem = f"the heading lacks {', '.join(map(repr, missing))}, by which columns are found"
            raise MissingColumnError(self.conversion.place, problem, "save the report with its full layout")
        return heading

    def _see_record(self, line: str, main: _Heading) -> None:
        cells = main.cells(line)
        if (main.get(cells, NUMBER) or "").isdigit():
            self.end()
            self.waiting = cells
        elif main.shifts(cells):
            self.end()
            self.rows.refuse(f"{NUMBER} is no number")
        elif self.waiting is not None:
            self.end(line)

    def end(self, second_line: str = "") -> None:
        """Write the record that waits, with the fields of its second line."""
        if self.waiting is None or self.main is None:
            return
        cells, self.waiting = self.waiting, None
        shifts = self.main.shifts(cells)
        if len(shifts) != 1:
            self.rows.refuse("the columns fit their headings in more than one place" if shifts else "the columns fit "
                             "their headings in no place")  # fmt: skip
            return
        values = {column: self.main.get(cells, name, shifts[0]) or "" for name, column in MAIN.items()}
        if not values["registration_date"]:
            self.notes["end before their registration date"] += 1
        values["amount"] = plain_number(values["amount"], PRINTED) or ""
        if holds_person_number(values["partner_object"]):
            values["partner_object"] = ""
            self.notes["have what looks like a person number as partner object, which stays out"] += 1
        self.rows.write([*values.values(), *self._second_values(second_line)])

    def _second_values(self, line: str) -> list[str]:
        if self.second is None or not line:
            return [""] * len(SECOND)
        cells = self.second.cells(line)
        values = {name: self.second.get(cells, name) or "" for name in SECOND}
        if not all(fits(values[name]) for name, fits in SECOND_ANCHORS.items()):
            self.notes["have a second line that does not fit its headings; its fields stay out"] += 1
            return [""] * len(SECOND)
        return [*values.values()]


def convert_spool(conversion: Conversion) -> Converted:
    """Write the records of a spool file as csv: amounts with decimal point and leading minus. Texts and names stay out.

    Raises:
        UnreadableFileError: no heading of the report. MissingColumnError: a column that places are found by is missing.
    """
    place = conversion.place
    with open_plain(conversion.path, place) as reader, RowWriter(conversion.target, COLUMNS) as rows:
        printed = _List(rows, conversion)
        for line in open_lines(reader, conversion.profile.encoding, place):
            printed.see(line)
        printed.end()
    if printed.main is None:
        raise UnreadableFileError(place, f"no line is headed {NUMBER}", "deliver the report saved as text with tabs")
    notes = tuple(f"{place}: {count} records {fault}" for fault, count in printed.notes.items())
    return Converted(COLUMNS, None, None, notes, rows.refused)
