"""The page about mapping accounts is tried from scratch: its blocks are taken as they stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import python_calamine
import xlsxwriter

from tests.connectors.drops import drop
from tests.docs.test_how_to import HOW_TO, blocks
from tests.warehouse.test_cli_sources import call
from warehouse.settings import Settings

PAGE = "map-accounts.md"
POSTINGS = """\
Bilag;Linje;Konto;Funktion;Dranst;Beløb;Dato
1;1;2310;32201;1;1.000,00;02-01-2025
2;1;4910;32201;1;3.000,00;02-01-2025
3;1;2200;52514;1;500,00;02-01-2025
"""
ACCOUNTS = "Konto;Tekst\n2310;El\n4910;Rengøring, entreprenør\n2200;Fødevarer\n"


def fill(path: Path, chosen: dict[str, str]) -> None:
    """Choose categories in the workbook, as the page's table says."""
    book = python_calamine.load_workbook(path)
    sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    with xlsxwriter.Workbook(str(path)) as written:
        for name, rows in sheets.items():
            sheet = written.add_worksheet(name)
            for number, row in enumerate(rows):
                if name == "Konti" and number:
                    row[rows[0].index("Kategori")] = chosen[str(row[0])]
                for place, value in enumerate(row):
                    sheet.write(number, place, value)


def test_the_page_leads_from_a_ledger_to_rules_that_cover_it(
    clean_warehouse: Settings, config_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (declaration,) = blocks(PAGE, "yaml")
    folder = config_folder / "municipalities" / "0994"
    folder.mkdir()
    (folder / "sources.yml").write_text(declaration, encoding="utf-8")
    drop(tmp_path / "drop", "posteringer_2025.csv", POSTINGS)
    drop(tmp_path / "drop", "kontoplan_2025.csv", ACCOUNTS)
    monkeypatch.setenv("DROP", str(tmp_path / "drop"))
    monkeypatch.chdir(tmp_path)
    page = (HOW_TO / PAGE).read_text(encoding="utf-8")
    commands = [line.split() for line in re.findall(r"^ejendomstal (.*)$", page, re.M)]
    printed = []
    chosen = dict(re.findall(r"^\| (\d{4}) \|.*\| (C_\w+) \|$", page, re.M))
    assert len(chosen) == 3
    for words in commands:
        if words[1] == "import":
            fill(tmp_path / "konti.xlsx", chosen)
        printed.append(call(*words))
    pull, before, template, imported, after, suggest, proposed = printed
    assert "2 landed" in pull
    assert "0,0 %" in before
    assert "Written: konti.xlsx, 3 accounts and 0 rules." in template
    assert "3 rules, 3 of them new" in imported
    assert "100,0 %" in after
    assert "Largest unmapped accounts, at most 20: none." in after
    assert "Proposed rules, the 40 largest of 0: none." in suggest
    assert "What the proposal moves: none." in proposed
    assert "No fault." in call("config", "check", "0994")
