"""`mapping template` and `mapping import`: a controller fills in a workbook, and nothing half right is written."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import python_calamine
import xlsxwriter

from tests.warehouse.mapping_world import ACCOUNTS, CODE, POSTINGS, RULES, begin, configure, deliver
from tests.warehouse.test_cli_sources import call
from warehouse.mapping.check import check
from warehouse.mapping.rules import read_rules
from warehouse.settings import Settings, get_settings

Sheets = dict[str, list[list[Any]]]
# Accounts in the order of the sheet: what has no rule first, the largest on top.
ORDER = ["7100", "5010", "5099", "9999", "5020", "5010"]


@pytest.fixture(scope="module")
def settings(warehouse: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    config = tmp_path_factory.mktemp("config")
    configure(config)
    begin()
    deliver(POSTINGS, ACCOUNTS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EJENDOMSTAL_CONFIG", str(config))
        yield get_settings()


@pytest.fixture(scope="module")
def made(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook as it is written."""
    path = tmp_path_factory.mktemp("book") / "kortby.xlsx"
    configure(settings.config)
    assert f"Written: {path}, 6 accounts and 5 rules." in call("mapping", "template", CODE, "--output", str(path))
    return path


@pytest.fixture
def rules(settings: Settings) -> Path:
    """The municipality's rules, as they were when the workbook was made."""
    return configure(settings.config)


def read(path: Path) -> Sheets:
    book = python_calamine.load_workbook(path)
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


@pytest.fixture
def fill(made: Path, tmp_path: Path) -> Callable[..., Path]:
    """The workbook with cells changed: sheet, row of the sheet, heading of the column -> value."""

    def write(changes: dict[tuple[str, int, str], Any]) -> Path:
        sheets = read(made)
        path = tmp_path / "udfyldt.xlsx"
        with xlsxwriter.Workbook(str(path)) as book:
            for name, rows in sheets.items():
                sheet = book.add_worksheet(name)
                wanted = {(row, heading): value for (where, row, heading), value in changes.items() if where == name}
                for row in range(max([len(rows), *(row for row, _ in wanted)])):
                    for place, heading in enumerate(rows[0]):
                        there = rows[row][place] if row < len(rows) else ""
                        value = wanted.get((row + 1, heading), there)
                        if value not in ("", None):
                            sheet.write(row, place, value)
        return path

    return write


def test_the_workbook_holds_kroner_by_year_proposals_and_lists_to_choose_from(made: Path) -> None:
    sheets = read(made)
    assert list(sheets) == ["Vejledning", "Konti", "Regler", "Kategorier", "_skabelon"]
    assert sheets["Vejledning"][0][0] == "Kortlægning af konti for Kortby (fiktiv) (0997)"
    heading, *rows = sheets["Konti"]
    accounts = [dict(zip(heading, row, strict=True)) for row in rows]
    assert [row["Konto"] for row in accounts] == ORDER
    rent, investment, cleaning, unknown, heat, power = accounts
    assert (rent["Kontotekst"], rent["2024"], rent["2025"], rent["Uden regel"]) == ("Huslejeindtægter", 0, -900, -900)
    assert (rent["Forslag"], rent["Sikkerhed %"], rent["Kategori"], rent["Prioritet"]) == ("I_LEJE", "80", "", "40")
    assert (investment["Dranst"], investment["Forslag"], investment["2025"]) == ("3", "C_ANLAEG", 600)
    assert (cleaning["Forslag"], cleaning["2025"]) == ("C_RENG", 500)
    assert (unknown["Kontotekst"], unknown["Forslag"]) == ("", "")
    # has a rule of priority 10: what is chosen here comes before it
    assert (heat["2024"], heat["2025"], heat["Uden regel"], heat["Kategori i dag"], heat["Prioritet"]) == (
        100, 4000, 0, "C_VARME", "9",
    )  # fmt: skip
    assert (power["Funktioner"], power["2025"], power["Kategori i dag"]) == ("32201, 64550", 2300, "C_EL")
    assert sheets["Regler"][1][:3] == ["10", "5010", ""]
    assert "C_EL Udgift til el" in sheets["Regler"][1]
    categories = [row[0] for row in sheets["Kategorier"]]
    assert len(categories) == 18
    assert "21 Skatter og afgifter" in next(row for row in sheets["Kategorier"] if row[0].startswith("C_SKAT"))
    with zipfile.ZipFile(made) as archive:
        konti, regler = (archive.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (2, 3))
        assert 'state="veryHidden"' in archive.read("xl/workbook.xml").decode()
    for sheet in (konti, regler):
        assert re.search(r'<dataValidation type="list"[^>]*>\s*<formula1>Kategorier!\$A\$2:\$A\$18</formula1>', sheet)
    assert "<formula1>Kategorier!$F$2:$F$4</formula1>" in regler


