"""Files of the whole country, sliced to the configured municipalities in one pass; totals and deltas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import UnexpectedContentError
from tests.connectors.datafordeleren import Downloads, connect_to, named, packed, run
from tests.connectors.drops import configure, select
from tests.connectors.scripted import serve
from warehouse.settings import Settings

HEADING = (
    "id_lokalId,kommunekode,status,byg038SamletBygningsareal,byg500Notatlinjer,datafordelerRowId,"
    "datafordelerRowVersion\n"
)
COUNTRY = HEADING + (
    'AA-1,992,6,100,"two\nlines, and a comma",R1,1\nBB-1,157,6,200,,R2,1\nAA-2,0992,6,110,,R3,1\nCC-1,751,6,300,,R4,1\n'
)
CURRENT = "where delivery_id in (select delivery_id from ops.current_deliveries)"


def national(config: Path, **more: Any) -> None:
    section = {"connection": "bbr", "way": "national_files", "only": ["bygning"], **more}
    configure(config, "0000", bbr=section)
    configure(config, "0992")
    configure(config, "0157")


def landed(settings: Settings) -> list[tuple[Any, ...]]:
    return select(settings, "select municipality_code, id_lokalid, byg038samletbygningsareal from raw_bbr.bygning "
                            f"{CURRENT} order by 1, 2")  # fmt: skip


EXPECTED = [("0157", "BB-1", "200"), ("0992", "AA-1", "100"), ("0992", "AA-2", "110")]


def as_json(text: str) -> str:
    """The same rows as a JSON array, as the file download writes it."""
    import csv
    import io

    return json.dumps(
        [{name: value or None for name, value in row.items()} for row in csv.DictReader(io.StringIO(text))],
        ensure_ascii=False,
    )


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_national_file_is_sliced_to_the_configured_municipalities_with_or_without_the_zero_of_their_code(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    national(config_folder, file_format=form)
    content = packed("\ufeff" + COUNTRY) if form == "csv" else packed(as_json(COUNTRY), "extract.json")
    name = named("Bygning", 688, code=None, form=form)
    service = Downloads({name: content, named("Bygning", 690, form=form): packed(HEADING)})
    with serve(service.respond) as server:
        connect_to(monkeypatch, server.url)
        results = run("0000")
        assert landed(clean_warehouse) == EXPECTED
        assert [(result.municipality_code, result.outcome, result.row_count) for result in results] == [
            ("0157", "landed", 1), ("0992", "landed", 2),
        ]  # fmt: skip
        again = run("0000")
    assert {result.outcome for result in again} == {"unchanged"}
    assert [result.municipality_code for result in again] == ["0157", "0992"]
    assert service.gets == [name]


def test_a_municipality_with_a_section_of_its_own_keeps_its_own_way(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    national(config_folder)
    configure(config_folder, "0157", bbr={"connection": "bbr", "only": ["bygning"]})
    with serve(Downloads({named("Bygning", 688, code=None): packed(COUNTRY)}).respond) as server:
        connect_to(monkeypatch, server.url)
        run("0000")
    assert landed(clean_warehouse) == EXPECTED[1:]


def test_a_national_pull_that_was_cut_off_lands_what_is_missing_and_nothing_twice(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    national(config_folder)
    service = Downloads({named("Bygning", 688, code=None): packed(COUNTRY)})
    from connectors import landing

    def land_one(delivery: Any, settings: Settings) -> Any:
        if delivery.municipality_code == "0992":
            raise KeyboardInterrupt
        return land(delivery, settings)

    land = landing.land
    with serve(service.respond) as server:
        connect_to(monkeypatch, server.url)
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(landing, "land", land_one)
            run("0000")
        assert landed(clean_warehouse) == EXPECTED[:1]
        assert [result.outcome for result in run("0000")] == ["unchanged", "landed"]
    assert landed(clean_warehouse) == EXPECTED


def test_a_national_file_with_ill_formed_rows_is_rejected_once(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    national(config_folder)
    service = Downloads({named("Bygning", 688, code=None): packed(COUNTRY + "AA-3,992,6\n")})
    with serve(service.respond) as server:
        connect_to(monkeypatch, server.url)
        results = run("0000")
    assert [(result.municipality_code, result.error_class) for result in results] == [("0000", "MalformedRowsError")]
    assert landed(clean_warehouse) == []


def delta(generation: int, text: str, **more: Any) -> tuple[str, bytes]:
    return named("Bygning", generation, kind="Delta", **more), packed(text)


def pull_deltas(config: Path, monkeypatch: pytest.MonkeyPatch, *steps: dict[str, bytes]) -> list[list[str]]:
    configure(config, "0992", bbr={"connection": "bbr", "deltas": True, "only": ["bygning"]})
    gets = []
    for files in steps:
        service = Downloads(files)
        with serve(service.respond) as server:
            connect_to(monkeypatch, server.url)
            run()
        gets.append(service.gets)
    return gets


TOTAL = {named("Bygning", 688): packed(HEADING + "AA-1,992,6,100,,R1,1\n")}


def test_deltas_follow_their_total_and_one_from_before_it_is_ignored(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = delta(687, HEADING + "AA-1,992,6,50,,R1,9\n")
    first = delta(689, HEADING + "AA-1,992,6,120,,R1,2\n")
    gets = pull_deltas(config_folder, monkeypatch, TOTAL | dict([before, first]), TOTAL | dict([before, first]))
    assert gets == [[*TOTAL, first[0]], []]
    kinds = "select load_kind, state from ops.deliveries order by delivery_id"
    assert select(clean_warehouse, kinds) == [("snapshot", "landed"), ("delta", "landed")]


def test_an_empty_delta_has_a_heading_only_and_counts_as_received(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty, second = delta(689, HEADING), delta(690, HEADING + "AA-1,992,6,130,,R1,3\n")
    gets = pull_deltas(config_folder, monkeypatch, TOTAL | dict([empty]), TOTAL | dict([second]))
    assert gets == [[*TOTAL, empty[0]], [second[0]]]
    assert select(clean_warehouse, "select state, row_count from ops.deliveries order by delivery_id") == [
        ("landed", 1), ("landed", 0), ("landed", 1),
    ]  # fmt: skip


def test_a_gap_between_total_and_delta_generations_asks_for_a_new_total(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pull_deltas(config_folder, monkeypatch, TOTAL)
    late = delta(691, HEADING + "AA-1,992,6,130,,R1,3\n")
    with pytest.raises(UnexpectedContentError, match=r"generation 689 of the deltas .* take a new total"):
        pull_deltas(config_folder, monkeypatch, TOTAL | dict([late]))
    newer = {named("Bygning", 690): packed(HEADING + "AA-1,992,6,125,,R1,2\n")}
    assert pull_deltas(config_folder, monkeypatch, TOTAL | newer | dict([late])) == [[*newer, late[0]]]
    assert [value for _, _, value in landed(clean_warehouse)] == ["125", "130"]


def test_a_delta_that_is_named_otherwise_is_known_by_its_entry_in_the_list() -> None:
    from connectors.datafordeler_list import _read_entry

    entry = {"fileName": "anything.zip", "register": "BBR", "entityName": "TekniskAnlæg", "version": "3",
             "typeOfDownload": "DeltaDownload", "typeOfData": "Temporal", "containedFileFormat": "csv",
             "generationNumber": 689, "municipalityCode": "751", "md5Hash": "abc"}  # fmt: skip
    found = _read_entry(entry)
    assert found is not None
    assert (found.name, found.entity, found.municipality_code, found.generation, found.is_delta) == (
        "anything.zip", "tekniskanlaeg", "0751", 689, True,
    )  # fmt: skip
    assert found.label == "BBR_V3_TekniskAnlæg_0751_DeltaDownload_csv_Temporal_689.zip abc"
