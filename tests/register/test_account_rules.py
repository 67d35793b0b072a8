"""Rules with property, shares, splits and tags, and split keys: read, and each fault one sentence."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from register.account_rules import PATTERNS, AccountRule, read_account_rules, read_split_keys
from register.schema import RegisterError

CATEGORIES = ("C_EL", "C_RENG", "C_VEDL_PL", "C_VEDL_AK", "C_ANLAEG", "C_IKKE")
USES = ("school", "daycare", "other")
KEYS = "split_key,property_no,share,valid_from,valid_to,note\ncaretaker,P1,0.25,,,\ncaretaker,P2,0.75,,,\n"


def read(folder: Path, rules: str, keys: str = KEYS) -> list[AccountRule]:
    (folder / "rules.csv").write_text(rules, encoding="utf-8")
    (folder / "keys.csv").write_text(keys, encoding="utf-8")
    split_keys = read_split_keys(folder / "keys.csv", "split_keys.csv")
    return read_account_rules(folder / "rules.csv", "account_rules.csv", CATEGORIES, USES, split_keys)


def refused(folder: Path, rules: str, keys: str = KEYS) -> str:
    with pytest.raises(RegisterError) as caught:
        read(folder, rules, keys)
    return str(caught.value)


def test_columns_may_come_in_any_order_and_those_left_out_match_anything(tmp_path: Path) -> None:
    (rule,) = read(tmp_path, "cost_category,purpose,priority\nC_EL,F1*,5\n")
    assert (rule.priority, rule.cost_category, rule.share) == (5, "C_EL", Decimal(1))
    assert dict(zip(PATTERNS, rule.patterns, strict=True)) == {**dict.fromkeys(PATTERNS, "%"), "purpose": "F1%"}


def test_rows_of_the_same_postings_with_shares_are_one_rule(tmp_path: Path) -> None:
    heading = "priority,account,cost_category,share,valid_from,valid_to\n"
    rules = read(tmp_path, heading + "7,45*,C_EL,,,2023\n7,46*,C_EL,,,\n7,45*,C_RENG,0.3,2024,\n7,45*,C_EL,0.7,2024,\n")
    assert [(rule.rule_no, rule.group_no, rule.share) for rule in rules] == [
        (1, 1, Decimal(1)), (2, 2, Decimal(1)), (3, 1, Decimal("0.3")), (4, 1, Decimal("0.7")),
    ]  # fmt: skip


def test_a_rule_may_name_a_property_a_split_with_its_uses_and_tags(tmp_path: Path) -> None:
    heading = "priority,account,cost_category,property_no,split,split_uses,tags\n"
    lines = "1,45*,C_VEDL_PL,P1,,,envelope backlog\n1,46*,C_EL,,area,school  daycare,\n1,47*,C_EL,,caretaker,,\n"
    named, measured, keyed = read(tmp_path, heading + lines)
    assert (named.property_no, named.split, named.tags) == ("P1", None, ("envelope", "backlog"))
    assert (measured.property_no, measured.split, measured.split_uses) == (None, "area", ("school", "daycare"))
    assert (keyed.split, keyed.split_uses) == ("caretaker", ())


FAULTS = [
    ("1,C_EL,,0.5,,,,,", "row 1, field share: the shares of the rows of this rule sum to 0.5 in every year, expected "),
    ("1,C_EL,,0.5,,,,,\n1,C_RENG,,0.6,,,,,", "row 2, field share: the shares of the rows of this rule sum to 1.1 in "),
    ("1,C_EL,,0.5,,,,,\n1,C_RENG,,0.5,,,,,2024", "row 1, field share: the shares of the rows of this rule sum to 0.5 "),
    ("1,C_EL,,,,,,,\n1,C_RENG,,,,,,,", "row 2, field priority: matches the same postings as row 1 with the same "),
    ("1,C_EL,,0,,,,,", "row 1, field share: is not above 0 and at most 1; "),
    ("1,C_EL,,,volume,,,,", "row 1, field split: is no split key; use area, pupils, children or a key of "),
    ("1,C_EL,P1,,area,,,,", "row 1, field split: stands beside a property_no; keep one"),
    ("1,C_EL,,,,school,,,", "row 1, field split_uses: stands without a split that it could restrict; "),
    ("1,C_EL,,,caretaker,school,,,", "row 1, field split_uses: stands without a split that it could restrict; "),
    ("1,C_EL,,,area,school;daycare,,,", "row 1, field split_uses: is not a list of use categories; use some of school"),
    ("1,C_VEDL_AK,,,,,roof,,", "row 1, field tags: is not a list of tags; use some of envelope, interior, "),
    ("1,C_VEDL_AK,,,,,envelope interior,,", "row 1, field tags: names more than one part of the building; "),
    ("1,C_ANLAEG,,,,,envelope,,", "row 1, field tags: is a part of maintenance only; remove it, or use C_VEDL_PL or "),
    ("1,C_EL,,,,,backlog,,", "row 1, field tags: is a part of maintenance and investment only; "),
]


@pytest.mark.parametrize(("rows", "sentence"), FAULTS)
def test_a_faulty_rule_is_named_by_row_and_field(tmp_path: Path, rows: str, sentence: str) -> None:
    heading = "priority,cost_category,property_no,share,split,split_uses,tags,valid_from,valid_to\n"
    assert sentence in refused(tmp_path, f"{heading}{rows}\n")


KEY_FAULTS = [
    ("key,P1,0.5,,,\n", "row 1, field share: the shares of this key sum to 0.5 in every year, expected exactly 1; "),
    ("key,P1,,,2023,\nkey,P1,0.5,2024,,\nkey,P2,0.4,2024,,\n", "row 3, field share: the shares of this key sum to 0.9"),
    ("area,P1,,,,\n", "row 1, field split_key: is a key that the warehouse measures itself; give your key another "),
    ("key,,,,,\n", "row 1, field property_no: is empty; fill it in."),
]


@pytest.mark.parametrize(("rows", "sentence"), KEY_FAULTS)
def test_a_faulty_split_key_is_named_by_row_and_field(tmp_path: Path, rows: str, sentence: str) -> None:
    keys = "split_key,property_no,share,valid_from,valid_to,note\n" + rows
    message = refused(tmp_path, "priority,cost_category\n", keys)
    assert message.startswith("split_keys.csv, ")
    assert sentence in message
