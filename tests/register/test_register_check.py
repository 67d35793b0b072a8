"""`ejendomstal register check | list | show | diff`, as a person calls them, and what they are made of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import register.check
import register.read
import warehouse.cli.register
from register.check import check_register
from register.compare import compare, same_meaning
from register.formula import area_basis, price_basis
from register.read import read_register
from tests.connectors.drops import configure as configure_municipality
from tests.warehouse.test_cli_sources import call

Change = Callable[[Path, str, str], None]
GEN_04 = "general/gen_04.yml"

# What the schema cannot see: file, old, new, the sentence.
FAULTS = [
    (GEN_04, "numerator: 317000", "numerator: 316000",
     "gen_04.yml, field example.numerator: the rows come to 317000, not 316000; correct the example or"),
    (GEN_04, "  denominator: 1000", "  denominator: 1001",
     "field example.denominator: the rows come to 1000, not 1001; "),
    (GEN_04, "value: 317", "value: 318", "field example.value: 1 * 317000 / 1000 is 317, not 318; "),
    (GEN_04, "high: 900", "high: 300", "field example.value: is outside the bounds 150 to 300; "),
    ("maintenance/ved_05.yml", "scale: 100", "scale: 10", "field unit: is % with scale 10; a percentage has"),
    ("culture_leisure/kul_02.yml", "    - {measure: A_BDA, use_category: culture, tenure: owned, amount: 400}\n", "",
     "kul_02.yml, field example.rows: has no row that the filter leaves out; add one"),
    (GEN_04, "measure: C_DRIFT", "measure: C_DRIVT", "gen_04.yml, field numerator.measure: C_DRIVT is not known; "),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "sentence"), FAULTS)
def test_a_fault_that_no_schema_sees_is_one_sentence(
    own_register: Path, change: Change, file: str, old: str, new: str, sentence: str
) -> None:
    change(own_register / file, old, new)
    messages = [str(fault) for fault in check_register(own_register)[1]]
    assert any(sentence in message for message in messages), messages
    assert all(message.startswith(f"register/{file}") for message in messages)


def test_the_register_itself_has_no_fault() -> None:
    assert check_register()[1] == []


def test_every_faulty_file_is_told_and_the_others_are_counted(
    own_register: Path, change: Change, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(own_register / GEN_04, "unit: DKK/m2\n", "")
    change(own_register / "maintenance" / "ved_01.yml", "direction:", "colour: red\ndirection:")
    change(own_register / "schools_daycare" / "sko_01.yml", "value: 20", "value: 21")
    (own_register / "generelt").mkdir()
    (own_register / "generelt" / "gen_99.yml").write_text("code: GEN-99\n")
    use(own_register, monkeypatch)
    printed = call("register", "check", status=1)
    for words in (
        "register/general/gen_04.yml, field unit: is missing; write it.",
        "register/maintenance/ved_01.yml, field colour: is not a known key; remove it.",
        "register/schools_daycare/sko_01.yml, field example.value: 1 * 4000 / 200 is 20, not 21;",
        "register/generelt/gen_99.yml: lies in a folder that is no topic;",
        "93 versions, 86 measures, 93 key figures.",
    ):
        assert words in printed
    assert "No fault." not in printed


def test_a_fault_in_the_measures_stops_the_check(
    own_register: Path, change: Change, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(own_register / "measures.yml", "- measure: A_EJET\n", "- measure: A_BDA\n")
    use(own_register, monkeypatch)
    assert "field measure: A_BDA is there twice; remove one." in call("register", "check", status=1)


def test_the_check_counts_by_topic_and_state(config_folder: Path) -> None:
    printed = call("register", "check")
    assert "│maintenance │ 9 │ 10 │ 0 │ 0 │ 19 │" in printed
    assert "│all │ 29 │ 66 │ 0 │ 0 │ 95 │" in printed
    assert printed.endswith("No fault.")
    assert "has no value" not in printed, "without a municipality nothing is known to be missing"


def test_the_check_names_figures_that_no_configured_municipality_can_have(config_folder: Path) -> None:
    folder = configure_municipality(config_folder, "0991")
    (folder / "account_rules.csv").write_text("priority,account,cost_category,tags\n1,45*,C_VEDL_PL,envelope\n")
    printed = call("register", "check")
    assert "GEN-24 has no value: no configured municipality delivers C_FORS." in printed
    assert "KUL-14 has no value: no configured municipality delivers N_HAL." in printed
    assert "GEN-32 has no value: no configured municipality delivers C_ANLAEG_4AAR." in printed
    assert "VED-07 has no value: no configured municipality delivers C_VEDL_IND." in printed
    # Planned maintenance is a part of all maintenance, and the tag gives the envelope's.
    for code in ("VED-01", "VED-02", "VED-06", "GEN-23"):
        assert f"{code} has no value" not in printed.replace(
            "GEN-23 has no value: no configured municipality delivers C_TERRAEN", ""
        )
    configure_municipality(config_folder, "0992", fm_files={"streams": {"observations": {"files": "o.csv"}}})
    assert "KUL-14" not in call("register", "check")


def test_show_tells_everything_of_a_key_figure() -> None:
    printed = call("register", "show", "sko-03")
    for words in (
        "SKO-03 Drift og vedligehold pr. m2, skoler (Operation and maintenance per m2, schools), version 1",
        "(C_DRIFT + C_VEDL) / A_EJET where use is school and tenure is owned",
        "area basis A_EJET", "price basis nominal", "levels property, municipality",
        "bounds 150 to 1.200 DKK/m2, else hold", "adoption proposed",
        "│C_RENG │ school │ leased │ 90.000 │ left out │", "│C_RENG │ school │ owned │ 150.000 │ numerator │",
        "434.000 / 1.000 = 434 DKK/m2", "│1 │ 2007 to open │ proposed │ │ no │",
        "C_EL, C_VARME, C_KOEL, C_VAND, C_RENG, C_TERRAEN, C_AFFALD, C_OEVR",
    ):  # fmt: skip
        assert words in printed, words
    assert "100 * 300.000 / 400.000 = 75 %" in call("register", "show", "VED-05")


def test_what_is_not_there_is_said_in_one_sentence() -> None:
    assert "there is no key figure XYZ-01" in call("register", "show", "XYZ-01", status=1)
    assert "SKO-03 has no version 2: there is 1." in call("register", "show", "SKO-03", "--version", "2", status=1)
    assert "SKO-03 has no version 2: there is 1." in call("register", "diff", "SKO-03", "1", "2", status=1)
    assert "there is no topic schools" in call("register", "list", "--topic", "schools", status=1)


def test_list_shows_a_topic_in_the_order_of_its_codes() -> None:
    printed = call("register", "list", "--topic", "administration")
    codes = [word for word in printed.replace("│", " ").split() if word[:4] in ("ADM-", "SKO-", "GEN-")]
    assert codes == [f"ADM-{number:02d}" for number in range(1, 11)]


def second_version(folder: Path, change: Change, *changes: tuple[str, str]) -> None:
    """GEN-04 version 2 from 2026, with changes; version 1 ends."""
    old = folder / GEN_04
    new = old.with_name("gen_04_v2.yml")
    new.write_text(old.read_text(encoding="utf-8"), encoding="utf-8")
    change(new, "version: 1", "version: 2")
    change(new, "valid_from: 2007", "valid_from: 2026")
    change(old, "valid_from: 2007", "valid_from: 2007\nvalid_to: 2025")
    for before, after in changes:
        change(new, before, after)


def test_diff_tells_meaning_from_judgement_and_wording(
    own_register: Path, change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    second_version(
        own_register, change,
        ("measure: A_BDA\nlevels", "measure: A_OPV\nlevels"), ("high: 900", "high: 950"),
        ("Driftsudgifter pr. m2", "Driftsudgift pr. m2"), ("version: 2", "version: 2\nbreak: true"),
    )  # fmt: skip
    use(own_register, monkeypatch)
    printed = call("register", "diff", "GEN-04", "1", "2")
    meaning, judgement = printed.index("Changed in meaning"), printed.index("Changed in judgement")
    wording = printed.index("Changed in wording")
    assert meaning < printed.index("│denominator │ A_BDA │ A_OPV │") < judgement
    assert judgement < printed.index("│bounds │ 150 to 900, else hold │ 150 to 950, else hold") < wording
    assert wording < printed.index("│Danish name │ Driftsudgifter pr. m2 │ Driftsudgift pr. m2")
    assert printed.endswith("The meaning differs, and the series breaks: growth across the versions is not shown.")


def test_a_changed_meaning_without_a_break_is_pointed_out(
    own_register: Path, change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    second_version(own_register, change, ("levels:", "filter: {use_categories: [school]}\nlevels:"))
    use(own_register, monkeypatch)
    printed = call("register", "diff", "GEN-04", "1", "2")
    assert "│use categories │ all │ school" in printed
    assert "no break is declared" in printed


MEANING = [
    ("measure: C_DRIFT", "measure: C_DRIFT\n    weight: 2"),
    ("measure: C_DRIFT", "measure: C_DRIFT\n    required: false"),
    ("unit: DKK/m2", "unit: 1000 DKK/m2"),
    ("levels:", "filter: {tenure: [owned]}\nlevels:"),
    ("levels:", "fallback_denominator: [{measure: A_OPV}]\nlevels:"),
    ("topic: general", "topic: general\nscale: 2"),
]


@pytest.mark.parametrize(("old", "new"), MEANING)
def test_a_change_is_one_of_meaning_exactly_when_the_fingerprint_changes(
    own_register: Path, change: Change, old: str, new: str
) -> None:
    second_version(own_register, change, (old, new))
    register_read = read_register(own_register)
    first, second = register_read.versions("GEN-04")
    assert not same_meaning(first, second, register_read)
    assert [one.kind for one in compare(first, second) if one.field != "years"] == ["meaning"]


def test_the_years_alone_change_no_meaning(own_register: Path, change: Change) -> None:
    second_version(own_register, change)
    register_read = read_register(own_register)
    first, second = register_read.versions("GEN-04")
    assert same_meaning(first, second, register_read)
    assert [(one.kind, one.field) for one in compare(first, second)] == [("judgement", "years")]


@pytest.mark.parametrize(
    ("code", "area", "price"),
    [
        ("GEN-05", "A_EJET", "nominal"),
        ("GEN-10", "A_RENG", "nominal"),
        ("GEN-18", "", "nominal"),
        ("GEN-32", "", "fixed"),
        ("SKO-02", "", "nominal"),
        ("KUL-02", "A_BDA", ""),
        ("ADM-01", "A_BDA", ""),
        ("GEN-29", "A_EJET, A_LEJET", ""),
        ("VED-05", "", ""),
    ],
)
def test_bases_follow_from_unit_and_formula(code: str, area: str, price: str) -> None:
    register_read = read_register()
    (entry,) = register_read.versions(code)
    assert (area_basis(entry, register_read), price_basis(entry)) == (area, price)


def use(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commands read another folder."""
    monkeypatch.setattr(register.check, "check_register", lambda: check_register(folder))
    monkeypatch.setattr(warehouse.cli.register, "read_register", lambda: read_register(folder))
