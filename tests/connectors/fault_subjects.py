"""A small pull for every way by API: a few requests, a second page or batch wherever the way has such."""

from __future__ import annotations

import json
from datetime import date
from hashlib import md5
from pathlib import Path
from typing import Any

from connectors.base import registered
from connectors.datafordeler_graphql import node_fields
from demo.simulators.bbr import BASE as FILES
from demo.simulators.bbr import BbrDownloads
from demo.simulators.bbr_graphql import BASE as GRAPHQL
from demo.simulators.bbr_graphql import GraphQL
from demo.simulators.bbr_rest import BASE as REST
from demo.simulators.bbr_rest import BbrPublic
from demo.simulators.dalux import BASE as DALUX
from demo.simulators.dalux import DaluxTenant
from demo.simulators.eloverblik import CUSTOMER, THIRD_PARTY, Eloverblik, Limits
from demo.simulators.eloverblik_series import Meter
from demo.simulators.emodata import BASE as EMODATA
from demo.simulators.emodata import EnergyLabels
from demo.simulators.openmaint import BASE as OPENMAINT
from demo.simulators.openmaint import OpenMaint
from demo.simulators.service import Answer
from demo.simulators.statbank import BASE as STATBANK
from demo.simulators.statbank import StatBank
from demo.simulators.stil import BASE as STIL
from demo.simulators.stil import EducationStatistics
from tests.connectors.datafordeleren import KEY, named, packed
from tests.connectors.faults import Subject
from tests.connectors.fm_samples import KEY as DALUX_KEY
from tests.connectors.fm_samples import card, installation, tenant
from tests.connectors.statistics_world import PEOPLE, TABLES

CODE = "0992"
TODAY = date(2026, 1, 20)  # one month of readings
FILE_KEY = {"password": KEY}
Record = dict[str, Any]


def downloads(folder: Path, register: str, code: str | None, entity: str, *others: str) -> Answer:
    """A file of two rows of each entity, a page of the list each."""
    entries = []
    for one in (entity, *others):
        name = named(one, 688, code=code, register=register)
        rows = [f"{one}-{n},{town},6" for n, town in enumerate((CODE, "0157" if code is None else CODE))]
        content = packed("\n".join(["id_lokalId,kommunekode,status", *rows, ""]))
        (folder / name).write_bytes(content)
        entries.append({
            "fileName": name, "md5Hash": md5(content).hexdigest(), "register": register,
            "expirationDate": "2999-01-01T00:00:00Z", "generationNumber": 688,
        })  # fmt: skip
    (folder / "catalogue.json").write_text(json.dumps(entries))
    return BbrDownloads(folder, KEY, throttle_every=0, page_size=1)


def files(source: str, entity: str, *others: str) -> Subject:
    """The file of one entity, found in a list that names others too."""
    return Subject(
        source, "file_download", (entity.lower(),),
        lambda folder: downloads(folder, source.upper(), CODE, entity, *others), FILES, FILE_KEY,
        has_pages=bool(others),
    )  # fmt: skip


def row(source: str, entity: str, number: int, **values: Any) -> Record:
    """A row with every field, null where nothing is given."""
    stream = next(stream for stream in registered()[source].streams if stream.path == entity)
    empty = {name.partition("{")[0]: None for name in node_fields(stream)}
    fixed = {"id_lokalId": f"{entity.lower()}-{number}", "status": "7"} | values
    return empty | fixed | ({"kommunekode": CODE} if "kommunekode" in empty else {})


def graphql(source: str, streams: tuple[str, ...], rows: dict[str, list[Record]], largest: int, **more: str) -> Subject:
    register = source.upper()
    records = {f"{register}_{entity}": found for entity, found in rows.items()}
    return Subject(
        source, "graphql", streams, lambda _: GraphQL(records, KEY, largest), GRAPHQL, FILE_KEY, section=more
    )


def bbr_rows() -> dict[str, list[Record]]:
    """Property relation to ground to building, in more grounds than one list of ids may hold."""
    owned = {"ejendommensEjerforholdskode": "50"}
    grounds = [row("bbr", "Grund", n, bestemtFastEjendom="ejendomsrelation-0") for n in range(101)]
    return {
        "Ejendomsrelation": [row("bbr", "Ejendomsrelation", 0, **owned)],
        "Grund": grounds,
        "Bygning": [row("bbr", "Bygning", n, grund=ground["id_lokalId"]) for n, ground in enumerate(grounds)],
    }


def dar_rows() -> dict[str, list[Record]]:
    numbers = [row("dar", "Husnummer", n, kommuneinddeling="389150") for n in range(101)]
    return {
        "Husnummer": numbers,
        "Adresse": [row("dar", "Adresse", n, husnummer=number["id_lokalId"]) for n, number in enumerate(numbers)],
    }


