"""A room list as a workbook: from the file to the raw table, through the file drop a municipality uses."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import xlsxwriter
import yaml

from bench.figure import Figure
from bench.landing import open_warehouse
from connectors.pull import pull
from warehouse.settings import Settings, get_settings

ROWS, FULL_ROWS = 20_000, 100_000
LIMIT, FULL_LIMIT = 2.0, 10.0
COLUMNS = {
    "Ejendomsnr.": "property_no", "Bygningsnr.": "building_no", "Etage": "floor", "Rumnr.": "room_no",
    "Rumnavn": "name", "Rumtype": "room_type", "Nettoareal (m²)": "area", "Bruttoareal (m²)": "gross_area",
    "Gulvtype": "floor_material", "Rengøringsprofil": "cleaning_profile", "Frekvens": "frequency_per_week",
    "Minutter": "minutes", "Programkode": "cleaning_code",
}  # fmt: skip


def measure(full: bool) -> Iterator[Figure]:
    """Yield the seconds of one pull of one workbook: read, checked and landed."""
    rows = FULL_ROWS if full else ROWS
    with open_warehouse() as settings:
        folder = settings.municipalities / "0991"
        (folder / "drop").mkdir(parents=True)
        profile = {"files": "*.xlsx", "columns": COLUMNS, "fill_down": ["property_no"], "nulls": ["-"]}
        section = {"folder": "drop", "streams": {"rooms": profile}}
        content = {"municipality_code": "0991", "name": "Eksempelby (fiktiv)", "fm_files": section}
        (folder / "sources.yml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        make_workbook(folder / "drop" / "rum.xlsx", rows)
        seconds = pull_once(settings, rows)
    yield Figure("workbook", seconds, "s", FULL_LIMIT if full else LIMIT)


def make_workbook(path: Path, rows: int) -> None:
    """Write a list of rooms with title rows, a merged look and a total row: 13 columns, and one that is not ours."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Rum")
        day = workbook.add_format({"num_format": "dd-mm-yyyy"})
        sheet.write_row(0, 0, ["Rumliste"])
        sheet.write_row(2, 0, [*COLUMNS, "Ændret"])
        for number in range(rows):
            site = f"P{number // 50:05d}" if number % 50 == 0 else ""
            room = [site, number % 50 // 10 + 1, "st.", f"{number % 10}.{number % 97:02d}", f"Lokale {number}"]
            more = ["Klasselokale", 12.5 + number % 60, 14 + number % 60, "linoleum", "P3", 5, 20.5, "512"]
            sheet.write_row(number + 3, 0, [*room, *more])
            sheet.write_datetime(number + 3, len(COLUMNS), date(2026, 1, 5), day)
        sheet.write_row(rows + 3, 0, ["I alt", "", "", "", "", "", 1])


def pull_once(settings: Settings, rows: int) -> float:
    """Seconds of one pull."""
    os.environ["EJENDOMSTAL_CONFIG"] = str(settings.config)
    start = time.perf_counter()
    (result,) = pull("fm_files", "0991", get_settings())
    seconds = time.perf_counter() - start
    if (result.outcome, result.row_count) != ("landed", rows):
        raise RuntimeError(f"the workbook did not land: {result.reason}")
    return seconds
