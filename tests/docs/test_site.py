"""`make docs` writes one site: every link leads somewhere, every model and every view is on it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from warehouse.cli import app
from warehouse.dictionary import read_dictionary
from warehouse.settings import PROJECT


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("site")
    home = {"EJENDOMSTAL_HOME": str(tmp_path_factory.mktemp("home")), "EJENDOMSTAL_DATABASE_URL": None}
    result = CliRunner().invoke(app, ["docs", "--target", str(target)], env=home)
    assert result.exit_code == 0, result.output
    return target


def test_every_link_leads_to_a_page_of_the_site(site: Path) -> None:
    pages = [path for path in site.glob("*.html") if path.name != "models.html"]
    assert len(pages) > 10
    broken = {
        (path.name, link)
        for path in pages
        for link in re.findall(r'href="([^"#:]+)(?:#[^"]*)?"', path.read_text(encoding="utf-8"))
        if not (site / link).is_file()
    }
    assert broken == set()


def test_the_dictionary_shows_every_view_and_column(site: Path) -> None:
    page = (site / "dictionary.html").read_text(encoding="utf-8")
    for relation in read_dictionary():
        section = page.split(f'<h2 id="{relation.name}">')[1].split("<h2")[0]
        assert [column for column in relation.columns if f"<code>{column}</code>" not in section] == []


def test_the_correction_log_says_that_no_warehouse_was_asked(site: Path) -> None:
    page = (site / "corrections.html").read_text(encoding="utf-8")
    assert "No warehouse was running when this page was made" in page


def test_dbts_documentation_holds_every_model(site: Path) -> None:
    page = (site / "models.html").read_text(encoding="utf-8")
    models = [path.stem for path in (PROJECT / "dbt_project" / "models").rglob("*.sql")]
    assert len(models) > 50
    assert [name for name in models if f'"{name}"' not in page and f"'{name}'" not in page] == []
