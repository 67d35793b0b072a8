"""Where money goes: property of the rule, splits by key, links, masters; what repeats costs, and what never is one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.dbt.conftest import Built, build_world
from tests.dbt.costs_world import KEY_HEADING, LINK_HEADING, RULE_HEADING
from tests.dbt.small_world import RawDelivery
from warehouse.settings import Settings

YEAR = (date(2025, 1, 1), date(2026, 1, 1))
DELIVERIES = [
    RawDelivery("fm_files", "properties", "0998", """
        property_no|name     |use        |tenure
        P1         |Skolen   |Folkeskole |Ejet
        P2         |Myretuen |Børnehave  |Ejet
        P3         |Humlebien|Børnehave  |Lejet
    """),
    RawDelivery("fm_files", "buildings", "0998", """
        property_no|building_no|gross_area
        P1         |1          |600
        P2         |1          |200
        P3         |1          |100
    """),
    RawDelivery("enrolment", "children", "0998", """
        institution_no|count_date|children
        D2            |01.10.2024|10
        D2            |01.10.2025|20
        D3            |01.10.2024|45
        D3            |01.10.2025|45
    """),
    RawDelivery("ledger_opus", "psp_elements", "0998", """
        psp_element|function|dranst|ownership|grouping|property_no
        XG-1       |32201   |1     |1        |1       |P1
        XG-2       |52510   |1     |1        |5       |
        XA-1       |32201   |3     |1        |       |P1
    """),
    RawDelivery("ledger_opus", "cost_centres", "0998", """
        cost_centre|function|property_no
        7001       |52514   |P2
    """),
    RawDelivery("ledger_opus", "accounts", "0998", """
        account |account_class|art
        S1234567|drift        |45
        40990000|balance      |
    """),
    RawDelivery("ledger_opus", "postings", "0998", """
        account |psp_element|cost_centre|profit_centre|amount  |fiscal_year
        10000001|XG-2       |           |             |1.000,00|2025
        10000002|XG-2       |           |             |10,00   |2025
        10000003|XG-2       |           |             |70,00   |2025
        10000004|XG-2       |           |             |100,01  |2025
        10000005|XG-1       |           |             |300,00  |2025
        10000006|XG-1       |           |             |0,03    |2025
        10000007|XG-2       |7001       |             |40,00   |2025
        10000008|XG-2       |           |9            |5,00    |2025
        S1234567|XG-1       |           |             |6,00    |2025
        40990000|XG-1       |           |             |7,00    |2025
        00100000|XG-1       |           |             |8,00    |2025
        10000009|XA-1       |           |             |900,00  |2025
        10000010|XA-1       |           |             |50,00   |2025
        10000001|           |7001       |             |-9,00   |2025
    """, load_kind="window", window=YEAR),
    RawDelivery("ledger_opus", "project_lines", "0998", """
        document_no|line_no|psp_element|cost_element|amount|fiscal_year|posting_date|registration_date
        1          |1      |XG-1       |10000005    |300,00|2025       |2025-02-01  |2025-02-01
        2          |1      |XG-1       |10000005    |11,00 |2024       |2024-02-01  |2024-02-01
        2          |1      |XG-1       |10000005    |12,00 |2024       |2024-02-01  |2024-03-01
    """, load_kind="delta", window=(date(2025, 2, 1), date(2025, 2, 8))),
    RawDelivery("ledger_files", "dimensions", "0999", """
        dimension|code|function|dranst|property_no
        sted     |T10 |32201   |1     |10
        bærer    |B7  |        |      |20
    """),
    RawDelivery("ledger_files", "accounts", "0999", """
        account|function|dranst|art
        900    |        |      |23
    """),
    RawDelivery("ledger_files", "postings", "0999", """
        account|authorised_account|cost_centre|carrier|purpose|amount|posting_date|amount_unit
        900    |                  |T10        |       |       |100   |2025-01-01  |kroner
        900    |3220111012300145  |T99        |B7     |F1     |20    |2025-01-01  |kroner
    """, load_kind="window", window=YEAR),
    RawDelivery("ledger_files", "registered_postings", "0999", """
        document_no|line_no|account|cost_centre|amount|posting_date|registration_date|amount_unit
        1          |1      |900    |T10        |100   |2025-01-01  |2025-01-02       |kroner
        2          |1      |900    |T10        |60    |2024-01-01  |2024-01-02       |kroner
    """, load_kind="delta", window=(date(2025, 1, 1), date(2025, 1, 8))),
    RawDelivery("fm_files", "properties", "0999", """
        property_no|name |use       |tenure
        10         |Skole|Folkeskole|Ejet
        20         |Hal  |Idrætshal |Ejet
    """),
]  # fmt: skip
CONFIGURATION = {
    "0998/sources.yml": 'municipality_code: "0998"\nname: Opdigtet Kommune (fiktiv)\n',
    "0998/account_rules.csv": RULE_HEADING
    + """\
