"""The how-to pages are tried from scratch: their blocks are taken as they stand."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import create_engine
from typer.main import get_command

import connectors
import register.check
import register.load
import warehouse.cli.register
from connectors.base import registered
from connectors.pull import pull
from register.check import check_register
from register.read import REGISTER, read_register
from tests.connectors.drops import configure, drop, select
from tests.dbt.conftest import build_world
from tests.dbt.small_world import CONFIGURATION, DELIVERIES
from tests.warehouse.test_cli_sources import call
from warehouse.cli import app
from warehouse.database import url
from warehouse.settings import PROJECT, Settings, get_settings

HOW_TO = PROJECT / "docs" / "how-to"


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", (HOW_TO / page).read_text(encoding="utf-8"), re.M | re.S)


@pytest.fixture
def example(clean_warehouse: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """The source of the page, in a folder of its own beside the project's."""
    declaration, migration = blocks("add-a-source.md", "python")
    folder = tmp_path / "more" / "fm_example"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text('"""Source fm_example."""\n')
    (folder / "source.py").write_text(declaration)
    monkeypatch.setattr(connectors, "__path__", [*connectors.__path__, str(tmp_path / "more")])
    registered.cache_clear()
    engine = create_engine(url("owner", settings=clean_warehouse))
    with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        names: dict[str, object] = {}
        exec(migration, names)
        names["upgrade"]()  # type: ignore[operator]
    try:
        yield clean_warehouse
    finally:
        registered.cache_clear()
        with engine.begin() as connection:
            connection.exec_driver_sql("drop schema raw_fm_example cascade")
        engine.dispose()


def test_a_second_product_of_a_family_is_one_declaration_of_10_to_30_lines(
    example: Settings, config_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    declaration = blocks("add-a-source.md", "python")[0]
    code = declaration[declaration.index("from connectors") :].strip().splitlines()
    assert 10 <= len(code) <= 30
    (section,) = (yaml.safe_load(text) for text in blocks("add-a-source.md", "yaml"))
    (file,) = blocks("add-a-source.md", "csv")
    drop(tmp_path / "drop", "bygninger_2026.csv", file)
    monkeypatch.setenv("DROP", str(tmp_path / "drop"))
    configure(config_folder, "0994", **section)
    (result,) = pull("fm_example", "0994", get_settings())
    assert (result.outcome, result.reason, result.row_count) == ("landed", None, 2)
    assert select(example, "select building_no, name, gross_area, bbr_id from raw_fm_example.buildings order by 1") == [
        ("1", "Skolen", "1.250,5", "0A3F"), ("2", "Hallen", "980", None),
    ]  # fmt: skip
    (again,) = pull("fm_example", "0994", get_settings())
    assert again.outcome == "unchanged"


@pytest.fixture
def register_with_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the register's files with the key figure of the page, which the commands and the loader read."""
    folder = tmp_path / "register"
    for path in REGISTER.rglob("*.yml"):
        copy = folder / path.relative_to(REGISTER)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    (text,) = blocks("add-a-key-figure.md", "yaml")
    (folder / "schools_daycare" / "sko_90.yml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(register.check, "check_register", lambda: check_register(folder))
    for module in (register.load, warehouse.cli.register):
        monkeypatch.setattr(module, "read_register", lambda: read_register(folder))
    return folder


def test_a_key_figure_is_one_file_that_passes_the_check(register_with_example: Path, config_folder: Path) -> None:
    assert call("register", "check").endswith("No fault.")
    assert "216.000 / 200 = 1.080 DKK/pupil" in call("register", "show", "SKO-90")
    (fault,) = blocks("add-a-key-figure.md", "text")
    file = register_with_example / "schools_daycare" / "sko_90.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("value: 1080", "value: 1008"), encoding="utf-8")
    assert fault.strip() in call("register", "check", status=1)


def test_the_next_build_computes_the_key_figure_of_the_page(
    register_with_example: Path, warehouse: Settings, tmp_path: Path
) -> None:
    built = build_world(
        warehouse, tmp_path, CONFIGURATION, DELIVERIES, "+fct_key_figures", "--exclude", "resource_type:test"
    )
    row = built.row("fct_key_figures", key_figure_code="SKO-90", municipality_code="0999", year=2025,
                    level="municipality")  # fmt: skip
    # Electricity of the one school: 10,000.00 and 500.00 back; pupils are the mean of 95 and 105.
    assert (row["numerator"], row["denominator"], row["value"]) == (Decimal(9500), Decimal(100), Decimal(95))


def test_a_changed_key_figure_follows_the_steps_of_the_page(register_with_example: Path) -> None:
    old = register_with_example / "schools_daycare" / "sko_90.yml"
    text = old.read_text(encoding="utf-8")
    new = text.replace("version: 1", "version: 2\nbreak: true").replace("measure: C_EL\nden", "measure: C_VARME\nden")
    old.with_name("sko_90_v2.yml").write_text(new.replace("from: 2007", "from: 2026"), encoding="utf-8")
    old.write_text(text.replace("from: 2007", "from: 2007\nvalid_to: 2025"), encoding="utf-8")
    printed = call("register", "diff", "SKO-90", "1", "2")
    assert "│numerator │ C_EL │ C_VARME" in printed
    assert "the series breaks" in printed


@pytest.mark.parametrize("page", sorted(path.name for path in HOW_TO.glob("*.md")))
def test_every_command_that_a_page_names_is_one_that_there_is(page: str) -> None:
    known = get_command(app)
    text = (HOW_TO / page).read_text(encoding="utf-8")
    for words in re.findall(r"(?:^|`)ejendomstal ([a-z-]+(?: [a-z]+)?)", text, re.M):
        first, _, second = words.partition(" ")
        assert first in known.commands, words  # type: ignore[attr-defined]
        group = known.commands[first]  # type: ignore[attr-defined]
        assert not second or not hasattr(group, "commands") or second in group.commands, words


@pytest.mark.parametrize("page", sorted(path.name for path in HOW_TO.glob("*.md")))
def test_every_link_of_a_page_leads_somewhere(page: str) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", (HOW_TO / page).read_text(encoding="utf-8"))
    assert [link for link in links if not (HOW_TO / link).exists()] == []
