"""Population and accounts for the StatBank simulator, and the municipalities' own lists of pupils and children."""

from __future__ import annotations

import json
from pathlib import Path

from demo.files.written import Written, as_delimited, write
from demo.model import COUNT_YEARS, YEARS, Municipality
from demo.official import sum_official

PERIODS = tuple(f"{year}K{quarter}" for year in (*COUNT_YEARS, 2026) for quarter in range(1, 5))
NATION = 5_900_000
# Heading per municipality and kind, delimiter, encoding, date.
_PUPIL_HEADINGS = {
    "0991": ("Institutionsnr.", "Institution", "Optalt den", "Antal elever"),
    "0992": ("institution", "navn", "dato", "elever"),
    "0993": ("Inst.nr.", "Skole", "Dato", "Elever"),
}
_CHILD_HEADINGS = {
    "0991": ("Institutionsnr.", "Institution", "Optalt den", "Antal børn"),
    "0992": ("institution", "navn", "dato", "boern"),
    "0993": ("Inst.nr.", "Børnehus", "Dato", "Børn"),
}
_STYLES = {
    "0991": (";", "utf-8-sig", "{day:02d}-{month:02d}-{year}"),
    "0992": (",", "utf-8-sig", "{year}-{month:02d}-{day:02d}"),
    "0993": (";", "cp1252", "{day:02d}.{month:02d}.{year}"),
}


def write_population(municipalities: list[Municipality], folder: Path) -> None:
    """Inhabitants per area and quarter; the first quarter is the count on 1 January."""
    areas = {"000": dict.fromkeys(PERIODS, NATION)}
    for municipality in municipalities:
        people = municipality.inhabitants
        areas[municipality.code.lstrip("0")] = {
            period: people[int(period[:4])] + 3 * (int(period[5]) - 1) for period in PERIODS
        }
    # One of Statistics Denmark's groups of municipalities stands in the same column.
    areas["910"] = {period: sum(areas[m.code.lstrip("0")][period] for m in municipalities) for period in PERIODS}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "folk1a.json").write_text(json.dumps(areas, indent=0), encoding="utf-8")


def write_accounts(municipalities: list[Municipality], folder: Path) -> None:
    """REGK31 in 1,000 kr., as the ledgers say but for the planted fault; TOT, expenditure and income."""
    cells: dict[str, int] = {}
    for municipality in municipalities:
        area = municipality.code.lstrip("0")
        for (function, dranst, year), thousands in sum_official(municipality).items():
            key = f"{area},{function},{dranst}"
            cells[f"{key},TOT,LOBM,{year}"] = thousands
            cells[f"{key},{'UE' if thousands >= 0 else 'I'},LOBM,{year}"] = thousands
    functions = sorted({key.split(",")[1] for key in cells})
    table = {
        "id": "REGK31",
        "text": "Kommunernes regnskaber",
        "unit": "1.000 kr.",
        "values": {
            "OMRÅDE": {municipality.code.lstrip("0"): municipality.name for municipality in municipalities},
            "FUNKTION": {code: f"Funktion {code}" for code in functions},
            "DRANST": {"1": "Drift", "3": "Anlæg"},
            "ART": {"TOT": "I alt", "UE": "Udgifter", "I": "Indtægter"},
            "PRISENHED": {"LOBM": "Løbende priser (1.000 kr.)"},
            "Tid": {str(year): str(year) for year in YEARS},
        },
        "cells": {key: str(thousands) for key, thousands in cells.items()},
    }
    (folder / "tables.json").write_text(json.dumps([table], ensure_ascii=False, indent=0), encoding="utf-8")


def write_enrolment(municipality: Municipality, folder: Path) -> list[Written]:
    """One list of pupils and one of children, with every count date since the year before the first."""
    delimiter, encoding, pattern = _STYLES[municipality.code]
    written = []
    for stream, file, headings, (month, day) in (
        ("pupils", "elever.csv", _PUPIL_HEADINGS, (9, 5)),
        ("children", "boern.csv", _CHILD_HEADINGS, (10, 1)),
    ):
        rows = [
            (i.number, i.name, pattern.format(year=year, month=month, day=day), count)
            for i in municipality.institutions
            if i.kind == stream
            for year, count in i.counts.items()
        ]
        write(folder / file, as_delimited(headings[municipality.code], rows, delimiter), encoding)
        written.append(Written("enrolment", stream, municipality.code, files=1, rows=len(rows)))
    return written
