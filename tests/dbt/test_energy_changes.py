"""Cost follows change: a delivery of readings is aggregated once, and leaves when it no longer counts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.dbt.conftest import build_world, insert, run_dbt
from tests.dbt.energy_world import CODE, CONFIGURATION, READINGS, next_month, table, utc
from tests.dbt.small_world import RawDelivery
from warehouse.database import connect
from warehouse.settings import Settings

# A test that spans layers waits until all of its parents are there.
BUILD = ("build", "--indirect-selection", "buildable")
MODEL = "int_eloverblik_months__summed"


def month(start: date, quantity: str) -> RawDelivery:
    """A delivery of a month of one metering point, as the API gives it with aggregation Month."""
    end = next_month(start)
    row = f"5701|A04|kWh|P1M|{utc(start)}|{utc(end)}|1|{quantity}|A04"
    return RawDelivery(
        "eloverblik", "readings", CODE, table(READINGS, [row]), "window", window=(start, end), decimal_mark="."
    )


def kept() -> dict[str, tuple[str, str]]:
    """Month -> its quantity, and the transaction that wrote it."""
    with connect("owner") as connection:
        return {
            str(local_month): (str(quantity), str(written))
            for local_month, quantity, written in connection.execute(
                f"select local_month, quantity_kwh, xmin from intermediate.{MODEL}"
            )
        }


def test_a_month_is_aggregated_once_and_a_correction_of_an_old_year_replaces_it(
    warehouse: Settings, tmp_path: Path
) -> None:
    settings = warehouse.model_copy(update={"config": tmp_path})
    build_world(
        warehouse, tmp_path, CONFIGURATION, [month(date(2022, 1, 1), "10"), month(date(2024, 1, 1), "20")],
        f"+{MODEL}",
    )  # fmt: skip
    first = kept()
    assert {name: quantity for name, (quantity, _) in first.items()} == {"2022-01-01": "10", "2024-01-01": "20"}

    run_dbt(settings, tmp_path, *BUILD, "--select", MODEL)
    assert kept() == first

    with connect("owner", autocommit=True) as connection:
        connection.execute("update ops.deliveries set state = 'superseded' where window_from = '2022-01-01'")
        insert(connection, month(date(2022, 1, 1), "11"))
        insert(connection, month(date(2024, 2, 1), "30"))
    run_dbt(settings, tmp_path, *BUILD, "--select", MODEL)
    second = kept()
    assert second["2024-01-01"] == first["2024-01-01"]  # not written again
    assert (second["2022-01-01"][0], second["2024-02-01"][0]) == ("11", "30")
    assert len(second) == 3

    run_dbt(settings, tmp_path, *BUILD, "--full-refresh", "--select", MODEL)
    assert {name: quantity for name, (quantity, _) in kept().items()} == {
        name: quantity for name, (quantity, _) in second.items()
    }


def test_what_is_kept_survives_a_crash(warehouse: Settings, tmp_path: Path) -> None:
    build_world(warehouse, tmp_path, CONFIGURATION, [month(date(2024, 1, 1), "20")], f"+{MODEL}")
    with connect("owner") as connection:
        row = connection.execute(
            "select relpersistence from pg_class where oid = to_regclass(%s)", [f"intermediate.{MODEL}"]
        ).fetchone()
    assert row == ("p",)  # an unlogged table is empty after a crash
