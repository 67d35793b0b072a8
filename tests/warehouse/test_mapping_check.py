"""`mapping check`: what rules cover, where they contradict each other, which do nothing, and what a proposal moves."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from register.account_rules import AccountRule
from tests.dbt.small_world import RawDelivery
from tests.warehouse.mapping_world import ACCOUNTS, CODE, POSTINGS, begin, configure, deliver
from tests.warehouse.test_cli_sources import call
from warehouse.mapping.check import Check, Conflict, DeadRule, Move, UnmappedAccount, check
from warehouse.mapping.errors import MappingError
from warehouse.mapping.rules import describe_outcome, read_proposal, read_rules
from warehouse.settings import Settings, get_settings

PROPOSAL = """\
priority,account,function,cost_category,property_no,share
10,5010,,C_EL,,
10,502*,,C_VARME,,
5,5010,64550,C_OEVR,,
10,5099,,C_RENG,P1,0.25
10,5099,,C_RENG,P2,0.75
"""


@pytest.fixture(scope="module")
def settings(warehouse: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The small world, delivered and not built."""
    config = tmp_path_factory.mktemp("config")
    configure(config)
    configure(config, "0996")
    begin()
    deliver(POSTINGS, ACCOUNTS)
    (config / "proposal.csv").write_text(PROPOSAL, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EJENDOMSTAL_CONFIG", str(config))
        yield get_settings()


@pytest.fixture(scope="module")
def found(settings: Settings) -> Check:
    mapping = read_rules(settings, CODE)
    return check(settings, mapping, proposed=read_proposal(mapping, settings.config / "proposal.csv"))


def test_everything_is_found_from_a_ledger_that_no_build_has_read(found: Check) -> None:
    assert found.keys.summed_now
    assert found.keys.newer_deliveries == 0
    assert [(row.year, row.amount_dkk, row.mapped_dkk, row.turnover_dkk, row.mapped_turnover_dkk, row.unmapped_postings)
            for row in found.years] == [
        (2024, 1100, 1100, 1100, 1100, 0),
        # 900 of income, 550 of cost and 600 of investment have no rule; V6 and V7 are one key
        (2025, 11550, 11300, 13350, 11300, 5),
    ]  # fmt: skip
    assert found.years[1].unmapped_dkk == 250
    assert found.years[1].share_pct == Decimal(1130000) / 13350
    assert [(row.year, row.function_code, row.amount_dkk, row.mapped_dkk) for row in found.functions] == [
        (2024, "32201", 1100, 1100), (2025, "32201", 7100, 6000), (2025, "02513", -900, 0), (2025, "52514", 50, 0),
        (2025, "64550", 300, 300), (2025, "82205", 5000, 5000),
    ]  # fmt: skip
    assert found.conflicts == [Conflict(2, 3, 10, 2025, 2025, Decimal(4000), Decimal(4000), 1)]
    assert found.dead == [DeadRule(3, [2]), DeadRule(4, [1]), DeadRule(5, [])]
    assert found.unmapped == [
        UnmappedAccount("7100", "Huslejeindtægter", "02513", "1", 2025, 2025, Decimal(-900), Decimal(900), 1),
        UnmappedAccount("5010", "El", "32201", "3", 2025, 2025, Decimal(600), Decimal(600), 1),
        UnmappedAccount("5099", "Rengøring, artikler", "32201", "1", 2025, 2025, Decimal(500), Decimal(500), 2),
        UnmappedAccount("9999", None, "52514", "1", 2025, 2025, Decimal(50), Decimal(50), 1),
    ]
    # V5 stays heat: the row that ruled it goes, another takes its place.
    assert found.moves == [
        Move("C_UMAPPED", "C_RENG 25 % on property P1 + C_RENG 75 % on property P2", "32201", 2025, 2025,
             Decimal(500), Decimal(500), 2),
        Move("C_EL", "C_OEVR", "64550", 2025, 2025, Decimal(300), Decimal(300), 1),
    ]  # fmt: skip
    assert found.proposed_years is not None
    assert [(row.year, row.mapped_turnover_dkk) for row in found.proposed_years] == [(2024, 1100), (2025, 11800)]


def test_a_person_reads_the_same_in_tables(settings: Settings, found: Check) -> None:
    printed = call("mapping", "check", CODE, "--proposed", str(settings.config / "proposal.csv"))
    for words in (
        "84,6 %",  # 11300 of 13350
        "02513 Andre faste ejendomme", "2 and 3", "row 2 wins: C_VARME, not C_KOEL", "matches no posting",
        "row 1 comes first wherever it matches", "Rengøring, artikler", "What the proposal moves", "88,3 %",
    ):  # fmt: skip
        assert words in printed, words
    assert "summed now" not in printed
    again = call("mapping", "check", CODE, "--top", "1")
    assert "Functions with unmapped kroner, the 1 largest of 3" in again
    assert "5099" not in again


def test_a_municipality_without_a_ledger_is_told_what_to_run(settings: Settings) -> None:
    with pytest.raises(
        MappingError, match=r"municipality 0996 has delivered no ledger: configure one of .*ledger_opus"
    ):
        check(settings, read_rules(settings, "0996"))
    printed = call("mapping", "check", "0123", status=1)
    assert (
        "municipality 0123 is not configured: begin with `ejendomstal new-municipality 0123 --name <name>`." in printed
    )


def test_a_wrong_proposal_is_one_sentence(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "wrong.csv").write_text("priority,account,cost_category\n1,Hans Hansen,C_HANS\n", encoding="utf-8")
    printed = call("mapping", "check", CODE, "--proposed", str(tmp_path / "wrong.csv"), status=1)
    assert "file wrong.csv, row 1, field cost_category: is not a cost category; use one of C_EL," in printed
    assert "Hans" not in printed
    assert "is not there" in call("mapping", "check", CODE, "--proposed", str(tmp_path / "none.csv"), status=1)


def test_an_outcome_says_all_that_a_rule_does() -> None:
    rule = AccountRule(
        1, 1, ("%",) * 13, "C_VEDL_PL", 0, 9999, None, None, Decimal("0.125"), "area", ("school",), ("interior",)
    )
    assert describe_outcome(rule) == "C_VEDL_PL 12.5 % by area over school [interior]"


def test_a_delivery_after_the_summing_is_named_and_counted_when_asked(settings: Settings) -> None:
    assert "came since" not in call("mapping", "check", CODE)
    deliver(RawDelivery("ledger_opus", "accounts", CODE, "account|name\n9999|Diverse"))
    assert "1 ledger deliveries came since the postings were summed: add --refresh" in call("mapping", "check", CODE)
    printed = call("mapping", "check", CODE, "--refresh")
    assert "The postings were read and summed now, without a build." in printed
    assert "came since" not in printed
    assert "Diverse" in printed
