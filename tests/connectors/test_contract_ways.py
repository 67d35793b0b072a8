"""Every way into every source by API keeps the contract: faults have their class, and no message holds a secret."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from connectors.base import NATIONAL, Source, Way, registered
from connectors.errors import (
    AuthenticationError,
    ConfigError,
    FatalError,
    PermissionDeniedError,
    RateLimitedError,
    RetryableError,
    ServerError,
    SourceError,
)
from connectors.pull import Wanted, pull
from tests.connectors.drops import configure, select
from tests.connectors.scripted import Answer, serve
from warehouse.settings import Settings, get_settings

WAYS = [(source, way) for source in registered().values() for way in source.ways]
LOGIN, KEY, CODE = "reader-of-0981", "k3y-that-nobody-may-see", "0981"
# answer -> class of the error
FAULTS: dict[str, tuple[Answer, type[SourceError] | tuple[type[SourceError], ...]]] = {
    "401": (Answer(401, json.dumps({"message": f"bad key {KEY}"}).encode()), AuthenticationError),
    "403": (Answer(403), PermissionDeniedError),
    "429": (Answer(429, headers={"Retry-After": "600"}), RateLimitedError),
    "500": (Answer(500, f"<pre>{KEY}</pre>".encode()), ServerError),
    "HTML": (Answer(200, b"<html>Vedligehold</html>", {"Content-Type": "text/html"}), (FatalError, RetryableError)),
    "truncated": (Answer(200, b"{", {"Content-Type": "application/json"}, announced=999), RetryableError),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(("source", "way"), WAYS, ids=[f"{source.name}.{way.name}" for source, way in WAYS])
def test_a_fault_of_the_service_has_its_class_and_tells_no_secret(
    warehouse: Settings,
    config_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    source: Source,
    way: Way,
    fault: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    answer, expected = FAULTS[fault]
    before = select(warehouse, "select count(*) from ops.deliveries")
    with serve(lambda *_: answer) as server:
        patience = {"attempts": 1, "backoff": 0.01, "longest_wait": 1}
        stored = {"host": server.url, "login": LOGIN, "password": KEY, "extra": patience}
        monkeypatch.setenv("AIRFLOW_CONN_SERVICE", json.dumps(stored))
        error = failure_of(config_folder, source, way)
        if isinstance(error, ConfigError):
            assert not server.asked, error  # a source that needs more configuration asks nothing before it has it
        else:
            assert isinstance(error, expected), error
    for text in (str(error), caplog.text):
        assert KEY not in text
        assert LOGIN not in text
    assert select(warehouse, "select count(*) from ops.deliveries") == before


def failure_of(config_folder: Path, source: Source, way: Way) -> SourceError:
    """How a pull of one stream by this way ends: for a municipality, or for all of them together."""
    stream = next(stream.name for stream in source.streams if not way.streams or stream.name in way.streams)
    wanted = Wanted(streams=frozenset({stream}))
    found: SourceError | None = None
    for code in (CODE, NATIONAL):
        configure(config_folder, code, **{source.name: {"connection": "service", "way": way.name}})
        try:
            pull(source.name, code, get_settings(), wanted=wanted)
        except ConfigError as error:
            found = error
        except SourceError as error:
            return error
    assert found is not None, "the pull did not fail"
    return found


def test_a_way_names_an_official_address_or_asks_for_one() -> None:
    for _, way in WAYS:
        assert not way.base_url or way.base_url.startswith("https://")
