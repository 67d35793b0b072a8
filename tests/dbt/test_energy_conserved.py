"""Conservation: whatever meters, links, months, units and uses there are, no kWh and no m3 is lost or counted twice.

The SQL is dbt's own: compiled once, then run over tables that hypothesis fills, in a transaction that is rolled back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.dbt.conftest import build_world
from tests.dbt.energy_world import CODE, CONFIGURATION, DELIVERIES, next_month
from warehouse.build import DBT_PROJECT
from warehouse.database import connect
from warehouse.settings import Settings

Sql = dict[str, str]
MODELS = (
    "int_meters__unioned", "int_meter_spans__summed", "int_meter_years__summed", "int_meter_years__placed",
    "int_heat__corrected", "int_energy__consumed",
)  # fmt: skip
FILLED = (
    "staging.stg_energy__meters", "staging.stg_energy__readings", "staging.stg_ek109__readings",
    "staging.stg_eloverblik__metering_points", "intermediate.int_eloverblik_months__summed", "register.property_links",
    "intermediate.int_property_uses__weighted", "intermediate.int_building_uses__weighted",
)  # fmt: skip
# carrier -> measure, and what a unit is in the measure's unit
UNITS = {
    "el": ("Q_EL", {"kwh": Decimal(1), "mwh": Decimal(1000)}),
    "fjernvarme": ("Q_VARME", {"kwh": Decimal(1), "mwh": Decimal(1000), "gj": Decimal(1000) / Decimal("3.6")}),
    "naturgas": ("Q_VARME", {"kwh": Decimal(1), "m3": Decimal(11)}),
    "vand": ("Q_VAND", {"m3": Decimal(1), "l": Decimal("0.001")}),
}
MONTHS = [date(year, month, 1) for year in (2023, 2024) for month in range(1, 13)]
PROPERTIES = ["P1", "P2", "P3", "P404", None]

quantities = st.decimals(0, 99999, places=3, allow_nan=False)
by_month = st.dictionaries(st.sampled_from(MONTHS), quantities, min_size=1)
shares = st.lists(st.integers(1, 999), min_size=1, max_size=4).map(
    lambda parts: [*(Decimal(part) / 10000 for part in parts[1:]), 1 - sum(Decimal(part) for part in parts[1:]) / 10000]
)
file_meters = st.sampled_from(sorted(UNITS)).flatmap(
    lambda carrier: st.tuples(
        st.just(carrier), st.sampled_from(sorted(UNITS[carrier][1])), by_month, st.sampled_from(PROPERTIES)
    )
)
counters = st.lists(
    st.tuples(st.integers(1, 400), st.decimals(0, 9999, places=2)), min_size=1, max_size=6
)  # days since the reading before, what was used since
worlds = st.fixed_dictionaries(
    {
        "files": st.lists(file_meters, max_size=4),
        # months, also in the file under the meter's number, is a child in the house
        "points": st.lists(st.tuples(by_month, st.booleans(), st.booleans()), max_size=3),
        "counters": st.lists(counters, max_size=3),
        "links": st.lists(shares, max_size=8),
        "uses": st.lists(shares, min_size=3, max_size=3),
    }
)


@pytest.fixture(scope="module")
def compiled(warehouse: Settings, tmp_path_factory: pytest.TempPathFactory) -> Sql:
    folder: Path = tmp_path_factory.mktemp("conserved")
    build_world(warehouse, folder, CONFIGURATION, DELIVERIES[:5], "+int_energy__consumed")
    place = folder / "target" / "compiled" / "ejendomstal" / "models" / "intermediate" / "energy"
    assert DBT_PROJECT.is_dir()
    return {model: (place / f"{model}.sql").read_text(encoding="utf-8") for model in MODELS}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds)
def test_what_was_accepted_is_what_properties_and_uses_sum_to(compiled: Sql, world: dict[str, Any]) -> None:
    with connect("owner") as connection:
        expected = _fill(connection, world)
        for model in MODELS:
            connection.execute(f"truncate intermediate.{model}")
            connection.execute(f"insert into intermediate.{model} {compiled[model]}".encode())
        rows = connection.execute(
            "select measure_code, year, sum(amount), max(status_code) from intermediate.int_energy__consumed "
            "where measure_code in ('Q_EL', 'Q_VARME', 'Q_VAND') group by 1, 2"
        ).fetchall()
        spread = connection.execute(
            "select sum(share) from intermediate.int_meter_years__placed "
            "group by municipality_code, year, source, meter_id, series"
        ).fetchall()
        connection.rollback()
    assert all(status in ("", "e") for _, _, _, status in rows)
    found = {(code, year): amount for code, year, amount, _ in rows}
    assert found.keys() == expected.keys()
    for key, amount in expected.items():
        assert abs(found[key] - amount) < Decimal("0.000001"), key
    assert all(abs(total - 1) < Decimal("0.000000001") for (total,) in spread)


def _fill(connection: psycopg.Connection, world: dict[str, Any]) -> dict[tuple[str, int], Decimal]:
    """Put the world into the tables that the models read; what each measure and year must come to."""
    for name in FILLED:
        connection.execute(f"truncate {name}")
    expected: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    for measure_code, year, amount in [
        *_files(connection, world["files"]), *_points(connection, world["points"]),
        *_counters(connection, world["counters"]),
    ]:  # fmt: skip
        expected[measure_code, year] += amount
    _links(connection, world)
    for number, parts in enumerate(world["uses"], start=1):
        for use, share in zip(("school", "daycare", "sports", "other"), parts, strict=False):
            for year in range(2022, 2032):
                connection.execute(
                    "insert into intermediate.int_property_uses__weighted (municipality_code, year, property_id, "
                    "use_category, tenure, share) values (%s, %s, %s, %s, 'owned', %s)",
                    [CODE, year, f"{CODE}-P{number}", use, share],
                )
    return expected


def _files(connection: psycopg.Connection, meters: list[Any]) -> Iterator[tuple[str, int, Decimal]]:
    for number, (carrier, unit, monthly, property_no) in enumerate(meters):
        _meter(connection, f"F{number}", carrier, unit, property_no)
        measure_code, factors = UNITS[carrier]
        for start, quantity in monthly.items():
            _reading(connection, f"F{number}", start, quantity, unit)
            yield measure_code, start.year, quantity * factors[unit]


def _points(connection: psycopg.Connection, points: list[Any]) -> Iterator[tuple[str, int, Decimal]]:
    for number, (monthly, is_in_file, has_child) in enumerate(points):
        children = [f"57{number}9"] if has_child else []
        for point in [f"57{number}0", *children]:
            parent = f"57{number}0" if point in children else None
            connection.execute(
                "insert into staging.stg_eloverblik__metering_points (municipality_code, metering_point_id, "
                "parent_metering_point_id, metering_point_type_code, meter_no, is_child, delivery_id) "
                "values (%s, %s, %s, %s, %s, %s, 1)",
                [CODE, point, parent, "D14" if parent else "E17", f"S{number}", bool(parent)],
            )
            for start, quantity in monthly.items():
                connection.execute(
                    "insert into intermediate.int_eloverblik_months__summed values "
                    "(%s, 1, %s, 'A04', 0, %s, %s, null, %s, %s, 1, 0, 0)",
                    [CODE, point, start, start, quantity, (next_month(start) - start).days],
                )
        if is_in_file:
            _meter(connection, f"S{number}", "el", "kwh", "P1")
        for start, quantity in monthly.items():
            if is_in_file:
                _reading(connection, f"S{number}", start, quantity + 1, "kwh")
            yield "Q_EL", start.year, quantity


def _counters(connection: psycopg.Connection, series: list[Any]) -> Iterator[tuple[str, int, Decimal]]:
    for number, steps in enumerate(series):
        day, shown = date(2023, 3, 15), Decimal(100)
        readings = [(day, shown)]
        for days, used in steps:
            following = day + timedelta(days=days)
            for passed in range(days):  # by days, in plain words
                yield "Q_VAND", (day + timedelta(days=passed)).year, used / days
            day, shown = following, shown + used
            readings.append((day, shown))
        for read_at, value in readings:
            connection.execute(
                "insert into staging.stg_ek109__readings (municipality_code, delivery_id, meter_no, installation_no, "
                "energy_code, carrier, art_code, type_code, reading_kind, counter_m3, is_failed, is_notice, read_at) "
                "values (%s, 1, %s, %s, '2', 'water', '2', '1', 'counter', %s, false, false, %s)",
                [CODE, f"C{number}", f"I{number}", value, read_at],
            )


def _links(connection: psycopg.Connection, world: dict[str, Any]) -> None:
    keys = [f"{kind}{number}" for number in range(3) for kind in ("F", "C", "S")]
    link_no = 0
    for key, parts in zip(keys, world["links"], strict=False):
        for property_no, share in zip(("P1", "P2", "P3", "P404"), parts, strict=False):
            link_no += 1
            connection.execute(
                "insert into register.property_links (municipality_code, link_no, link_type, source_key, property_no, "
                "share, valid_from, valid_to) values (%s, %s, 'meter', %s, %s, %s, 0, 9999)",
                [CODE, link_no, key, property_no, share],
            )


def _meter(connection: psycopg.Connection, meter_no: str, carrier: str, unit: str, property_no: str | None) -> None:
    connection.execute(
        "insert into staging.stg_energy__meters (municipality_code, meter_no, carrier, unit, property_no, delivery_id) "
        "values (%s, %s, %s, %s, %s, 1)",
        [CODE, meter_no, carrier, unit, property_no],
    )


def _reading(connection: psycopg.Connection, meter_no: str, start: date, quantity: Decimal, unit: str) -> None:
    connection.execute(
        "insert into staging.stg_energy__readings (municipality_code, delivery_id, row_no, meter_no, period, unit, "
        "year, period_start, is_whole_year, quantity) values (%s, 1, 1, %s, %s, %s, %s, %s, false, %s)",
        [CODE, meter_no, f"{start:%Y-%m}", unit, start.year, start, quantity],
    )
