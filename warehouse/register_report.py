"""What the commands on the register show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from register.account_selection import selected_categories
from register.compare import compare, same_meaning
from register.danish import danish
from register.formula import area_basis, counts_in, describe_formula, price_basis
from register.municipality import read_municipalities
from register.read import Register
from register.schema import TOPICS, KeyFigure, RegisterError
from register.undelivered import find_undelivered
from warehouse.settings import get_settings

STATES = ("draft", "proposed", "adopted", "superseded")  # as in the schema, in the order of a definition's life


def show_counts(console: Console, register: Register) -> None:
    """How many key figures there are, by topic and state of the newest version."""
    newest = {entry.code: entry for entry in register.key_figures}
    counts: Counter[tuple[str, str]] = Counter((entry.topic, entry.adoption.state) for entry in newest.values())
    table = _table("Key figures", "topic", *STATES, "all")
    for topic in TOPICS:
        numbers = [counts[topic, state] for state in STATES]
        table.add_row(topic, *map(str, numbers), str(sum(numbers)))
    totals = [sum(counts[topic, state] for topic in TOPICS) for state in STATES]
    table.add_row("all", *map(str, totals), str(sum(totals)))
    console.print(table)
    console.print(
        f"{len(register.key_figures)} versions, {len(register.measures)} measures, {len(newest)} key figures.",
        highlight=False,
    )


def show_undelivered(console: Console, register: Register) -> None:
    """Key figures that the configured municipalities cannot have. No fault: it says what to ask for next."""
    folder = get_settings().municipalities
    try:
        municipalities = read_municipalities(folder, register)
        found = find_undelivered(register, municipalities, folder)
    except RegisterError as error:
        _say(console, f"Not looked at what municipalities deliver: {error}", "yellow")
        return
    for code, missing in found.items():
        _say(console, f"{code} has no value: no configured municipality delivers {' or '.join(missing)}.", "yellow")


def show_list(console: Console, entries: Sequence[KeyFigure]) -> None:
    """One line per key figure and version."""
    table = _table("Key figures", "code", "version", "name", "unit", "formula", "state")
    for entry in entries:
        table.add_row(
            entry.code, str(entry.version), entry.name_da, entry.unit, describe_formula(entry), entry.adoption.state
        )
    console.print(table)


def show_key_figure(console: Console, entry: KeyFigure, versions: Sequence[KeyFigure], register: Register) -> None:
    """Everything that the register says of one version."""
    _say(console, f"{entry.code} {entry.name_da} ({entry.name_en}), version {entry.version}", "bold")
    _say(console, describe_formula(entry))
    _say(console, entry.notes_da)
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for name, value in _facts(entry, register):
        table.add_row(name, value)
    console.print(table)
    _show_terms(console, entry, register)
    _show_example(console, entry, register)
    history = _table("Versions", "version", "years", "state", "date", "break")
    for one in versions:
        state, date = one.adoption.state, one.adoption.date
        years = f"{one.valid_from} to {one.valid_to or 'open'}"
        history.add_row(str(one.version), years, state, str(date or ""), "yes" if one.is_break else "no")
    console.print(history)


def show_differences(console: Console, old: KeyFigure, new: KeyFigure, register: Register) -> None:
    """What changed, and whether values mean the same."""
    changes = compare(old, new)
    _say(console, f"{old.code}, version {old.version} to version {new.version}", "bold")
    if not changes:
        _say(console, "Nothing differs.")
        return
    for kind in ("meaning", "judgement", "wording"):
        table = _table(f"Changed in {kind}", "what", f"version {old.version}", f"version {new.version}")
        for change in changes:
            if change.kind == kind:
                table.add_row(change.field, change.old or "-", change.new or "-")
        if table.row_count:
            console.print(table)
    if same_meaning(old, new, register):
        _say(console, "The meaning is the same: values of both versions compare.")
    elif new.is_break:
        _say(console, "The meaning differs, and the series breaks: growth across the versions is not shown.")
    else:
        _say(console, "The meaning differs, and no break is declared: growth across the versions is shown.", "yellow")


def _facts(entry: KeyFigure, register: Register) -> list[tuple[str, str]]:
    state, date = entry.adoption.state, entry.adoption.date
    bounds, change, hidden = entry.bounds, entry.largest_change, entry.suppression
    facts = [
        ("topic", entry.topic),
        ("unit", entry.unit),
        ("area basis", area_basis(entry, register)),
        ("price basis", price_basis(entry)),
        ("use categories", ", ".join(entry.filter.use_categories or ["all"])),
        ("tenure", ", ".join(entry.filter.tenure)),
        ("levels", ", ".join(entry.levels)),
        ("direction", entry.direction),
        ("bounds", f"{danish(bounds.low)} to {danish(bounds.high)} {entry.unit}, else {bounds.severity}"),
        ("largest change", f"{danish(change.pct)} % from last year, else {change.severity}"),
        ("coverage", f"{danish(entry.coverage.needed_pct)} % needed"),
        ("hidden", f"below {hidden.min_persons} of {hidden.persons_measure}" if hidden else ""),
        ("adoption", f"{state} {date or ''}".strip()),
        ("years", f"{entry.valid_from} to {entry.valid_to or 'open'}"),
        ("source", entry.source),
    ]
    return [(name, value) for name, value in facts if value]


def _show_terms(console: Console, entry: KeyFigure, register: Register) -> None:
    table = _table("Terms", "part", "weight", "measure", "name", "unit", "sums", "needed")
    for part, terms in entry.parts.items():
        for term in terms:
            measure = register.measures[term.measure]
            sums = ", ".join(measure.sum_of)
            needed = "yes" if term.required else "no"
            weight = danish(term.weight)
            table.add_row(part, weight, term.measure, measure.name_da, measure.unit, sums, needed)
    console.print(table)
    categories = selected_categories(entry, register)
    if categories:
        table = _table("Cost categories behind it", "category", "name", "NS 3454", "typical accounts")
        for one in categories:
            table.add_row(one.code, one.name_da, one.ns3454, one.typical_accounts)
        console.print(table)


def _show_example(console: Console, entry: KeyFigure, register: Register) -> None:
    example = entry.example
    table = _table("Worked example", "measure", "use", "tenure", "amount", "counts in")
    for row in example.rows:
        parts = [part for part, _ in counts_in(row, entry, register)]
        counts = ", ".join(dict.fromkeys(parts)) or "left out"
        table.add_row(row.measure, row.use_category, row.tenure, danish(row.amount), counts)
    console.print(table)
    _say(console, example.text_da)
    scale = "" if entry.scale == 1 else f"{danish(entry.scale)} * "
    ratio = f"{scale}{danish(example.numerator)} / {danish(example.denominator)}"
    _say(console, f"{ratio} = {danish(example.value)} {entry.unit}")


def _table(title: str, *headings: str) -> Table:
    table = Table(title=title, title_justify="left", pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold", justify="right" if heading == "amount" else "left")
    return table


def _say(console: Console, text: str, style: str | None = None) -> None:
    console.print(text, style=style, highlight=False, markup=False, soft_wrap=True)
