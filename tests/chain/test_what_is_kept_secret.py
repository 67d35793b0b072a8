"""Canaries: keys of sources, passwords of roles and a person number, planted and then searched for everywhere.

After the chain's run, and after everything went wrong that can with a key: they are in no log, no page, no kept bytes,
no table and no output. The exceptions: the file of secrets; the quarantine, where a rejected original waits; and the
server's own files (pages and WAL), which keep rows of a rejected delivery, with their allow-listed columns only, until
they are overwritten.
"""

from __future__ import annotations

import json
import os

import pytest
from typer.testing import CliRunner

from tests.canaries import files_with, forms, tables_with
from tests.chain.conftest import PERSON, Chain
from warehouse.cli import app

TYPED = "canary-typed-in-a-hurry-4711"
# where an amount belongs: the row is refused for it
MISPLACED = "020270-9999"


def command(chain: Chain, *arguments: str, **environment: str) -> str:
    """Everything that a command prints."""
    return CliRunner().invoke(app, list(arguments), env=chain.environment | environment).output


def connections() -> dict[str, dict[str, str]]:
    return {name: json.loads(value) for name, value in os.environ.items() if name.startswith("AIRFLOW_CONN_")}


@pytest.fixture(scope="module")
def needles(chain: Chain) -> list[str]:
    """All that must be found nowhere."""
    given = connections()
    secrets = {form for one in given.values() if "password" in one
               for form in forms(one["password"], one.get("login", ""))}  # fmt: skip
    generated = json.loads(chain.settings.secrets_file.read_text())
    assert len(secrets) == 6 and len(generated) >= 5
    return sorted({*secrets, *generated.values(), PERSON, TYPED})


@pytest.fixture(scope="module")
def printed(chain: Chain) -> str:
    """What commands print when they work, and when a key is wrong, a connection is not readable or a file is broken."""
    given = connections()
    wrong = {**given["AIRFLOW_CONN_BBR"], "password": TYPED}
    folder = chain.target / "sources" / "0991" / "ledger"
    heading, row = (folder / "posteringer_2023-01.csv").read_bytes().splitlines()[:2]
    broken = folder / "posteringer_2026-01.csv"
    amount = row.split(b";")[8]
    broken.write_bytes(b"\n".join([heading, *[row.replace(amount, MISPLACED.encode())] * 300]))
    try:
        return "\n".join(
            (
                command(chain, "pull", "ledger_opus", "--municipality", "0991"),
                command(chain, "pull", "bbr", "--municipality", "0991", AIRFLOW_CONN_BBR=json.dumps(wrong)),
                command(chain, "config", "check", AIRFLOW_CONN_DALUX_0992=f"{{no json: {TYPED}"),
                command(chain, "status"),
                command(chain, "deliveries"),
                command(chain, "explain", "SKO-03", "--municipality", "0991", "--year", "2025", "--to", "postings"),
                command(chain, "access", "log"),
            )
        )
    finally:
        broken.unlink()


def test_no_command_prints_a_secret_or_a_person(chain: Chain, printed: str, needles: list[str]) -> None:
    assert "403" in printed and "AIRFLOW_CONN_DALUX_0992" in printed and "SKO-03" in printed and "rejected" in printed
    assert [needle for needle in [*needles, MISPLACED] if needle in printed] == []


def test_no_file_below_home_holds_one(chain: Chain, printed: str, needles: list[str]) -> None:
    home = chain.settings.home
    assert {path.name for path in home.iterdir()} >= {"logs", "data_docs", "dbt", "deliveries", "pg", "quarantine"}
    spared = [chain.settings.secrets_file, chain.settings.quarantine, home / "pg"]
    assert list(files_with(needles, home, spared)) == []
    # half a gigabyte of pages and WAL: for what came from outside only
    keys = [one["password"] for one in connections().values() if "password" in one]
    assert list(files_with([PERSON, TYPED, *keys], home / "pg")) == []


def test_what_stood_in_the_wrong_column_waits_in_the_quarantine(chain: Chain, printed: str) -> None:
    home = chain.settings.home
    (original,) = files_with([MISPLACED], home, [home / "pg"])
    assert original.startswith("quarantine/")


def test_the_search_finds_what_is_there(chain: Chain, needles: list[str]) -> None:
    password = json.loads(chain.settings.secrets_file.read_text())["ejd_loader"]
    assert list(files_with([password], chain.settings.home)) == ["secrets.json"]
    assert len(list(files_with([PERSON], chain.target / "sources"))) >= 2
    assert list(tables_with(["posteringer_2026-01.csv"], chain.settings)) == ["ops.deliveries"]


def test_no_table_holds_one(chain: Chain, printed: str, needles: list[str]) -> None:
    assert list(tables_with([*needles, MISPLACED], chain.settings)) == []
