"""Propose account rules for what no rule matches, for a person to accept. Nothing here changes account_rules.csv.

Asked in this order, and each only of what is left: the dranst (interest, loans and the like are no property cost), the
function of investments, functions outside (supply companies), the account's text, functions that have no premises, the
art. Proposals come after every rule that there is: their priority numbers are higher.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

import psycopg
from psycopg.rows import class_row

from register.account_rules import INVESTMENT, INVESTMENT_DRANST, NOT_PROPERTY, OPERATION_DRANST, RULE_HEADING
from register.cost_categories import CostCategory
from warehouse.mapping.functions import arts, function_name, property_role
from warehouse.mapping.keys import have_keys
from warehouse.mapping.matching import PRESENT, matched
from warehouse.mapping.recognition import Recognition, recognise
from warehouse.mapping.rules import Mapping, read_rows, rules_csv
from warehouse.settings import Settings

# Steps between the priorities of the kinds of proposals; they begin above the highest number in use.
STEP = 10
WITHOUT_PREMISES = ("none", "vat")
# Function's role -> what an investment on it is, and how sure that is.
INVESTMENTS = {
    "core": (INVESTMENT, 80),
    "asset": (INVESTMENT, 80),
    "related": (INVESTMENT, 50),
    "unknown": (NOT_PROPERTY, 40),
}
OTHER_INVESTMENTS = (NOT_PROPERTY, 70)
# A text that says property on functions without premises is less sure.
WRONG_PLACE_PCT = 20

UNMAPPED_KEYS = """
select p.account, n.name, p.art as posted_art, coalesce(nullif(p.art, ''), n.art_code, '') as art,
    p.function as function_code, p.dranst,
    sum(p.amount_dkk) as amount_dkk, sum(p.turnover_dkk) as turnover_dkk, cast(sum(p.postings) as bigint) as postings
from points p
left join winners w on w.point_no = p.point_no and w.rule_set = %(rule_set)s
left join account_names n on n.account = p.account
where w.group_no is null and p.is_in_scope
group by p.account, n.name, p.art, 4, p.function, p.dranst
order by p.account, p.function, p.dranst
"""


@dataclass(frozen=True)
class UnmappedKey:
    """What no rule matches, by account, function, dranst and art: the one posted, else that of the account."""

    account: str
    name: str | None
    posted_art: str
    art: str
    function_code: str
    dranst: str
    amount_dkk: Decimal
    turnover_dkk: Decimal
    postings: int


@dataclass(frozen=True)
class Proposal:
    """A rule that a person may accept, with what it would map and why."""

    priority: int
    account: str
    function: str
    dranst: str
    art: str
    cost_category: str
    confidence_pct: int
    reason: str
    amount_dkk: Decimal
    turnover_dkk: Decimal
    postings: int

    @property
    def note(self) -> str:
        """What stands in the note of its row."""
        return f"FORSLAG {self.confidence_pct} %: {self.reason} ({round(self.amount_dkk)} kr.)"

    def row(self) -> dict[str, str]:
        """Its row of account_rules.csv."""
        values = {"account": self.account, "function": self.function, "dranst": self.dranst, "art": self.art}
        own = {"priority": str(self.priority), "cost_category": self.cost_category, "note": self.note}
        return {**dict.fromkeys(RULE_HEADING, ""), **values, **own}


@dataclass(frozen=True)
class Suggestion:
    """All proposals, the largest first, and what is left without one."""

    proposals: list[Proposal]
    left: list[UnmappedKey]


@dataclass
class _Collector:
    """Proposals in the making: keys that the same rule would map are one."""

    first_priority: int
    least_pct: int
    found: dict[tuple[str, ...], list[UnmappedKey]] = field(default_factory=lambda: defaultdict(list))
    told: dict[tuple[str, ...], tuple[int, int, str]] = field(default_factory=dict)


# A step looks at one key: (patterns, category, confidence, reason), or None.
Told = tuple[dict[str, str], str, int, str]
Step = Callable[[UnmappedKey], Told | None]


def suggest(settings: Settings, mapping: Mapping, *, least_pct: int = 40, refresh: bool = False) -> Suggestion:
    """Propose rules for what a municipality's rules leave unmapped.

    Raises:
        MappingError: there are no postings to propose rules for.
    """
    keys = have_keys(settings, mapping.code, refresh=refresh)
    with matched(settings, keys, {PRESENT: mapping.rules}) as connection:
        unmapped = unmapped_keys(connection)
    return propose(unmapped, mapping.register.cost_categories.cost_categories, highest_priority(mapping), least_pct)


def unmapped_keys(connection: psycopg.Connection) -> list[UnmappedKey]:
    """What the present rules leave, from the tables of `matched`."""
    with connection.cursor(row_factory=class_row(UnmappedKey)) as cursor:
        return cursor.execute(UNMAPPED_KEYS.encode(), {"rule_set": PRESENT}).fetchall()


def highest_priority(mapping: Mapping) -> int:
    """Highest priority number in use; 0 without rules."""
    return max((rule.priority for rule in mapping.rules), default=0)


def next_priority(highest: int) -> int:
    """First priority number after all that are in use, in steps of ten."""
    return highest // STEP * STEP + STEP


def propose(
    unmapped: Sequence[UnmappedKey], categories: Sequence[CostCategory], highest: int, least_pct: int
) -> Suggestion:
    """Propose rules for keys that have none.

    Args:
        unmapped: The keys.
        categories: With the words that tell them.
        highest: Highest priority number in use: proposals come after it.
        least_pct: Proposals less certain are left out.
    """
    collector = _Collector(next_priority(highest), least_pct)
    left = list(unmapped)
    steps: tuple[Step, ...] = (
        _by_dranst,
        _by_investment,
        _by_outside_function,
        _by_text(unmapped, categories),
        _by_function,
        _by_art(unmapped),
    )
    for number, step in enumerate(steps):
        left = [key for key in left if not _take(collector, step(key), key, number)]
    proposals = [_proposal(patterns, keys, collector) for patterns, keys in collector.found.items()]
    proposals.sort(key=lambda one: (-one.turnover_dkk, one.priority, one.account, one.function, one.dranst))
    return Suggestion(proposals, sorted(left, key=lambda key: -key.turnover_dkk))


def proposal_csv(mapping: Mapping, proposals: Sequence[Proposal]) -> str:
    """The municipality's rules as they stand, and the proposals below them, as a whole account_rules.csv."""
    heading, present = read_rows(mapping.path)
    return rules_csv(heading, [*present, *(one.row() for one in proposals)])


