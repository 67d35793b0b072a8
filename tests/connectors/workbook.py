"""Workbooks for tests, written by XlsxWriter as a person would leave them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter

from tests.connectors.drops import PREPARED

Rows = Sequence[Sequence[Any]]
FORMATS = {datetime: "dd-mm-yyyy hh:mm", date: "dd-mm-yyyy", time: "hh:mm"}


def book(
    folder: Path,
    name: str,
    sheets: Mapping[str, Rows],
    merged: Sequence[str] = (),
    hidden: Sequence[str] = (),
    age: int = 0,
) -> Path:
    """Write a workbook; `merged` are ranges of the first sheet whose first cell already has its value.

    Dates and times are cells of Excel's own kind; an Exception stands for a formula that failed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    with xlsxwriter.Workbook(path) as workbook:
        formats = {kind: workbook.add_format({"num_format": form}) for kind, form in FORMATS.items()}
        for position, (title, rows) in enumerate(sheets.items()):
            sheet = workbook.add_worksheet(title)
            if title in hidden:
                sheet.hide()
            elif title == next(shown for shown in sheets if shown not in hidden):
                sheet.activate()
                sheet.set_first_sheet()
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    _write(sheet, row, column, cell, formats)
            for span in merged if position == 0 else ():
                sheet.merge_range(span, _first(rows, span))
    os.utime(path, (PREPARED + age, PREPARED + age))
    return path


def _write(sheet: Any, row: int, column: int, cell: Any, formats: Mapping[type, Any]) -> None:
    if type(cell) in formats:
        sheet.write_datetime(row, column, cell, formats[type(cell)])
    elif isinstance(cell, Exception):
        sheet.write_formula(row, column, "=1/0", None, "#DIV/0!")
    elif cell is not None:
        sheet.write(row, column, cell)


def _first(rows: Rows, span: str) -> Any:
    letter, number = span.partition(":")[0][0], int(span.partition(":")[0][1:])
    return rows[number - 1][ord(letter) - ord("A")]
