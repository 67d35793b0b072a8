"""BBR's file downloads: one zip with one csv per entity and municipality, and the catalogue the API lists."""

from __future__ import annotations

import csv
import hashlib
import json
import zipfile
from io import BytesIO, StringIO
from pathlib import Path

from demo.files.bbr_rows import FOREIGN_ROWS, Register, Row
from demo.files.written import Written

GENERATION = 688
COMMON = (
    *("forretningshændelse", "forretningsområde", "forretningsproces", "id_lokalId", "id_namespace", "kommunekode"),
    *("registreringFra", "registreringsaktør", "registreringTil", "status", "virkningFra", "virkningsaktør"),
    *("virkningTil", "datafordelerOpdateringstid", "datafordelerRowId", "datafordelerRowVersion"),
)
HEADINGS = {
    "Bygning": (
        *("byg007Bygningsnummer", "byg021BygningensAnvendelse", "byg024AntalLejlighederMedKøkken"),
        *("byg026Opførelsesår", "byg027OmTilbygningsår", "byg030Vandforsyning", "byg031Afløbsforhold"),
        *("byg032YdervæggensMateriale", "byg033Tagdækningsmateriale", "byg036AsbestholdigtMateriale"),
        *("byg037KildeTilBygningensMaterialer", "byg038SamletBygningsareal", "byg039BygningensSamledeBoligAreal"),
        *("byg040BygningensSamledeErhvervsAreal", "byg041BebyggetAreal", "byg042ArealIndbyggetGarage"),
        *("byg053BygningsarealerKilde", "byg054AntalEtager", "byg055AfvigendeEtager", "byg056Varmeinstallation"),
        *("byg057Opvarmningsmiddel", "byg058SupplerendeVarme", "byg069Sikringsrumpladser", "byg070Fredning"),
        *("byg094Revisionsdato", "byg404Koordinat", "byg406Koordinatsystem", "byg500Notatlinjer"),
        *("ejerlejlighed", "grund", "husnummer", "jordstykke"),
    ),
    "Etage": (
        *("bygning", "eta006BygningensEtagebetegnelse", "eta020SamletArealAfEtage"),
        *("eta021ArealAfUdnyttetDelAfTagetage", "eta022Kælderareal", "eta023ArealAfLovligBeboelseIKælder"),
        *("eta024EtagensAdgangsareal", "eta025Etagetype", "eta026ErhvervIKælder", "eta500Notatlinjer"),
    ),
    "Grund": ("bestemtFastEjendom", "gru009Vandforsyning", "gru010Afløbsforhold", "husnummer"),
    "Ejendomsrelation": (
        *("bfeNummer", "bygningPåFremmedGrund", "ejendommensEjerforholdskode", "ejendomsnummer", "ejendomstype"),
        *("ejerlejlighed", "ejerlejlighedsnummer", "samletFastEjendom", "tinglystAreal", "vurderingsejendomsnummer"),
    ),
    "BygningEjendomsrelation": ("bygning", "bygningPåFremmedGrund"),
}
_COMMON_VALUES: Row = {
    "forretningsområde": "54.15.05.05",
    "forretningsproces": 0,
    "id_namespace": "http://data.gov.dk/bbr",
    "registreringFra": "2021-04-06T05:07:28.172317Z",
    "virkningFra": "2000-02-01T00:00:00.000000Z",
    "registreringsaktør": "BBR",
    "datafordelerOpdateringstid": "2026-01-04T22:00:00.000000Z",
    "datafordelerRowVersion": 1,
}
# A file is kept for a week; the demo's newest ones for good.
OLD_FROM, CURRENT_FROM = "2025-12-29T03:00:00.000000Z", "2026-01-05T03:00:00.000000Z"
# A zip holds the time of packing: a fixed one makes the same bytes of the same content.
PACKED_AT = (2026, 1, 5, 4, 0, 0)
BOM = "\ufeff"


def write_bbr(register: Register, folder: Path) -> tuple[list[Written], list[dict[str, object]]]:
    """Write one municipality's files, decoys beside them. Returns what lands and the catalogue's entries."""
    written, entries = [], []
    for entity, rows in register.rows.items():
        entries.extend(_write_entity(folder, register.code, entity, rows))
        strays = FOREIGN_ROWS[register.code] if entity == "Bygning" else 0
        stream = entity.lower()
        written.append(Written("bbr", stream, register.code, 1, len(rows) - strays, rejected_rows=strays))
    return written, entries


def _write_entity(folder: Path, code: str, entity: str, rows: list[Row]) -> list[dict[str, object]]:
    # Some extracts begin with a byte order mark, some do not.
    text = (BOM if entity in ("Etage", "Grund") else "") + as_csv(entity, rows)
    old = as_csv(entity, rows[:40])
    as_json = json.dumps([{key: value for key, value in row.items() if value != ""} for row in rows[:3]])
    return [
        write_zip(folder, entity, code, "csv", "Temporal", GENERATION, old),
        write_zip(folder, entity, code, "csv", "Current", GENERATION - 1, old),
        write_zip(folder, entity, code, "csv", "Current", GENERATION, text),
        write_zip(folder, entity, code, "json", "Current", GENERATION, as_json),
    ]


def as_csv(entity: str, rows: list[Row]) -> str:
    """The entity's csv: Danish headings, comma, empty = null, UTC times."""
    heading = (*HEADINGS[entity], *COMMON)
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(heading)
    usual = [_COMMON_VALUES.get(name, "") for name in heading]
    writer.writerows([row.get(name, value) for name, value in zip(heading, usual, strict=True)] for row in rows)
    return buffer.getvalue()


def write_zip(
    folder: Path, entity: str, code: str | None, form: str, kind: str, generation: int, text: str
) -> dict[str, object]:
    """Write one zip and return its entry in the catalogue."""
    place = f"{code}_" if code else ""
    stem = f"BBR_V3_{entity}_{place}TotalDownload_{form}_{kind}_{generation}"
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo(f"{stem}.{form}", PACKED_AT)
        info.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(info, text.encode(), compresslevel=1)
    content = buffer.getvalue()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{stem}.zip").write_bytes(content)
    return _entry(entity, code, form, kind, generation) | {
        "fileName": f"{stem}.zip",
        "fileSizeInBytes": len(content),
        "md5Hash": hashlib.md5(content, usedforsecurity=False).hexdigest(),
    }


def _entry(entity: str, code: str | None, form: str, kind: str, generation: int) -> dict[str, object]:
    is_newest = generation == GENERATION
    return {
        "register": "BBR",
        "entityName": entity,
        "typeOfDownload": "TotalDownload",
        "typeOfData": kind,
        "containedFileFormat": form,
        "outputFileFormat": "zip",
        "generationNumber": generation,
        "version": "3",
        "municipalityCode": code,
        "pointInTime": None,
        "generationTime": CURRENT_FROM if is_newest else OLD_FROM,
        "expirationDate": "2099-12-31T23:00:00.000000Z" if is_newest else CURRENT_FROM,
    }


def write_catalogue(entries: list[dict[str, object]], folder: Path) -> None:
    """Write the list the API serves: the national files, which match a careless pattern, come first."""
    national = [
        write_zip(folder, entity, None, "csv", kind, GENERATION, as_csv(entity, []))
        for entity in HEADINGS
        for kind in ("Current", "Temporal")
    ]
    (folder / "catalogue.json").write_text(json.dumps([*national, *entries], indent=1), encoding="utf-8")
