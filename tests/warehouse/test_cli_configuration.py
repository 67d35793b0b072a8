"""`config check` and `new-municipality`, as a person calls them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tests.connectors.drops import configure
from tests.warehouse.test_cli_sources import call
from warehouse.new_municipality import offered


def test_every_fault_of_every_file_is_one_line(config_folder: Path, tmp_path: Path) -> None:
    configure(
        config_folder, "0991",
        bbr={"connection": "bbr", "secret": "hunter2", "wrong": 1},
        energy={
            "folder": str(tmp_path / "nowhere"),
            "streams": {"meters": {"files": "m.csv", "columns": {"M": "metre"}}},
        },
        fm_files={"folder": str(tmp_path), "streams": {"rooms_of_hans": {"files": "r.csv"}}},
    )  # fmt: skip
    folder = configure(config_folder, "0992", statbank={"first_year": "hunter2"})
    (folder / "account_rules.csv").write_text("priority,account\n1,4*\n")
    (configure(config_folder, "0993") / "property_links.csv").write_text("link_type\nnothing\n")
    printed = call("config", "check", status=1)
    for words in (
        "bbr.secret", "bbr.wrong", "the folder of the file drop does not exist", "columns leads to metre",
        "fm_files has no stream rooms_of_hans", "statbank.first_year", "municipality 0992, file account_rules.csv",
        "municipality 0993, file property_links.csv",
    ):  # fmt: skip
        assert words in printed, words
    assert "hunter2" not in printed
    only = call("config", "check", "0993", status=1)
    assert "property_links.csv" in only
    assert "0991" not in only


def test_connections_that_are_not_set_are_named_and_no_fault(
    config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(config_folder, "0991", bbr={"connection": "bbr_test"}, fm_dalux={"connection": "dalux_0991"})
    monkeypatch.setenv("AIRFLOW_CONN_DALUX_0991", '{"password": "hunter2"}')
    printed = call("config", "check")
    assert "AIRFLOW_CONN_BBR_TEST is not set" in printed
    assert "DALUX" not in printed
    monkeypatch.setenv("AIRFLOW_CONN_DALUX_0991", "hunter2")
    printed = call("config", "check", status=1)
    assert "AIRFLOW_CONN_DALUX_0991 is neither JSON nor a URI" in printed
    assert "hunter2" not in printed


def test_a_new_municipality_passes_the_check_and_is_not_written_over(config_folder: Path) -> None:
    assert "config check 0994" in call("new-municipality", "0994", "--name", 'Prøve "Nord"')
    assert call("config", "check", "0994") == "No fault."
    content = yaml.safe_load((config_folder / "municipalities" / "0994" / "sources.yml").read_text())
    assert content == {"municipality_code": "0994", "name": 'Prøve "Nord"'}
    assert "exists already" in call("new-municipality", "0994", "--name", "Anden", status=1)
    assert "use four digits" in call("new-municipality", "994", "--name", "Anden", status=1)


def test_every_section_passes_the_check_when_its_comment_marks_are_taken_away(
    config_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call("new-municipality", "0994", "--name", "Prøve")
    file = config_folder / "municipalities" / "0994" / "sources.yml"
    head, *sections = re.split(r"\n\n(?=# # )", file.read_text())
    names = [source.name for source in offered("0994")]
    assert len(sections) == len(names) > 10
    monkeypatch.setenv("DROP", str(tmp_path))
    for name in names:
        (tmp_path / name).mkdir()
    opened = ["\n".join(line.removeprefix("# ") for line in section.splitlines()) for section in sections]
    file.write_text(head + "\n" + "\n".join(opened))
    assert yaml.safe_load(file.read_text()).keys() == {"municipality_code", "name", *names}
    assert "No fault." in call("config", "check", "0994")
