"""StatBank: declared tables by BULK, by period and area; what has moved or does not belong is refused."""

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
from connectors.pull import pull
from connectors.spool import Spool
from connectors.statbank.tables import EVERY, GEOGRAPHY, Table
from tests.connectors.drops import configure, drop, select
from tests.connectors.scripted import json_answer, serve
from tests.connectors.statistics_world import World, pull_statbank, serve_world
from warehouse.settings import Settings, get_settings

HEADING = "\ufeffOMRÅDE;KØN;ALDER;CIVILSTAND;TID;INDHOLD\r\n"


@pytest.fixture
def world(clean_warehouse: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with serve_world(tmp_path / "statbank", monkeypatch) as world:
        yield world


def ask_for(config: Path, *tables: str, code: str = "0992", **more: object) -> None:
    named = {"tables": list(tables)} if tables else {}
    configure(config, code, statbank={"connection": "statbank", **named, **more})


def test_the_first_of_january_of_each_year_since_first_year_lands(
    clean_warehouse: Settings, world: World, config_folder: Path
) -> None:
    ask_for(config_folder, "folk1a", first_year=2022)
    assert pull_statbank()["folk1a"][0].outcome == "landed"
    assert select(clean_warehouse, "select omraade, alder, tid, indhold from raw_statbank.folk1a order by row_no") == [
        ("992", "IALT", "2022K1", "1010"), ("992", "IALT", "2023K1", "1020"),
    ]  # fmt: skip


def test_a_municipality_gets_its_tables_but_not_those_of_the_country_nor_the_largest(
    world: World, config_folder: Path
) -> None:
    ask_for(config_folder)
    assert set(pull_statbank()) == {"folk1a", "regk31", "budk32", "nglk"}


def test_the_largest_table_is_pulled_where_it_is_named(
    clean_warehouse: Settings, world: World, config_folder: Path
) -> None:
    ask_for(config_folder, "regk100")
    assert [result.row_count for result in pull_statbank()["regk100"]] == [1, 1]
    assert select(clean_warehouse, "select gruppering, ejer, tid, indhold from raw_statbank.regk100 order by tid") == [
        ("999", "1", "2023", "70"), ("999", "1", "2024", "77"),
    ]  # fmt: skip


def test_bulk_names_every_variable_and_asks_for_danish_codes(world: World, config_folder: Path) -> None:
    ask_for(config_folder, "nglk")
    pull_statbank()
    (query,) = world.calls("data")
    assert query == {
        "table": "NGLK", "format": "BULK", "lang": "da", "valuePresentation": "Code", "delimiter": "Semicolon",
        "variables": [
            {"code": "OMRÅDE", "values": ["992"]}, {"code": "BNØGLE", "values": ["*"]},
            {"code": "BRUTNETUDG", "values": ["*"]}, {"code": "PRISENHED", "values": ["AARPRIS"]},
            {"code": "Tid", "values": ["2023", "2024"]},
        ],
    }  # fmt: skip


def test_a_large_table_is_one_call_and_one_delivery_per_year(world: World, config_folder: Path) -> None:
    ask_for(config_folder, "regk31")
    results = pull_statbank()["regk31"]
    assert world.periods() == [["2020"], ["2021"], ["2022"], ["2023"], ["2024"]]
    assert [result.outcome for result in results] == ["landed"] * 5


def test_the_data_are_asked_for_again_only_after_an_update(world: World, config_folder: Path) -> None:
    ask_for(config_folder, "nglk", "regk31", first_year=2023)
    pull_statbank()
    world.write()
    assert {one.outcome for results in pull_statbank().values() for one in results} == {"unchanged"}
    assert world.calls("data") == []
    assert [body["table"] for body in world.calls("tableinfo")] == ["REGK31", "NGLK"]


def test_after_an_update_new_years_and_the_last_two_are_fetched_because_figures_are_revised(
    clean_warehouse: Settings, world: World, config_folder: Path
) -> None:
    ask_for(config_folder, "regk31", first_year=2020)
    pull_statbank()
    table = world.tables["REGK31"]
    table["updated"] = "2026-05-08T08:00:00"
    table["values"]["Tid"]["2025"] = "2025"
    table["cells"] |= {"992,32201,1,TOT,LOBM,2024": "2401", "992,32201,1,TOT,LOBM,2025": "2500"}
    world.write()
    outcomes = [result.outcome for result in pull_statbank()["regk31"]]
    assert world.periods() == [["2024"], ["2025"]]
    assert outcomes == ["unchanged"] * 4 + ["landed"] * 2
    assert select(
        clean_warehouse,
        "select tid, indhold from raw_statbank.regk31 join ops.current_deliveries using (delivery_id) "
        "where art = 'TOT' and funktion = '32201' and tid >= '2023' order by tid",
    ) == [("2023", "2300"), ("2024", "2401"), ("2025", "2500")]


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


@pytest.mark.parametrize("name", GEOGRAPHY)
def test_the_geography_has_nine_names_and_lands_in_one_column(name: str) -> None:
    assert Table("T1", {"ART": EVERY}).as_stream().columns[name] == "omraade"


def test_a_table_whose_geography_has_another_name_lands_in_the_same_column(
    clean_warehouse: Settings, world: World, config_folder: Path
) -> None:
    ask_for(config_folder, "budk32")
    pull_statbank()
    query = "select omraade, funktion, indhold from raw_statbank.budk32 order by funktion"
    assert select(clean_warehouse, query) == [("992", "32201", "2500"), ("992", "3235", "7")]


def test_a_geography_that_is_renamed_is_no_other_table(
    clean_warehouse: Settings, world: World, config_folder: Path
) -> None:
    table = world.tables["BUDK32"]
    table["values"] = {"KOMK" if name == "REGI07A" else name: values for name, values in table["values"].items()}
    world.write()
    ask_for(config_folder, "budk32", first_year=2024)
    assert pull_statbank()["budk32"][0].row_count == 2


@pytest.mark.parametrize("selector", ["PRISENHED", "MÆNGDE4", "FSTATUS", "ENHED", "TAL"])
@pytest.mark.parametrize("values", [EVERY, ("LOBM", "INDL")])
def test_a_measurement_selector_doubles_every_row_so_one_value_must_be_declared(
    selector: str, values: tuple[str, ...]
) -> None:
    with pytest.raises(ValueError, match=f"{selector} doubles every row"):
        Table("T1", {selector: values})


def test_of_two_price_units_only_the_declared_one_lands(
    clean_warehouse: Settings, world: World, config_folder: Path
) -> None:
    ask_for(config_folder, "regk31", first_year=2024)
    pull_statbank()
    query = "select distinct prisenhed from raw_statbank.regk31"
    assert select(clean_warehouse, query) == [("LOBM",)]


def test_dots_a_dash_and_nothing_land_as_they_are(clean_warehouse: Settings, world: World, config_folder: Path) -> None:
    ask_for(config_folder, "regk31", first_year=2024)
    assert pull_statbank()["regk31"][0].rejected_row_count == 0
    query = "select dranst, art, indhold from raw_statbank.regk31 where funktion = '64550' order by dranst, art"
    assert select(clean_warehouse, query) == [
        ("1", "TOT", ".."), ("3", "23", "0"), ("3", "TOT", "-"), ("3", "UE", None),
    ]  # fmt: skip


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
        (["regk13"], "statbank has no table regk13"),
        (["pris113"], "PRIS113 has no areas: it is the same for all; name it under 0000"),
    ],
)
def test_a_table_that_cannot_be_had_is_a_fault_of_the_configuration(
    clean_warehouse: Settings, config_folder: Path, tables: list[str], words: str
) -> None:
    ask_for(config_folder, *tables)
    with pytest.raises(ConfigError, match=words):
        pull_statbank()


@pytest.mark.parametrize(
    ("content", "outcome", "error_class"),
    [
        (HEADING + "992;TOT;IALT;TOT;2024K1;1000\r\n", "landed", None),
        ("\ufeffSÆSON;TID;INDHOLD\r\nSæsonkorrigeret;2020U01;37,7\r\n", "rejected", "MissingColumnError"),
        ('{"dataset": {"dimension": {}}}', "rejected", "UnreadableFileError"),
        (HEADING + "101;TOT;IALT;TOT;2024K1;1000\r\n", "rejected", "WrongMunicipalityError"),
    ],
    ids=["FOLK1A", "another table", "JSON", "another municipality"],
)
def test_of_a_folder_only_the_table_of_the_municipality_lands(
    clean_warehouse: Settings, config_folder: Path, content: str, outcome: str, error_class: str | None
) -> None:
    folder = configure(config_folder, statbank={"folder": "drop", "files": {"folk1a": "*"}}) / "drop"
    drop(folder, "answer.csv", content)
    (result,) = pull("statbank", "0992", get_settings())
    assert (result.outcome, result.error_class) == (outcome, error_class)
