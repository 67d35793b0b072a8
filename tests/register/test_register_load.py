"""The loader: what it writes, what it leaves alone, what it refuses."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

import register.load
from register.load import load
from register.read import read_register
from register.schema import RegisterError
from warehouse.database import connect
from warehouse.settings import Settings

TABLES = (
    *("municipalities", "use_categories", "fm_uses", "measures", "measure_components", "key_figures"),
    *("key_figure_terms", "key_figure_term_scopes", "account_rules", "property_links"),
)
Change = Callable[[Path, str, str], None]
RULES = "100,2210*,,XG-_1*,,1,C_EL,,,el\n200,*,,,,,C_IKKE,2020,2024,\n"
LINKS = "psp,XG-1,17,0.6,,,\npsp,XG-1,18,0.4,,,\ninstitution,200100,17,,,,\n"


@pytest.fixture
def settings(clean_warehouse: Settings, configure: Callable[..., Path]) -> Settings:
    """A clean warehouse and one municipality with two rules and three links."""
    folder = configure("0991", rules=RULES, links=LINKS)
    return clean_warehouse.model_copy(update={"config": folder.parent.parent})


@pytest.fixture
def loaded_register(own_register: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the register that the loader reads instead."""
    monkeypatch.setattr(register.load, "read_register", lambda: read_register(own_register))
    return own_register


def query(statement: str) -> list[tuple]:
    with connect("owner", autocommit=True) as connection:
        return connection.execute(statement).fetchall()


def row_versions() -> dict[str, list[tuple]]:
    """The transaction that wrote each row, and where it lies: a rewritten row has others."""
    return {table: query(f"select xmin::text, ctid::text from register.{table} order by ctid") for table in TABLES}


def publish(code: str, version: int) -> None:
    with connect("owner", autocommit=True) as connection:
        connection.execute(
            "insert into published.key_figures (edition_id, municipality_code, topic, year, level, key_figure_code, "
            "version, unit, status_code, flags, n_units) "
            "values (1, '0991', 'x', 2024, 'municipality', %s, %s, 'x', '', '', 0)",
            [code, version],
        )


def test_every_declared_key_figure_is_loaded_with_its_terms(settings: Settings) -> None:
    load(settings)
    assert query("select count(*) from register.key_figures") == [(95,)]
    assert query(
        "select part, term_no, measure_code, weight, is_required from register.key_figure_terms "
        "where key_figure_code = 'GEN-12' order by part desc, term_no"
    ) == [
        ("numerator", 1, "C_EL", 1, True),
        ("numerator", 2, "C_VARME", 1, True),
        ("numerator", 3, "C_KOEL", 1, False),
        ("fallback_denominator", 1, "A_BDA", 1, True),
        ("denominator", 1, "A_OPV", 1, True),
    ]
    assert query("select scale, formula from register.key_figures where key_figure_code = 'VED-05'") == [
        (100, "100 * C_VEDL_PL / (C_VEDL_PL + C_VEDL_AK)")
    ]


def test_a_key_figure_is_loaded_with_its_bases_and_the_persons_behind_it(settings: Settings) -> None:
    load(settings)
    codes = "('GEN-01', 'GEN-03', 'GEN-32', 'SKO-01', 'VED-02', 'VED-09', 'ADM-10')"
    assert query(
        "select key_figure_code, area_basis, price_basis, min_persons, persons_measure from register.key_figures "
        f"where key_figure_code in {codes} order by key_figure_code"
    ) == [
        ("ADM-10", "", "", None, None),
        ("GEN-01", "A_BDA", "", None, None),
        ("GEN-03", "A_EJET, A_LEJET", "", None, None),
        ("GEN-32", "", "fixed", None, None),
        ("SKO-01", "A_BDA", "", 5, "N_ELEV"),
        ("VED-02", "A_EJET_5AAR", "fixed", None, None),
        ("VED-09", "A_SYN", "nominal", None, None),
    ]
    shown = "select area_basis, price_basis, min_persons, persons_measure from marts.dim_key_figures"
    with connect("ejd_analyst") as connection:
        assert connection.execute(f"{shown} where key_figure_code = 'DAG-02'").fetchall() == [
            ("", "nominal", 5, "N_BARN")
        ]


