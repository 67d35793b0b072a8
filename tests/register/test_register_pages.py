"""The rendered pages say what the files say, and stand alone."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest

from register.account_rules import AccountRule
from register.danish import danish
from register.municipality import Municipality
from register.read import read_register
from register.render import page_name, render
from register.schema import RegisterError

Change = Callable[[Path, str, str], None]
RULES = [
    AccountRule(1, 10, ("2310%", "%", "1", *["%"] * 10), "C_EL", 0, 9999, "El", share=Decimal("0.6"), split="area"),
    AccountRule(2, 5, ("%", "03231", "%", *["%"] * 3, "XG-\\_1%", *["%"] * 6), "C_VEDL_AK", 2020, 2024, None),
    AccountRule(3, 20, ("45%", *["%"] * 12), "C_VEDL_PL", 0, 9999, None, tags=("envelope", "backlog")),
    AccountRule(4, 99, ("%",) * 13, "C_IKKE", 0, 9999, None),
]
MUNICIPALITY = Municipality("0991", "Eksempelby (fiktiv)", RULES, links=[], split_keys=[], periods=[])
VOID = {"meta", "link", "br", "hr", "img", "input"}


class Page(HTMLParser):
    """Text, links and ids of a page; fails on tags that do not match."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.text = ""
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.external: list[str] = []
        self._open: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))
        self.close()
        assert self._open == [], f"{path.name} leaves tags open"
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in VOID:
            self._open.append(tag)
        if given.get("id"):
            assert given["id"] not in self.ids
            self.ids.add(str(given["id"]))
        if tag == "a":
            self.links.append(str(given["href"]))
        self.external += [value for name, value in attrs if name in ("src", "srcset") and value]

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.text += f" {data}"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs") / "site"
    render(folder, read_register(), [MUNICIPALITY])
    return folder


def test_the_index_names_every_key_figure_under_its_topic(site: Path) -> None:
    index = Page(site / "index.html")
    for entry in read_register().key_figures:
        assert f"{entry.code} {entry.name_da}" in index.text
        assert page_name(entry.code) in index.links
    assert index.ids >= {"administration", "schools_daycare", "culture_leisure", "maintenance", "general"}


def test_a_page_shows_definition_bounds_sources_and_example(site: Path) -> None:
    text = Page(site / "ved_05.html").text
    for said in (
        "VED-05 Andel planlagt vedligehold",
        "Share of planned maintenance",
        "100 * C_VEDL_PL / (C_VEDL_PL + C_VEDL_AK)",
        "0 til 100 %; udenfor: holdes tilbage",
        "Ratio of Kolada U60009 and U60037",
        "100 * 300.000 / 400.000 = 75 %",
        "Work that restores a function which failed unforeseen.",
    ):
        assert said in text


def test_an_example_says_which_rows_the_definition_leaves_out(site: Path) -> None:
    text = Page(site / "sko_03.html").text
    assert "C_RENG Skole ejet 150.000 tæller" in text
    assert "C_RENG Skole lejet 90.000 ikke med" in text
    assert "A_EJET Skole ejet 1.000 nævner" in text
    assert "(C_DRIFT + C_VEDL) / A_EJET" in text
    assert "Anvendelser Skole Ejerforhold ejet" in text
    assert "where use is" not in text  # pages are Danish


def test_a_sum_is_written_out_in_the_measures_behind_it(site: Path) -> None:
    text = Page(site / "gen_04.html").text
    assert "Sum af C_EL (Udgift til el), C_VARME (Udgift til varme)" in text
    assert "account_rules.csv" in text
    assert "account_rules.csv" not in Page(site / "gen_15.html").text


def test_a_page_shows_the_cost_categories_and_the_rules_of_each_municipality(site: Path) -> None:
    text = Page(site / "gen_20.html").text
    assert "C_EL Udgift til el 6 Forbrug i driften (ikke læst i standarden)" in text
    assert "0991 Eksempelby (fiktiv): 1 kontoregel" in text
    assert "10 account 2310*, dranst 1 C_EL andel 0,6; fordelt efter area El" in text
    text = Page(site / "ved_05.html").text
    assert "Eksempelby (fiktiv): 2 kontoregler" in text
    first, second = (
        text.index("5 function 03231, psp XG-_1* C_VEDL_AK fra 2020; til 2024"),
        text.index("20 account 45*"),
    )
    assert first < second, "rules stand in the order in which they decide"
    assert "C_IKKE" not in text


