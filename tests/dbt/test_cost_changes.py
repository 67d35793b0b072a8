"""Cost follows change: what a build touches, and that it ends where a build from nothing ends, whatever came before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.dbt.costs_world import CHANGED, CostsWorld
from tests.dbt.small_world import RawDelivery
from warehouse.database import connect
from warehouse.settings import Settings

CODES = ("0998", "0999")
WORLD = [
    delivery
    for code in CODES
    for delivery in (
        RawDelivery("fm_files", "properties", code, """
            property_no|name |use       |tenure
            P1         |Skole|Folkeskole|Ejet
            P2         |Myre |Børnehave |Ejet
            P3         |Bi   |Børnehave |Lejet
        """),
        RawDelivery("fm_files", "buildings", code, """
            property_no|building_no|gross_area
            P1         |1          |700
            P2         |1          |200
            P3         |1          |100
        """),
        RawDelivery("ledger_opus", "psp_elements", code, """
            psp_element|function|dranst|property_no
            XG-1       |32201   |1     |P1
            XG-2       |52514   |1     |P2
            XG-3       |02510   |1     |
        """),
    )
]  # fmt: skip
SOURCES = {f"{code}/sources.yml": f'municipality_code: "{code}"\nname: Opdigtet Kommune (fiktiv)\n' for code in CODES}
RULES = """\
1,2310*,,,,,,C_EL,,,,,
1,4910*,,,,,,C_RENG,,,area,,
1,4510*,,,,,,C_VEDL_PL,,0.3,area,daycare,envelope
1,4510*,,,,,,C_VEDL_AK,P1,0.7,,,
"""
LINKS = "psp,XG-3,P2,0.25,,,\npsp,XG-3,P404,0.75,,,\n"
ACCOUNTS = ("23100000", "49100000", "45100000", "99000000", "12345678")
ELEMENTS = ("XG-1", "XG-2", "XG-3", "XG-4", "")


def month(code: str, year: int, number: int, *lines: tuple[str, str, str]) -> RawDelivery:
    """Postings of one month: account, PSP element, amount."""
    rows = "\n".join(f"{account}|{element}|{amount}|{year}" for account, element, amount in lines)
    end = date(year + number // 12, number % 12 + 1, 1)
    return RawDelivery(
        "ledger_opus", "postings", code, f"account|psp_element|amount|fiscal_year\n{rows}",
        load_kind="window", window=(date(year, number, 1), end),
    )  # fmt: skip


@pytest.fixture(scope="module")
def made(warehouse: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CostsWorld]:
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("changes")
        for name in ("EJENDOMSTAL_DBT_PROJECT_SHA256", "DBT_TARGET_PATH", "DBT_LOG_PATH"):
            patch.setenv(name, "")  # so that they are as before afterwards
        yield CostsWorld(warehouse, folder, SOURCES, WORLD)


@pytest.fixture
def world(made: CostsWorld) -> CostsWorld:
    """The world without postings, and its first mapping."""
    with connect("owner", autocommit=True) as connection:
        connection.execute(
            "update ops.deliveries set state = 'superseded' where stream in ('postings', 'project_lines')"
        )
    for code in CODES:
        made.declare(code, rules=RULES, links=LINKS)
    return made


EL, CLEANING, REPAIR = "23100000", "49100000", "45100000"


def test_a_new_month_touches_its_municipality_and_year_only(world: CostsWorld) -> None:
    for code in CODES:
        for year in (2023, 2024):
            world.deliver(month(code, year, 1, (EL, "XG-1", "100,00"), (CLEANING, "XG-2", "10,00")))
    world.build()
    tables = ("int_posting_keys__categorised", "int_cost_destinations__shared")
    scopes = [(code, year) for code in CODES for year in (2023, 2024)]
    before = {(table, *scope): world.row_versions(table, *scope) for table in tables for scope in scopes}
    world.deliver(month("0998", 2024, 2, (EL, "XG-1", "1,25")))
    world.build()
    after = {(table, *scope): world.row_versions(table, *scope) for table in tables for scope in scopes}
    assert {scope[1:] for scope in before if before[scope] != after[scope]} == {("0998", 2024)}
    assert world.costs("0998", 2024)["0998-P1", "C_EL"] == Decimal("101.25")
    assert world.costs("0999", 2024)["0999-P1", "C_EL"] == 100


def test_a_correction_of_an_old_year_takes_the_place_of_what_it_corrects(world: CostsWorld) -> None:
    old = world.deliver(month("0998", 2022, 3, (EL, "XG-1", "100,00"), (EL, "XG-2", "7,00")))
    world.deliver(month("0998", 2024, 3, (EL, "XG-1", "50,00")))
    world.build()
    assert world.costs("0998", 2022) == {("0998-P1", "C_EL"): 100, ("0998-P2", "C_EL"): 7}
    world.deliver(month("0998", 2022, 3, (EL, "XG-1", "90,00")), replaces=old)
    world.build()
    assert world.costs("0998", 2022) == {("0998-P1", "C_EL"): 90}
    assert world.costs("0998", 2024) == {("0998-P1", "C_EL"): 50}


def test_a_changed_rule_moves_the_money_of_its_municipality_and_years(world: CostsWorld) -> None:
    for code in CODES:
        world.deliver(month(code, 2024, 1, (EL, "XG-1", "100,00"), (REPAIR, "XG-2", "10,00")))
    world.build()
    untouched = world.row_versions("int_posting_keys__categorised", "0999", 2024)
    world.declare("0998", rules=RULES.replace("C_EL", "C_VARME"))
    world.build()
    assert world.costs("0998", 2024)["0998-P1", "C_VARME"] == 100
    assert world.costs("0999", 2024)["0999-P1", "C_EL"] == 100
    assert world.row_versions("int_posting_keys__categorised", "0999", 2024) == untouched


def test_links_masters_and_areas_move_money_when_they_change(world: CostsWorld) -> None:
    world.deliver(month("0998", 2024, 1, (EL, "XG-3", "100,00"), (CLEANING, "XG-1", "10,00"), (EL, "XG-4", "1,00")))
    world.build()
    assert world.costs("0998", 2024) == {
        ("0998-P2", "C_EL"): 25, (None, "C_EL"): 76,
        ("0998-P1", "C_RENG"): 7, ("0998-P2", "C_RENG"): 2, ("0998-P3", "C_RENG"): 1,
    }  # fmt: skip
    world.declare("0998", links="psp,XG-3,P3,1,,,\n")
    master = world.deliver(RawDelivery("ledger_opus", "psp_elements", "0998", """
        psp_element|function|dranst|property_no
        XG-4       |32201   |1     |P1
    """))  # fmt: skip
    area = world.deliver(RawDelivery("fm_files", "buildings", "0998", """
        property_no|building_no|gross_area
        P1         |2          |1000
    """))  # fmt: skip
    buildings = ("stg_fm_files__buildings+,+int_areas__measured",)
    world.build(only=(*CHANGED, *buildings))
    assert world.costs("0998", 2024) == {
        ("0998-P3", "C_EL"): 100, ("0998-P1", "C_EL"): 1,
        ("0998-P1", "C_RENG"): Decimal("8.5"), ("0998-P2", "C_RENG"): 1, ("0998-P3", "C_RENG"): Decimal("0.5"),
    }  # fmt: skip
    world.retire(master)
    world.retire(area)
    world.build(only=(*CHANGED, *buildings))


@pytest.mark.parametrize(
    "stops_after", ["int_postings__unioned", "int_cost_scopes__fingerprinted", "int_posting_keys__categorised"]
)
def test_a_build_killed_between_models_ends_where_an_undisturbed_one_ends(world: CostsWorld, stops_after: str) -> None:
    old = world.deliver(month("0998", 2023, 1, (EL, "XG-1", "100,00"), (CLEANING, "XG-3", "10,00")))
    world.build()
    world.deliver(month("0998", 2023, 1, (EL, "XG-1", "90,00")), replaces=old)
    world.deliver(month("0999", 2024, 5, (REPAIR, "XG-2", "33,33")))
    order = (
        *("int_postings__unioned", "int_postings__summed", "int_posting_deliveries__summed"),
        *("int_posting_deliveries__counted", "int_years__observed", "int_areas__measured"),
        *("int_cost_properties__used", "int_split_weights__measured", "int_cost_scopes__fingerprinted"),
        *("int_posting_keys__summed", "int_posting_keys__categorised"),
    )
    world.build("--exclude", "resource_type:test", only=order[: order.index(stops_after) + 1])
    world.build()
    disturbed = world.kept()
    world.build("--full-refresh")
    assert disturbed == world.kept()
    assert world.costs("0998", 2023) == {("0998-P1", "C_EL"): 90}


def test_a_project_that_has_changed_makes_everything_anew(world: CostsWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    world.deliver(month("0998", 2024, 1, (EL, "XG-1", "100,00")))
    world.build()
    with connect("owner", autocommit=True) as connection:
        # As if an older project had made these rows: nothing in them says so.
        connection.execute("update intermediate.int_postings__unioned set amount_dkk = amount_dkk + 1")
        connection.execute("update ops.incremental_models set project_sha256 = 'older'")
    world.build()
    assert world.costs("0998", 2024) == {("0998-P1", "C_EL"): 100}
    before = world.row_versions("int_postings__unioned", "0998", 2024)
    world.build()
    assert world.row_versions("int_postings__unioned", "0998", 2024) == before


AMOUNTS = st.decimals(min_value=-100000, max_value=100000, places=2, allow_nan=False).map(
    lambda amount: f"{amount:.2f}".replace(".", ",")
)
LINES = st.lists(st.tuples(st.sampled_from(ACCOUNTS), st.sampled_from(ELEMENTS), AMOUNTS), min_size=1, max_size=4)
# municipality, year, month: a second delivery of one replaces the first
WINDOWS = st.tuples(st.sampled_from(CODES), st.sampled_from((2023, 2024)), st.sampled_from((1, 2)))
STEPS = st.lists(st.lists(st.tuples(WINDOWS, LINES), min_size=1, max_size=4), min_size=2, max_size=4)
LATE = st.lists(
    st.tuples(st.sampled_from(("1", "2", "3")), st.dates(date(2023, 1, 1), date(2024, 12, 31)), AMOUNTS), max_size=3
)


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, late=LATE)
def test_deliveries_in_any_order_end_where_a_build_from_nothing_ends(
    world: CostsWorld, steps: list[list[tuple[tuple[str, int, int], list[tuple[str, str, str]]]]],
    late: list[tuple[str, date, str]],
) -> None:  # fmt: skip
    with connect("owner", autocommit=True) as connection:
        connection.execute(
            "update ops.deliveries set state = 'superseded' where stream in ('postings', 'project_lines')"
        )
    current: dict[tuple[str, int, int], int] = {}
    for number, step in enumerate(steps):
        for window, lines in step:
            current[window] = world.deliver(month(*window, *lines), replaces=current.get(window))
        for document, day, amount in late[number : number + 1]:
            table = "document_no|line_no|psp_element|cost_element|amount|fiscal_year|posting_date|registration_date\n"
            row = f"{document}|1|XG-1|{EL}|{amount}|2022|{day}|{day}"
            world.deliver(RawDelivery("ledger_opus", "project_lines", "0999", table + row, load_kind="delta"))
        world.build()
    incremental = world.kept()
    world.build("--full-refresh")
    assert incremental == world.kept()
