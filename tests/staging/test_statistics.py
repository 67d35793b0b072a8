"""StatBank, STIL and factors from the simulators and files to staging, with one build of dbt for all tests here."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from connectors.pull import configured_sources, pull
from demo.simulators.service import Service
from demo.simulators.stil import BASE, EducationStatistics
from tests.connectors.drops import configure, drop
from tests.connectors.statistics_world import PEOPLE, serve_world
from tests.staging.staged import Rows, stage
from warehouse.settings import Settings, get_settings

GROUPS = (
    "\ufeffSEKVENS;KODE;NIVEAU;TITEL;NOTER\r\n"
    '1;"1";1;Hovedstadskommuner;\r\n2;"991";2;Eksempelby;\r\n3;"992";2;Prøvekøbing;\r\n'
    '4;"5";1;Landkommuner;\r\n5;"993";2;Øvelsesborg;\r\n'
)
REGISTER = (
    "\ufeffInstitutionsnummer;Institutionsnavn;Institutionstype, navn;Beliggenhedskommune;Enhedsart;Hovedinstitution;"
    "Leder;Geokode: Breddegrad;Geokode: Længdegrad\r\n"
    "999001;Prøveskolen;Folkeskoler;Københavns Kommune;Hovedskole (institution med enheder);;En Person;55.7;12.5\r\n"
    "999002;Prøveskolen, afd. Nord;Folkeskoler;Assens Kommune;Afdeling (underordnet enhed);999001;;55.8;12.6\r\n"
    "999003;Øveskolen;Folkeskoler;Randers Kommune;Institution uden enheder;;;;\r\n"
)
SCHOOLS = [
    ("999001", "Prøveskolen", "Prøvekøbing", "2023/2024", 2351),
    ("999001", "Prøveskolen", "Prøvekøbing", "2024/2025", 400),
    ("999003", "Øveskolen", "Prøvekøbing", "2024/2025", 2),
    ("999009", "Fjernskolen", "Eksempelby", "2024/2025", 50),
]
DEGREE_DAYS = (
    "source_name;vintage;area;year;month;is_normal_year;degree_days\n"
    "DMI;2025;Landet;2024;0;nej;2.841,5\nDMI;2025;Landet;2020;0;ja;3.175\nTI;2025;Landet;2020;0;ja;2.906\n"
)
FACTORS = {
    "degree_days_2025.csv": DEGREE_DAYS,
    # a later vintage beside the earlier one, and a month written twice in another way
    "degree_days_2026.csv": (
        "source_name;vintage;area;year;month;is_normal_year;degree_days\n"
        "DMI;2026;Landet;2024;0;0;2.850\nDMI;2026;Landet;2024;01;0;500\nDMI;2026;Landet;2024;1;0;501\n"
    ),
    "price_index_2025.csv": (
        "source_name;vintage;art_group;year_from;year_to;pct\n"
        "KL;G.1-1 2025;1 Løn;2024;2025;2,14\nKL;G.1-1 2026;1 Løn;2024;2025;2,31\n"
    ),
    "emission_factors_2025.csv": (
        "source_name;vintage;carrier;area;year;method;kg_co2e_per_kwh\n"
        "Energinet;2025;El;DK1;2024;125 %;0,0872\nVarmeværk;2025;Fjernvarme;Prøvekøbing Net;2024;200 %;0,051\n"
    ),
    "replacement_values_2025.csv": (
        "source_name;vintage;use_category;price_year;dkk_per_m2\nPrisbog;2025;SKOLE;2025;21.500\n"
    ),
}
_built: dict[str, Rows] = {}


def _pull_everything(config: Path, folder: Path) -> None:
    national = {"folder": str(folder), "files": {"institutions": "register.csv"}}
    streams = [name.rpartition("_")[0] for name in FACTORS]
    factors = {"folder": str(folder), "files": {stream: f"{stream}_*" for stream in streams}}
    for name, text in {**FACTORS, "register.csv": REGISTER, "groups.csv": GROUPS}.items():
        drop(folder, name, text)
    by_api = {"statbank": {"connection": "statbank"}}
    configure(config, "0992", **by_api, stil={"connection": "stil", "name_in_source": "Prøvekøbing"})
    both = {**by_api["statbank"], "folder": str(folder), "files": {"municipality_groups": "groups.csv"}}
    configure(config, "0000", statbank=both, stil=national, factors=factors)
    for source, code in configured_sources(get_settings()):
        pull(source, code, get_settings())


@pytest.fixture
def staged(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Rows]:
    """Every staging table, by name: made for the first test, read by the others."""
    if not _built:
        settings: Settings = request.getfixturevalue("clean_warehouse")
        config: Path = request.getfixturevalue("config_folder")
        with serve_world(tmp_path / "world", monkeypatch), Service(EducationStatistics(SCHOOLS, "a-key")) as stil:
            connection = {"host": stil.address + BASE, "password": "a-key"}
            monkeypatch.setenv("AIRFLOW_CONN_STIL", json.dumps(connection))
            _pull_everything(config, tmp_path / "drop")
        _built.update(stage(settings, tmp_path, "statbank", "stil", "factors"))
    return _built


def amounts(rows: Rows, **where: object) -> list[object]:
    """The amounts of the rows with these values."""
    return [row["amount_dkk"] for row in rows if all(row[name] == value for name, value in where.items())]


OWN = {"municipality_code": "0992", "area_code": "992", "year": 2024}


def test_accounts_are_in_thousands_and_staged_in_kroner(staged: dict[str, Rows]) -> None:
    rows = staged["stg_statbank__regk31"]
    assert amounts(rows, **OWN, function_code="32201", art_code="TOT") == [Decimal(2_400_000)]
    assert amounts(staged["stg_statbank__budk32"], **OWN, function_code="32201") == [Decimal(2_500_000)]


def test_negative_amounts_of_a_function_are_legitimate(staged: dict[str, Rows]) -> None:
    assert amounts(staged["stg_statbank__regk31"], **OWN, function_code="03231") == [Decimal(-20_000)]


def test_a_function_has_five_digits_also_where_its_leading_zero_was_lost(staged: dict[str, Rows]) -> None:
    assert amounts(staged["stg_statbank__budk32"], **OWN, function_code="03235") == [Decimal(7000)]
    assert amounts(staged["stg_statbank__budk32"], **OWN, function_code="3235") == []


def test_dots_a_dash_and_nothing_are_missing_and_a_zero_is_a_zero(staged: dict[str, Rows]) -> None:
    rows = staged["stg_statbank__regk31"]
    found = {
        (row["dranst_code"], row["art_code"]): row["amount_dkk"] for row in rows if row["function_code"] == "64550"
    }
    assert found == {("1", "TOT"): None, ("3", "TOT"): None, ("3", "UE"): None, ("3", "23"): Decimal(0)}


def test_three_views_of_the_same_money_are_told_apart(staged: dict[str, Rows]) -> None:
    rows = [row for row in staged["stg_statbank__regk31"] if row["function_code"] == "32201"]
    levels = {row["art_code"]: row["art_level"] for row in rows if row["municipality_code"] == "0992"}
    assert levels == {"TOT": "total", "UE": "total", "23": "art"}


def test_levels_stand_in_one_column_and_each_row_says_which_it_is(staged: dict[str, Rows]) -> None:
    national = [row for row in staged["stg_statbank__nglk"] if row["municipality_code"] == "0000"]
    levels = {row["area_code"]: row["area_level"] for row in national}
    assert levels == {
        "000": "country", "910": "peer_group", "084": "region", "01": "province", "992": "municipality",
    }  # fmt: skip


def test_the_peer_groups_come_with_the_country_and_are_no_municipality(staged: dict[str, Rows]) -> None:
    national = [row for row in staged["stg_statbank__regk31"] if row["municipality_code"] == "0000"]
    assert {(row["area_code"], row["amount_dkk"]) for row in national} == {
        ("000", Decimal(900_000_000)), ("910", Decimal(200_000_000)),
    }  # fmt: skip


def test_a_decimal_comma_is_read_and_a_ready_made_figure_has_its_price_basis(staged: dict[str, Rows]) -> None:
    (row,) = [row for row in staged["stg_statbank__nglk"] if row["municipality_code"] == "0992" and row["value_dkk"]]
    assert (row["statistic_code"], row["gross_net_code"], row["price_basis_code"]) == ("FOL", "NET", "AARPRIS")
    assert row["value_dkk"] == Decimal("81234.5")


def test_indices_have_their_month_and_quarter(staged: dict[str, Rows]) -> None:
    consumer = {(row["year"], row["month"]): row["price_index"] for row in staged["stg_statbank__pris113"]}
    assert consumer == {(2024, 8): Decimal("118.9"), (2024, 9): Decimal("118.7")}
    building = {(row["year"], row["quarter"]): row["cost_index"] for row in staged["stg_statbank__byg43"]}
    assert building == {(2024, 1): Decimal("120.6"), (2024, 2): None}


def test_inhabitants_of_the_country_stand_beside_those_of_the_municipality(staged: dict[str, Rows]) -> None:
    rows = {
        (row["municipality_code"], row["area_level"]): row["inhabitants"]
        for row in staged["stg_statbank__folk1a"]
        if row["quarter"] == "2023K1"
    }
    assert rows == {
        ("0992", "municipality"): 1020, ("0000", "country"): PEOPLE["000"]["2023K1"],
        ("0000", "peer_group"): PEOPLE["910"]["2023K1"], ("0000", "municipality"): 1020,
        ("0000", "other"): 90,
    }  # fmt: skip


def test_christiansoe_is_listed_among_the_municipalities_and_is_none(staged: dict[str, Rows]) -> None:
    assert {row["area_level"] for row in staged["stg_statbank__folk1a"] if row["area_code"] == "411"} == {"other"}


def test_a_municipality_belongs_to_the_group_above_it_in_the_classification(staged: dict[str, Rows]) -> None:
    groups = {row["member_code"]: row["peer_group_code"] for row in staged["stg_statbank__municipality_groups"]}
    assert groups == {"0991": "910", "0992": "910", "0993": "960"}


def test_pupils_written_with_a_point_are_thousands_and_omitted_cells_are_no_rows(staged: dict[str, Rows]) -> None:
    rows = staged["stg_stil__pupils"]
    assert {(row["institution_no"], row["start_year"]): row["pupils"] for row in rows} == {
        ("999001", 2023): Decimal(2351), ("999001", 2024): Decimal(400),
    }  # fmt: skip


def test_the_register_writes_one_genitive_and_an_s_is_never_cut_off(staged: dict[str, Rows]) -> None:
    names = {row["institution_no"]: row["municipality_name"] for row in staged["stg_stil__institutions"]}
    assert names == {"999001": "København", "999002": "Assens", "999003": "Randers"}


def test_a_school_of_several_units_says_so_and_a_school_without_coordinates_has_none(staged: dict[str, Rows]) -> None:
    rows = {row["institution_no"]: row for row in staged["stg_stil__institutions"]}
    assert rows["999002"]["main_institution_no"] == "999001"
    assert rows["999002"]["unit_kind"] == "Afdeling (underordnet enhed)"
    assert (rows["999001"]["latitude"], rows["999001"]["longitude"]) == (Decimal("55.7"), Decimal("12.5"))
    assert rows["999003"]["latitude"] is None


def test_degree_days_keep_their_source_and_vintage_and_normal_years_are_never_mixed(staged: dict[str, Rows]) -> None:
    rows = {
        (row["source_name"], row["vintage"], row["year"], row["is_normal_year"], row["month"]): row["degree_days"]
        for row in staged["stg_factors__degree_days"]
    }
    assert rows == {
        ("DMI", "2025", 2024, False, 0): Decimal("2841.5"),
        ("DMI", "2026", 2024, False, 0): Decimal(2850),
        ("DMI", "2026", 2024, False, 1): Decimal(500),
        ("DMI", "2025", 2020, True, 0): Decimal(3175),
        ("TI", "2025", 2020, True, 0): Decimal(2906),
    }


def test_a_later_vintage_of_the_price_index_stands_beside_the_earlier_one(staged: dict[str, Rows]) -> None:
    rows = {row["vintage"]: row["change_pct"] for row in staged["stg_factors__price_indices"]}
    assert rows == {"G.1-1 2025": Decimal("2.14"), "G.1-1 2026": Decimal("2.31")}


def test_emission_factors_and_replacement_values_are_staged(staged: dict[str, Rows]) -> None:
    factors = {(row["carrier"], row["area"]): row["kg_co2e_per_kwh"] for row in staged["stg_factors__emission_factors"]}
    assert factors == {("el", "DK1"): Decimal("0.0872"), ("fjernvarme", "Prøvekøbing Net"): Decimal("0.051")}
    (value,) = staged["stg_factors__replacement_values"]
    assert (value["use_category"], value["price_year"], value["dkk_per_m2"]) == ("skole", 2025, Decimal(21500))