def test_scopes_are_the_filters_written_out(settings: Settings) -> None:
    load(settings)
    scopes = "select distinct use_category, tenure from register.key_figure_term_scopes where key_figure_code = "
    assert query(f"{scopes}'SKO-03'") == [("school", "owned")]
    assert set(query(f"{scopes}'ADM-09' and part = 'numerator'")) == {
        ("administration", "owned"),
        ("administration", "leased"),
        ("administration", "none"),
    }
    assert query(f"{scopes}'ADM-09' and part = 'denominator'") == [("none", "none")]
    # Premises let out count where a definition says so: money of the whole municipality, and rent income.
    let_out = "select distinct key_figure_code from register.key_figure_term_scopes where tenure = 'let_out' order by 1"
    assert query(let_out) == [("GEN-08",), ("GEN-09",), ("GEN-28",), ("GEN-32",)]
    operation = query(
        "select distinct component_code from register.key_figure_term_scopes where key_figure_code = 'GEN-04' "
        "and part = 'numerator'"
    )
    assert {code for (code,) in operation} == {
        *("C_EL", "C_VARME", "C_KOEL", "C_VAND", "C_RENG", "C_TERRAEN", "C_AFFALD", "C_OEVR"),
    }


def test_rules_and_links_are_loaded_with_patterns_years_and_shares(settings: Settings) -> None:
    load(settings)
    any_others = ("%",) * 6  # profit centre, project, department, carrier, purpose; before them cost centre
    assert query("select * from register.account_rules order by rule_no") == [
        (
            *("0991", 1, 1, 100, "2210%", "%", "1", "%", "%", "%", "XG-\\_1%", *any_others),
            *("C_EL", None, Decimal(1), None, "", "", 0, 9999, "el"),
        ),
        (
            *("0991", 2, 2, 200, "%", "%", "%", "%", "%", "%", "%", *any_others),
            *("C_IKKE", None, Decimal(1), None, "", "", 2020, 2024, None),
        ),
    ]
    assert query("select link_type, source_key, property_no, share from register.property_links order by link_no") == [
        ("psp", "XG-1", "17", Decimal("0.6")),
        ("psp", "XG-1", "18", Decimal("0.4")),
        ("institution", "200100", "17", Decimal(1)),
    ]


def test_a_pattern_matches_a_literal_underscore_only(settings: Settings) -> None:
    load(settings)
    matches = "select %s like psp_pattern from register.account_rules where rule_no = 1"
    with connect("ejd_transformer") as connection:
        assert connection.execute(matches, ["XG-_12"]).fetchone() == (True,)
        assert connection.execute(matches, ["XG-A12"]).fetchone() == (False,)


def test_loading_the_same_files_twice_rewrites_no_row(settings: Settings) -> None:
    first = load(settings)
    before = row_versions()
    assert all(before[table] for table in TABLES)
    assert load(settings) == first
    assert row_versions() == before


def test_only_a_changed_row_is_rewritten(settings: Settings, configure: Callable[..., Path]) -> None:
    first = load(settings)
    before = row_versions()
    configure("0991", rules=RULES.replace("C_EL", "C_VAND"), links=LINKS)
    assert load(settings) != first
    after = row_versions()
    assert after.pop("account_rules") != before.pop("account_rules")
    assert after == before
    assert query("select cost_category from register.account_rules order by rule_no") == [("C_VAND",), ("C_IKKE",)]


def test_what_leaves_the_files_leaves_the_tables(settings: Settings, configure: Callable[..., Path]) -> None:
    other = configure("0992")
    load(settings)
    configure("0991", rules=RULES, links="")
    shutil.rmtree(other)
    load(settings)
    assert query("select municipality_code from register.municipalities") == [("0991",)]
    assert query("select count(*) from register.property_links") == [(0,)]


