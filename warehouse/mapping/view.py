"""What the workbench shows on the terminal. Kroner are rounded here and nowhere before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from warehouse.mapping.check import Check, Conflict, Coverage, DeadRule, Move, UnmappedAccount
from warehouse.mapping.functions import function_name
from warehouse.mapping.rules import describe_outcome
from warehouse.mapping.suggest import Proposal, Suggestion

RIGHT = {
    "kroner",
    "unmapped kroner",
    "mapped",
    "would be",
    "postings",
    "unmapped postings",
    "turnover",
    "confidence",
    "priority",
    "year",
}


def show_check(console: Console, found: Check, top: int) -> None:
    """Coverage, conflicts, dead rules, largest unmapped accounts, and what a proposal moves."""
    _say_what_it_rests_on(console, found)
    _show(console, "Coverage by year", ("year", "kroner", "unmapped kroner", "mapped", "unmapped postings"),
          [_coverage(row)[:1] + _coverage(row)[2:] for row in found.years])  # fmt: skip
    holes = [row for row in found.functions if row.unmapped_postings]
    _show(console, f"Functions with unmapped kroner, the {top} largest of {len(holes)}",
          ("year", "function", "kroner", "unmapped kroner", "mapped", "unmapped postings"),
          [_coverage(row) for row in sorted(holes, key=_hole, reverse=True)[:top]])  # fmt: skip
    _show(console, "Conflicts: rules of one priority that match the same postings",
          ("rows", "priority", "years", "kroner", "postings", "what happens"),
          [_conflict(row, found) for row in found.conflicts])  # fmt: skip
    _show(console, "Dead rules", ("row", "category", "why"), [_dead(row, found) for row in found.dead])
    _show(console, f"Largest unmapped accounts, at most {top}",
          ("account", "text", "function", "dranst", "years", "kroner", "postings"),
          [_account(row) for row in found.unmapped])  # fmt: skip
    if found.moves is not None:
        _show(console, "What the proposal moves", ("from", "to", "function", "years", "kroner", "postings"),
              [_move(row) for row in found.moves])  # fmt: skip
        after = {row.year: percent(row.share_pct) for row in found.proposed_years or []}
        _show(console, "Coverage with the proposal", ("year", "mapped", "would be"),
              [(str(row.year), percent(row.share_pct), after[row.year]) for row in found.years])  # fmt: skip


def show_suggestion(console: Console, found: Suggestion, top: int) -> None:
    """Proposed rules, the largest first, and what is left without one."""
    _show(console, f"Proposed rules, the {top} largest of {len(found.proposals)}",
          ("account", "function", "dranst", "category", "confidence", "kroner", "postings", "why"),
          [_proposal(one) for one in found.proposals[:top]])  # fmt: skip
    _show(console, f"Left without a proposal, the {top} largest of {len(found.left)}",
          ("account", "text", "function", "dranst", "kroner", "postings"),
          [(key.account, key.name or "", function_name(key.function_code), key.dranst, kroner(key.amount_dkk),
            str(key.postings)) for key in found.left[:top]])  # fmt: skip


def _proposal(row: Proposal) -> tuple[str, ...]:
    return (
        *(row.account or "*", function_name(row.function) if row.function else "*", row.dranst or "*"),
        *(row.cost_category, f"{row.confidence_pct} %", kroner(row.amount_dkk), str(row.postings), row.reason),
    )


def _say_what_it_rests_on(console: Console, found: Check) -> None:
    if found.keys.summed_now:
        _line(console, "The postings were read and summed now, without a build.")
    if found.keys.newer_deliveries:
        _line(console, f"{found.keys.newer_deliveries} ledger deliveries came since the postings were summed: "
                       "add --refresh to count them in.")  # fmt: skip
    _line(console, "Shares are of turnover: absolute kroner per posting key, so that income hides no expenditure.")


def _line(console: Console, text: str) -> None:
    console.print(text, highlight=False, markup=False, soft_wrap=True)


def _show(console: Console, title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    rows = list(rows)
    if not rows:
        _line(console, f"{title}: none.")
        return
    table = Table(title=title, title_justify="left", pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold", justify="right" if heading in RIGHT else "left")
    for row in rows:
        table.add_row(*(escape(value) for value in row))
    console.print(table, highlight=False)


def kroner(amount: Decimal) -> str:
    """Whole kroner with points between the thousands."""
    return f"{round(amount):,}".replace(",", ".")


def percent(share: Decimal) -> str:
    """One decimal, rounded down: what is not whole never looks whole."""
    return f"{int(share * 10) / 10:.1f} %".replace(".", ",")


def years(first: int, last: int) -> str:
    """One year or a span."""
    return str(first) if first == last else f"{first}-{last}"


def _hole(row: Coverage) -> Decimal:
    return row.turnover_dkk - row.mapped_turnover_dkk


def _coverage(row: Coverage) -> tuple[str, ...]:
    return (
        *(str(row.year), function_name(row.function_code), kroner(row.amount_dkk), kroner(row.unmapped_dkk)),
        *(percent(row.share_pct), str(row.unmapped_postings)),
    )


def _conflict(row: Conflict, found: Check) -> tuple[str, ...]:
    first, second = found.rules[row.first_row], found.rules[row.second_row]
    outcome = f"row {row.first_row} wins: {describe_outcome(first)}, not {describe_outcome(second)}"
    if describe_outcome(first) == describe_outcome(second):
        outcome = f"both say {describe_outcome(first)}"
    return (
        *(f"{row.first_row} and {row.second_row}", str(row.priority), years(row.first_year, row.last_year)),
        *(kroner(row.amount_dkk), str(row.postings), outcome),
    )


def _dead(row: DeadRule, found: Check) -> tuple[str, ...]:
    others = [str(number) for number in row.overruled_by]
    why = f"row {', '.join(others)} comes first wherever it matches" if others else "matches no posting"
    return str(row.rule_no), describe_outcome(found.rules[row.rule_no]), why


def _account(row: UnmappedAccount) -> tuple[str, ...]:
    return (
        *(row.account, row.name or "", function_name(row.function_code), row.dranst),
        *(years(row.first_year, row.last_year), kroner(row.amount_dkk), str(row.postings)),
    )


def _move(row: Move) -> tuple[str, ...]:
    return (
        *(row.from_outcome, row.to_outcome, function_name(row.function_code), years(row.first_year, row.last_year)),
        *(kroner(row.amount_dkk), str(row.postings)),
    )
