"""Meters and their monthly consumption, as an energy management system exports them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from demo.files.written import Written, as_delimited, tenths, write
from demo.model import YEARS, Municipality


@dataclass(frozen=True)
class Style:
    """How one municipality's files look."""

    meters_file: str
    meters_heading: tuple[str, ...]
    readings_file: str
    readings_heading: tuple[str, ...]
    delimiter: str
    encoding: str
    decimal: str
    first_of_month: str
    carriers: dict[str, str]


STYLES = {
    "0991": Style(
        "maalere.csv",
        ("Målernr.", "Energiart", "Enhed", "Ejendomsnr.", "Bygningsnr."),
        "forbrug_{year}.csv",
        ("Målernr.", "Måned", "Forbrug", "Enhed"),
        ";",
        "cp1252",
        ",",
        "01-{month:02d}-{year}",
        {"el": "El", "varme": "Fjernvarme", "vand": "Vand", "koel": "Fjernkøling", "el_egen": "Solceller"},
    ),
    "0992": Style(
        "meters.csv",
        ("meter", "energiart", "enhed", "ejendomsnr", "bygningsnr"),
        "readings_{year}.csv",
        ("meter", "periode", "forbrug", "enhed"),
        ",",
        "utf-8",
        ".",
        "{year}-{month:02d}-01",
        {"el": "el", "varme": "varme", "vand": "vand", "koel": "køling", "el_egen": "solceller"},
    ),
    "0993": Style(
        "maalere.csv",
        ("Måler", "Art", "Enhed", "Ejendomsnummer", "Bygning"),
        "forbrug_{year}.csv",
        ("Måler", "Periode", "Mængde", "Enhed"),
        ";",
        "utf-8-sig",
        ",",
        "01.{month:02d}.{year}",
        {"el": "EL", "varme": "FJERNVARME", "vand": "VAND", "koel": "Køling", "el_egen": "SOLCELLER"},
    ),
}


def write_energy(municipality: Municipality, folder: Path) -> list[Written]:
    """The list of meters, and one file of readings per year."""
    style = STYLES[municipality.code]
    meters = [
        (m.number, style.carriers[m.carrier], m.unit, "" if m.is_linked_by_hand else m.property_no, m.building_no or "")
        for m in municipality.meters
    ]
    write(folder / style.meters_file, as_delimited(style.meters_heading, meters, style.delimiter), style.encoding)
    rows_in_all = 0
    for year in YEARS:
        rows = [
            (
                meter.number,
                style.first_of_month.format(year=year, month=month),
                tenths(meter.monthly[year, month], style.decimal),
                meter.unit,
            )
            for meter in municipality.meters
            for month in range(1, 13)
            if (year, month) in meter.monthly
        ]
        text = as_delimited(style.readings_heading, rows, style.delimiter)
        write(folder / style.readings_file.format(year=year), text, style.encoding)
        rows_in_all += len(rows)
    return [
        Written("energy", "meters", municipality.code, files=1, rows=len(meters)),
        Written("energy", "readings", municipality.code, files=len(YEARS), rows=rows_in_all),
    ]
