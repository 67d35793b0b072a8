"""What account rules do with postings: coverage, conflicts, dead rules, what is unmapped, what a proposal moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

import psycopg
from psycopg.rows import class_row

from register.account_rules import AccountRule
from register.cost_categories import UNMAPPED
from warehouse.mapping.keys import Keys, have_keys
from warehouse.mapping.matching import PRESENT, PROPOSED, matched
from warehouse.mapping.rules import Mapping
from warehouse.settings import Settings

Row = TypeVar("Row")

COVERAGE = """
with judged as (
    select p.*, {function} as function_code, w.group_no is not null or not p.is_in_scope as is_mapped
    from points p
    left join winners w on w.point_no = p.point_no and w.rule_set = %(rule_set)s
)

select year, function_code, sum(amount_dkk) as amount_dkk,
    coalesce(sum(amount_dkk) filter (where is_mapped), 0) as mapped_dkk,
    sum(turnover_dkk) as turnover_dkk,
    coalesce(sum(turnover_dkk) filter (where is_mapped), 0) as mapped_turnover_dkk,
    cast(sum(postings) as bigint) as postings,
    cast(coalesce(sum(postings) filter (where not is_mapped), 0) as bigint) as unmapped_postings
from judged
group by year, function_code
order by year, sum(turnover_dkk) filter (where not is_mapped) desc nulls last, function_code
"""
# A tie decides only where no rule with a lower priority number matches.
CONFLICTS = """
select w.group_no as first_row, m.group_no as second_row, w.priority,
    min(p.year) as first_year, max(p.year) as last_year,
    sum(p.amount_dkk) as amount_dkk, sum(p.turnover_dkk) as turnover_dkk, cast(sum(p.postings) as bigint) as postings
from winners w
join matches m using (rule_set, point_no, priority)
join points p using (point_no)
where w.rule_set = %(rule_set)s and m.group_no > w.group_no
group by 1, 2, 3
order by 7 desc, 1, 2
"""
DEAD = """
with hits as (
    select r.rule_no, m.point_no, w.group_no as winner
    from rules r
    join matches m using (rule_set, group_no)
    join points p on p.point_no = m.point_no and p.year between r.valid_from and r.valid_to
    join winners w on w.rule_set = m.rule_set and w.point_no = m.point_no
    where r.rule_set = %(rule_set)s
)

select r.rule_no, coalesce(array_agg(distinct h.winner order by h.winner) filter (where h.winner is not null), '{{}}')
    as overruled_by
from rules r
left join hits h using (rule_no)
where r.rule_set = %(rule_set)s
group by r.rule_no, r.group_no
having count(*) filter (where h.winner = r.group_no) = 0
order by r.rule_no
"""
LARGEST_UNMAPPED = """
select p.account, n.name, p.function as function_code, p.dranst, min(p.year) as first_year, max(p.year) as last_year,
    sum(p.amount_dkk) as amount_dkk, sum(p.turnover_dkk) as turnover_dkk, cast(sum(p.postings) as bigint) as postings
from points p
left join winners w on w.point_no = p.point_no and w.rule_set = %(rule_set)s
left join account_names n on n.account = p.account
where w.group_no is null and p.is_in_scope
group by p.account, n.name, p.function, p.dranst
order by 8 desc, 1, 3, 4
limit %(top)s
"""
# The rows of one rule that hold in a year are told together: a split moves as a whole.
MOVES = """
with outcomes as (
    select r.rule_set, r.group_no, y.year, string_agg(r.outcome, ' + ' order by r.rule_no) as outcome
    from rules r
    join (select distinct year from points) y on y.year between r.valid_from and r.valid_to
    group by 1, 2, 3
),

both_sides as (
    select p.*, coalesce(a.outcome, %(unmapped)s) as from_outcome, coalesce(b.outcome, %(unmapped)s) as to_outcome
    from points p
    left join winners v on v.point_no = p.point_no and v.rule_set = %(present)s
    left join outcomes a on a.rule_set = v.rule_set and a.group_no = v.group_no and a.year = p.year
    left join winners w on w.point_no = p.point_no and w.rule_set = %(proposed)s
    left join outcomes b on b.rule_set = w.rule_set and b.group_no = w.group_no and b.year = p.year
)