1,10000001,,,,,,C_EL,,,area,,
1,10000002,,,,,,C_RENG,,,area,daycare,
1,10000003,,,,,,C_VAND,,,children,,
1,10000004,,,,,,C_FORV,,,caretaker,,
1,10000005,,,,,,C_VEDL_PL,P3,0.6,,,envelope backlog
1,10000005,,,,,,C_VEDL_AK,,0.4,,,interior
1,10000006,,,,,,C_EL,,0.5,,,
1,10000006,,,,,,C_EL,P404,0.5,,,
1,10000007,,,,,,C_OEVR,,,,,
2,*,,,45,,,C_AFFALD,,,,,
2,10000009,,,,,,C_ANLAEG,,,,,backlog
2,10000010,,,,,,C_EL,,,,,
5,*,,,,,,C_FORS,,,,,
""",
    "0998/split_keys.csv": KEY_HEADING + "caretaker,P1,0.5,,,\ncaretaker,P2,0.25,,,\ncaretaker,P404,0.25,,,\n",
    "0998/property_links.csv": LINK_HEADING + "institution,D2,P2,1,,,\ninstitution,D3,P3,1,,,\n",
    "0999/sources.yml": 'municipality_code: "0999"\nname: Opspunden Kommune (fiktiv)\n',
    "0999/account_rules.csv": "priority,cost_category,art,carrier,purpose\n1,C_VARME,45,B*,F1\n2,C_EL,23,,\n",
}
# property, measure -> kroner of 0998 in 2025
COSTS = [
    # 1000.00 - 9.00 (no dranst, so any rule) by area 600 : 200 : 100
    ("P1", "C_EL", "660.666666666997"), ("P2", "C_EL", "220.222222222002"), ("P3", "C_EL", "110.111111111001"),
    # 10.00 over daycare only, 200 : 100
    ("P2", "C_RENG", "6.66666666667"), ("P3", "C_RENG", "3.33333333333"),
    # 70.00 by children, means 15 and 45
    ("P2", "C_VAND", "17.5"), ("P3", "C_VAND", "52.5"),
    # 100.01 by a key whose last quarter no FM system knows
    ("P1", "C_FORV", "50.005"), ("P2", "C_FORV", "25.0025"), (None, "C_FORV", "25.0025"),
    # 300.00: 0.6 to the rule's property, 0.4 to the PSP element's, each tagged
    ("P3", "C_VEDL_PL", "180"), ("P1", "C_VEDL_AK", "120"),
    ("P3", "C_VEDL_UDV", "180"), ("P3", "C_EFTERSLAEB", "180"), ("P1", "C_VEDL_IND", "120"),
    # the master of the cost centre, where the PSP element has no property
    ("P2", "C_OEVR", "40"),
    # no rule for C_EL reaches investment: dranst 3
    ("P1", "C_ANLAEG", "900"), ("P1", "C_EFTERSLAEB", "900"),
    ("P1", "C_UMAPPED", "50"),
    (None, "C_FORS", "5"),
    # art 45 from the account's master
    ("P1", "C_AFFALD", "6"),
    # balance account by master, calculated cost by art 0
    ("P1", "C_IKKE", "15"),
]  # fmt: skip


@pytest.fixture(scope="module")
def ruled(warehouse: Settings, tmp_path_factory: pytest.TempPathFactory) -> Built:
    selected = ("+fct_cost_reconciliation", "+int_measures__unioned", "fct_cost_keys", "fct_cost_destinations")
    return build_world(warehouse, tmp_path_factory.mktemp("ruled"), CONFIGURATION, DELIVERIES, *selected)


def costs(built: Built, code: str, year: int) -> dict[tuple[str | None, str], Decimal]:
    found: dict[tuple[str | None, str], Decimal] = {}
    for row in built.rows("int_costs__allocated", municipality_code=code, year=year):
        key = (row["property_id"] and row["property_id"].removeprefix(f"{code}-"), row["measure_code"])
        found[key] = found.get(key, Decimal(0)) + row["amount"]
    return found


def test_money_goes_to_property_split_link_or_master(ruled: Built) -> None:
    found = costs(ruled, "0998", 2025)
    expected = {(place, code): Decimal(amount) for place, code, amount in COSTS}
    expected[("P1", "C_EL")] += Decimal("0.015")  # half of 0.03 by the PSP element
    expected[(None, "C_EL")] = Decimal("0.015")  # the other half to a property that nobody knows
    assert found == expected


def test_a_split_takes_the_uses_of_its_areas_and_a_link_those_of_its_property(ruled: Built) -> None:
    uses = {
        (row["property_id"], row["measure_code"]): (row["use_category"], row["tenure"])
        for row in ruled.rows("int_costs__allocated", municipality_code="0998", year=2025)
    }
    assert uses["0998-P3", "C_RENG"] == ("daycare", "leased")
    assert uses["0998-P1", "C_ANLAEG"] == ("school", "owned")
    assert uses[None, "C_FORS"] == ("none", "none")


def test_a_year_counts_project_lines_only_where_it_has_no_postings(ruled: Built) -> None:
    # 12.00, as registered last, by the rule of 0.6 and 0.4; the line of 2025 is in the postings of 2025
    assert costs(ruled, "0998", 2024) == {
        ("P3", "C_VEDL_PL"): Decimal("7.2"), ("P1", "C_VEDL_AK"): Decimal("4.8"),
        ("P3", "C_VEDL_UDV"): Decimal("7.2"), ("P3", "C_EFTERSLAEB"): Decimal("7.2"),
        ("P1", "C_VEDL_IND"): Decimal("4.8"),
    }  # fmt: skip


def test_masters_and_authorised_accounts_of_a_ledger_of_any_system_are_read(ruled: Built) -> None:
    # art 23 from the account's master; art 45 and function from the account of sixteen digits; the carrier's property
    assert costs(ruled, "0999", 2025) == {("10", "C_EL"): Decimal(100), ("20", "C_VARME"): Decimal(20)}
    assert {row["function_code"] for row in ruled.rows("int_costs__allocated", municipality_code="0999")} == {"32201"}
    assert costs(ruled, "0999", 2024) == {("10", "C_EL"): Decimal(60)}


def test_every_krone_is_in_one_category_and_parts_are_in_none(ruled: Built) -> None:
    rows = {
        (row["municipality_code"], row["year"]): [Decimal(0), Decimal(0)]
        for row in ruled.tables["fct_cost_reconciliation"]
    }
    for row in ruled.tables["fct_cost_reconciliation"]:
        assert row["difference_dkk"] == 0
        rows[row["municipality_code"], row["year"]][0] += row["accepted_dkk"]
        rows[row["municipality_code"], row["year"]][1] += row["unmapped_dkk"]
    assert rows == {
        ("0998", 2025): [Decimal("2487.04"), Decimal(50)], ("0998", 2024): [Decimal(12), Decimal(0)],
        ("0999", 2025): [Decimal(120), Decimal(0)], ("0999", 2024): [Decimal(60), Decimal(0)],
    }  # fmt: skip


def test_the_lineage_of_a_measure_sums_to_it_and_names_deliveries(ruled: Built) -> None:
    found, behind = costs(ruled, "0998", 2025), dict[tuple[str | None, str], Decimal]()
    keys = ruled.rows("fct_cost_keys", municipality_code="0998", year=2025)
    for place in ruled.rows("fct_cost_destinations", municipality_code="0998", year=2025):
        for key in keys:
            if all(key[name] == place[name] for name in ("topic", "destination_id")):
                measured = (place["property_id"] and place["property_id"].removeprefix("0998-"), key["measure_code"])
                behind[measured] = behind.get(measured, Decimal(0)) + key["amount_dkk"] * place["share"]
    parts = {"C_VEDL_UDV", "C_VEDL_IND", "C_VEDL_INST", "C_EFTERSLAEB"}
    assert behind == {key: amount for key, amount in found.items() if key[1] not in parts}
    assert {row["rule_share"] for row in keys} == {Decimal(share) for share in ("1", "0.6", "0.5", "0.4")}
    lines = {(row["delivery_id"], row["posting_key_id"]) for row in ruled.tables["int_postings__unioned"]}
    assert {(row["delivery_id"], row["posting_key_id"]) for row in keys} <= lines


def test_parts_of_costs_are_measures_of_their_own_kind(ruled: Built) -> None:
    kinds = {row["measure_code"]: row["kind"] for row in ruled.rows("int_measures__unioned", municipality_code="0998")}
    assert (kinds["C_VEDL_PL"], kinds["C_VEDL_UDV"], kinds["C_EFTERSLAEB"]) == ("cost", "cost_part", "cost_part")
