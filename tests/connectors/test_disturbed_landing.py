"""What operations bring to landing: a full disk, a cut connection, odd clocks, odd orders, two pulls at once."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.errors import RetryableError
from connectors.landing import land
from connectors.pull import pull
from tests.connectors.drops import configure, drop, select
from tests.connectors.landing_files import meters, rows, states
from tests.connectors.test_landing_killed import is_copying, wait_for
from warehouse.database import connect, prepare
from warehouse.server import Server
from warehouse.settings import PROJECT, Settings, get_settings

MANY = 400_000
SMALL_DISK = "size=6m"
HEADING = "meter_no,carrier,unit,property_no\n"
PROFILE = {"delimiter": ",", "columns": {name: name for name in ("meter_no", "carrier", "unit", "property_no")}}
METERS = {"folder": "energy", "streams": {"meters": {"files": "m*.csv", **PROFILE}}}
CURRENT = "select file_name, row_count, warnings from ops.deliveries where state = 'landed'"
READINGS = {
    "files": "r_*.csv", "delimiter": ",", "decimal": ".", "date_formats": ["%Y-%m-%d"],
    "columns": {"meter": "meter_no", "period": "period", "quantity": "quantity", "unit": "unit"},
    "window": r"(?P<year>\d{4})",
}  # fmt: skip

PULL = """
from connectors.pull import pull
from warehouse.settings import get_settings
pull("energy", "0991", get_settings())
"""


def lines(count: int) -> bytes:
    return (HEADING + "".join(f"M{number},el,kWh,{number % 900}\n" for number in range(count))).encode()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of six megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", SMALL_DISK, "none", folder]).returncode:
        pytest.skip("mounting a small disk needs to be root, with the right to mount")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def server_on_small_disk(small_disk: Path, tmp_path: Path) -> Iterator[Settings]:
    """A server of its own, for a full disk may stop one, whose table of meters lies on the small disk."""
    settings = Settings(home=tmp_path / "home", config=tmp_path / "config")
    server = Server(settings)
    server.start()
    try:
        server.hand_over(small_disk)
        prepare(settings)
        with connect("owner", settings=settings, autocommit=True) as connection:
            connection.execute(f"create tablespace small location '{small_disk}'".encode())
            connection.execute("alter table raw_energy.meters set tablespace small")
        yield settings
    finally:
        server.stop(immediate=True)


def test_a_full_disk_of_the_server_ends_in_a_sentence_and_once_there_is_room_the_rows_land(
    server_on_small_disk: Settings, small_disk: Path, tmp_path: Path
) -> None:
    settings = server_on_small_disk
    land(meters(tmp_path, lines(10), "before.csv"), settings)
    with pytest.raises(RetryableError, match="the disk of the database server is full"):
        land(meters(tmp_path, lines(MANY), "large.csv"), settings)
    assert select(settings, "select count(*) from raw_energy.meters") == [(10,)]
    assert select(settings, "select file_name, state from ops.deliveries") == [("before.csv", "landed")]
    assert list((settings.home / "deliveries").rglob("*.tmp")) == []
    subprocess.run(["mount", "-o", "remount,size=200m", small_disk], check=True)
    assert land(meters(tmp_path, lines(MANY), "large.csv"), settings).row_count == MANY


def test_a_full_disk_of_the_kept_bytes_lands_nothing_and_says_so(
    small_disk: Path, config_folder: Path, clean_warehouse: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    municipality = configure(config_folder, "0991", energy=METERS)
    drop(municipality / "energy", "m1.csv", lines(MANY))
    monkeypatch.setenv("EJENDOMSTAL_STORE_URL", f"file://{small_disk}")
    with pytest.raises(RetryableError, match="the disk is full; free space"):
        pull("energy", "0991", get_settings())
    assert rows("select count(*) from raw_energy.meters") == [(0,)]
    assert rows("select count(*) from ops.deliveries") == [(0,)]
    assert [path for path in small_disk.rglob("*") if path.is_file()] == []
    subprocess.run(["mount", "-o", "remount,size=64m", small_disk], check=True)
    assert [result.outcome for result in pull("energy", "0991", get_settings())] == ["landed"]


def test_a_connection_that_is_cut_in_the_middle_of_a_landing_leaves_nothing(
    clean_warehouse: Settings, tmp_path: Path
) -> None:
    delivery = meters(tmp_path, lines(MANY), "large.csv")
    faults: list[Exception] = []

    def attempt() -> None:
        try:
            land(delivery, clean_warehouse)
        except Exception as error:
            faults.append(error)

    thread = threading.Thread(target=attempt)
    thread.start()
    wait_for(is_copying, "COPY to begin")
    assert rows("select pg_terminate_backend(pid) from pg_stat_progress_copy") == [(True,)]
    thread.join(60)
    (fault,) = faults
    assert isinstance(fault, RetryableError)
    assert "the database server" in str(fault)
    assert rows("select count(*) from raw_energy.meters") == [(0,)]
    assert states() == []
    assert land(delivery, clean_warehouse).row_count == MANY


def test_the_order_of_deliveries_does_not_depend_on_the_clock_of_this_machine(
    clean_warehouse: Settings, config_folder: Path
) -> None:
    """The first was received while the clock was ten years ahead: the second, received before by the clock, counts."""
    drops = configure(config_folder, "0991", energy=METERS) / "energy"
    drop(drops, "m1.csv", lines(30))
    settings = get_settings()
    pull("energy", "0991", settings)
    with connect("owner") as connection:
        connection.execute("update ops.deliveries set received_at = now() + '10 years', landed_at = now() + '10 years'")
    drop(drops, "m2.csv", lines(40), age=1)
    pull("energy", "0991", settings)
    assert select(settings, CURRENT) == [("m2.csv", 40, [])]
    assert {result.outcome for result in pull("energy", "0991", settings)} == {"unchanged"}
    assert select(settings, CURRENT) == [("m2.csv", 40, [])]


def test_a_file_that_comes_later_with_an_older_time_does_not_count_and_it_is_said(
    clean_warehouse: Settings, config_folder: Path
) -> None:
    drops = configure(config_folder, "0991", energy=METERS) / "energy"
    drop(drops, "m1.csv", lines(30), age=5)
    settings = get_settings()
    pull("energy", "0991", settings)
    drop(drops, "m2.csv", lines(40), age=2)
    for _ in range(2):
        pull("energy", "0991", settings)
        assert select(settings, CURRENT) == [("m1.csv", 30, [])]
    ((warnings,),) = select(settings, "select warnings from ops.deliveries where file_name = 'm2.csv'")
    assert warnings == ["it came after m1.csv and is older by its file time: that one counts"]


def test_a_file_whose_time_lies_in_the_future_is_noted(clean_warehouse: Settings, config_folder: Path) -> None:
    drops = configure(config_folder, "0991", energy=METERS) / "energy"
    in_a_year = time.time() + 365 * 86_400
    os.utime(drop(drops, "m1.csv", lines(30)), (in_a_year, in_a_year))
    pull("energy", "0991", get_settings())
    ((_, _, warnings),) = select(clean_warehouse, CURRENT)
    assert len(warnings) == 1
    assert "lies in the future" in warnings[0]


def test_windows_that_arrive_in_the_wrong_order_count_each_for_itself_and_once(
    clean_warehouse: Settings, config_folder: Path
) -> None:
    section = {"folder": "energy", "streams": {"readings": READINGS}}
    municipality = configure(config_folder, "0991", energy=section)
    settings = get_settings()
    heading = "meter,period,quantity,unit\n"
    for age, year in enumerate((2025, 2023, 2024)):
        drop(municipality / "energy", f"r_{year}.csv", f"{heading}M1,{year}-01-01,{year},kWh\n", age=age)
        pull("energy", "0991", settings)
    drop(municipality / "energy", "r_2023_again.csv", f"{heading}M1,2023-01-01,2023,kWh\n", age=9)
    pull("energy", "0991", settings)
    found = select(
        settings,
        "select r.quantity from raw_energy.readings r join ops.current_deliveries using (delivery_id) order by 1",
    )
    assert found == [("2023",), ("2024",), ("2025",)]


def test_two_pulls_of_one_source_at_once_land_every_file_once(clean_warehouse: Settings, config_folder: Path) -> None:
    streams = {"meters": {"files": "m*.csv", **PROFILE}, "readings": READINGS}
    municipality = configure(config_folder, "0991", energy={"folder": "energy", "streams": streams})
    drop(municipality / "energy", "m1.csv", lines(50_000))
    for year in range(2015, 2026):
        text = "".join(f"M{number},{year}-01-01,{number},kWh\n" for number in range(2000))
        drop(municipality / "energy", f"r_{year}.csv", f"meter,period,quantity,unit\n{text}")
    both = [subprocess.Popen([sys.executable, "-c", PULL], cwd=PROJECT) for _ in range(2)]
    assert [process.wait(120) for process in both] == [0, 0]
    settings = get_settings()
    assert select(settings, "select state, count(*), sum(row_count) from ops.deliveries group by 1") == [
        ("landed", 12, 72_000)
    ]
    assert select(settings, "select count(*) from raw_energy.readings") == [(22_000,)]


def test_a_heading_that_comes_in_the_middle_of_a_year_is_noted_and_one_that_goes_is_named(
    clean_warehouse: Settings, config_folder: Path
) -> None:
    readings = {**READINGS, "window": r"(?P<year>\d{4})-(?P<month>\d{2})"}
    drops = configure(config_folder, "0991", energy={"folder": "energy", "streams": {"readings": readings}}) / "energy"
    drop(drops, "r_2025-01.csv", "meter,period,quantity,unit\nM1,2025-01-01,1,kWh\n")
    drop(drops, "r_2025-02.csv", "meter,period,quantity,unit,kvalitet\nM1,2025-02-01,2,kWh,god\n")
    drop(drops, "r_2025-03.csv", "meter,period,quantities,unit\nM1,2025-03-01,3,kWh\n")
    results = pull("energy", "0991", get_settings())
    assert [result.outcome for result in results] == ["landed", "landed", "rejected"]
    assert results[2].error_class == "MissingColumnError"
    assert "quantity" in str(results[2].reason)
    noted = rows("select warnings from ops.deliveries order by file_name")
    assert ["kvalitet" in str(warnings) for (warnings,) in noted] == [False, True, False]
    assert rows("select period, quantity from raw_energy.readings order by 1") == [
        ("2025-01-01", "1"), ("2025-02-01", "2"),
    ]  # fmt: skip