select from_outcome, to_outcome, function as function_code, min(year) as first_year, max(year) as last_year,
    sum(amount_dkk) as amount_dkk, sum(turnover_dkk) as turnover_dkk, cast(sum(postings) as bigint) as postings
from both_sides
where from_outcome <> to_outcome
group by 1, 2, 3
order by 7 desc, 1, 2, 3
"""


@dataclass(frozen=True)
class Coverage:
    """One year, or one function of a year: kroner with and without a rule. What is out of scope needs none."""

    year: int
    function_code: str
    amount_dkk: Decimal
    mapped_dkk: Decimal
    turnover_dkk: Decimal
    mapped_turnover_dkk: Decimal
    postings: int
    unmapped_postings: int

    @property
    def unmapped_dkk(self) -> Decimal:
        """What no rule matched."""
        return self.amount_dkk - self.mapped_dkk

    @property
    def share_pct(self) -> Decimal:
        """Share of the turnover that a rule matched; all of nothing."""
        return 100 * self.mapped_turnover_dkk / self.turnover_dkk if self.turnover_dkk else Decimal(100)


@dataclass(frozen=True)
class Conflict:
    """Two rules of one priority that match the same postings where nothing else decides: the first row wins."""

    first_row: int
    second_row: int
    priority: int
    first_year: int
    last_year: int
    amount_dkk: Decimal
    turnover_dkk: Decimal
    postings: int


@dataclass(frozen=True)
class DeadRule:
    """A row that decides nothing: it matches no posting, or others come first wherever it does."""

    rule_no: int
    overruled_by: list[int]


@dataclass(frozen=True)
class UnmappedAccount:
    """An account of a function that no rule matched."""

    account: str
    name: str | None
    function_code: str
    dranst: str
    first_year: int
    last_year: int
    amount_dkk: Decimal
    turnover_dkk: Decimal
    postings: int


@dataclass(frozen=True)
class Move:
    """What a proposal leads elsewhere, within one function."""

    from_outcome: str
    to_outcome: str
    function_code: str
    first_year: int
    last_year: int
    amount_dkk: Decimal
    turnover_dkk: Decimal
    postings: int


@dataclass(frozen=True)
class Check:
    """Everything `mapping check` says. `moves` and `proposed_years` are None without a proposal."""

    mapping: Mapping
    keys: Keys
    years: list[Coverage]
    functions: list[Coverage]
    conflicts: list[Conflict]
    dead: list[DeadRule]
    unmapped: list[UnmappedAccount]
    moves: list[Move] | None
    proposed_years: list[Coverage] | None

    @property
    def rules(self) -> dict[int, AccountRule]:
        """Rules by row of the file."""
        return {rule.rule_no: rule for rule in self.mapping.rules}


def check(
    settings: Settings,
    mapping: Mapping,
    *,
    proposed: Sequence[AccountRule] | None = None,
    top: int = 20,
    refresh: bool = False,
) -> Check:
    """Hold a municipality's rules, and those that somebody proposes, against its postings.

    Raises:
        MappingError: there are no postings to hold them against.
    """
    keys = have_keys(settings, mapping.code, refresh=refresh)
    rule_sets = {PRESENT: mapping.rules} | ({} if proposed is None else {PROPOSED: proposed})
    bound = {"rule_set": PRESENT, "top": top, "unmapped": UNMAPPED, "present": PRESENT, "proposed": PROPOSED}
    with matched(settings, keys, rule_sets) as connection:
        return Check(
            mapping=mapping,
            keys=keys,
            years=_all(connection, Coverage, COVERAGE.format(function="''"), bound),
            functions=_all(connection, Coverage, COVERAGE.format(function="p.function"), bound),
            conflicts=_all(connection, Conflict, CONFLICTS, bound),
            dead=_all(connection, DeadRule, DEAD.format(), bound),
            unmapped=_all(connection, UnmappedAccount, LARGEST_UNMAPPED, bound),
            moves=None if proposed is None else _all(connection, Move, MOVES, bound),
            proposed_years=None
            if proposed is None
            else _all(connection, Coverage, COVERAGE.format(function="''"), bound | {"rule_set": PROPOSED}),
        )


def _all(connection: psycopg.Connection, kind: type[Row], query: str, bound: dict[str, Any]) -> list[Row]:
    with connection.cursor(row_factory=class_row(kind)) as cursor:
        return cursor.execute(query.encode(), bound).fetchall()