def test_a_part_of_maintenance_shows_only_rules_with_its_tag(site: Path) -> None:
    text = Page(site / "ved_06.html").text
    assert "Eksempelby (fiktiv): 1 kontoregel" in text
    assert "20 account 45* C_VEDL_PL mærket envelope, backlog" in text
    assert "Eksempelby (fiktiv): 0 kontoregler" in Page(site / "ved_07.html").text


def test_a_mean_of_years_shows_the_categories_it_is_made_of(site: Path) -> None:
    text = Page(site / "ved_02.html").text
    assert "C_VEDL_PL Planlagt vedligehold" in text
    assert "C_VEDL_AK Akut og afhjælpende vedligehold" in text
    assert "Prisgrundlag basisårets priser" in text
    assert "Arealgrundlag A_EJET_5AAR" in text


def test_a_figure_over_persons_says_below_how_many_it_is_hidden(site: Path) -> None:
    assert "Skjules når der står færre end 5 bag (N_BARN)" in Page(site / "dag_02.html").text
    assert "Skjules" not in Page(site / "gen_04.html").text


def test_the_page_of_a_measure_lists_the_key_figures_that_use_it(site: Path) -> None:
    page = Page(site / "measures.html")
    row = page.text[page.text.index("C_VEDL_PL Planlagt") : page.text.index("C_VEDL_AK Akut")]
    assert [code for code in ("SKO-03", "VED-01", "VED-05", "GEN-04") if code in row] == ["SKO-03", "VED-01", "VED-05"]
    assert "Dannes af Q_VARME" in page.text
    assert {"C_EL", "A_BDA", "N_INDB"} <= page.ids


def test_every_link_leads_somewhere_and_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    pages = {path.name: Page(path) for path in site.glob("*.html")}
    for name, page in pages.items():
        assert page.external == []
        for link in page.links:
            target, _, fragment = link.partition("#")
            assert (target or name) in pages, f"{name} links to {link}"
            assert not fragment or fragment in pages[target or name].ids, f"{name} links to {link}"


def test_a_second_version_is_shown_first_and_the_first_stays(
    own_register: Path, change: Change, tmp_path: Path
) -> None:
    old = own_register / "general" / "gen_04.yml"
    new = old.with_name("gen_04_v2.yml")
    new.write_text(old.read_text(encoding="utf-8"), encoding="utf-8")
    change(new, "version: 1", "version: 2\nbreak: true")
    change(new, "valid_from: 2007", "valid_from: 2026")
    change(new, "measure: A_BDA\nlevels", "measure: A_OPV\nlevels")
    change(old, "valid_from: 2007", "valid_from: 2007\nvalid_to: 2025")
    render(tmp_path / "site", read_register(own_register))
    text = Page(tmp_path / "site" / "gen_04.html").text
    assert "2 2026 og frem foreslået ja 1 2007 til 2025 foreslået nej" in text
    assert text.index("Definition, version 2 C_DRIFT / A_OPV") < text.index("Definition, version 1 C_DRIFT / A_BDA")
    changed = text[text.index("Hvad version 2 ændrede") : text.index("Definition, version 2")]
    assert "Betydningen er en anden, og serien brydes" in changed
    assert "betydning denominator A_BDA A_OPV" in changed
    assert "vurdering years 2007 to 2025 2026 to open" in changed
    assert "numerator" not in changed


def test_text_from_the_files_is_escaped(own_register: Path, change: Change, tmp_path: Path) -> None:
    change(own_register / "general" / "gen_04.yml", "Driftsudgifter pr. m2", "Drift <b> & mere")
    render(tmp_path / "site", read_register(own_register))
    assert "Drift <b> & mere" in Page(tmp_path / "site" / "gen_04.html").text


def test_a_faulty_register_writes_no_page(own_register: Path, change: Change, tmp_path: Path) -> None:
    change(own_register / "general" / "gen_04.yml", "version: 1", "version: 2")
    with pytest.raises(RegisterError):
        render(tmp_path / "site", read_register(own_register))
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize(
    ("number", "text"),
    [("10600", "10.600"), ("5.30", "5,3"), ("-1234567.05", "-1.234.567,05"), ("0", "0"), ("1E+3", "1.000")],
)
def test_numbers_are_written_as_danes_write_them(number: str, text: str) -> None:
    assert danish(Decimal(number)) == text
