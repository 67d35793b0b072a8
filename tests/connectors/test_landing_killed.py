from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from connectors.landing import land
from tests.connectors.landing_files import meters, rows
from warehouse.settings import Settings

ROWS = 400_000
PROGRAM = """
import sys
from pathlib import Path
from connectors.landing import land
from tests.connectors.landing_files import meters
from warehouse.settings import get_settings
path = Path(sys.argv[1])
land(meters(path.parent, path.read_bytes(), path.name), get_settings())
"""


def wait_for(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, f"waited a minute for {what}"
        time.sleep(0.005)


def is_copying() -> bool:
    return bool(rows("select 1 from pg_stat_progress_copy where tuples_processed > 0"))


def loader_is_gone() -> bool:
    return not rows("select 1 from pg_stat_activity where usename = 'ejd_loader'")


def test_a_landing_killed_in_the_middle_of_its_copy_leaves_nothing_and_the_next_one_completes(
    clean_warehouse: Settings, tmp_path: Path
) -> None:
    lines = "".join(f"M{number},el,{number % 900}\n" for number in range(ROWS))
    delivery = meters(tmp_path, f"meter_no,carrier,property_no\n{lines}".encode(), "large.csv")
    land(meters(tmp_path, b"meter_no,carrier\nA1,el\n", "before.csv"), clean_warehouse)
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(delivery.path)], cwd=Path.cwd())
    wait_for(is_copying, "COPY to begin")
    os.kill(process.pid, signal.SIGSTOP)
    # It stands still with rows on their way: nobody sees any of them.
    assert is_copying()
    assert rows("select count(*) from raw_energy.meters") == [(1,)]
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    wait_for(loader_is_gone, "the server to notice")
    assert rows("select meter_no from raw_energy.meters") == [("A1",)]
    assert rows("select file_name, state from ops.deliveries") == [("before.csv", "landed")]

    result = land(delivery, clean_warehouse)
    assert (result.outcome, result.row_count) == ("landed", ROWS)
    assert rows("select count(*), min(row_no), max(row_no) from raw_energy.meters where delivery_id = "
                f"{result.delivery_id}") == [(ROWS, 1, ROWS)]  # fmt: skip
    assert rows("select file_name, state from ops.deliveries order by delivery_id") == [
        ("before.csv", "superseded"),
        ("large.csv", "landed"),
    ]
    assert list((clean_warehouse.home / "deliveries").rglob("*.tmp")) == []


def test_two_landings_of_one_table_wait_for_each_other(clean_warehouse: Settings, tmp_path: Path) -> None:
    files = [tmp_path / f"{name}.csv" for name in ("one", "two")]
    for number, file in enumerate(files):
        lines = "".join(f"{file.stem}{row},el,1\n" for row in range(60_000 + number))
        file.write_text(f"meter_no,carrier,property_no\n{lines}")
    processes = [subprocess.Popen([sys.executable, "-c", PROGRAM, str(file)], cwd=Path.cwd()) for file in files]
    assert [process.wait(120) for process in processes] == [0, 0]
    found = rows("select row_count, state from ops.deliveries order by row_count")
    assert sorted(count for count, _ in found) == [60_000, 60_001]
    assert sorted(state for _, state in found) == ["landed", "superseded"]
    per_delivery = rows(
        "select count(*), count(distinct row_no), max(row_no) from raw_energy.meters group by delivery_id order by 1"
    )
    assert per_delivery == [(60_000, 60_000, 60_000), (60_001, 60_001, 60_001)]
