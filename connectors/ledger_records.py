"""Files of any ledger, delimited or fixed-width, to rows of raw columns by the profile of `sources.yml`."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from connectors.archives import Reader, is_packed, unpack
from connectors.base import Conversion, Converted, Stream
from connectors.columns import match_columns
from connectors.configuration import FileStream
from connectors.controls import find_control, read_figures
from connectors.declarations import ControlTotal, Delivery, Dialect, Limits, NumberFormat
from connectors.delimited import open_lines
from connectors.errors import ConfigError, EmptyFileError, Place, UnreadableFileError
from connectors.fixed_width import RecordForm, cut, joined_lines, kept_lines
from connectors.rowwriter import RowWriter
from connectors.values import holds_person_number, plain_number

DEBIT = frozenset({"d", "debet", "debit", "s"})
CREDIT = frozenset({"k", "kredit", "c", "credit", "h"})
# 2201.0 is a code that was a number in a spreadsheet; 4.0 is the authorised way of writing art 40.
FLOAT = re.compile(r"(\d{2,})\.0+")
WHOLE = re.compile(r"(\d+)\.0+")
FREE_TEXTS = frozenset({"name"})
Fields = list[str] | None


class _RefusedRowError(Exception):
    """A row that cannot be read; says why, without its content."""


class _Reading:
    """How the fields of one file become values. `hidden` counts texts that stay out."""

    def __init__(self, columns: tuple[str, ...], conversion: Conversion, form: RecordForm) -> None:
        """Plan what is done to each field, once for all rows."""
        stream, profile = conversion.stream, conversion.profile
        self.columns, self.form, self.hidden = columns, form, 0
        self.number = NumberFormat(profile.decimal, profile.thousands, profile.trailing_minus)
        self.pad = profile.pad
        self.whole = {"period", "line_no", *stream.years}
        made = {"line_no": "", "amount_unit": form.unit}  # the line's number is the row's, where the file has none
        more = {**profile.constants, **{name: made[name] for name in made if name in stream.raw_columns}}
        self.more = {name: value for name, value in more.items() if name not in columns}
        self.steps = [self._step(column, stream) for column in columns]

    @property
    def written(self) -> tuple[str, ...]:
        """Raw columns of the rows: those of the fields, then those that no field has."""
        return (*self.columns, *self.more)

    def row(self, values: list[str], row_no: int) -> list[str]:
        """The values of one row, in the order of `written`."""
        read = zip(self.columns, self.steps, values, strict=True)
        row = {column: step(value) if value and step else value for column, step, value in read}
        if row.get("amount") == "":
            raise _RefusedRowError("amount is empty")
        if "debit_credit" in row and "amount" in row:
            row["debit_credit"], row["amount"] = _signed(row["debit_credit"], row["amount"], self.form)
        return [*row.values(), *(value or str(row_no) for value in self.more.values())]

    def _step(self, column: str, stream: Stream) -> Callable[[str], str] | None:
        if column in stream.dates or column == "debit_credit":
            return None
        if column in FREE_TEXTS:
            return self._text
        return partial(self._number if column in stream.numbers else self._code, column)

    def _number(self, column: str, value: str) -> str:
        plain = plain_number(value, self.number)
        if plain is None:
            raise _RefusedRowError(f"{column} is no number as declared")
        return plain

    def _code(self, column: str, value: str) -> str:
        match = (WHOLE if column in self.whole else FLOAT).fullmatch(value)
        code = match[1] if match else value
        width = self.pad.get(column)
        return code.zfill(width) if width and code.isdigit() else code

    def _text(self, value: str) -> str:
        if holds_person_number(value):
            self.hidden += 1
            return ""
        return value


def convert_records(conversion: Conversion) -> Converted:
    """Write the records of a file as csv: amounts with their sign and a decimal point, codes with their zeros.

    Raises:
        ConfigError: the form names a column that the stream does not have.
        UnreadableFileError, EncodingError, EmptyFileError, UnknownColumnError and the like: not the declared file.
    """
    profile, form = conversion.profile, conversion.profile.form or RecordForm()
    strange = form.columns - set(conversion.stream.raw_columns)
    if strange:
        raise ConfigError(conversion.place, f"form names {sorted(strange)[0]}, which the stream does not have",
                          f"it has {', '.join(conversion.stream.raw_columns)}")  # fmt: skip
    with open_plain(conversion.path, conversion.place) as reader:
        lines = open_lines(reader, profile.encoding, conversion.place)
        for _ in range(profile.skip_lines):
            next(lines, None)
        columns, fields = _fixed(lines, form, conversion) if form.fixed else _delimited(lines, form, conversion)
        reading = _Reading(columns, conversion, form)
        with RowWriter(conversion.target, reading.written) as rows:
            _write(rows, fields, reading)
    return _converted(conversion, reading, rows)


def open_plain(path: Path, place: Place) -> AbstractContextManager[Reader]:
    """The plain bytes of a file, packed or not."""
    return unpack(path, Limits(), place) if is_packed(path, place) else path.open("rb")


def _fixed(lines: Iterator[str], form: RecordForm, conversion: Conversion) -> tuple[tuple[str, ...], Iterator[Fields]]:
    whole = {*conversion.stream.numbers, *conversion.stream.dates}
    return tuple(form.fixed), (cut(record, form, whole) for record in joined_lines(kept_lines(lines, form), form, ""))


def _delimited(
    lines: Iterator[str], form: RecordForm, conversion: Conversion
) -> tuple[tuple[str, ...], Iterator[Fields]]:
    """The kept fields of each record; None where a record has another number of fields than the heading."""
    profile, headed = conversion.profile, form.model_copy(update={"keep": ()})
    heading = next(joined_lines(kept_lines(lines, headed), form, profile.delimiter), None)
    if heading is None:
        raise EmptyFileError(conversion.place, "the file has no heading", "ask for it again")
    if heading.lstrip(" \t").startswith(("<", "{", "[")):
        raise UnreadableFileError(conversion.place, "the file holds no delimited text", "deliver it as csv")
    headings = _split(heading, profile)
    layout = match_columns(headings, _declared(conversion), conversion.place)
    records = joined_lines(kept_lines(lines, form), form, profile.delimiter)
    rows = (_split(record, profile) for record in records if record != heading)
    width = len(headings)
    return layout.columns, ([row[at].strip() for at in layout.kept] if len(row) == width else None for row in rows)


def _split(record: str, profile: FileStream) -> list[str]:
    """The fields of one line; none where a quote is not closed, so that it cannot swallow the lines after it."""
    if not profile.quote or profile.quote not in record:
        return record.split(profile.delimiter)
    try:
        return next(csv.reader([record], delimiter=profile.delimiter, quotechar=profile.quote, strict=True))
    except csv.Error:
        return []


def _declared(conversion: Conversion) -> Delivery:
    """What `match_columns` needs to know of a file."""
    profile, stream, place = conversion.profile, conversion.stream, conversion.place
    given = {"line_no", *profile.constants}
    return Delivery(
        place.source, stream.name, conversion.municipality_code, stream.load_kind, conversion.path,
        conversion.path.name, profile.columns or stream.columns, stream.required_columns - given, "",
        Dialect(profile.encoding, profile.delimiter, profile.quote), dropped=profile.drop,
        extra_columns=stream.extra_columns,
    )  # fmt: skip


def _write(rows: RowWriter, fields: Iterator[Fields], reading: _Reading) -> None:
    for values in fields:
        if values is None:
            rows.refuse("the row has not the fields that are declared")
            continue
        try:
            rows.write(reading.row(values, rows.count + 1))
        except _RefusedRowError as error:
            rows.refuse(str(error))


def _signed(mark: str, amount: str, form: RecordForm) -> tuple[str, str]:
    """D or K, and the amount as a debit: credit is negative."""
    word = mark.lower()
    if word in DEBIT:
        return "D", amount
    if word not in CREDIT:
        raise _RefusedRowError("debit_credit is none of the known marks")
    if not amount.startswith("-"):
        return "K", f"-{amount}"
    if form.minus is None:
        raise _RefusedRowError("a minus beside a credit mark may mean two things: declare minus in the form")
    return "K", amount if form.minus == "repeats" else amount.removeprefix("-")


def _converted(conversion: Conversion, reading: _Reading, rows: RowWriter) -> Converted:
    """With what the file's control file declares of it: amounts have their signs by now."""
    profile, place = conversion.profile, conversion.place
    warnings = []
    if reading.hidden:
        warnings.append(f"{place}: {reading.hidden} names with what looks like a person number stay out")
    declared, total = None, None
    if profile.control is not None:
        beside = find_control(profile, conversion.path)
        if beside is None:
            warnings.append(f"{place}: no control file lies beside it")
        else:
            declared, total = read_figures(profile, profile.control, beside, place)
    control = None
    if profile.control is not None and total is not None:
        control = ControlTotal(profile.control.total_column, total, profile.control.tolerance)
    return Converted(reading.written, declared, control, tuple(warnings), rows.refused)
