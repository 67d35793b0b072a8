"""Energy labels as EMOData writes them, the cadastre's parcels, and the national files: factors and groups."""

from __future__ import annotations

import json
from pathlib import Path

from demo.delivered import delivers
from demo.factors import CONSTRUCTION_INDEX, DEGREE_DAYS, EMISSIONS, NORMAL_YEAR, PRICE_CHANGES, REPLACEMENT
from demo.files.written import Row, Written, as_delimited, write
from demo.model import Municipality
from demo.records import Label

# Marked as what it is: where a source's name chooses the figures, the vintage says that they are made up.
VINTAGE = "fiktiv 2026-01"
AREA, METHOD = "Landet", {"electricity": ("DK1", "125 %"), "district_heating": ("Landet", "200 %")}
GROUPS = (
    *(("Hovedstadskommuner", ()), ("Storbykommuner", ()), ("Provinsbykommuner", ("0992",))),
    *(("Oplandskommuner", ("0991", "0993")), ("Landkommuner", ())),
)
INDEX_HEADING = ("HINDEKS", "DINDEKS", "ART", "TAL", "TID", "INDHOLD")
PARCEL_HEADING = (
    *("id_lokalId", "status", "registreringFra", "registreringTil", "virkningFra", "virkningTil"),
    *("datafordelerOpdateringstid", "datafordelerRowId", "datafordelerRowVersion", "matrikelnummer"),
    *("ejerlavLokalId", "kommuneLokalId", "samletFastEjendomLokalId", "registreretAreal", "vejareal"),
)
WHOLE_HEADING = (*PARCEL_HEADING[:9], "BFEnummer", "erFaelleslod", "hovedejendomOpdeltIEjerlejligh")
SINCE, UPDATED = "2012-03-01T00:00:00.000000Z", "2026-01-04T22:00:00.000000Z"


def write_labels(municipalities: list[Municipality], folder: Path) -> list[Written]:
    """The answers of EMOData, for those whose FM system does not know the labels."""
    labels, written = {}, []
    for municipality in municipalities:
        if municipality.fm_system == "dalux" and delivers(municipality.code, "labels"):
            found = [_label(municipality, number, x) for number, x in enumerate(municipality.records.labels, start=1)]
            labels[municipality.code.lstrip("0")] = found
            written.append(Written("emodata", "energy_labels", municipality.code, files=1, rows=len(found)))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "labels.json").write_text(json.dumps(labels, ensure_ascii=False, indent=0), encoding="utf-8")
    return written


def _label(municipality: Municipality, number: int, label: Label) -> dict[str, object]:
    site = municipality.property(label.property_no)
    # EMOData has three forms of a date.
    forms = (f"{label.valid_to:%d-%m-%Y}", f"{label.valid_to:%Y-%m-%dT00:00:00}", f"{label.valid_to:%Y-%m-%d}")
    return {
        "EnergyLabelSerialIdentifier": str(311_000_000 + number),
        "BuildingNumbers": [str(label.building_no)],
        "BFENumber": site.bfe_no,
        "MunicipalityNumber": municipality.code.lstrip("0"),
        "EnergyLabelClassification": label.letter,
        "LabelStatusCode": "VALID",
        "ValidFrom": f"{label.valid_to.year - 10}-02-01",
        "ValidTo": forms[number % len(forms)],
    }


def write_parcels(municipality: Municipality, folder: Path) -> list[Written]:
    """Parcels and whole properties of the cadastre, for those that have them as files."""
    if not delivers(municipality.code, "parcels"):
        return []
    parcels = municipality.records.parcels
    rows = [
        (
            *_version(f"{municipality.code}{number:05d}", "Gældende" if parcel.is_current else "Historisk"),
            *(parcel.number, "990151", f"{int(municipality.code)}", parcel.bfe_no, parcel.m2, parcel.road_m2),
        )
        for number, parcel in enumerate(parcels, start=1)
    ]
    numbers = list(dict.fromkeys(parcel.bfe_no for parcel in parcels))
    wholes = [(*_version(number, "Gældende"), number, "false", "false") for number in numbers]
    write(folder / "jordstykke.csv", as_delimited(PARCEL_HEADING, rows, ","))
    write(folder / "samletfastejendom.csv", as_delimited(WHOLE_HEADING, wholes, ","))
    return [
        Written("mat", "jordstykke", municipality.code, files=1, rows=len(rows)),
        Written("mat", "samletfastejendom", municipality.code, files=1, rows=len(wholes)),
    ]


def _version(identity: str, status: str) -> tuple[object, ...]:
    return (identity, status, SINCE, "", SINCE, "", UPDATED, identity, 1)


def write_national(folder: Path) -> list[Written]:
    """What is the same for all: degree days, price changes, emission factors, replacement values, groups."""
    heads = ("source_name", "vintage")
    degree_days: list[Row] = [("DMI", VINTAGE, AREA, year, 0, 0, days) for year, days in DEGREE_DAYS.items()]
    degree_days.append(("DMI", VINTAGE, AREA, NORMAL_YEAR[0], 0, 1, NORMAL_YEAR[1]))
    prices: list[Row] = [
        ("KL (fiktiv)", VINTAGE, group, year, year + 1, pct)
        for group, changes in PRICE_CHANGES.items()
        for year, pct in changes.items()
    ]
    emissions: list[Row] = [
        ("Energinet (fiktiv)", VINTAGE, carrier, *_emission_place(carrier, year), factor)
        for (carrier, year), factor in EMISSIONS.items()
    ]
    values: list[Row] = [
        ("Prisbog (fiktiv)", VINTAGE, use, year, amount) for (use, year), amount in REPLACEMENT.items()
    ]
    tables = {
        "degree_days": ((*heads, "area", "year", "month", "is_normal_year", "degree_days"), degree_days),
        "price_index": ((*heads, "art_group", "year_from", "year_to", "pct"), prices),
        "emission_factors": ((*heads, "carrier", "area", "year", "method", "kg_co2e_per_kwh"), emissions),
        "replacement_values": ((*heads, "use_category", "price_year", "dkk_per_m2"), values),
    }
    for name, (heading, rows) in tables.items():
        write(folder / "factors" / f"{name}_2026-01.csv", as_delimited(heading, rows))
    costs: list[Row] = [
        (1, 10000, 1002, 100, f"{year}K{quarter}", str(index).replace(".", ","))
        for year, index in CONSTRUCTION_INDEX.items()
        for quarter in range(1, 5)
    ]
    write(folder / "statbank" / "byg43.csv", as_delimited(INDEX_HEADING, costs))
    groups = _group_rows()
    write(folder / "statbank" / "kommunegrupper.csv", as_delimited(("SEKVENS", "KODE", "NIVEAU", "TITEL"), groups))
    return [
        *(Written("factors", name, "0000", files=1, rows=len(rows)) for name, (_, rows) in tables.items()),
        Written("statbank", "byg43", "0000", files=1, rows=len(costs)),
        Written("statbank", "municipality_groups", "0000", files=1, rows=len(groups)),
    ]


def _emission_place(carrier: str, year: int) -> tuple[object, ...]:
    area, method = METHOD.get(carrier, (AREA, "fiktiv"))
    return area, year, method


def _group_rows() -> list[Row]:
    rows: list[Row] = []
    for number, (name, members) in enumerate(GROUPS, start=1):
        rows.append((len(rows) + 1, number, 1, name))
        rows += [(len(rows) + 1 + i, code.lstrip("0"), 2, f"Kommune {code} (fiktiv)") for i, code in enumerate(members)]
    return rows