def mat_rows() -> dict[str, list[Record]]:
    parcels = [
        row("mat", "Jordstykke", n, kommuneLokalId="389150", samletFastEjendomLokalId="samletfastejendom-0")
        for n in range(4)
    ]
    return {"Jordstykke": parcels, "SamletFastEjendom": [row("mat", "SamletFastEjendom", 0, BFEnummer=1)]}


def buildings(count: int) -> list[Record]:
    return [{"id_lokalId": f"b-{n}", "kommunekode": CODE, "status": "6"} for n in range(count)]


def electricity(base: str, way: str, points: int, *streams: str, **section: Any) -> Subject:
    """A month of so many metering points: a batch holds ten."""
    meters = tuple(Meter(f"5713131000000{number:05}", "1") for number in range(points))

    def simulator(_: Path) -> Answer:
        return Eloverblik("refresh-key", meters, TODAY, limits=Limits(token_calls=9))

    return Subject(
        "eloverblik", way, streams, simulator, base,
        {"password": "refresh-key", "extra": {"busy_pause": 0.05}}, {"first_year": TODAY.year, **section},
        has_pages=points > 10,
    )  # fmt: skip


def statistics(folder: Path) -> Answer:
    (folder / "folk1a.json").write_text(json.dumps(PEOPLE))
    (folder / "tables.json").write_text(json.dumps(TABLES))
    return StatBank(folder, throttle_every=0)


LABEL = {"BFENumber": 100001, "MunicipalityNumber": 992, "EnergyLabelClassification": "C", "ValidTo": "01-05-2030"}
LABELS = [{**LABEL, "EnergyLabelSerialIdentifier": f"31100000{n}", "BuildingNumbers": "1, 2"} for n in range(3)]
CELLS = [(f"99900{n}", "Prøveskolen", "Prøvekøbing", "2024/2025", 40) for n in range(3)]


def dalux(_: Path) -> DaluxTenant:
    made = tenant()
    made.lists = {**made.lists, "tickets": [{"ticketId": str(n), "status": n % 3} for n in range(130)]}
    made.lists_v1 = {**made.lists_v1, "tickets": [{"ID": n, "status": n % 3} for n in range(130)]}
    return DaluxTenant.of(made)


def openmaint(_: Path) -> OpenMaint:
    made = installation()
    made.classes = {**made.classes, "MeterReading": [card(n, Meter=40, Value=n) for n in range(600)]}
    return OpenMaint(made)


SUBJECTS = (
    files("bbr", "Bygning", "Grund"),
    files("dar", "Husnummer"),
    files("mat", "Jordstykke"),
    Subject(
        "bbr", "national_files", ("bygning",), lambda folder: downloads(folder, "BBR", None, "Bygning"), FILES,
        FILE_KEY,
        municipality_code="0000", others=(CODE, "0157"), has_pages=False,
    ),
    graphql("bbr", ("bygning",), bbr_rows(), 1000, scope="municipal_property"),
    graphql("dar", ("adresse",), dar_rows(), 1000, area="389150"),
    graphql("mat", ("samletfastejendom",), mat_rows(), 3, area="389150"),
    Subject(
        "bbr", "rest", ("bygning",), lambda _: BbrPublic({"bygning": buildings(1001)}, "user", KEY), REST,
        {"login": "user", **FILE_KEY},
    ),
    Subject("statbank", "api", ("regk31",), statistics, STATBANK, section={"first_year": 2023}),
    Subject(
        "stil", "api", ("pupils",), lambda _: EducationStatistics(CELLS, KEY, page_size=2), STIL, FILE_KEY,
        {"name_in_source": "Prøvekøbing"},
    ),
    electricity(CUSTOMER, "customer_api", 11, "readings"),
    electricity(THIRD_PARTY, "third_party_api", 2, "metering_points", "readings", customer_cvr="99999999"),
    Subject(
        "emodata", "api", ("energy_labels",), lambda _: EnergyLabels({"992": LABELS}, "kommune", KEY), EMODATA,
        {"login": "kommune", **FILE_KEY}, has_pages=False,
    ),
    Subject("fm_dalux", "rest_v2", ("tickets",), dalux, DALUX, {"password": DALUX_KEY}),
    Subject("fm_dalux", "rest_v1", ("tickets",), dalux, f"{DALUX}/v1", {"password": DALUX_KEY}),
    Subject(
        "fm_openmaint", "rest_v3", ("meter_readings",), openmaint, OPENMAINT,
        {"login": "reader", "password": "openmaint-key"},
    ),
)  # fmt: skip
