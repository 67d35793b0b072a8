"""The how-to pages are tried from scratch: their blocks are taken as they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import create_engine
from typer.main import get_command

import connectors
from connectors.base import registered
from connectors.pull import pull
from tests.connectors.drops import configure, drop, select
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
