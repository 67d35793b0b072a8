"""STIL: pupils by pages of a cube, the register of institutions by file."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import (
    AuthenticationError,
    ConfigError,
    RepeatedPageError,
    ServerError,
    SourceError,
    UnexpectedContentError,
)
from connectors.pull import PullResult, pull
from demo.simulators.service import Asked, Reply, Service, as_json
from demo.simulators.stil import BASE, Cell, EducationStatistics
from tests.connectors.drops import configure, drop, select
from warehouse.settings import Settings, get_settings

KEY = "a-key-of-the-municipality"
CELLS: list[Cell] = [
    ("999001", "Prøveskolen", "Prøvekøbing", "2023/2024", 2351),
    ("999001", "Prøveskolen", "Prøvekøbing", "2024/2025", 400),
    ("999002", "Lilleskolen", "Prøvekøbing", "2024/2025", 2),
    ("999003", "Øveskolen", "Prøvekøbing", "2024/2025", 35),
    ("999009", "Fjernskolen", "Eksempelby", "2024/2025", 50),
]
ALL = "select institution_no, school_year, pupils from raw_stil.pupils order by 1, 2"
LANDED = [("999001", "2023/2024", "2.351"), ("999001", "2024/2025", "400"), ("999003", "2024/2025", "35")]


@contextmanager
def serving(answer: Callable[[Asked], Reply], monkeypatch: pytest.MonkeyPatch, key: str = KEY) -> Iterator[list[Any]]:
    """What was asked, in order."""
    asked: list[Any] = []

    def noting(one: Asked) -> Reply:
        asked.append(json.loads(one.body))
        return answer(one)

    with Service(noting) as service:
        connection = {"host": service.address + BASE, "password": key, "extra": {"attempts": 1}}
        monkeypatch.setenv("AIRFLOW_CONN_STIL", json.dumps(connection))
        yield asked


@pytest.fixture
def municipality(clean_warehouse: Settings, config_folder: Path) -> Settings:
    configure(config_folder, stil={"connection": "stil", "name_in_source": "Prøvekøbing"})
    shutil.rmtree(clean_warehouse.home / "pulls", ignore_errors=True)  # what another test's pull left half-done
    return clean_warehouse


def run(code: str = "0992") -> list[PullResult]:
    return pull("stil", code, get_settings())


def test_pupils_land_as_they_are_written_and_cells_left_out_are_no_rows(
    municipality: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(EducationStatistics(CELLS, KEY, page_size=2), monkeypatch) as asked:
        (result,) = run()
        assert (result.outcome, result.row_count) == ("landed", 3)
        assert run()[0].outcome == "unchanged"
    assert select(municipality, ALL) == LANDED
    assert [body["side"] for body in asked[:3]] == [1, 2, 3]
    assert asked[0] == {
        "område": "GS", "emne": "ELEV", "underemne": "ELEVEX", "nøgletal": ["Antal elever"],
        "detaljering": [
            "[Institution].[Institutionsnummer]", "[Institution].[Institution]", "[Institution].[Beliggenhedskommune]",
            "[Skoleår].[Skoleår]",
        ],
        "filtre": {"[Institution].[Beliggenhedskommune]": ["Prøvekøbing"]},
        "indlejret": False, "tomme_rækker": False, "formattering": "json", "side": 1,
    }  # fmt: skip


def test_a_pull_that_is_cut_off_goes_on_with_the_next_page(
    municipality: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = EducationStatistics(CELLS, KEY, page_size=1)

    def broken(asked: Asked) -> Reply:
        return as_json(500, {"title": "Error"}) if json.loads(asked.body)["side"] == 3 else service(asked)

    with serving(broken, monkeypatch), pytest.raises(ServerError):
        run()
    with serving(service, monkeypatch) as asked:
        assert run()[0].row_count == 3
    assert [body["side"] for body in asked] == [3, 4]
    assert select(municipality, ALL) == LANDED


def test_the_whole_country_is_asked_for_without_a_filter(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(config_folder, "0000", stil={"connection": "stil"})
    with serving(EducationStatistics(CELLS, KEY), monkeypatch) as asked:
        assert run("0000")[0].row_count == 4
    assert "filtre" not in asked[0]
    query = "select distinct municipality_name from raw_stil.pupils order by 1"
    assert select(clean_warehouse, query) == [("Eksempelby",), ("Prøvekøbing",)]


@pytest.mark.parametrize(
    ("section", "error", "words"),
    [
        ({}, ConfigError, "København, not Københavns Kommune"),
        ({"name_in_source": "Prøvekøbings Kommune"}, UnexpectedContentError, "no schools of Prøvekøbings Kommune"),
    ],
    ids=["no name", "the genitive"],
)
def test_a_municipality_is_asked_for_by_the_name_of_the_statistics_and_not_by_its_genitive(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch, section: dict[str, str],
    error: type[SourceError], words: str,
) -> None:  # fmt: skip
    configure(config_folder, stil={"connection": "stil", **section})
    with serving(EducationStatistics(CELLS, KEY), monkeypatch), pytest.raises(error, match=words):
        run()


CELL = {
    "[Institution].[Institutionsnummer].[Institutionsnummer]": "999001", "[Skoleår].[Skoleår].[Skoleår]": "2024/2025",
    "[Institution].[Institution].[Institution]": "Prøveskolen", "[Measures].[Antal elever]": "40",
    "[Institution].[Beliggenhedskommune].[Beliggenhedskommune]": "Prøvekøbing",
}  # fmt: skip
OTHER = {**CELL, "[Institution].[Beliggenhedskommune].[Beliggenhedskommune]": "Eksempelby"}


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        ([CELL], RepeatedPageError, "the same page came twice"),
        ([OTHER], UnexpectedContentError, "schools of another municipality"),
        ([{}], UnexpectedContentError, "a cell of the answer has no Institutionsnummer"),
        ({"title": "x"}, UnexpectedContentError, "page 1 is not a list"),
    ],
    ids=["the same page", "filter not obeyed", "another cube", "no list"],
)
def test_an_answer_that_is_not_the_cube_ends_the_pull(
    municipality: Settings, monkeypatch: pytest.MonkeyPatch, answer: Any, error: type[SourceError], words: str
) -> None:
    with serving(lambda _: as_json(200, answer), monkeypatch), pytest.raises(error, match=words):
        run()
    assert select(municipality, "select count(*) from ops.deliveries") == [(0,)]


def test_a_wrong_key_is_a_fault_that_does_not_show_the_key(
    municipality: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    answer = EducationStatistics(CELLS, KEY)
    with serving(answer, monkeypatch, key="an-old-key"), pytest.raises(AuthenticationError) as caught:
        run()
    assert "an-old-key" not in str(caught.value) + caplog.text


REGISTER = (
    "\ufeffInstitutionsnummer;Institutionsnavn;Institutionstype, navn;Beliggenhedskommune;Enhedsart;Leder;E-mail;"
    "Geokode: Breddegrad;Geokode: Længdegrad\r\n"
    "999001;Prøveskolen;Folkeskoler;Københavns Kommune;Hovedskole;Nomen Nescio;nn@example.invalid;55.7;12.5\r\n"
)


def test_of_the_institution_register_only_what_names_no_person_lands(
    clean_warehouse: Settings, config_folder: Path
) -> None:
    folder = configure(config_folder, "0000", stil={"folder": "drop", "files": {"institutions": "*.csv"}}) / "drop"
    drop(folder, "institutionsregister.csv", REGISTER)
    (result,) = run("0000")
    assert result.outcome == "landed"
    (row,) = select(clean_warehouse, "select r::text from raw_stil.institutions r")
    assert "Prøveskolen" in row[0]
    assert "Nescio" not in row[0]
    (stored,) = select(clean_warehouse, "select stored_path from ops.deliveries")
    kept = b"".join(path.read_bytes() for path in (get_settings().home / "deliveries").rglob("*") if path.is_file())
    assert stored[0]
    assert b"example.invalid" not in kept
