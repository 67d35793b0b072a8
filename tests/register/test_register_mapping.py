"""Account rules and property links of a municipality: each fault one sentence with municipality, file, row, field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from register.account_rules import like_pattern
from register.municipality import Municipality, read_municipalities
from register.read import Register, read_register
from register.schema import RegisterError

Configure = Callable[..., Path]
RULES_FILE = "municipality 0991, file account_rules.csv"
LINKS_FILE = "municipality 0991, file property_links.csv"


@pytest.fixture(scope="module")
def register() -> Register:
    return read_register()


def read(folder: Path, register: Register) -> list[Municipality]:
    return read_municipalities(folder.parent, register)


RULE_FAULTS = [
    ("1,22,,,,,C_DRIFT,,,\n", "row 1, field cost_category: is not a cost category; use one of C_EL, "),
    ("1,22,,,,,C_UMAPPED,,,\n", "row 1, field cost_category: is not a cost category; "),
    ("1,22,,,,,A_BDA,,,\n", "row 1, field cost_category: is not a cost category; "),
    ("1,22,,,,,C_EL,,,\n2,23,,,,,,,,\n", "row 2, field cost_category: is empty; fill it in."),
    ("high,22,,,,,C_EL,,,\n", "row 1, field priority: is not a whole number; write digits only."),
    ("1,22,,,,,C_EL,20x5,,\n", "row 1, field valid_from: is not a whole number; "),
    ("1,22,,,,,C_EL,25,,\n", "row 1, field valid_from: is not a year from 1970 to 2100; "),
    ("1,22,,,,,C_EL,2025,2024,\n", "row 1, field valid_to: is before valid_from; exchange the two years."),
    ("1,22,,,,,C_EL,,\n", "row 1: has 9 fields, expected 10; "),
    ("1,22,,,,,C_EL,,,a,b\n", "row 1: has 11 fields, expected 10; "),
    (
        "1,22*,,,,,C_EL,,,\n\n1,22*,,,,,C_VAND,2024,,\n",
        "row 3, field priority: matches the same postings as row 1 with the same priority; ",
    ),
    ('1,"22,,,,,C_EL,,,\n', "line 2 has an open quotation mark; close it."),
]


@pytest.mark.parametrize(("rules", "sentence"), RULE_FAULTS)
def test_a_faulty_rule_is_named(configure: Configure, register: Register, rules: str, sentence: str) -> None:
    with pytest.raises(RegisterError) as caught:
        read(configure("0991", rules=rules), register)
    assert str(caught.value).startswith(RULES_FILE)
    assert sentence in str(caught.value)


LINK_FAULTS = [
    (
        "psp,XG-SECRET,17,0.5,,,\n",
        "row 1, field share: the shares of this key sum to 0.5 in every year, expected exactly 1; ",
    ),
    (
        "psp,XG-SECRET,17,,,,\npsp,XG-SECRET,18,,,,\n",
        "row 2, field share: the shares of this key sum to 2 in every year, ",
    ),
    ("psp,XG-SECRET,17,0.3333,,,\npsp,XG-SECRET,18,0.6666,,,\n", "sum to 0.9999 in every year"),
    ("psp,XG-SECRET,17,0.5,,,\npsp,XG-SECRET,18,0.5,,2024,\n", "sum to 0.5 from 2025"),
    ("psp,XG-SECRET,17,0.5,2023,,\npsp,XG-SECRET,18,0.5,2024,,\n", "sum to 0.5 from 2023"),
    ('psp,XG-SECRET,17,"0,5",,,\n', "row 1, field share: is not a number; write digits with a decimal point"),
    ("psp,XG-SECRET,17,nan,,,\n", "row 1, field share: is not a number; "),
    ("psp,XG-SECRET,17,-1,,,\n", "row 1, field share: is not above 0 and at most 1; "),
    ("wbs,XG-SECRET,17,,,,\n", "row 1, field link_type: is not a link type; use one of psp, cost_centre, "),
    ("psp,XG-SECRET,,,,,\n", "row 1, field property_no: is empty; fill it in."),
    ("psp,,17,,,,\n", "row 1, field source_key: is empty; fill it in."),
]


@pytest.mark.parametrize(("links", "sentence"), LINK_FAULTS)
def test_a_faulty_link_is_named_without_its_key(
    configure: Configure, register: Register, links: str, sentence: str
) -> None:
    with pytest.raises(RegisterError) as caught:
        read(configure("0991", links=links), register)
    assert str(caught.value).startswith(LINKS_FILE)
    assert sentence in str(caught.value)
    assert "SECRET" not in str(caught.value)


@pytest.mark.parametrize(
    "links",
    [
        "psp,A,17,0.3333,,,\npsp,A,18,0.3333,,,\npsp,A,19,0.3334,,,\n",
        "psp,A,17,,,2023,\npsp,A,18,0.5,2024,,\npsp,A,19,0.5,2024,,\n",
        "psp,A,17,,2020,2021,\npsp,A,17,,2024,,\n",
        "psp,A,17,,,,\ncost_centre,A,18,,,,\n",
    ],
)
def test_shares_that_sum_to_one_in_every_year_they_exist_are_accepted(
    configure: Configure, register: Register, links: str
) -> None:
    assert len(read(configure("0991", links=links), register)[0].links) == links.count("\n")


def test_rules_for_the_same_postings_may_follow_each_other(configure: Configure, register: Register) -> None:
    rules = "1,22*,,,,,C_EL,,2023,\n1,22*,,,,,C_VAND,2024,,\n2,22*,,,,,C_IKKE,,,\n"
    (municipality,) = read(configure("0991", rules=rules), register)
    assert [(rule.cost_category, rule.valid_from, rule.valid_to) for rule in municipality.rules] == [
        ("C_EL", 0, 2023),
        ("C_VAND", 2024, 9999),
        ("C_IKKE", 0, 9999),
    ]


def test_a_municipality_without_mapping_files_maps_nothing(configure: Configure, register: Register) -> None:
    (municipality,) = read(configure("0991"), register)
    assert (municipality.name, municipality.rules, municipality.links) == ("Eksempelby (fiktiv)", [], [])


def test_a_file_saved_with_a_byte_order_mark_is_read(configure: Configure, register: Register) -> None:
    folder = configure("0991", rules="1,22*,,,,,C_EL,,,måler\n")
    path = folder / "account_rules.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read(folder, register)[0].rules[0].note == "måler"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"priority;account;function\n", "is separated by semicolons; save it separated by commas."),
        (b"priority,account\n", "has another heading than expected; use the heading priority,account,function,"),
        (b"priority,cost_category,text\n", "of which all but priority and cost_category may be left out."),
        (b"priority,cost_category,account,account\n", "has another heading than expected; "),
        (b"", "has another heading than expected; "),
        ("priority,regnskabsår\n".encode("cp1252"), "is not UTF-8 text; save it as CSV UTF-8."),
    ],
)
def test_a_file_of_another_form_is_refused(
    configure: Configure, register: Register, content: bytes, sentence: str
) -> None:
    folder = configure("0991", rules="")
    (folder / "account_rules.csv").write_bytes(content)
    with pytest.raises(RegisterError) as caught:
        read(folder, register)
    assert str(caught.value).startswith(f"{RULES_FILE}: ")
    assert sentence in str(caught.value)


def test_a_folder_and_its_sources_must_agree_on_the_code(configure: Configure, register: Register) -> None:
    folder = configure("0991")
    (folder / "sources.yml").write_text('municipality_code: "0992"\nname: Prøvekøbing\n', encoding="utf-8")
    with pytest.raises(RegisterError, match=r'municipality 0991, file sources.yml, field municipality_code: .*"0991"'):
        read(folder, register)


def test_a_municipality_folder_needs_its_sources_file(configure: Configure, register: Register) -> None:
    folder = configure("0991")
    (folder / "sources.yml").unlink()
    with pytest.raises(RegisterError, match=r"file sources.yml: is missing; write it"):
        read(folder, register)


def test_only_a_star_is_a_wildcard() -> None:
    table = {"": "%", "*": "%", "2210*": "2210%", "A_1": "A\\_1", "5%": "5\\%", "X\\Y": "X\\\\Y"}
    assert {pattern: like_pattern(pattern) for pattern in table} == table


PERIOD_FAULTS = [
    (",1,,,school,,,\n", "row 1, field property_no: is empty; fill it in."),
    ("SECRET,,,,museum,,,\n", "row 1, field use_category: is not a use category; use one of administration, school, "),
    ("SECRET,,,,none,,,\n", "row 1, field use_category: is not a use category; "),
    ("SECRET,,,,,rented,,\n", "row 1, field tenure: is not a tenure; use one of owned, leased, let_out, none."),
    ("SECRET,,,,,,,\n", "row 1, field use_category: is empty, as tenure and area_m2 are; fill in what the period is "),
    ("SECRET,,,,,,300,\n", "row 1, field area_m2: is the area of a whole property; give each building its own row."),
    ("SECRET,1,,,,,0,\n", "row 1, field area_m2: is not above 0; write the area in m2, or leave it empty."),
    ('SECRET,1,,,,,"1,5",\n', "row 1, field area_m2: is not a number; "),
    ("SECRET,000,,,school,,,\n", "row 1, field building_no: is no building's number; leave it empty for the whole "),
    ("SECRET,1,01-07-2025,,school,,,\n", "row 1, field valid_from: is not a date from 1900 to 2100; "),
    ("SECRET,1,2025-02-29,,school,,,\n", "row 1, field valid_from: is not a date from 1900 to 2100; "),
    ("SECRET,1,,99991231,school,,,\n", "row 1, field valid_to: is not a date from 1900 to 2100; "),
    ("SECRET,1,2025-07-01,2025-07-01,school,,,\n", "row 1, field valid_to: is not after valid_from; "),
    (
        "SECRET,2,2025-01-01,,school,,,\nSECRET,002,,2025-01-02,daycare,,,\n",
        "row 2, field valid_from: overlaps row 1, which is of the same building; end one on the day the other begins; ",
    ),
    (
        "SECRET,,,,school,,,\nSECRET,,2025-01-01,,,leased,,\n",
        "row 2, field valid_from: overlaps row 1, which is of the same p",
    ),
]


@pytest.mark.parametrize(("periods", "sentence"), PERIOD_FAULTS)
def test_a_faulty_period_is_named_without_its_property(
    configure: Configure, register: Register, periods: str, sentence: str
) -> None:
    with pytest.raises(RegisterError) as caught:
        read(configure("0991", periods=periods), register)
    assert str(caught.value).startswith("municipality 0991, file property_periods.csv")
    assert sentence in str(caught.value)
    assert "SECRET" not in str(caught.value)


def test_periods_may_follow_each_other_and_lie_within_those_of_the_property(
    configure: Configure, register: Register
) -> None:
    periods = (
        "17,02,2025-07-01,,daycare,,,\n17,2,,2025-07-01,,owned,12.5,\n17,,2025-01-01,2026-01-01,school,none,,moved\n"
    )
    (municipality,) = read(configure("0991", periods=periods), register)
    assert [
        (one.building_no, one.valid_from, one.valid_to, one.use_category, one.tenure, one.area_m2, one.note)
        for one in municipality.periods
    ] == [
        ("2", date(2025, 7, 1), None, "daycare", None, None, None),
        ("2", None, date(2025, 7, 1), None, "owned", Decimal("12.5"), None),
        ("", date(2025, 1, 1), date(2026, 1, 1), "school", "none", None, "moved"),
    ]
