"""A pull that is cut off goes on where it was, and only then."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from connectors.errors import BusyError, Place
from connectors.spool import Spool

COLUMNS = ("id", "name")


def test_a_new_pull_starts_with_no_state_and_the_heading(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "pull")
    assert spool.resume("v1", COLUMNS) == {}
    assert spool.path.read_text() == "id,name\n"


def test_a_pull_goes_on_after_the_last_page_that_was_noted(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "pull")
    spool.resume("v1", COLUMNS)
    spool.append([("1", "Skole"), ("2", "Hal")], {"bookmark": "b2"})
    again = Spool(tmp_path / "pull")
    assert again.resume("v1", COLUMNS) == {"bookmark": "b2"}
    again.append([("3", "Bad, ude")], {"bookmark": "b3"})
    assert again.path.read_text() == 'id,name\n1,Skole\n2,Hal\n3,"Bad, ude"\n'


def test_rows_behind_the_noted_place_are_cut_off(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "pull")
    spool.resume("v1", COLUMNS)
    spool.append([("1", "Skole")], {"bookmark": "b2"})
    with spool.path.open("a") as file:  # a process that died between the rows and their place
        file.write("2,Ha")
    assert Spool(tmp_path / "pull").resume("v1", COLUMNS) == {"bookmark": "b2"}
    assert spool.path.read_text() == "id,name\n1,Skole\n"


def test_another_pull_or_a_long_break_starts_anew(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "pull")
    spool.resume("v1", COLUMNS)
    spool.append([("1", "Skole")], {"bookmark": "b2"})
    assert Spool(tmp_path / "pull").resume("v2", COLUMNS) == {}
    spool.append([("1", "Skole")], {"bookmark": "b2"})
    yesterday = os.stat(tmp_path / "pull" / "place.json").st_mtime - 25 * 3600
    os.utime(tmp_path / "pull" / "place.json", (yesterday, yesterday))
    assert Spool(tmp_path / "pull").resume("v1", COLUMNS) == {}


def test_a_process_killed_while_it_writes_leaves_whole_pages(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from connectors.spool import Spool\n"
        "spool = Spool(Path(sys.argv[1])); page = spool.resume('v1', ('id', 'name')).get('page', 0)\n"
        "print(page, flush=True)\n"
        "while True:\n"
        "    page += 1; spool.append([(str(page), 'x' * 50_000)] * 3, {'page': page}); print(page, flush=True)\n"
    )
    seen = 0
    for _ in range(3):
        process = subprocess.Popen([sys.executable, "-c", script, str(tmp_path / "pull")], stdout=subprocess.PIPE)
        assert process.stdout is not None
        first = int(process.stdout.readline())
        assert first >= seen
        for _ in range(4):
            seen = int(process.stdout.readline())
        process.kill()
        process.communicate()
    state = Spool(tmp_path / "pull").resume("v1", COLUMNS)
    assert state["page"] >= seen
    rows = (tmp_path / "pull" / "rows.csv").read_text().splitlines()[1:]
    assert [row.partition(",")[0] for row in rows] == [str(p) for p in range(1, state["page"] + 1) for _ in range(3)]


def test_two_pulls_of_one_stream_do_not_mix(tmp_path: Path) -> None:
    place = Place("fm_dalux", "buildings", "0992")
    first, second = (Spool(tmp_path / "pulls" / "0992", place=place) for _ in range(2))
    with first.held():
        with pytest.raises(BusyError, match="another pull of this stream is under way; wait for it to end") as caught:
            second.held().__enter__()
        assert "municipality 0992" in str(caught.value)
    with second.held():
        pass


def test_a_pull_that_was_killed_does_not_keep_the_next_one_away(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from connectors.spool import Spool\n"
        "with Spool(Path(sys.argv[1])).held(): print(flush=True); time.sleep(60)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script, str(tmp_path / "pull")], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    with pytest.raises(BusyError):
        Spool(tmp_path / "pull").held().__enter__()
    process.kill()
    process.communicate()
    with Spool(tmp_path / "pull").held():
        pass
