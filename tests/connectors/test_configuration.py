"""`sources.yml` and connections: strict, and silent about values."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.base import NATIONAL
from connectors.configuration import configured_municipalities, configured_sources, load_municipality
from connectors.connections import StoredConnection, from_environment, open_connection
from connectors.errors import ConfigError, Place
from connectors.pull import pull
from tests.connectors.drops import configure
from warehouse.settings import get_settings

PLACE = Place("bbr", municipality_code="0992")
OFFICIAL = "https://api.example.invalid/base"


def test_sources_are_listed_per_municipality(config_folder: Path) -> None:
    configure(config_folder, "0992", bbr={"connection": "bbr"}, energy={"folder": ".", "streams": {}})
    configure(config_folder, "0991", statbank=None)
    assert configured_municipalities(get_settings()) == ["0991", "0992"]
    assert configured_sources(get_settings()) == [("statbank", "0991"), ("bbr", "0992"), ("energy", "0992")]


def test_what_is_the_same_for_all_municipalities_is_pulled_first(config_folder: Path) -> None:
    configure(config_folder, "0101", bbr={"connection": "bbr"})
    configure(config_folder, NATIONAL, statbank={"first_year": 2020})
    assert configured_sources(get_settings()) == [("statbank", "0000"), ("bbr", "0101")]


def test_one_broken_file_does_not_hide_the_other_municipalities(config_folder: Path) -> None:
    configure(config_folder, "0991", bbr={"connection": "bbr"})
    (configure(config_folder, "0992") / "sources.yml").write_text("name: [", encoding="utf-8")
    pairs = configured_sources(get_settings())
    assert ("bbr", "0991") in pairs
    assert ("bbr", "0992") in pairs
    with pytest.raises(ConfigError, match=r"0992.*not readable as YAML"):
        pull("bbr", "0992", get_settings())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"bbbr": {"connection": "x"}}, "bbbr"),
        ({"bbr": {"connection": "x", "secret_key": "hunter2"}}, "secret_key"),
        ({"bbr": {"connection": "x", "user_fields": {"a": "b"}}}, "no use for the key user_fields"),
        ({"energy": {"connection": "x"}}, "no use for the key connection"),
        ({"bbr": {"connection": "x", "folder": "y"}}, "a folder of which no stream has files"),
        ({"statbank": {"first_year": "hunter2"}}, "first_year"),
        ({"municipality_code": "992"}, "municipality_code"),
        ({"municipality_code": "0993"}, "not the name of its folder"),
    ],
)
def test_a_wrong_key_is_named_and_its_value_is_not(config_folder: Path, content: dict[str, Any], words: str) -> None:
    (config_folder / "municipalities" / "0992").mkdir()
    text = json.dumps({"municipality_code": "0992", "name": "Prøvekøbing", **content})
    (config_folder / "municipalities" / "0992" / "sources.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=words) as caught:
        load_municipality(get_settings(), "0992")
    assert "hunter2" not in str(caught.value)


def test_a_source_that_is_not_configured_cannot_be_pulled(config_folder: Path) -> None:
    configure(config_folder, bbr={"connection": "bbr"})
    with pytest.raises(ConfigError, match="does not deliver this source"):
        pull("energy", "0992", get_settings())


@pytest.mark.parametrize(
    ("stored", "base_url"),
    [
        ('{"conn_type": "http", "host": "https://a.example/x/", "password": "k/1"}', "https://a.example/x"),
        ('{"conn_type": "http", "host": "a.example", "password": "k/1"}', "https://a.example"),
        ('{"conn_type": "http", "host": "a.example", "schema": "http", "port": 81, "password": "k/1"}',
         "http://a.example:81"),
        ('{"conn_type": "http", "password": "k/1"}', OFFICIAL),
        ("https://:k%2F1@a.example:444/x", "https://a.example:444/x"),
        ("http://:k%2F1@https%3A%2F%2Fa.example%2Fx", "https://a.example/x"),
        ("http://:k%2F1@", OFFICIAL),
    ],
)  # fmt: skip
def test_a_connection_is_read_in_both_of_airflows_forms(
    monkeypatch: pytest.MonkeyPatch, stored: str, base_url: str
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_SOME_API", stored)
    connection = open_connection("some_api", PLACE, OFFICIAL, needs_key=True, resolve=None)
    assert (connection.base_url, connection.key) == (base_url, "k/1")
    assert "k/1" not in repr(connection) + repr(from_environment("some_api"))


def test_settings_of_the_client_come_from_extra_in_both_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    for stored in ('{"host": "a.example", "extra": {"attempts": 2}}', "https://a.example?attempts=2"):
        monkeypatch.setenv("AIRFLOW_CONN_SOME_API", stored)
        options = open_connection("some_api", PLACE, OFFICIAL, needs_key=False, resolve=None).options
        assert int(options["attempts"]) == 2


@pytest.mark.parametrize("stored", [None, '{"host": ', "no uri", '{"host": "a.example"}'])
def test_a_connection_that_is_missing_unreadable_or_without_key_says_what_to_set(
    monkeypatch: pytest.MonkeyPatch, stored: str | None
) -> None:
    monkeypatch.delenv("AIRFLOW_CONN_SOME_API", raising=False)
    if stored is not None:
        monkeypatch.setenv("AIRFLOW_CONN_SOME_API", stored)
    with pytest.raises(ConfigError, match=r"(?i)some_api"):
        open_connection("some_api", PLACE, OFFICIAL, needs_key=True, resolve=None)


def test_a_resolver_that_is_handed_in_takes_the_place_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AIRFLOW_CONN_SOME_API", raising=False)
    known = {"some_api": StoredConnection(host="b.example", password="k")}
    connection = open_connection("some_api", PLACE, OFFICIAL, needs_key=True, resolve=known.__getitem__)
    assert connection.base_url == "https://b.example"
