"""The page on giving access is followed: its commands as they stand, one after the other."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import psycopg
import pytest

from tests.connectors.drops import configure
from tests.docs.test_how_to import blocks
from tests.warehouse.test_cli_sources import call
from warehouse.database import conninfo, url
from warehouse.settings import PROJECT, Settings

PAGE = "give-someone-access.md"


def test_the_commands_of_the_page_give_a_login_and_take_it_away(clean_warehouse: Settings, config_folder: Path) -> None:
    configure(config_folder, "0991")
    (example,) = re.findall(r"^```yaml\n(.*?)^```$", (PROJECT / "docs" / "access.md").read_text(), re.M | re.S)
    for code in ("0992", "0993"):
        configure(config_folder, code)
    (config_folder / "municipalities" / "0991" / "access.yml").write_text(example, encoding="utf-8")
    commands = [shlex.split(line)[1:] for block in blocks(PAGE, "sh") for line in block.splitlines()]
    assert [command[1] for command in commands] == ["check", "apply", "grant", "test", "revoke", "log"]
    printed = [call(*command) for command in commands[:4]]
    assert (
        "0991: 1 restricted, 0 more hidden to protect them, 0 figures protected; properties shared with 0992, 0993."
        in (printed[1])
    )
    (password,) = re.findall(r"shown this once: (\S+)", printed[2])
    assert printed[3].endswith("No fault.")
    address = url("owner", settings=clean_warehouse).set(username="bi_0991", password=password)
    with psycopg.connect(conninfo(address)) as connection:
        assert connection.execute("select count(*) from key_figures").fetchone() == (0,)
    assert call(*commands[4]) == "bi_0991 is gone."
    assert "revoke │ bi_0991 │ ejd_municipality_0991" in call(*commands[5])
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(conninfo(address))
