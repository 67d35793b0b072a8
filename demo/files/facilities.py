"""FM systems: two file drops that look nothing alike, and the records of a Dalux tenant."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from demo.files.written import Written, as_delimited, write
from demo.model import Building, Municipality, Property
from demo.names import FM_TENURES, FM_USES
from demo.records import Label

NEIGHBOUR = "0994"
DALUX_PAGE = 100
_STAMP = "2026-01-{day:02d}T0{hour}:15:00.000Z"


def write_facilities(municipality: Municipality, folder: Path) -> list[Written]:
    """Write the FM system's view of the municipality's properties and buildings."""
    writer = {"0991": _write_0991, "0992": _write_dalux, "0993": _write_0993}[municipality.code]
    properties, buildings = writer(municipality, folder)
    source = "fm_dalux" if municipality.fm_system == "dalux" else "fm_files"
    names = ("estates", "buildings") if source == "fm_dalux" else ("properties", "buildings")
    written = [
        Written(source, name, municipality.code, files=1, rows=rows)
        for name, rows in zip(names, (properties, buildings), strict=True)
    ]
    written[0].rejected_files = int(municipality.code == "0991")
    return written


def fm_use(municipality: Municipality, site: Property) -> str:
    """How this municipality's FM system spells the use; empty where nobody filled it in."""
    return FM_USES[municipality.code][site.use] if site.has_fm_use else ""


def _write_0991(municipality: Municipality, folder: Path) -> tuple[int, int]:
    heading = ("Kommunenr.", "Ejendomsnr.", "BFE-nr.", "Navn", "Anvendelse", "Ejerforhold", "Adresse")
    sites = [
        ("991", p.property_no, p.bfe_no, p.name, fm_use(municipality, p), FM_TENURES[p.tenure], p.address)
        for p in municipality.properties
    ]
    write(folder / "ejendomme_0991.csv", as_delimited(heading, sites), "utf-8-sig")
    # Planted: the neighbour's extract, put into the wrong folder.
    strays = [("994", f"994{row[1][3:]}", f"994{row[2][3:]}", *row[3:]) for row in sites[:12]]
    write(folder / f"ejendomme_{NEIGHBOUR}.csv", as_delimited(heading, strays), "utf-8-sig")
    building_heading = (
        *("Ejendomsnr.", "Bygningsnr.", "BBR-id", "Navn", "Anvendelse", "Ejet/Lejet", "Bruttoareal"),
        *("Opvarmet areal", "Rengøringsareal", "Opførelsesår", "Energimærke", "Mærke gyldigt til"),
    )
    labels = {(x.property_no, x.building_no): x for x in municipality.records.labels}
    # A spreadsheet lost the leading zeros of some building numbers and kept others.
    rows = [
        (
            *(p.property_no, f"{b.number:03d}" if b.number % 2 else b.number, _known_id(b).upper(), _name(p, b)),
            *(fm_use(municipality, p), FM_TENURES[p.tenure], _dotted(b.fm_area), _dotted(b.heated)),
            *(_dotted(b.cleaned), b.built_year or "", *_label(labels.get((p.property_no, b.number)))),
        )
        for p, b in _all_buildings(municipality)
    ]
    write(folder / "bygninger_0991.csv", as_delimited(building_heading, rows), "utf-8-sig")
    return len(sites), len(rows)


def _write_0993(municipality: Municipality, folder: Path) -> tuple[int, int]:
    heading = ("Ejendomsnummer", "BFE", "Kaldenavn", "KL Anvendelsesområde", "KL Ejerskab", "Beliggenhed")
    sites = [
        (p.property_no, p.bfe_no, p.name, fm_use(municipality, p), FM_TENURES[p.tenure].upper(), p.address)
        for p in municipality.properties
    ]
    write(folder / "stamdata_ejendom.txt", as_delimited(heading, sites, "\t", "\r\n"), "cp1252")
    building_heading = (
        *("Ejendomsnummer", "BBR-bygningsnr.", "BBR UUID", "Kaldenavn", "KL Anvendelsesområde", "KL Ejerskab", "BTA"),
        *("Opvarmet m2", "Rengjort m2", "Byggeår"),
    )
    rows = [
        (
            *(p.property_no, b.number, _known_id(b), _name(p, b), fm_use(municipality, p)),
            *(FM_TENURES[p.tenure].upper(), f"{b.fm_area},0" if b.fm_area else "", b.heated or 0, b.cleaned or ""),
            # 1000 = nobody knows, as in BBR
            b.built_year or 1000,
        )
        for p, b in _all_buildings(municipality)
    ]
    write(folder / "stamdata_bygning.txt", as_delimited(building_heading, rows, "\t", "\r\n"), "cp1252")
    return len(sites), len(rows)