def test_an_untouched_workbook_changes_nothing(made: Path, rules: Path) -> None:
    assert "is as it was: 5 rules." in call("mapping", "import", CODE, str(made))
    assert rules.read_text(encoding="utf-8") == RULES


def test_what_is_filled_in_becomes_rules_that_map_it(
    fill: Callable[..., Path], rules: Path, settings: Settings
) -> None:
    filled = fill({
        ("Konti", 2, "Kategori"): "I_LEJE Lejeindtægt", ("Konti", 2, "Funktion"): "02513",
        ("Konti", 3, "Kategori"): "C_ANLAEG Anlægsudgift til ejendomme", ("Konti", 3, "Gyldig fra"): 2025,
        ("Konti", 4, "Kategori"): "c_reng".upper(), ("Konti", 4, "Note"): "måtter, klude",
        ("Konti", 6, "Kategori"): "C_OEVR Øvrig bygningsdrift",
        ("Regler", 4, "Prioritet"): "", ("Regler", 4, "Konto"): "", ("Regler", 4, "Kategori"): "",
        ("Regler", 4, "Gyldig fra"): "",
        ("Regler", 9, "Prioritet"): 50, ("Regler", 9, "Konto"): "99*", ("Regler", 9, "Kategori"): "C_RENG",
        ("Regler", 9, "Andel"): "0,25", ("Regler", 9, "Ejendomsnr."): "P1",
        ("Regler", 10, "Prioritet"): 50, ("Regler", 10, "Konto"): "99*", ("Regler", 10, "Kategori"): "C_RENG",
        ("Regler", 10, "Andel"): 0.75, ("Regler", 10, "Fordeling"): "area",
    })  # fmt: skip
    printed = call("mapping", "import", CODE, str(filled))
    assert "10 rules, 4 of them new from sheet Konti." in printed
    assert rules.read_text(encoding="utf-8") == (
        "priority,account,function,cost_category,valid_from,valid_to,note,dranst,property_no,share,split\n"
        "10,5010,,C_EL,,,strøm,,,,\n"
        "10,5020,,C_VARME,,,,,,,\n"
        "20,5010,64550,C_OEVR,,,,,,,\n"
        "30,6666,,C_FORS,,,,,,,\n"
        "50,99*,,C_RENG,,,,,P1,0.25,\n"
        "50,99*,,C_RENG,,,,,,0.75,area\n"
        "40,7100,02513,I_LEJE,,,,1,,,\n"
        "40,5010,,C_ANLAEG,2025,,,3,,,\n"
        '40,5099,,C_RENG,,,"måtter, klude",1,,,\n'
        "9,5020,,C_OEVR,,,,1,,,\n"
    )
    found = check(settings, read_rules(settings, CODE))
    assert found.unmapped == []
    assert [row.share_pct for row in found.years] == [100, 100]


