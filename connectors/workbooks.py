"""Workbooks (XLSX): the rows of one sheet, and cells as the text a person would have typed.

Read by calamine, which takes a tenth of openpyxl's time. It gives the values that were computed when the workbook was
saved; a cell whose formula failed (`#REF!`) is an empty one.
"""

from __future__ import annotations

import difflib
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import python_calamine

from connectors.declarations import Limits
from connectors.errors import ArchiveTooLargeError, EmptyFileError, Place, RejectedDeliveryError, UnreadableFileError
from connectors.headings import fold_heading

SUFFIXES = (".xlsx", ".xlsm")
# A sheet is held in memory while it is read: a workbook of 1,000,000 rows of 20 columns has about 1 GB of XML.
MOST_UNPACKED_BYTES = 2 * 1000**3
Cell = int | float | str | bool | time | date | datetime | timedelta
Writer = Callable[[Cell], str]
# Day 0 of Excel's calendar, which has a 29 February 1900: right from 1 March 1900 on.
SERIAL_START = date(1899, 12, 30)
REMEMBERED = 20_000
FIRST_SERIAL, LAST_SERIAL = 61, 2_958_465


@dataclass(frozen=True)
class Sheet:
    """One sheet. Rows count as in the sheet, from 1; `first_column` is where cells begin (0 is column A).

    `merged` are (first row, last row, column) of cells that span rows.
    """

    name: str
    rows: Iterator[list[Cell]]
    first_column: int
    merged: tuple[tuple[int, int, int], ...]
    others: tuple[str, ...]


def open_sheet(path: Path, name: str | None, place: Place, limits: Limits) -> Sheet:
    """The sheet of that name, or the first that is not hidden.

    Raises:
        UnreadableFileError: no workbook, a password, no such sheet. EmptyFileError: nothing on the sheet.
        ArchiveTooLargeError: it would unfold too far.
    """
    _refuse_bomb(path, limits, place)
    problem: RejectedDeliveryError
    try:
        book = python_calamine.load_workbook(path)
        chosen = _choose(book, name, place)
        sheet = book.get_sheet_by_name(chosen)
    except python_calamine.PasswordError:
        problem = UnreadableFileError(place, "the workbook asks for a password", "deliver it without one")
    except python_calamine.CalamineError:
        problem = UnreadableFileError(place, "the file is not a workbook that can be read", "save it again as xlsx")
    else:
        if sheet.start is None:
            raise EmptyFileError(place, f"nothing is on the sheet {chosen!r}", "name another sheet")
        merged = tuple(
            (top + 1, bottom + 1, column)
            for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
            for column in range(left, right + 1)
            if bottom > top
        )
        others = tuple(other for other in book.sheet_names if other != chosen)
        return Sheet(chosen, iter(sheet.iter_rows()), sheet.start[1], merged, others)
    raise problem


def _refuse_bomb(path: Path, limits: Limits, place: Place) -> None:
    size = path.stat().st_size
    if not size:
        raise EmptyFileError(place, "the file has no bytes", "ask for it again")
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(info.file_size for info in archive.infolist())
    except (zipfile.BadZipFile, EOFError, OSError):
        return  # calamine says what it is
    unfolds = unpacked > limits.ratio_from and unpacked > limits.ratio * size
    if unfolds or unpacked > min(limits.unpacked_bytes, MOST_UNPACKED_BYTES):
        raise ArchiveTooLargeError(place, "the workbook unfolds to more than a sheet may hold", "deliver it as csv")


def _choose(book: python_calamine.CalamineWorkbook, name: str | None, place: Place) -> str:
    if name is None:
        visible = python_calamine.SheetVisibleEnum.Visible
        shown = [sheet.name for sheet in book.sheets_metadata if sheet.visible == visible]
        return (shown or book.sheet_names)[0]
    folded = {fold_heading(known): known for known in book.sheet_names}
    if fold_heading(name) in folded:
        return folded[fold_heading(name)]
    nearest = difflib.get_close_matches(fold_heading(name), folded, 1, 0.6)
    hint = f"; the nearest is {folded[nearest[0]]!r}" if nearest else ""
    raise UnreadableFileError(place, f"the workbook has no sheet {name!r}{hint}", "correct sheet in sources.yml")


def write_plain(cell: Cell) -> str:
    """A cell as text: whole numbers without a point, dates in ISO form, times as 08:30."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return _write_number(float(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time.min else cell.isoformat(timespec="seconds")
    if isinstance(cell, timedelta):
        minutes = round(cell.total_seconds() / 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    if isinstance(cell, time):
        return cell.isoformat(timespec="seconds" if cell.second else "minutes")
    return cell.isoformat()


def number_writer(decimal: str) -> Writer:
    """For columns of numbers: a cell that is one gets the decimal mark that typed ones of the same file have."""

    # Typed: 1.0 and true are the same key otherwise.
    @lru_cache(REMEMBERED, typed=True)
    def write(cell: Cell) -> str:
        if isinstance(cell, float):
            return _write_number(cell).replace(".", decimal)
        return write_plain(cell)

    return write


def date_writer(formats: tuple[str, ...]) -> Writer:
    """For columns of dates: a number is a day of Excel's calendar, unless it is written as one of the `formats`."""
    compact = {6: ("%Y%m",), 8: ("%Y%m%d", "%d%m%Y")}

    @lru_cache(REMEMBERED, typed=True)
    def write(cell: Cell) -> str:
        if isinstance(cell, datetime):
            return cell.date().isoformat()
        if isinstance(cell, float) and cell.is_integer():
            text = str(int(cell))
            if any(form in formats for form in compact.get(len(text), ())):
                return text
        if isinstance(cell, float) and FIRST_SERIAL <= cell < LAST_SERIAL + 1:
            return (SERIAL_START + timedelta(days=int(cell))).isoformat()
        return write_plain(cell)

    return write


def _write_number(value: float) -> str:
    if value.is_integer():
        return str(int(value))
    # Excel itself shows and keeps 15 digits: 0.1 + 0.2 is 0.3.
    text = format(value, ".15g")
    return format(Decimal(text), "f") if "e" in text else text
