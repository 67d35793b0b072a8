"""Leases, workplaces, rooms, orders, surveys, hours, bookings and observations, as each system writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from demo.delivered import BOOKED_YEARS, delivers
from demo.files.written import Row, Written, as_delimited, write
from demo.model import Municipality
from demo.records import Records

ORDER_TYPES = {True: "Driftsstop", False: "Reparation"}
WEEKDAYS = ("Mandag", "Tirsdag", "Onsdag", "Torsdag", "Fredag", "Lørdag", "Søndag")
# Per municipality the scale's name, and the grade on it of each grade on the common scale.
SCALES: dict[str, tuple[str, Callable[[Decimal], str]]] = {
    "0991": ("1-5", lambda grade: str(int(1 + grade / Decimal("0.75")))),
    "0992": ("A-D", lambda grade: "ABCD"[int(grade)]),
    "0993": ("TG", lambda grade: f"TG{int(grade)}"),
}
UNKNOWN_SCALE = ("0-10", "7")
# Planted: observations of a property that does not exist.
UNKNOWN_PROPERTY = {"0991": 1, "0992": 2}


@dataclass(frozen=True)
class Style:
    """How one municipality writes its files."""

    delimiter: str
    encoding: str
    pattern: str

    def day(self, day: date) -> str:
        """A date as this municipality writes it."""
        return self.pattern.format(year=day.year, month=day.month, day=day.day)


STYLES = {
    "0991": Style(";", "utf-8-sig", "{day:02d}-{month:02d}-{year}"),
    "0992": Style(",", "utf-8", "{year}-{month:02d}-{day:02d}"),
    "0993": Style("\t", "cp1252", "{day:02d}.{month:02d}.{year}"),
}
HEADINGS = {
    "leases": ("Lejemål", "Ejendomsnr.", "Bygningsnr.", "Areal", "Årlig leje", "Fra", "Til", "Rolle"),
    "workplaces": ("Ejendomsnr.", "Optalt", "Arbejdspladser", "Årsværk"),
    "rooms": ("Ejendomsnr.", "Bygningsnr.", "Rumnr.", "Rumtype", "Areal"),
    "work_orders": ("Ordre", "Ejendomsnr.", "Bygningsnr.", "Type", "Status", "Oprettet"),
    "condition_surveys": (
        *(
            "Ejendomsnr.",
            "Bygningsnr.",
            "Bygningsdel",
            "Karakter",
            "Skala",
            "Konsekvens",
            "Prioritet",
            "Beløb",
            "Synet",
        ),
    ),
    "opening_hours": ("Ejendomsnr.", "Ugedag", "Åbner", "Lukker", "Fra", "Til"),
    "bookings": ("Ejendomsnr.", "Lokale", "Dato", "Start", "Slut"),
    "observations": ("Ejendomsnr.", "Mål", "År", "Antal"),
}


def write_records(municipality: Municipality, folder: Path) -> list[Written]:
    """Write one file per stream, bookings one per year; streams that the municipality has not are left out."""
    style = STYLES[municipality.code]
    written = []
    for stream, rows in _rows(municipality, style).items():
        if not delivers(municipality.code, stream):
            continue
        if stream == "bookings":
            for year in BOOKED_YEARS:
                _write(folder / f"{stream}_{year}.csv", stream, rows, style)
        else:
            _write(folder / f"{stream}.csv", stream, rows, style)
        written.append(Written("fm_files", stream, municipality.code, files=1, rows=len(rows)))
    return written


def _write(path: Path, stream: str, rows: Iterable[Row], style: Style) -> None:
    write(path, as_delimited(HEADINGS[stream], rows, style.delimiter), style.encoding)


def _rows(municipality: Municipality, style: Style) -> dict[str, list[Row]]:
    records, day = municipality.records, style.day
    roles = {"leased_in": "Lejer", "let_out": "Udlejer"}
    return {
        "leases": [
            (x.number, x.property_no, x.building_no, x.m2, x.rent, day(x.valid_from), "", roles[x.role])
            for x in records.leases
        ],
        "workplaces": [
            (x.property_no, day(x.counted), x.workplaces, _number(x.employees, style)) for x in records.seats
        ],
        "rooms": [(x.property_no, x.building_no, x.number, x.kind, x.m2) for x in records.rooms],
        "work_orders": [
            (x.number, x.property_no, x.building_no, ORDER_TYPES[x.is_stop], "Lukket", day(x.created))
            for x in records.orders
        ],
        "condition_surveys": _surveys(municipality, style),
        "opening_hours": [
            (x.property_no, WEEKDAYS[x.weekday - 1], f"{x.opens:02d}:00", f"{x.closes:02d}:00", day(x.valid_from),
             day(x.valid_to) if x.valid_to else "")
            for x in records.openings
        ],
        "bookings": [(x.property_no, "Hal 1", day(x.day), _clock(x.starts), _clock(x.ends)) for x in records.bookings],
        "observations": _observations(municipality.code, records, style),
    }  # fmt: skip


def _surveys(municipality: Municipality, style: Style) -> list[Row]:
    scale, on_scale = SCALES[municipality.code]
    rows: list[Row] = []
    for x in municipality.records.surveys:
        grade = (on_scale(x.grade), scale) if x.grade is not None else (UNKNOWN_SCALE[1], UNKNOWN_SCALE[0])
        risk = ("", x.risk) if x.risk.isdigit() else (x.risk, "")
        place = (x.property_no, x.building_no, x.part)
        rows.append((*place, *grade, *risk, x.backlog or "", style.day(x.surveyed)))
    return rows


def _observations(code: str, records: Records, style: Style) -> list[Row]:
    rows: list[Row] = [(x.property_no, x.measure, x.year, _number(x.amount, style)) for x in records.observations]
    strays = records.observations[: UNKNOWN_PROPERTY.get(code, 0)]
    return rows + [(f"{code}99999", x.measure, x.year, _number(x.amount, style)) for x in strays]


def _number(number: Decimal, style: Style) -> str:
    """Decimal point where fields end in a comma, else a comma."""
    return str(number) if style.delimiter == "," else str(number).replace(".", ",")


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