def test_every_fault_is_named_and_nothing_is_written(fill: Callable[..., Path], rules: Path) -> None:
    before = rules.read_text(encoding="utf-8")
    filled = fill({
        ("Konti", 2, "Kategori"): "Hans Hansen", ("Konti", 2, "Gyldig fra"): "i går", ("Konti", 2, "Funktion"): "2513",
        ("Konti", 3, "Note"): "Grete",
        ("Konti", 4, "Kategori"): "C_RENG", ("Konti", 4, "Konto"): "",
        ("Konti", 5, "Kategori"): "C_EL", ("Konti", 5, "Konto"): "5010", ("Konti", 5, "Prioritet"): "10",
        ("Konti", 5, "Dranst"): "",
        ("Regler", 3, "Prioritet"): "ti", ("Regler", 3, "Andel"): "1,5",
        ("Regler", 6, "Andel"): "0,5",
    })  # fmt: skip
    printed = call("mapping", "import", CODE, str(filled), status=1)
    for fault in (
        "sheet Regler, row 3, column Prioritet: is not a whole number; write digits only.",
        "sheet Regler, row 3, column Andel: is not above 0 and at most 1;",
        "sheet Regler, row 6, column Andel: the shares of the rows of this rule sum to 0.5 in every year",
        "sheet Konti, row 2, column Kategori: is not a cost category; use one of C_EL,",
        "sheet Konti, row 2, column Funktion: is no number of a function;",
        "sheet Konti, row 2, column Gyldig fra: is not a whole number",
        "sheet Konti, row 3, column Kategori: is empty beside Note;",
        "sheet Konti, row 4, column Konto: is empty;",
        "sheet Konti, row 5, column Prioritet: matches the same postings as sheet Regler, row 2 with the same priority",
        "Nothing is written: 9 faults.",
    ):
        assert fault in printed, fault
    assert not re.search("Hans|Grete|går|ti;", printed)
    assert rules.read_text(encoding="utf-8") == before


def test_a_row_that_no_ledger_can_match_is_refused(fill: Callable[..., Path]) -> None:
    filled = fill({
        ("Konti", 2, "Kategori"): "C_RENG", ("Konti", 2, "Funktion"): "skole",
        ("Konti", 3, "Kategori"): "C_ANLAEG", ("Konti", 3, "Dranst"): "1",
    })  # fmt: skip
    printed = call("mapping", "import", CODE, str(filled), status=1)
    assert "sheet Konti, row 2, column Funktion: is no number of a function; write all five digits" in printed
    assert "sheet Konti, row 3, column Kategori: counts on dranst 3 only; use C_ANLAEG on 3, C_IKKE on any" in printed
    assert "Nothing is written: 2 faults." in printed


def test_rules_that_changed_meanwhile_are_not_overwritten_unless_asked(made: Path, rules: Path) -> None:
    rules.write_text(RULES + "40,7*,,C_IKKE,,,\n", encoding="utf-8")
    assert "account_rules.csv has changed since kortby.xlsx was made" in call(
        "mapping", "import", CODE, str(made), status=1
    )
    assert "7*" in rules.read_text(encoding="utf-8")
    assert "5 rules, 0 of them new" in call("mapping", "import", CODE, str(made), "--force")
    assert "7*" not in rules.read_text(encoding="utf-8")


def test_another_file_is_refused_in_one_sentence(
    made: Path, settings: Settings, rules: Path, fill: Callable[..., Path], tmp_path: Path
) -> None:
    configure(settings.config, "0996")
    other = tmp_path / "andet.xlsx"
    with xlsxwriter.Workbook(str(other)) as book:
        book.add_worksheet("Konti")
    (tmp_path / "tekst.xlsx").write_text("nej", encoding="utf-8")
    for code, path, words in (
        (CODE, other, "andet.xlsx is no workbook of this mapping: make one with `ejendomstal mapping template 0997"),
        ("0996", made, "kortby.xlsx is the workbook of another municipality"),
        (CODE, tmp_path / "tekst.xlsx", "is not a workbook that can be read: save it as xlsx."),
        (CODE, tmp_path / "ingen.xlsx", "is not there"),
        (CODE, fill({("Regler", 1, "Andel"): "Del"}), "sheet Regler, row 1: needs each of the columns Andel once"),
        ("0123", made, "municipality 0123 is not configured"),
    ):
        assert words in call("mapping", "import", code, str(path), status=1)
    assert "ends with .xlsx" in call("mapping", "template", CODE, "--output", str(tmp_path / "x.csv"), status=1)
    assert rules.read_text(encoding="utf-8") == RULES
