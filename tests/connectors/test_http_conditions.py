"""A service that tells versions is asked for what is newer only; its 304 is no delivery."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors import landing
from connectors.base import Way
from connectors.connections import Connection
from connectors.declarations import Delivery
from connectors.errors import Place, UnchangedError
from connectors.http import Client
from connectors.known import KnownDeliveries
from tests.connectors.scripted import Answer, Asked, serve
from warehouse.settings import Settings

PLACE = Place("bbr", "grund", "0992")
WAY = Way("api", lambda request: iter(()))
CSV = b"id_lokalId,kommunekode,status\ng1,0992,7\n"


def versioned(header: str, value: str) -> object:
    """A service whose one file has this version."""
    condition = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}[header]

    def respond(asked: Asked, _: int) -> Answer:
        if asked.headers.get(condition) == value:
            return Answer(304)
        return Answer(200, CSV, {header: value, "Content-Type": "text/csv"})

    return respond


@pytest.mark.parametrize(
    ("header", "value"), [("ETag", 'W/"7 of 9"'), ("Last-Modified", "Mon, 23 Nov 2026 06:00:00 GMT")]
)
def test_what_has_not_changed_is_not_sent_again(tmp_path: Path, header: str, value: str) -> None:
    with serve(versioned(header, value)) as server, Client(Connection(server.url), PLACE, WAY) as client:
        client.download("file", tmp_path / "first")
        version = client.version
        assert version == f"{header} {value}"
        with pytest.raises(UnchangedError, match="nothing newer"):
            client.download("file", tmp_path / "second", unless=version)
        client.download("file", tmp_path / "third", unless=f"{header} another")
    assert (tmp_path / "first").read_bytes() == (tmp_path / "third").read_bytes() == CSV
    assert not (tmp_path / "second").exists()
    assert len(server.asked) == 3  # a 304 is an answer: it is not asked for again


def test_an_answer_in_json_is_asked_for_in_the_same_way() -> None:
    def respond(asked: Asked, _: int) -> Answer:
        return Answer(304) if "If-None-Match" in asked.headers else Answer(200, b'{"n": 1}', {"ETag": '"a"'})

    with serve(respond) as server, Client(Connection(server.url), PLACE, WAY) as client:
        assert client.get_json("file") == {"n": "1"}
        with pytest.raises(UnchangedError):
            client.get_json("file", unless=client.version)


def test_a_version_that_the_service_did_not_give_asks_for_everything(tmp_path: Path) -> None:
    with serve(lambda *_: Answer(200, CSV)) as server, Client(Connection(server.url), PLACE, WAY) as client:
        client.download("file", tmp_path / "file", unless="BBR_V2_Grund.zip 900150983cd24fb0")
        assert client.version is None
    assert not {"If-None-Match", "If-Modified-Since"} & server.asked[0].headers.keys()


def test_the_version_of_what_has_landed_is_the_one_to_ask_with(clean_warehouse: Settings, tmp_path: Path) -> None:
    path = tmp_path / "grund.csv"
    path.write_bytes(CSV)
    columns = {"id_lokalId": "id_lokalid", "kommunekode": "kommunekode", "status": "status"}
    delivery = Delivery(
        "bbr", "grund", "0992", "snapshot", path, path.name, columns, frozenset({"id_lokalid"}), "profile 1",
        source_version='ETag "a"',
    )  # fmt: skip
    assert landing.land(delivery, clean_warehouse).outcome == "landed"
    known = KnownDeliveries("bbr", "grund", "0992", clean_warehouse)
    current = known.current_version("profile 1")
    assert current is not None
    assert current.source_version == 'ETag "a"'
    # Read by another profile the same bytes could read otherwise: they have to come again.
    assert known.current_version("profile 2") is None