def test_a_fault_in_one_file_leaves_the_tables_as_they_were(settings: Settings, configure: Callable[..., Path]) -> None:
    load(settings)
    before = row_versions()
    configure("0992", rules="100,,,,,,C_WRONG,,,\n")
    configure("0991", rules="")
    with pytest.raises(RegisterError):
        load(settings)
    assert row_versions() == before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("general/gen_04.yml", "measure: A_BDA\nlevels", "measure: A_OPV\nlevels"),
        ("general/gen_04.yml", "unit: DKK/m2", "unit: DKK/m2\nscale: 2"),
        ("general/gen_04.yml", "levels:", "filter: {use_categories: [school]}\nlevels:"),
        ("general/gen_04.yml", "levels:", "fallback_denominator: [{measure: A_OPV}]\nlevels:"),
        ("measures.yml", "[C_EL, C_VARME, C_KOEL,", "[C_EL, C_VARME,"),
    ],
)
def test_a_published_definition_cannot_change_without_a_new_version(
    settings: Settings, loaded_register: Path, change: Change, file: str, old: str, new: str
) -> None:
    load(settings)
    publish("GEN-04", 1)
    before = row_versions()
    change(loaded_register / file, old, new)
    with pytest.raises(RegisterError, match=r"GEN-04 version 1: is published .* raise version to 2"):
        load(settings)
    assert row_versions() == before


def test_a_published_version_cannot_be_removed(settings: Settings, loaded_register: Path) -> None:
    load(settings)
    publish("VED-01", 1)
    (loaded_register / "maintenance" / "ved_01.yml").unlink()
    with pytest.raises(RegisterError, match=r"VED-01 version 1: is published and its file is gone; put it back"):
        load(settings)


def test_wording_and_bounds_of_a_published_definition_may_change(
    settings: Settings, loaded_register: Path, change: Change
) -> None:
    load(settings)
    publish("GEN-04", 1)
    change(loaded_register / "general" / "gen_04.yml", "Driftsudgifter pr. m2", "Driftsudgift pr. m2")
    change(loaded_register / "general" / "gen_04.yml", "high: 900", "high: 950.5")
    load(settings)
    assert query("select name_da, bound_high from register.key_figures where key_figure_code = 'GEN-04'") == [
        ("Driftsudgift pr. m2", Decimal("950.5"))
    ]


def test_an_unpublished_definition_may_change(settings: Settings, loaded_register: Path, change: Change) -> None:
    load(settings)
    publish("GEN-10", 1)
    change(loaded_register / "general" / "gen_04.yml", "measure: A_BDA\nlevels", "measure: A_OPV\nlevels")
    load(settings)
    assert query(
        "select measure_code from register.key_figure_terms where key_figure_code = 'GEN-04' and part = 'denominator'"
    ) == [("A_OPV",)]


def test_a_new_version_stands_beside_the_published_one(
    settings: Settings, loaded_register: Path, change: Change
) -> None:
    load(settings)
    publish("GEN-04", 1)
    old = loaded_register / "general" / "gen_04.yml"
    new = old.with_name("gen_04_v2.yml")
    new.write_text(old.read_text(encoding="utf-8"), encoding="utf-8")
    change(new, "version: 1", "version: 2\nbreak: true")
    change(new, "valid_from: 2007", "valid_from: 2026")
    change(new, "measure: A_BDA\nlevels", "measure: A_OPV\nlevels")
    change(old, "valid_from: 2007", "valid_from: 2007\nvalid_to: 2025")
    load(settings)
    assert query(
        "select version, valid_from, valid_to, is_break from register.key_figures where key_figure_code = 'GEN-04' "
        "order by version"
    ) == [(1, 2007, 2025, False), (2, 2026, None, True)]