def _take(collector: _Collector, told: Told | None, key: UnmappedKey, step: int) -> bool:
    if told is None or told[2] < collector.least_pct:
        return False
    patterns, category, confidence, reason = told
    if category == INVESTMENT and key.dranst not in ("", INVESTMENT_DRANST):
        return False  # it would not count there
    rule = (*(patterns.get(name, "") for name in ("account", "function", "dranst", "art")), category)
    collector.found[rule].append(key)
    collector.told.setdefault(rule, (step, confidence, reason))
    return True


def _proposal(rule: tuple[str, ...], keys: list[UnmappedKey], collector: _Collector) -> Proposal:
    account, function, dranst, art, category = rule
    step, confidence, reason = collector.told[rule]
    return Proposal(
        priority=collector.first_priority + step * STEP,
        account=account,
        function=function,
        dranst=dranst,
        art=art,
        cost_category=category,
        confidence_pct=confidence,
        reason=reason,
        amount_dkk=sum((key.amount_dkk for key in keys), Decimal(0)),
        turnover_dkk=sum((key.turnover_dkk for key in keys), Decimal(0)),
        postings=sum(key.postings for key in keys),
    )


def _by_dranst(key: UnmappedKey) -> Told | None:
    if key.dranst in ("", OPERATION_DRANST, INVESTMENT_DRANST):
        return None
    return {"dranst": key.dranst}, NOT_PROPERTY, 90, f"dranst {key.dranst} er hverken drift (1) eller anlæg (3)"


def _by_investment(key: UnmappedKey) -> Told | None:
    if key.dranst != INVESTMENT_DRANST:
        return None
    category, confidence = INVESTMENTS.get(property_role(key.function_code), OTHER_INVESTMENTS)
    return (
        {"function": key.function_code, "dranst": INVESTMENT_DRANST},
        category,
        confidence,
        f"anlæg på {function_name(key.function_code)}",
    )


def _by_outside_function(key: UnmappedKey) -> Told | None:
    if property_role(key.function_code) != "utility":
        return None
    reason = f"{function_name(key.function_code)} er forsyning"
    return {"function": key.function_code, "dranst": key.dranst}, NOT_PROPERTY, 80, reason


def _by_text(unmapped: Sequence[UnmappedKey], categories: Sequence[CostCategory]) -> Step:
    everywhere: dict[str, Decimal] = defaultdict(Decimal)
    without_premises: dict[str, Decimal] = defaultdict(Decimal)
    for key in unmapped:
        everywhere[key.account] += key.turnover_dkk
        if property_role(key.function_code) in WITHOUT_PREMISES:
            without_premises[key.account] += key.turnover_dkk

    @cache
    def tell(name: str) -> Recognition | None:
        return recognise(name, categories)

    def step(key: UnmappedKey) -> Told | None:
        found = tell(key.name) if key.name and key.account else None
        if found is None:
            return None
        reason, confidence = f"{key.name} ligner {found.word}", found.confidence_pct
        if found.rival:
            reason += f", men også {found.rival}"
        is_odd = without_premises[key.account] * 2 > everywhere[key.account]
        if is_odd and found.cost_category != NOT_PROPERTY:
            reason += ", mest på funktioner uden bygninger"
            confidence -= WRONG_PLACE_PCT
        return {"account": key.account, "dranst": key.dranst}, found.cost_category, confidence, reason

    return step


def _by_function(key: UnmappedKey) -> Told | None:
    if property_role(key.function_code) not in WITHOUT_PREMISES:
        return None
    reason = f"{function_name(key.function_code)} har ingen bygninger"
    return {"function": key.function_code, "dranst": key.dranst}, NOT_PROPERTY, 60, reason


def _by_art(unmapped: Sequence[UnmappedKey]) -> Step:
    posted: dict[str, set[str]] = defaultdict(set)
    for key in unmapped:
        posted[key.account].add(key.posted_art)

    def step(key: UnmappedKey) -> Told | None:
        art = arts().get(key.art)
        if art is None or not art.cost_category:
            return None
        patterns = {"account": key.account, "dranst": key.dranst}
        if len(posted[key.account]) > 1:
            if not key.posted_art:
                return None  # a rule without an art would take postings of the others as well
            patterns["art"] = key.posted_art
        reason = f"art {key.art[0]}.{key.art[1]} {art.name_da}"
        return patterns, art.cost_category, art.confidence_pct, reason

    return step
