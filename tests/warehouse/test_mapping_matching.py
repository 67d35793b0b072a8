"""The workbench and the build agree on what every posting is, whatever the rules."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from register.account_rules import PATTERNS, RULE_HEADING, like_pattern
from tests.dbt.conftest import Built, build_world
from tests.dbt.small_world import RawDelivery
from warehouse.mapping.keys import COLUMNS, have_keys
from warehouse.mapping.matching import PRESENT, matched
from warehouse.mapping.rules import read_rules
from warehouse.settings import Settings

CODES = [f"08{number:02}" for number in range(1, 11)]
# Raw column -> values that postings have; few, so that rules meet them.
VALUES = {
    "account": ["4010", "4011", "5010", "95990009"], "function": ["32201", "64550", "82205"],
    "dranst": ["1", "3", ""], "ownership": ["1", "2"], "grouping": ["001", "002"], "art": ["45", "01", ""],
    "psp_element": ["XG-1", "XG_1", ""], "cost_centre": ["100", "200"], "profit_centre": ["P", ""],
    "project_no": ["A%1", "A1"], "department": ["D", ""], "carrier": ["K1", "K2"], "purpose": ["F", ""],
}  # fmt: skip
CATEGORIES = ("C_EL", "C_RENG", "C_VEDL_PL", "C_ANLAEG", "C_IKKE", "I_LEJE")


def postings(code: str, chance: random.Random) -> RawDelivery:
    heading = ["fiscal_year", "document_no", "line_no", "posting_date", *VALUES, "amount"]
    lines = ["|".join(heading)]
    for number in range(60):
        values = [chance.choice(options) for options in VALUES.values()]
        year = chance.choice(["2024", "2025"])
        lines.append("|".join([year, f"D{number}", "1", f"{year}0101", *values, f"{chance.randint(-500, 900)},00"]))
    return RawDelivery("ledger_files", "postings", code, "\n".join(lines))


def rules(chance: random.Random) -> str:
    lines = [",".join(RULE_HEADING)]
    seen = set()
    for _ in range(30):
        row = dict.fromkeys(RULE_HEADING, "")
        for pattern, options in zip(PATTERNS, VALUES.values(), strict=True):
            if chance.random() < 0.2:
                value = chance.choice(options)
                row[pattern] = chance.choice([value, f"{value[:1]}*", f"*{value[-1:]}"])
        row["priority"] = str(chance.choice([1, 5, 10]))
        row["cost_category"] = chance.choice(CATEGORIES)
        row["valid_from"] = chance.choice(["", "2025"])
        key = (row["priority"], *(like_pattern(row[pattern]) for pattern in PATTERNS))
        if key not in seen:  # two whole rules for the same postings are refused
            seen.add(key)
            lines.append(",".join(row.values()))
    # looks at every dimension and matches nothing: the workbench sums over those that no rule looks at
    never = dict.fromkeys(RULE_HEADING, "") | dict.fromkeys(PATTERNS, "nothing")
    lines.append(",".join((never | {"priority": "99", "cost_category": "C_IKKE"}).values()))
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def world(warehouse: Settings, tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Built]:
    folder: Path = tmp_path_factory.mktemp("agreement")
    configuration, deliveries = {}, []
    for number, code in enumerate(CODES):
        chance = random.Random(number)
        configuration[f"{code}/sources.yml"] = f'municipality_code: "{code}"\nname: Prøve {code} (fiktiv)\n'
        configuration[f"{code}/account_rules.csv"] = rules(chance)
        deliveries.append(postings(code, chance))
    selection = ("+int_posting_keys__categorised", "--indirect-selection", "buildable")
    built = build_world(warehouse, folder, configuration, deliveries, *selection)
    return warehouse.model_copy(update={"config": folder}), built


@pytest.mark.parametrize("code", CODES)
def test_the_build_and_the_workbench_give_each_key_the_same_row(world: tuple[Settings, Built], code: str) -> None:
    settings, built = world
    expected: dict[tuple[Any, ...], int] = {}
    names = list(PATTERNS)
    for row in built.rows("int_posting_keys__categorised", municipality_code=code):
        expected[row["fiscal_year"], *(row[COLUMNS[name]] for name in names)] = row["rule_no"]
    assert len(set(expected.values())) > 3
    with matched(settings, have_keys(settings, code), {PRESENT: read_rules(settings, code).rules}) as connection:
        columns = ", ".join(f"p.{name}" for name in names)
        query = f"select p.year, coalesce(w.group_no, 0), {columns} from points p left join winners w using (point_no)"
        found = connection.execute(query.encode()).fetchall()
    # Here each rule is one row, so its group's number is the row's.
    assert {(year, *dimensions): row_no for year, row_no, *dimensions in found} == expected