def _write_dalux(municipality: Municipality, folder: Path) -> tuple[int, int]:
    estates = [_estate(municipality, number, p) for number, p in enumerate(municipality.properties, start=1)]
    numbers = {p.property_no: number for number, p in enumerate(municipality.properties, start=1)}
    buildings = [
        _dalux_building(municipality, numbers[p.property_no], number, p, b)
        for number, (p, b) in enumerate(_all_buildings(municipality), start=1)
    ]
    for name, items in (("estates", estates), ("buildings", buildings)):
        text = json.dumps(_with_repeats(items), ensure_ascii=False, indent=0)
        write(folder / f"{name}.json", text)
    return len(estates), len(buildings)


def _with_repeats(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Planted: while pages are read, an item moves: it comes again, older, as the first of the next page."""
    if len(items) <= DALUX_PAGE:
        return items
    moved = json.loads(json.dumps(items[DALUX_PAGE - 2]))
    moved["lastChangeDate"] = "2019-05-02T06:00:00.000Z"
    moved["name"] = "udgået"
    return [*items[:DALUX_PAGE], moved, *items[DALUX_PAGE:]]


def _estate(municipality: Municipality, number: int, site: Property) -> dict[str, Any]:
    fields = {"Ejendomsnr.": site.property_no, "BFE-nummer": site.bfe_no, "KL Ejerskab": FM_TENURES[site.tenure]}
    if site.has_fm_use:
        fields["KL Anvendelsesområde"] = fm_use(municipality, site)
    return {
        "estateId": str(7000 + number),
        "name": site.name,
        "lastChangeDate": _STAMP.format(day=28 - number % 27, hour=number % 10),
        "lastChangedBy": "Prøve Testperson (prove@example.invalid)",
        "userDefinedFields": _user_fields(fields),
    }


def _dalux_building(
    municipality: Municipality, estate: int, number: int, site: Property, building: Building
) -> dict[str, Any]:
    fields = {
        "KL BDA areal": str(building.fm_bda) if building.fm_bda else "",
        "BBR-id": _known_id(building),
        "Opvarmet areal": str(building.heated or "0.0"),
        "Rengøringsareal": str(building.cleaned or ""),
        "KL Anvendelsesområde": fm_use(municipality, site),
        "KL Ejerskab": FM_TENURES[site.tenure],
    }
    # The building's name is its number in BBR; the name people use is the alternative name.
    return {
        "buildingId": str(90000 + number),
        "estateRef": {"estateId": str(7000 + estate)},
        "name": str(building.number),
        "alternativeName": _name(site, building),
        "road": site.address.rsplit(" ", 2)[0],
        "zipCode": "9920",
        "city": "Prøvekøbing",
        "owned": site.tenure != "leased",
        "grossArea": float(building.fm_area),
        "netArea": 0.0,
        "lastChangeDate": _STAMP.format(day=28 - number % 27, hour=number % 10),
        "responsibleUserEmail": "prove@example.invalid",
        "userDefinedFields": _user_fields(fields),
    }


def _user_fields(fields: dict[str, str]) -> dict[str, Any]:
    return {"items": [{"name": name, "values": [{"text": text}]} for name, text in fields.items() if text]}


def _all_buildings(municipality: Municipality) -> list[tuple[Property, Building]]:
    return [(p, b) for p in municipality.properties for b in p.buildings]


def _known_id(building: Building) -> str:
    return building.bbr_id if building.bbr_id and building.fm_knows_bbr_id else ""


def _name(site: Property, building: Building) -> str:
    return f"{site.name}, bygning {building.number}"


def _label(label: Label | None) -> tuple[str, str]:
    return (label.letter, f"{label.valid_to:%d-%m-%Y}") if label else ("", "")


def _dotted(area: int | None) -> str:
    return f"{area:,}".replace(",", ".") if area else ""
