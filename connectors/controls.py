"""Control files: the number of rows and the total that a municipality declares beside a file."""

from __future__ import annotations

import csv
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from io import StringIO
from pathlib import Path

from connectors.configuration import ControlFile, FileStream
from connectors.declarations import ControlTotal, Delivery, Dialect
from connectors.errors import Place, UnreadableFileError


def find_control(profile: FileStream, path: Path) -> Path | None:
    """The control file of a file, if there is one."""
    if profile.control is None:
        return None
    beside = path.with_name(profile.control.file.format(stem=path.name.partition(".")[0], name=path.name))
    return beside if beside.is_file() else None


def with_control(delivery: Delivery, profile: FileStream, control: Path | None, place: Place) -> Delivery:
    """The delivery with what its control file declares.

    Raises:
        UnreadableFileError: the control file is there and cannot be read.
    """
    if profile.control is None:
        return delivery
    if control is None:
        return replace(delivery, warnings=(*delivery.warnings, f"{place}: no control file lies beside it"))
    rows, total = read_figures(profile, profile.control, control, place)
    checks = replace(
        delivery.checks,
        declared_rows=rows,
        control=None if total is None else _total(delivery, profile.control, total),
    )
    return replace(delivery, checks=checks)


def read_figures(
    profile: FileStream, declared: ControlFile, control: Path, place: Place
) -> tuple[int | None, Decimal | None]:
    """The number of rows and the total that a control file declares; None: it does not say.

    Raises:
        UnreadableFileError: it cannot be read.
    """
    there = replace(place, file=control.name)
    row = _control_row(control, Dialect(profile.encoding, profile.delimiter), there)
    rows = _figure(row, declared.rows, profile, there)
    return None if rows is None else int(rows), _figure(row, declared.total, profile, there)


def _total(delivery: Delivery, control: ControlFile, total: Decimal) -> ControlTotal:
    # a ledger that has a debit/credit column writes its amounts without sign
    sign = "debit_credit" if "debit_credit" in delivery.columns.values() else None
    return ControlTotal(control.total_column, total, control.tolerance, sign)


def _control_row(path: Path, dialect: Dialect, place: Place) -> dict[str, str]:
    try:
        text = path.read_bytes().decode(dialect.encoding).lstrip("\ufeff")
    except UnicodeDecodeError:
        raise UnreadableFileError(place, f"not written in {dialect.encoding}", "deliver it again") from None
    rows = list(csv.reader(StringIO(text), delimiter=dialect.delimiter))
    if len(rows) < 2 or len(rows[0]) != len(rows[1]):
        raise UnreadableFileError(place, "not a heading and one row", "deliver it again")
    return dict(zip((heading.strip() for heading in rows[0]), rows[1], strict=True))


def _figure(row: dict[str, str], heading: str | None, profile: FileStream, place: Place) -> Decimal | None:
    if heading is None:
        return None
    if heading not in row:
        raise UnreadableFileError(replace(place, field=heading), "the column is missing", "correct control")
    text = row[heading].strip()
    if profile.thousands:
        text = text.replace(profile.thousands, "")
    text = text.replace(profile.decimal, ".")
    if text.endswith("-"):
        text = f"-{text[:-1]}"
    try:
        return Decimal(text)
    except InvalidOperation:
        raise UnreadableFileError(replace(place, field=heading), "not a number", "deliver it again") from None
