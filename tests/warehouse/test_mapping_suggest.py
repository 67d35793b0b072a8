"""`mapping suggest`: proposals from texts, functions and arts, for a person to accept."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from register.read import read_register
from tests.warehouse.mapping_world import ACCOUNTS, CODE, POSTINGS, RULES, begin, configure, deliver
from tests.warehouse.test_cli_sources import call
from warehouse.mapping.check import check
from warehouse.mapping.functions import arts, functions
from warehouse.mapping.recognition import recognise
from warehouse.mapping.rules import read_proposal, read_rules
from warehouse.mapping.suggest import UnmappedKey, propose
from warehouse.mapping.template import proposed_categories
from warehouse.settings import Settings, get_settings

CATEGORIES = read_register().cost_categories.cost_categories
# what an account is called -> category and certainty; None: nothing is proposed from the text
TEXTS = [
    ("El", "C_EL", 90), ("Fjernvarme, afgifter", "C_VARME", 90), ("Elever", None, 0),
    ("Vand og spildevand", "C_VAND", 90),
    ("El og varme", "C_VARME", 60),  # both are named: a person has to look
    ("RENGØRING  ved egne ansatte", "C_RENG", 90), ("Rengøring, løn", "C_RENG", 60),
    ("Udvendig vedligeholdelse", "C_VEDL_PL", 90), ("Vedligeholdelse", "C_VEDL_PL", 50),
    ("Vedligeholdelse af inventar", "C_IKKE", 80), ("Afhjælpende vedligehold", "C_VEDL_AK", 80),
    ("Huslejeindtægter", "I_LEJE", 80), ("Husleje uden moms", "C_LEJE", 90), ("Intern husleje", "C_IKKE", 60),
    ("Bilforsikring", "C_IKKE", 80), ("Brandforsikring", "C_FORS", 90), ("Forsikring", "C_FORS", 50),
    ("Løn, serviceledere", "C_OEVR", 60), ("Varmemester", "C_OEVR", 90),
    ("Driftsmaterialer, bygninger", "C_OEVR", 40), ("Fjernvrame", "C_VARME", 50), ("Xyzzy", None, 0), ("", None, 0),
]  # fmt: skip
# account, text, art, function, dranst -> what is proposed: account, function, dranst, category, certainty
KEYS = [
    (("1", "Renter", "", "75522", "4"), ("", "", "4", "C_IKKE", 90)),
    (("2", "El", "", "32201", "3"), ("", "32201", "3", "C_ANLAEG", 80)),
    (("3", None, "", "22822", "3"), ("", "22822", "3", "C_IKKE", 70)),  # roads
    (("4", "El", "", "12203", "1"), ("", "12203", "1", "C_IKKE", 80)),  # a heating company's own electricity
    (("5", "El", "", "32201", "1"), ("5", "", "1", "C_EL", 90)),
    (("6", "Husleje", "", "52822", "1"), ("6", "", "1", "C_LEJE", 70)),  # foster families have no buildings
    (("7", None, "", "52822", "1"), ("", "52822", "1", "C_IKKE", 60)),
    (("8", None, "52", "32201", "1"), ("8", "", "1", "C_IKKE", 90)),
    (("9", "Anlægsudgifter", "", "32201", "1"), None),  # investment does not count on dranst 1
    (("10", None, "45", "32201", "1"), None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "category", "confidence"), TEXTS)
def test_a_text_tells_its_category(text: str, category: str | None, confidence: int) -> None:
    found = recognise(text, CATEGORIES)
    assert (found.cost_category, found.confidence_pct) == (category, confidence) if found else category is None


@pytest.mark.parametrize(("key", "expected"), KEYS)
def test_a_key_gets_one_proposal_or_none(key: tuple[str, ...], expected: tuple | None) -> None:
    account, name, art, function, dranst = key
    unmapped = UnmappedKey(account, name, art, art, function, dranst, Decimal(5), Decimal(5), 1)
    found = propose([unmapped], CATEGORIES, 0, 40)
    told = [(one.account, one.function, one.dranst, one.cost_category, one.confidence_pct) for one in found.proposals]
    assert told == ([] if expected is None else [expected])
    assert found.left == ([unmapped] if expected is None else [])


def test_keys_of_one_rule_are_one_proposal_and_a_doubtful_one_can_be_left_out() -> None:
    keys = [
        UnmappedKey("5", "Vedligehold", "", "", function, "1", amount, abs(amount), 2)
        for function, amount in (("32201", Decimal("10.50")), ("64550", Decimal(-3)))
    ]
    (proposal,) = propose(keys, CATEGORIES, 34, 50).proposals
    assert (proposal.amount_dkk, proposal.turnover_dkk, proposal.postings) == (Decimal("7.50"), Decimal("13.50"), 4)
    assert proposal.priority == 70  # after priority 34 come 40 (dranst), 50, 60, and the texts with 70
    assert proposal.note == "FORSLAG 50 %: Vedligehold ligner vedligehold* (8 kr.)"
    assert propose(keys, CATEGORIES, 34, 51).proposals == []


@pytest.mark.parametrize(
    ("name", "dranst", "functions", "expected"),
    [
        ("El", "1", {"32201": 5, "64550": 3}, "C_EL"),
        # roads are no buildings, a school and a town hall are: the largest first
        ("Anlæg", "3", {"32201": 2, "64550": 3, "22822": 9}, "C_IKKE på 22822; C_ANLAEG på 64550, 32201"),
        ("Ukendt", "1", {"32201": 5, "52822": 3}, "C_IKKE på 52822; intet på 32201"),
        ("El", "1", {"32201": 5, "12203": 3}, "C_EL på øvrige; C_IKKE på 12203"),
    ],
)
def test_a_workbook_tells_functions_of_an_account_apart(
    name: str, dranst: str, functions: dict[str, int], expected: str
) -> None:
    keys = [
        UnmappedKey("5000", name, "", "", function, dranst, Decimal(amount), Decimal(amount), 1)
        for function, amount in functions.items()
    ]
    assert proposed_categories(propose(keys, CATEGORIES, 0, 40)) == expected


@pytest.mark.parametrize(
    ("posted", "rules", "told"),
    [
        # 71 is rent received, 52 transfers to persons, 45 tells nothing; the largest first
        ({"52": 9}, [("", "C_IKKE")], "C_IKKE"),
        ({"52": 9, "71": 5}, [("52", "C_IKKE"), ("71", "I_LEJE")], "C_IKKE på art 52; I_LEJE på art 71"),
        ({"52": 9, "45": 5}, [("52", "C_IKKE")], "C_IKKE på art 52; intet på 32201"),
        ({"52": 9, "": 5}, [("52", "C_IKKE")], "C_IKKE på art 52; intet på 32201"),
    ],
)
def test_arts_of_one_account_get_a_rule_each_that_leaves_the_others_alone(
    posted: dict[str, int], rules: list[tuple[str, str]], told: str
) -> None:
    keys = [
        # the account's own art stands in where none is posted
        UnmappedKey("5000", "Ukendt", art, art or "71", "32201", "1", Decimal(amount), Decimal(amount), 1)
        for art, amount in posted.items()
    ]
    found = propose(keys, CATEGORIES, 0, 40)
    assert [(one.art, one.cost_category) for one in found.proposals] == rules
    assert all(one.account == "5000" for one in found.proposals)
    assert proposed_categories(found) == told


def test_the_lists_name_functions_and_arts_once_and_in_their_form() -> None:
    assert all(len(code) == 5 and code.isdigit() for code in functions())
    assert all(len(code) == 2 and code.isdigit() for code in arts())
    assert {one.cost_category for one in arts().values()} <= {"", *(one.cost_category for one in CATEGORIES)}


@pytest.fixture(scope="module")
def settings(warehouse: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    config = tmp_path_factory.mktemp("config")
    configure(config)
    begin()
    deliver(POSTINGS, ACCOUNTS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EJENDOMSTAL_CONFIG", str(config))
        yield get_settings()


def test_what_is_written_is_a_whole_file_of_rules_that_maps_what_it_says(settings: Settings, tmp_path: Path) -> None:
    proposal = tmp_path / "proposal.csv"
    printed = call("mapping", "suggest", CODE, "--output", str(proposal))
    assert "Proposed rules, the 40 largest of 3" in printed
    assert "Left without a proposal, the 40 largest of 1" in printed
    with proposal.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["cost_category"] for row in rows[:5]] == ["C_EL", "C_VARME", "C_KOEL", "C_OEVR", "C_FORS"]
    assert [
        (row["priority"], row["account"], row["function"], row["dranst"], row["cost_category"], row["note"])
        for row in rows[5:]
    ] == [
        ("70", "7100", "", "1", "I_LEJE",
         "FORSLAG 80 %: Huslejeindtægter ligner huslejeindtaegt*, men også C_LEJE (-900 kr.)"),
        ("50", "", "32201", "3", "C_ANLAEG", "FORSLAG 80 %: anlæg på 32201 Folkeskoler (600 kr.)"),
        ("70", "5099", "", "1", "C_RENG", "FORSLAG 90 %: Rengøring, artikler ligner rengoering* (500 kr.)"),
    ]  # fmt: skip
    mapping = read_rules(settings, CODE)
    found = check(settings, mapping, proposed=read_proposal(mapping, proposal))
    assert found.moves is not None
    assert {(move.from_outcome, move.to_outcome, move.amount_dkk) for move in found.moves} == {
        ("C_UMAPPED", "I_LEJE", -900), ("C_UMAPPED", "C_ANLAEG", 600), ("C_UMAPPED", "C_RENG", 500),
    }  # fmt: skip
    assert found.proposed_years is not None
    assert found.proposed_years[1].unmapped_dkk == 50


def test_the_rules_themselves_are_never_touched(settings: Settings) -> None:
    path = settings.municipalities / CODE / "account_rules.csv"
    assert "write them to a file of another name" in call("mapping", "suggest", CODE, "--output", str(path), status=1)
    assert path.read_text(encoding="utf-8") == RULES
