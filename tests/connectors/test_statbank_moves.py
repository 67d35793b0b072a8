"""StatBank moves on: tables, variables and values that are no longer there, years that are asked for again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from connectors.base import Request, registered
from connectors.configuration import load_municipality
from connectors.connections import open_connection
from connectors.errors import ConfigError, Place, RequestRefusedError, UnexpectedContentError
from connectors.http import Client
from connectors.known import KnownDeliveries
from connectors.spool import Spool
from tests.connectors.drops import configure, select
from tests.connectors.scripted import json_answer, serve
from tests.connectors.statistics_world import World, pull_statbank, serve_world
from warehouse.settings import Settings, get_settings


@pytest.fixture
def world(clean_warehouse: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with serve_world(tmp_path / "statbank", monkeypatch) as world:
        yield world


def ask_for(config: Path, *tables: str, code: str = "0992", **more: object) -> None:
    named = {"only": list(tables)} if tables else {}
    configure(config, code, statbank={"connection": "statbank", **named, **more})


def test_the_first_of_january_of_each_year_since_first_year_lands(
    clean_warehouse: Settings, world: World, config_folder: Path
) -> None:
    ask_for(config_folder, "folk1a", first_year=2022)
    assert pull_statbank()["folk1a"][0].outcome == "landed"
    assert select(clean_warehouse, "select omraade, alder, tid, indhold from raw_statbank.folk1a order by row_no") == [
        ("992", "IALT", "2022K1", "1010"), ("992", "IALT", "2023K1", "1020"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("since", "periods"),
    [(None, ["2022", "2023", "2024"]), (date(2020, 6, 1), ["2020", "2021", "2022", "2023", "2024"])],
)
def test_a_person_may_ask_for_older_years_and_never_for_fewer(
    world: World, config_folder: Path, tmp_path: Path, since: date | None, periods: list[str]
) -> None:
    ask_for(config_folder, "regk31", first_year=2022)
    fetch_since(tmp_path, since)
    assert [period for call in world.periods() for period in call] == periods


def test_years_that_a_person_asks_for_again_are_fetched_after_an_update_though_they_are_old(
    world: World, config_folder: Path, tmp_path: Path
) -> None:
    ask_for(config_folder, "regk31", first_year=2020)
    pull_statbank()
    world.tables["REGK31"]["updated"] = "2026-05-08T08:00:00"
    world.write()
    fetch_since(tmp_path, date(2022, 1, 1))
    assert world.periods() == [["2022"], ["2023"], ["2024"]]


def fetch_since(scratch: Path, since: date | None) -> None:
    """What `pull` does for one stream, with a date a person asked for; nothing lands."""
    source, code = registered()["statbank"], "0992"
    stream = next(stream for stream in source.streams if stream.name == "regk31")
    place = Place("statbank", stream.name, code)
    connection = open_connection("statbank", place, "", needs_key=False, resolve=None)
    request = Request(
        source, stream, code, load_municipality(get_settings(), code).sections["statbank"], scratch,
        open_client=lambda: Client(connection, place, source.ways[0]),
        known=KnownDeliveries("statbank", stream.name, code, get_settings()), spool=Spool(scratch / "pull"),
        since=since,
    )  # fmt: skip
    assert list(source.ways[0].fetch(request))


def test_a_table_declared_as_annual_that_has_quarters_is_refused(world: World, config_folder: Path) -> None:
    world.tables["REGK31"]["values"]["Tid"]["2024K3"] = "2024K3"
    world.write()
    ask_for(config_folder, "regk31")
    with pytest.raises(UnexpectedContentError, match="table REGK31 is declared as annual and has other periods"):
        pull_statbank()


def test_a_value_that_has_moved_is_named_with_table_variable_and_the_nearest_ones(
    world: World, config_folder: Path
) -> None:
    values = world.tables["REGK31"]["values"]
    values["PRISENHED"] = {"LOBMIO": "Løbende priser", "INDL": "Kr. pr. indbygger"}
    world.write()
    ask_for(config_folder, "regk31")
    with pytest.raises(UnexpectedContentError) as caught:
        pull_statbank()
    for words in ("table REGK31", "no value LOBM of variable PRISENHED", "LOBMIO Løbende priser"):
        assert words in str(caught.value)
    assert world.calls("data") == []


def test_a_variable_that_has_moved_or_is_new_is_named(world: World, config_folder: Path) -> None:
    ask_for(config_folder, "nglk")
    values = world.tables["NGLK"]["values"]
    world.tables["NGLK"]["values"] = {"BNØGLER" if name == "BNØGLE" else name: codes for name, codes in values.items()}
    world.write()
    with pytest.raises(UnexpectedContentError, match="table NGLK has no variable BNØGLE; nearest are: BNØGLER"):
        pull_statbank()
    world.tables["NGLK"]["values"] = {"ALDER": {"IALT": "I alt"}, **values}
    world.tables["NGLK"]["totals"] = {"ALDER": "IALT"}
    world.write()
    with pytest.raises(UnexpectedContentError, match="a variable ALDER that is not declared; it may be summed away"):
        pull_statbank()


def test_a_variable_without_elimination_must_be_chosen(world: World, config_folder: Path) -> None:
    world.tables["NGLK"]["values"] = {"ALDER": {"1": "et"}, **world.tables["NGLK"]["values"]}
    world.write()
    ask_for(config_folder, "nglk")
    with pytest.raises(UnexpectedContentError, match="a variable ALDER that is not declared; it must be chosen"):
        pull_statbank()


def test_a_table_that_has_moved_is_named_with_the_nearest_ones_and_their_subject(
    world: World, config_folder: Path
) -> None:
    moved = world.tables.pop("REGK31")
    world.tables["REGK311"] = {**moved, "id": "REGK311", "text": "Regnskaber", "subject": "Kommunale regnskaber"}
    world.write()
    ask_for(config_folder, "regk31")
    with pytest.raises(RequestRefusedError) as caught:
        pull_statbank()
    assert "EXTRACT-NOTFOUND" in str(caught.value)
    assert "no table REGK31, nearest are: REGK311 Regnskaber (Kommunale regnskaber)" in str(caught.value)


def test_the_type_and_the_message_of_an_error_are_passed_on(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_for(config_folder, "folk1a")
    refused = json_answer({"errorTypeCode": "EXTRACT-NOTALLOWED", "message": "Der skal vælges værdier"}, 400)
    with serve(lambda *_: refused) as server:
        monkeypatch.setenv("AIRFLOW_CONN_STATBANK", json.dumps({"host": server.url, "extra": {"attempts": 1}}))
        with pytest.raises(RequestRefusedError, match="EXTRACT-NOTALLOWED Der skal vælges værdier"):
            pull_statbank()


def test_a_table_that_is_no_longer_kept_up_lands_with_a_warning(
    clean_warehouse: Settings, world: World, config_folder: Path
) -> None:
    world.tables["NGLK"]["active"] = False
    world.write()
    ask_for(config_folder, "nglk")
    pull_statbank()
    assert select(clean_warehouse, "select warnings ->> 0 from ops.deliveries") == [
        ("statbank: table NGLK is no longer kept up by Statistics Denmark",)
    ]


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        (["regk13"], "statbank has no stream regk13"),
        (["pris113"], "PRIS113 has no areas: it is the same for all; name it under 0000"),
    ],
)
def test_a_table_that_cannot_be_had_is_a_fault_of_the_configuration(
    clean_warehouse: Settings, config_folder: Path, tables: list[str], words: str
) -> None:
    ask_for(config_folder, *tables)
    with pytest.raises(ConfigError, match=words):
        pull_statbank()
