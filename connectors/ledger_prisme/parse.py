"""G69, Prisme's interface of postings, to rows of allow-listed fields that balance.

A line is a header (place of registration 3, `G69`, line number 5, organisation 4 and its type 2, NOR, PRI or SUP, the
form of the line 4) and fields. In the floating form `FLYD` these are `nnnvalue`, joined by `&`, their numbers
ascending. Where the fields of the fixed form stand is the supplier's to tell: `sources.yml` declares it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from connectors.base import Conversion, Converted
from connectors.declarations import NumberFormat
from connectors.delimited import open_lines
from connectors.errors import (
    ControlTotalError,
    EmptyFileError,
    Place,
    RowCountError,
    UnreadableFileError,
    WrongMunicipalityError,
)
from connectors.fixed_width import RecordForm, cut
from connectors.ledger_records import open_plain
from connectors.rowwriter import RowWriter
from connectors.values import date_judge, plain_number

FIELDS = {
    "103": "machine_no", "104": "batch_no", "110": "posting_date", "111": "account", "112": "amount_oere",
    "113": "debit_credit", "114": "fiscal_year", "118": "value_date", "170": "requisition_no", "180": "carrier",
    "181": "department", "182": "purpose", "300": "project_no", "301": "project_type",
}  # fmt: skip
HEADER = ("file_line_no", "organisation_no", "organisation_type", "posting_type")
COLUMNS = (*HEADER, *FIELDS.values())
# Texts may hold the mark between fields, though the interface forbids it.
TEXT_FIELDS = frozenset({"150", "151", "152", "153", "202", "210", "211"})
START = re.compile(r".{3}G69(?P<line>\d{5})(?P<organisation>\d{4})(?P<type>.{2})(?P<kind>NOR|PRI|SUP)(?P<form>.{4})")
# Records around the postings in files of the standard posting interface.
FRAME = ("Z300", "SLUTD")
FIELD = re.compile(r"\d{3}")
OERE = NumberFormat(trailing_minus=True)
ADVICE = "ask for the file again"
is_date = date_judge(("%Y%m%d",))


@dataclass(frozen=True)
class _Line:
    number: int
    organisation: str
    values: Mapping[str, str]


def convert_g69(conversion: Conversion) -> Converted:
    """Write the postings of a G69 file as csv. Texts, references and persons stay behind.

    Raises:
        UnreadableFileError: a line is no posting. RowCountError: line numbers do not follow each other.
        WrongMunicipalityError: a line of another organisation. ControlTotalError: the lines of a machine number and
        day do not balance. EmptyFileError: no lines.
    """
    place, previous = conversion.place, 0
    sums: Counter[tuple[str, str]] = Counter()
    oere: dict[tuple[str, str], Decimal] = {}
    with RowWriter(conversion.target, COLUMNS) as rows:
        for line in _lines(conversion):
            there = replace(place, row=rows.count + 1)
            if line.number not in (1, previous % 99_999 + 1):
                raise RowCountError(there, "the line number does not follow the one before", ADVICE)
            previous = line.number
            _check_organisation(line, conversion, there)
            group = (line.values["machine_no"], line.values["posting_date"])
            oere[group] = oere.get(group, Decimal(0)) + _debit(line.values)
            sums[group] += 1
            rows.write([line.values.get(column, "") for column in COLUMNS])
    if not rows.count:
        raise EmptyFileError(place, "the file has no posting lines", "ask for it again")
    _check_balance(oere, sums, place)
    return Converted(COLUMNS, rows.count)


def _lines(conversion: Conversion) -> Iterator[_Line]:
    place = conversion.place
    with open_plain(conversion.path, place) as reader:
        number = 0
        for text in open_lines(reader, conversion.profile.encoding, place):
            if not text.strip() or text.startswith(FRAME):
                continue
            number += 1
            yield _read_line(text, conversion.profile.form, replace(place, row=number))


def _read_line(text: str, form: RecordForm | None, place: Place) -> _Line:
    start = START.match(text)
    if start is None:
        raise UnreadableFileError(place, "the line does not begin as a G69 posting", "deliver a G69 file")
    if start["form"] == "FLYD":
        values = _floating(text[start.end() :], place)
    elif form is not None and form.fixed:
        fields = cut(text, form, form.fixed)
        if fields is None:
            raise UnreadableFileError(place, "the line ends inside a field", ADVICE)
        values = dict(zip(form.fixed, fields, strict=True))
    else:
        raise UnreadableFileError(
            place,
            "the positions of the fixed form are not declared",
            "declare form.fixed in sources.yml",
        )
    _check_values(values, place)
    values["amount_oere"] = plain_number(values["amount_oere"], OERE) or ""
    heading = dict(zip(HEADER, (start["line"], start["organisation"], start["type"], start["kind"]), strict=True))
    return _Line(int(start["line"]), start["organisation"], values | heading)


def _floating(text: str, place: Place) -> dict[str, str]:
    values: dict[str, str] = {}
    last = ""
    for part in text.removeprefix("&").split("&"):
        number = part[:3]
        if FIELD.fullmatch(number) and number > last:
            last = number
            if number in FIELDS:
                values[FIELDS[number]] = part[3:].strip()
        elif last not in TEXT_FIELDS:
            raise UnreadableFileError(place, "the field numbers do not ascend", ADVICE)
    return values


def _check_values(values: dict[str, str], place: Place) -> None:
    for column in ("machine_no", "batch_no", "posting_date", "account", "amount_oere", "debit_credit"):
        if not values.get(column):
            raise UnreadableFileError(replace(place, field=column), "the field is missing", ADVICE)
    expected = {
        "machine_no": values["machine_no"].isdigit(), "posting_date": is_date(values["posting_date"]),
        "amount_oere": plain_number(values["amount_oere"], OERE) is not None and "." not in values["amount_oere"],
        "debit_credit": values["debit_credit"] in ("D", "K"),
    }  # fmt: skip
    for column, holds in expected.items():
        if not holds:
            raise UnreadableFileError(replace(place, field=column), "not of the form of a G69 field", ADVICE)


def _check_organisation(line: _Line, conversion: Conversion, place: Place) -> None:
    expected = conversion.profile.municipality_in_file or conversion.municipality_code
    if line.organisation.lstrip("0") != expected.lstrip("0"):
        raise WrongMunicipalityError(
            place, f"the line is of another organisation than {expected}", "move the file, or set municipality_in_file"
        )


def _debit(values: Mapping[str, str]) -> Decimal:
    """Oere as a debit. A minus reverses the mark: debit with a minus takes an earlier debit back."""
    amount = Decimal(values["amount_oere"])
    return amount if values["debit_credit"] == "D" else -amount


def _check_balance(oere: dict[tuple[str, str], Decimal], lines: Counter[tuple[str, str]], place: Place) -> None:
    off = [(group, amount) for group, amount in oere.items() if amount]
    if off:
        (machine_no, day), amount = off[0]
        others = f" and {len(off) - 1} more" if len(off) > 1 else ""
        problem = (
            f"the {lines[machine_no, day]} lines of machine number {machine_no} and date {day}{others} "
            f"do not balance: they are {amount / 100} kr. off"
        )
        raise ControlTotalError(place, problem, ADVICE)
