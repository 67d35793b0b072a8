"""Match rules with posting keys in SQL, as the build does: of the rules that match, the lowest priority number wins.

The build's model is int_posting_keys__categorised; a test holds both against each other. What it leaves out of scope
(balance accounts, calculated cost) no rule can match, and a category counts only on its own dranst. Everything stands
in temporary tables of one transaction, so that each question is one query. Rules are matched by account first:
accounts are few, and most rules name one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import psycopg
from psycopg import sql

from register.account_rules import PATTERNS, AccountRule, own_dranst
from warehouse.database import connect
from warehouse.mapping.keys import ACCOUNT_MASTERS, COLUMNS, TABLE, Keys
from warehouse.mapping.rules import describe_outcome
from warehouse.settings import Settings

PRESENT, PROPOSED = "present", "proposed"
# What the workbench asks about, whether a rule looks at them or not.
ALWAYS = ("account", "function", "dranst", "art")

POINTS = """
create temporary table points on commit drop as
select row_number() over () as point_no, summed.*
from (
    select fiscal_year as year, is_in_scope, {columns},
        sum(amount_dkk) as amount_dkk, sum(abs(amount_dkk)) as turnover_dkk, cast(sum(postings) as bigint) as postings
    from {table} where municipality_code = %s
    group by fiscal_year, is_in_scope, {columns_only}
) as summed
"""
RULES = """
create temporary table rules (
    rule_set text, rule_no integer, group_no integer, priority integer, {patterns},
    cost_category text, own_dranst text, share numeric, outcome text, valid_from integer, valid_to integer
) on commit drop
"""
MATCHES = """
create temporary table matches on commit drop as
with accounts as (
    select distinct account from points where is_in_scope
),

by_account as (
    select accounts.account, rules.* from accounts
    join rules on accounts.account like rules.account_pattern
)

select distinct r.rule_set, p.point_no, r.group_no, r.priority
from points p
join by_account r on p.account = r.account and p.year between r.valid_from and r.valid_to{conditions}
where p.is_in_scope and (r.own_dranst is null or p.dranst in ('', r.own_dranst))
"""
WINNERS = """
create temporary table winners on commit drop as
select rule_set, point_no, group_no, priority
from (
    select *, row_number() over (partition by rule_set, point_no order by priority, group_no) as place from matches
) as ranked
where place = 1
"""
NAMES = """
create temporary table account_names on commit drop as
select account, min(name) as name, min(art_code) as art_code
from ({masters}) as masters
group by account
"""


@contextmanager
def matched(
    settings: Settings, keys: Keys, rule_sets: Mapping[str, Sequence[AccountRule]]
) -> Iterator[psycopg.Connection]:
    """A connection with the tables `points`, `rules`, `matches`, `winners` and `account_names`.

    points: one row per year and combination of the dimensions that a rule looks at. amount_dkk is signed; turnover_dkk
    is the sum of the keys' absolute amounts, so that income does not hide expenditure.
    """
    used = [
        name
        for position, name in enumerate(PATTERNS)
        if any(rule.patterns[position] != "%" for rules in rule_sets.values() for rule in rules)
    ]
    with connect("ejd_transformer", settings=settings) as connection:
        _make_points(connection, keys, [name for name in PATTERNS if name in used or name in ALWAYS])
        _load_rules(connection, rule_sets)
        # A pattern matches the empty value of a dimension too, as the build has it.
        conditions = sql.SQL("").join(
            sql.SQL(" and p.{} like r.{}").format(sql.Identifier(name), sql.Identifier(f"{name}_pattern"))
            for name in used
            if name != "account"
        )
        connection.execute(sql.SQL(MATCHES).format(conditions=conditions))
        connection.execute("analyze matches")
        connection.execute(WINNERS)
        _make_names(connection, keys.code)
        connection.execute("analyze points, winners")
        yield connection


def _make_points(connection: psycopg.Connection, keys: Keys, names: Sequence[str]) -> None:
    columns = [(sql.Identifier(COLUMNS[name]), sql.Identifier(name)) for name in names]
    query = sql.SQL(POINTS).format(
        columns=sql.SQL(", ").join(sql.SQL("{} as {}").format(*pair) for pair in columns),
        columns_only=sql.SQL(", ").join(column for column, _ in columns),
        table=sql.Identifier(*TABLE.split(".")),
    )
    # The keys are a view whose size PostgreSQL underestimates a thousandfold: it would search the masters again for
    # each key (300,000 keys: 20 s instead of 4 s).
    connection.execute("set local enable_nestloop = off")
    connection.execute(query, [keys.code])
    connection.execute("reset enable_nestloop")
    connection.execute("analyze points")


def _load_rules(connection: psycopg.Connection, rule_sets: Mapping[str, Sequence[AccountRule]]) -> None:
    patterns = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(f"{name}_pattern")) for name in PATTERNS)
    connection.execute(sql.SQL(RULES).format(patterns=patterns))
    with connection.cursor().copy("copy rules from stdin") as copy:
        for rule_set, rules in rule_sets.items():
            for rule in rules:
                copy.write_row(
                    (
                        *(rule_set, rule.rule_no, rule.group_no, rule.priority, *rule.patterns, rule.cost_category),
                        *(
                            own_dranst(rule.cost_category),
                            rule.share,
                            describe_outcome(rule),
                            rule.valid_from,
                            rule.valid_to,
                        ),
                    )
                )
    connection.execute("analyze rules")


def _make_names(connection: psycopg.Connection, code: str) -> None:
    there = [
        name
        for name in ACCOUNT_MASTERS
        if connection.execute("select to_regclass(%s) is not null", [f"staging.{name}"]).fetchone() == (True,)
    ]
    masters = sql.SQL(" union all ").join(
        sql.SQL("select account, name, art_code from {} where municipality_code = {}").format(
            sql.Identifier("staging", name), sql.Literal(code)
        )
        for name in there
    )
    nothing = sql.SQL("select '' as account, '' as name, '' as art_code where false")
    connection.execute(sql.SQL(NAMES).format(masters=masters if there else nothing))
    connection.execute("analyze account_names")
