"""StatBank: declared tables by BULK, by period and area; what has moved or does not belong is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.pull import pull
from connectors.statbank.tables import EVERY, GEOGRAPHY, Table
from tests.connectors.drops import configure, drop, select
from tests.connectors.statistics_world import World, pull_statbank, serve_world
from warehouse.settings import Settings, get_settings

HEADING = "\ufeffOMRÅDE;KØN;ALDER;CIVILSTAND;TID;INDHOLD\r\n"


@pytest.fixture
def world(clean_warehouse: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with serve_world(tmp_path / "statbank", monkeypatch) as world:
        yield world


def ask_for(config: Path, *tables: str, code: str = "0992", **more: object) -> None:
    named = {"only": list(tables)} if tables else {}
    configure(config, code, statbank={"connection": "statbank", **named, **more})


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
