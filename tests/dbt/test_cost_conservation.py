"""Every krone, to the oere: any postings, rules, splits and periods give measures that sum to what was accepted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.dbt.costs_world import CostsWorld
from tests.dbt.small_world import RawDelivery
from tests.dbt.test_cost_changes import SOURCES, WORLD
from warehouse.database import connect
from warehouse.settings import Settings

CODE = "0998"
# The functions of WORLD's PSP elements; a balance account or an unknown element has none.
FUNCTIONS = {"XG-1": "32201", "XG-2": "52514", "XG-3": "02510"}
ACCOUNTS = ("23100000", "23200000", "45100000", "91000000", "00100000", "K1")
CATEGORIES = ("C_EL", "C_VARME", "C_VEDL_PL", "C_IKKE", "C_ANLAEG", "I_LEJE")
AMOUNTS = st.integers(-10_000_000, 10_000_000).map(lambda oere: Decimal(oere) / 100)
POSTINGS = st.lists(
    st.tuples(
        st.sampled_from(ACCOUNTS), st.sampled_from((*FUNCTIONS, "XG-9", "")), st.sampled_from((2023, 2024)), AMOUNTS
    ),
    min_size=1,
    max_size=25,
)
VOUCHERS = st.lists(st.tuples(st.sampled_from(ACCOUNTS), st.sampled_from(tuple(FUNCTIONS)), AMOUNTS), max_size=5)
SHARES = st.sampled_from((("1",), ("0.5", "0.5"), ("0.3333", "0.3333", "0.3334"), ("0.07", "0.93")))
YEARS = st.sampled_from((",", ",2023", "2024,"))
TARGETS = st.sampled_from(
    (",,", "P1,,", "P404,,", ",area,", ",area,daycare", ",pupils,", ",children,daycare", ",key,", ",half,")
)
RULES = st.lists(
    st.tuples(
        st.sampled_from(("*", "23*", "2310*", "45*", "K*")), st.sampled_from(("", "32201", "5*", "unknown")),
        st.integers(1, 9), YEARS, SHARES,
        st.lists(st.tuples(st.sampled_from(CATEGORIES), TARGETS), min_size=3, max_size=3), st.booleans(),
    ),
    max_size=6, unique_by=lambda rule: rule[:3],
)  # fmt: skip
HEADING = "priority,account,function,valid_from,valid_to,share,cost_category,property_no,split,split_uses,tags\n"
KEYS = "key,P1,0.2,,,\nkey,P404,0.1,,,\nkey,P3,0.7,,,\nhalf,P2,0.5,2024,,\nhalf,P3,0.5,2024,,\n"
LINKS = st.sampled_from(("", "psp,XG-3,P2,0.25,,,\npsp,XG-3,P404,0.75,,,\n", "psp,XG-1,P3,1,,2023,\n"))


@pytest.fixture(scope="module")
def world(warehouse: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CostsWorld]:
    users = RawDelivery("enrolment", "children", CODE, """
        institution_no|count_date|children
        D2            |2023-10-01|10
        D2            |2024-10-01|23
        D3            |2023-10-01|7
        D3            |2024-10-01|7
    """)  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        for name in ("EJENDOMSTAL_DBT_PROJECT_SHA256", "DBT_TARGET_PATH", "DBT_LOG_PATH"):
            patch.setenv(name, "")
        yield CostsWorld(warehouse, tmp_path_factory.mktemp("conservation"), SOURCES, [*WORLD, users])


def _rules(rules: list) -> str:
    """Rows of the file: a rule has one row for each of its shares."""
    lines = []
    for account, function, priority, years, shares, targets, is_tagged in rules:
        for share, (category, target) in zip(shares, targets, strict=False):
            tags = "envelope backlog" if is_tagged and category == "C_VEDL_PL" else ""
            lines.append(f"{priority},{account},{function},{years},{share},{category},{target},{tags}")
    return HEADING + "\n".join(lines) + "\n"


def _kroner(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")


# Every way that money can take: a tag, a split by area, a half key, a property, no rule at all, a voucher.
EVERY_WAY = {
    "postings": [
        ("23100000", "XG-1", 2024, Decimal("100.01")), ("45100000", "XG-3", 2024, Decimal("33.33")),
        ("00100000", "XG-9", 2023, Decimal("-7.77")), ("K1", "", 2024, Decimal("0.05")),
    ],
    "vouchers": [("23200000", "XG-2", Decimal("19.99"))],
    "rules": [
        ("23*", "", 1, ",", ("0.3333", "0.3333", "0.3334"),
         [("C_VEDL_PL", ",area,"), ("C_EL", ",half,"), ("I_LEJE", "P1,,")], True),
        ("45*", "", 2, ",", ("1",), [("C_VARME", ",pupils,")] * 3, False),
    ],
    "links": "psp,XG-3,P2,0.25,,,\npsp,XG-3,P404,0.75,,,\n",
}  # fmt: skip


@example(**EVERY_WAY)
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(postings=POSTINGS, vouchers=VOUCHERS, rules=RULES, links=LINKS)
def test_measures_of_kind_cost_sum_to_the_accepted_postings(
    world: CostsWorld, postings: list, vouchers: list, rules: list, links: str
) -> None:
    with connect("owner", autocommit=True) as connection:
        connection.execute("update ops.deliveries set state = 'superseded' where stream in ('postings', 'vouchers')")
    institutions = "institution,D2,P2,0.5,,,\ninstitution,D2,P3,0.5,,,\ninstitution,D3,P3,1,,,\n"
    world.declare(CODE, links=links + institutions, keys=KEYS)
    (world.settings.municipalities / CODE / "account_rules.csv").write_text(_rules(rules), encoding="utf-8")
    accepted: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    lines = "account|psp_element|amount|fiscal_year\n"
    for account, element, year, amount in postings:
        lines += f"{account}|{element}|{_kroner(amount)}|{year}\n"
        accepted[year, FUNCTIONS.get(element, "unknown")] += amount
    world.deliver(RawDelivery("ledger_opus", "postings", CODE, lines, load_kind="window"))
    for account, element, amount in vouchers:
        line = f"account|psp_element|amount\n{account}|{element}|{_kroner(amount)}"
        window = (date(2024, 5, 1), date(2024, 5, 2))
        world.deliver(RawDelivery("ledger_opus", "vouchers", CODE, line, load_kind="delta", window=window))
        accepted[2024, FUNCTIONS[element]] += amount
    world.build()
    measured = world.rows(
        "select year, function_code, sum(amount) from intermediate.int_costs__allocated "
        "join register.measures using (measure_code) where kind = 'cost' and municipality_code = %s group by 1, 2",
        CODE,
    )
    assert {(year, function): amount for year, function, amount in measured} == dict(accepted)
    differences = world.rows("select difference_dkk from audit.fct_cost_reconciliation where difference_dkk <> 0")
    assert differences == []
