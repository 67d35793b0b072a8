"""0000 holds what is the same for all municipalities: configured like one, and never one of them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from connectors.configuration import configured_municipalities, configured_sources, load_municipality
from connectors.errors import ConfigError
from connectors.pull import pull
from connectors.reload import reload
from register.load import load as load_register
from tests.connectors.drops import configure, drop, select
from tests.connectors.statistics_world import World, pull_statbank, serve_world
from warehouse.report import show_status
from warehouse.settings import Settings, get_settings


@pytest.fixture
def world(clean_warehouse: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with serve_world(tmp_path / "statbank", monkeypatch) as world:
        yield world


def test_the_country_is_pulled_and_listed_as_no_municipality(config_folder: Path) -> None:
    configure(config_folder, "0000", statbank={"connection": "statbank"})
    configure(config_folder, "0992", statbank={"connection": "statbank"})
    assert configured_municipalities(get_settings()) == ["0992"]
    assert configured_sources(get_settings()) == [("statbank", "0000"), ("statbank", "0992")]


def test_the_register_knows_no_municipality_0000(clean_warehouse: Settings, config_folder: Path) -> None:
    configure(config_folder, "0000", statbank={"connection": "statbank"})
    configure(config_folder, "0992")
    load_register(get_settings())
    assert select(clean_warehouse, "select municipality_code from register.municipalities") == [("0992",)]


@pytest.mark.parametrize(
    ("code", "section", "words"),
    [
        ("0000", {"energy": {"folder": "drop"}}, "energy is not a source of the whole country"),
        ("0992", {"factors": {"folder": "drop"}}, "factors is not a source of one municipality, but of 0000"),
    ],
)
def test_a_source_stays_in_its_scope(config_folder: Path, code: str, section: dict[str, Any], words: str) -> None:
    configure(config_folder, code, **section)
    with pytest.raises(ConfigError, match=words):
        load_municipality(get_settings(), code)


def test_the_country_gets_the_peer_groups_and_the_tables_without_areas(
    clean_warehouse: Settings, world: World, config_folder: Path
) -> None:
    configure(config_folder, "0000", statbank={"connection": "statbank", "first_year": 2022})
    results = pull_statbank("0000")
    assert {one.outcome for results in results.values() for one in results if one.row_count} == {"landed"}
    asked = {body["table"]: body["variables"][0] for body in world.calls("data")}
    assert asked["REGK31"] == {"code": "OMRÅDE", "values": ["000", "910", "920", "930", "940", "960"]}
    assert asked["FOLK1A"] == {"code": "OMRÅDE", "values": ["*"]}
    assert {"PRIS113", "BYG43"} <= asked.keys()
    assert select(
        clean_warehouse, "select distinct municipality_code, omraade from raw_statbank.folk1a order by omraade"
    ) == [("0000", "000"), ("0000", "411"), ("0000", "910"), ("0000", "992")]
    shown = io.StringIO()
    show_status(Console(file=shown, width=160), clean_warehouse)
    assert "all (0000)" in shown.getvalue()


def test_a_file_of_every_municipality_is_not_refused_for_the_country(
    clean_warehouse: Settings, config_folder: Path
) -> None:
    folder = configure(config_folder, "0000", statbank={"folder": "drop", "files": {"folk1a": "*"}}) / "drop"
    heading = "OMRÅDE;KØN;ALDER;CIVILSTAND;TID;INDHOLD\r\n"
    drop(folder, "a.csv", heading + "101;TOT;IALT;TOT;2024K1;1000\r\n992;TOT;IALT;TOT;2024K1;10\r\n")
    (result,) = pull("statbank", "0000", get_settings())
    assert (result.outcome, result.row_count, result.rejected_row_count) == ("landed", 2, 0)


def test_the_groups_come_from_a_folder_beside_the_tables_of_the_service(
    clean_warehouse: Settings, world: World, config_folder: Path
) -> None:
    section = {"way": "api", "connection": "statbank", "folder": "drop", "files": {"municipality_groups": "groups.csv"}}
    folder = configure(config_folder, "0000", statbank=section) / "drop"
    drop(folder, "groups.csv", "SEKVENS;KODE;NIVEAU;TITEL\n1;1;1;Hovedstadskommuner\n2;992;2;Prøvekøbing\n")
    results = pull_statbank("0000")
    assert [(one.file_name, one.row_count) for one in results["municipality_groups"]] == [("groups.csv", 2)]
    assert {one.outcome for one in results["pris113"]} == {"landed"}
    for (one,) in (results["municipality_groups"], results["pris113"]):
        assert reload(one.delivery_id or 0, get_settings()).outcome == "unchanged"
    # a folder alone: nobody asks the service for the rest
    configure(config_folder, "0000", statbank={"folder": "drop", "files": {"municipality_groups": "groups.csv"}})
    world.asked.clear()
    assert set(pull_statbank("0000")) == {"municipality_groups"}
    assert world.asked == []
