"""The HTTP client against a real server that misbehaves, and what a pull leaves behind then."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from connectors.base import Way
from connectors.connections import Connection
from connectors.errors import (
    AuthenticationError,
    IncompleteResponseError,
    PermissionDeniedError,
    Place,
    RateLimitedError,
    RepeatedPageError,
    RequestRefusedError,
    ServerError,
    SourceError,
    SourceTimeoutError,
    UnexpectedContentError,
)
from connectors.http import Client
from connectors.pull import pull
from tests.connectors.drops import configure, select
from tests.connectors.scripted import Answer, Asked, Server, json_answer, serve
from warehouse.settings import Settings, get_settings

KEY = "s3cret-key-4711"
QUICK = {"backoff": 0.01, "attempts": 2, "read_timeout": 0.3, "longest_wait": 2}
PLACE = Place("fm_dalux", "estates", "0992")
WAY = Way("test", lambda request: iter(()), auth="query", auth_name="apikey")
EMPTY_PAGE = {"items": [], "metadata": {}}
HTML = Answer(200, b"<html><body>Log in</body></html>", {"Content-Type": "text/html; charset=utf-8"})
ESTATE = {"data": {"estateId": "1", "name": "Skolen"}}


def client(server: Server, **options: Any) -> Client:
    return Client(Connection(server.url, KEY, {**QUICK, **options}), PLACE, WAY)


def full_page(bookmark: str) -> dict[str, Any]:
    items = [{"data": {"estateId": str(number)}} for number in range(100)]
    return {"items": items, "metadata": {"totalItems": 400, "nextBookmark": bookmark}}


FAULTS: dict[str, tuple[Callable[[Asked, int], Answer], type[SourceError]]] = {
    "401": (lambda _, n: json_answer({"errorCode": "E40104", "errorCodeMessage": f"ExpiredApiKey {KEY}"}, 401),
            AuthenticationError),
    "403": (lambda _, n: json_answer({"errorCode": "E40301", "errorCodeMessage": "Forbidden"}, 403),
            PermissionDeniedError),
    "404": (lambda _, n: Answer(404), RequestRefusedError),
    "429": (lambda _, n: Answer(429, headers={"Retry-After": "0"}), RateLimitedError),
    "500": (lambda _, n: Answer(500, b"<h1>apikey=" + KEY.encode()), ServerError),
    "timeout": (lambda _, n: Answer(200, pause=5), SourceTimeoutError),
    "half a body": (lambda _, n: Answer(200, b'{"items": [', announced=5000), IncompleteResponseError),
    "html": (lambda _, n: HTML, UnexpectedContentError),
    "no envelope": (lambda _, n: json_answer({"rows": []}), UnexpectedContentError),
    "an item without record": (lambda _, n: json_answer({"items": [7], "metadata": {}}), UnexpectedContentError),
    "repeated page": (lambda _, n: json_answer(full_page(f"b{n}")), RepeatedPageError),
    "redirect to another host": (
        lambda _, n: Answer(302, headers={"Location": f"http://localhost:1/elsewhere?apikey={KEY}"}),
        RequestRefusedError),
    "endless redirect": (lambda asked, n: Answer(302, headers={"Location": asked.path}), RequestRefusedError),
    "fewer items than declared": (
        lambda _, n: json_answer({"items": [ESTATE], "metadata": {"totalItems": 2}}), IncompleteResponseError),
}  # fmt: skip


@pytest.mark.parametrize(("respond", "error_class"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_of_the_source_has_its_class_one_sentence_and_leaves_the_warehouse_as_it_was(
    clean_warehouse: Settings,
    config_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    respond: Callable[[Asked, int], Answer],
    error_class: type[SourceError],
) -> None:
    caplog.set_level(logging.DEBUG)
    configure(config_folder, fm_dalux={"connection": "dalux_0992"})
    with serve(respond) as server:
        stored = {"conn_type": "http", "host": f"{server.url}/api", "password": KEY, "extra": QUICK}
        monkeypatch.setenv("AIRFLOW_CONN_DALUX_0992", json.dumps(stored))
        with pytest.raises(SourceError) as caught:
            pull("fm_dalux", "0992", get_settings())

    assert type(caught.value) is error_class
    message = str(caught.value)
    assert re.fullmatch(r"fm_dalux\.estates, municipality 0992: [^\n]+; [^\n]+\.", message)
    assert KEY not in message + caplog.text
    assert caught.value.__cause__ is None
    assert select(clean_warehouse, "select count(*) from ops.deliveries") == [(0,)]
    assert select(clean_warehouse, "select count(*) from raw_fm_dalux.estates") == [(0,)]


def test_a_server_error_is_tried_again() -> None:
    with serve(lambda _, n: Answer(500) if n == 0 else json_answer({"area": 0})) as server, client(server) as http:
        assert http.get_json("things") == {"area": "0"}


def test_numbers_keep_the_form_the_source_wrote() -> None:
    body = Answer(200, b'{"area": 0.0, "large": 12345678901234567890.10}', {"Content-Type": "application/json"})
    with serve(lambda _, n: body) as server, client(server) as http:
        assert http.get_json("things") == {"area": "0.0", "large": "12345678901234567890.10"}


def test_a_busy_source_is_left_alone_as_long_as_it_asks() -> None:
    busy = Answer(429, headers={"Retry-After": "1"})
    with serve(lambda _, n: busy if n == 0 else json_answer(EMPTY_PAGE)) as server, client(server) as http:
        started = time.monotonic()
        assert http.get_json("things") == EMPTY_PAGE
        assert time.monotonic() - started >= 1


@pytest.mark.parametrize("wait", ["3600", "Fri, 01 Jan 2100 00:00:00 GMT"])
def test_a_source_that_asks_for_an_hour_is_not_waited_for(wait: str) -> None:
    with (
        serve(lambda _, n: Answer(429, headers={"Retry-After": wait})) as server,
        client(server) as http,
        pytest.raises(RateLimitedError),
    ):
        http.get_json("things")
    assert len(server.asked) == 1


def test_a_wrong_key_is_not_tried_again() -> None:
    with serve(lambda _, n: Answer(401)) as server, client(server) as http, pytest.raises(AuthenticationError):
        http.get_json("things")
    assert len(server.asked) == 1


def test_a_redirect_within_the_host_is_followed_without_sending_the_key_twice() -> None:
    def respond(asked: Asked, _: int) -> Answer:
        if asked.path == "/things":
            return Answer(307, headers={"Location": "/moved?x=1"})
        return json_answer({"x": asked.query})

    with serve(respond) as server, client(server) as http:
        assert http.get_json("things") == {"x": {"x": "1"}}


def test_no_connection_is_a_timeout_of_the_source() -> None:
    with (
        Client(Connection("http://127.0.0.1:1", KEY, QUICK), PLACE, WAY) as http,
        pytest.raises(SourceTimeoutError, match="no connection"),
    ):
        http.get_json("things")


def test_a_download_with_another_checksum_is_tried_again_and_never_left_behind(tmp_path: Path) -> None:
    target = tmp_path / "file.zip"
    with (
        serve(lambda _, n: Answer(200, b"abc")) as server,
        client(server) as http,
        pytest.raises(IncompleteResponseError, match="MD5"),
    ):
        http.download("GetFile", target, md5_hash="0" * 32)
    assert len(server.asked) == 2
    assert not target.exists()


def test_a_download_that_breaks_off_once_is_whole_after_the_second_try(tmp_path: Path) -> None:
    target = tmp_path / "file.zip"
    with serve(lambda _, n: Answer(200, b"abcdef", announced=None if n else 9)) as server, client(server) as http:
        http.download("GetFile", target, md5_hash="E80B5017098950FC58AAD83C8C14978E")
    assert target.read_bytes() == b"abcdef"


def test_an_answer_larger_than_the_limit_is_refused(tmp_path: Path) -> None:
    with (
        serve(lambda _, n: Answer(200, b"x" * 2000)) as server,
        client(server, largest_file=1000) as http,
        pytest.raises(UnexpectedContentError, match="larger than 1000 bytes"),
    ):
        http.download("GetFile", tmp_path / "file.zip")


def test_an_error_in_json_is_not_taken_for_a_file(tmp_path: Path) -> None:
    answer = json_answer({"errorTypeCode": "EXTRACT-NOTFOUND", "message": "Tabellen findes ikke"})
    with (
        serve(lambda _, n: answer) as server,
        client(server) as http,
        pytest.raises(RequestRefusedError, match="EXTRACT-NOTFOUND Tabellen findes ikke"),
    ):
        http.download("data", tmp_path / "table.csv", body={"table": "X"})
