"""What a service allows is obeyed by all threads and processes of a machine together."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.base import RateLimit, Way
from connectors.connections import Connection
from connectors.errors import Place, RateLimitedError
from connectors.http import Client
from connectors.limits import Turns, binding, shared_name
from tests.connectors.scripted import Answer, Asked, Server, json_answer, serve

PLACE = Place("eloverblik", "readings", "0992")
KEY = "very-secret"


def way(*limits: RateLimit) -> Way:
    return Way("api", lambda request: iter(()), auth="header", auth_name="X-Key", limits=limits)


def ask(server: Server, folder: Path, *limits: RateLimit, calls: int = 1, **options: float) -> None:
    connection = Connection(server.url, KEY, dict(options))
    with Client(connection, PLACE, way(*limits), turns_folder=folder) as client:
        for _ in range(calls):
            client.get_json("points")


OTHER_PROCESS = """
import sys
from pathlib import Path
from connectors.base import RateLimit
from tests.connectors.scripted import Server
from tests.connectors.test_limits import ask
limit = RateLimit(int(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5]) or None)
ask(Server(sys.argv[1], []), Path(sys.argv[2]), limit, calls=int(sys.argv[6]))
"""


def two_processes(server: Server, folder: Path, calls: int, seconds: float, at_once: int, each: int) -> None:
    arguments = [server.url, str(folder), *map(str, (calls, seconds, at_once, each))]
    started = [subprocess.Popen([sys.executable, "-c", OTHER_PROCESS, *arguments]) for _ in range(2)]
    assert [process.wait(timeout=30) for process in started] == [0, 0]


@pytest.fixture
def asked_at() -> list[float]:
    return []


@pytest.fixture
def service(asked_at: list[float]) -> Iterator[Server]:
    def respond(_: Asked, number: int) -> Answer:
        asked_at.append(time.monotonic())
        return json_answer({"n": number})

    with serve(respond) as server:
        yield server


def test_two_processes_together_ask_no_oftener_than_the_service_allows(
    service: Server, asked_at: list[float], tmp_path: Path
) -> None:
    two_processes(service, tmp_path, calls=4, seconds=1.0, at_once=0, each=5)
    assert len(asked_at) == 10
    # No five calls fall into one second; a tenth is left for the way from the turn to the service.
    assert all(fifth - first > 0.9 for first, fifth in zip(asked_at, asked_at[4:], strict=False))


def test_two_processes_together_ask_no_more_at_once_than_the_service_allows(tmp_path: Path) -> None:
    under_way, most, guard = 0, 0, threading.Lock()

    def respond(_: Asked, number: int) -> Answer:
        nonlocal under_way, most
        with guard:
            under_way += 1
            most = max(most, under_way)
        time.sleep(0.05)
        with guard:
            under_way -= 1
        return json_answer({"n": number})

    with serve(respond) as server:
        two_processes(server, tmp_path, calls=1000, seconds=1, at_once=1, each=4)
        assert len(server.asked) == 8
    assert most == 1


def test_a_process_that_dies_leaves_its_turn_to_the_others(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path\n"
        "from connectors.base import RateLimit; from connectors.errors import Place\n"
        "from connectors.limits import Turns\n"
        "turns = Turns(Path(sys.argv[1]), (RateLimit(9, 1, 1),), Place('x'), 1)\n"
        "with turns.take(): print(flush=True); time.sleep(60)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    waiting = Turns(tmp_path, (RateLimit(9, 1, 1),), PLACE, longest=0.2)
    with pytest.raises(RateLimitedError), waiting.take():
        pass
    process.kill()
    process.communicate()
    with waiting.take():
        pass
    waiting.close()


def test_a_wait_for_a_turn_ends_and_says_so_without_the_key(service: Server, tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(RateLimitedError, match="no turn within the limits") as caught:
        ask(service, tmp_path, RateLimit(1, 3600), calls=2, longest_turn=0.3)
    assert time.monotonic() - began < 3  # it is not tried again either
    assert KEY not in str(caught.value)
    assert len(service.asked) == 1


def test_a_long_wait_is_logged_without_the_key(
    service: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    ask(service, tmp_path, RateLimit(2, 1.2), calls=3)
    assert "waited 1 s for a turn" in caplog.text
    assert KEY not in caplog.text


def test_a_connection_may_allow_less_than_the_service_but_not_more(service: Server, tmp_path: Path) -> None:
    with pytest.raises(RateLimitedError):
        ask(service, tmp_path / "less", RateLimit(100, 1), calls=3, calls_per_minute=2, longest_turn=0.2)
    with pytest.raises(RateLimitedError):
        ask(service, tmp_path / "more", RateLimit(2, 60), calls=3, calls_per_minute=900, longest_turn=0.2)


def test_without_limits_nothing_is_written_or_waited_for(service: Server, tmp_path: Path) -> None:
    ask(service, tmp_path / "turns", calls=3)
    assert not (tmp_path / "turns").exists()


def test_the_shared_folder_tells_neither_address_nor_key() -> None:
    name = shared_name("salt", "api.example.dk", None, KEY)
    assert name == shared_name("salt", "api.example.dk", None, KEY)
    assert len({name, shared_name("other", "api.example.dk", None, KEY), shared_name("salt", "b", None, KEY)}) == 3
    assert name.isalnum()
    assert len(name) == 24


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ([(100, 60), (10, 60)], [(10, 60)]),
        ([(10, 60), (5, 3600)], [(5, 3600)]),  # the long one is met first
        ([(10, 1), (1200, 60)], [(10, 1)]),  # the long one is never met
        ([(1000, 3600), (5, 1)], [(5, 1), (1000, 3600)]),
    ],
)
def test_only_limits_that_can_be_met_are_counted(given: list[tuple[int, int]], kept: list[tuple[int, int]]) -> None:
    found = binding([RateLimit(calls, seconds) for calls, seconds in given])
    assert [(limit.calls, limit.seconds) for limit in found] == kept
