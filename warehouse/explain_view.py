"""How an explanation looks on the terminal. Numbers are rounded here and nowhere before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from warehouse.explain import Behind, Explanation, Figure
    from warehouse.origins import Trace

SHOWN_PROPERTIES = 25
SHOWN_ORIGINS = 20
# Columns of amounts side by side; with more there is no room for whole amounts and names.
BESIDE = 6
STATUS = {
    "": "normal",
    "p": "provisional",
    "u": "low reliability",
    "m": "not possible",
    "x": "missing, expected",
    "z": "withdrawn",
}


def render(explanation: Explanation) -> RenderableType:
    """Head, why it is missing or flagged, what is behind each sum, and the deliveries."""
    parts = list(dict.fromkeys(row.part for row in explanation.behind))
    blocks: list[RenderableType] = [_head(explanation), *_verdicts(explanation)]
    blocks += [table for part in parts for table in _behind(explanation, part)]
    blocks += [_origins(trace) for trace in explanation.traces]
    if explanation.deliveries:
        blocks.append(_deliveries(explanation))
    return Group(*blocks)


def _head(explanation: Explanation) -> Table:
    definition, figure = explanation.definition, explanation.figure
    table = Table.grid(padding=(0, 2))
    table.add_row(
        definition.key_figure_code,
        Text(f"{definition.name_da} / {definition.name_en}, {explanation.municipality_code} {explanation.year}"),
    )
    table.add_row("formula", Text(definition.formula))
    state = f"version {definition.version}, {definition.adoption_state}; {definition.definition_source}"
    table.add_row("definition", Text(state))
    for label, text in _published(figure, definition.unit):
        table.add_row(label, Text(text))
    return table


def _published(figure: Figure | None, unit: str) -> Iterator[tuple[str, str]]:
    if figure is None:
        yield "value", "not published"
        return
    yield "value", "no value" if figure.value is None else f"{_number(figure.value)} {unit}"
    yield "numerator", _number(figure.numerator)
    yield "denominator", _number(figure.denominator)
    yield "status", f"{figure.status_code} {STATUS.get(figure.status_code, '')}".strip()
    if figure.flags:
        yield "flags", figure.flags
    if figure.reason:
        yield "reason", figure.reason
    coverage = "" if figure.coverage_pct is None else f"{figure.coverage_pct:.1f} pct, "
    yield "coverage", f"{coverage}{figure.n_units} properties"
    yield "edition", f"{figure.edition_id}, published {figure.published_at:%Y-%m-%d %H:%M:%S %Z}"


def _verdicts(explanation: Explanation) -> Iterator[Text]:
    for verdict in explanation.verdicts:
        reason = f": {verdict.reason}" if verdict.reason else ""
        text = f"gate, {verdict.topic} {verdict.year}: {verdict.verdict}{reason}"
        yield Text(text, style="" if verdict.verdict == "publish" else "yellow")


def _behind(explanation: Explanation, part: str) -> Iterator[Table]:
    """Properties down, measures and their sum across; what does not fit side by side follows in further tables."""
    rows = [row for row in explanation.behind if row.part == part]
    measures = list(dict.fromkeys(row.measure_code for row in rows))
    properties = list(dict.fromkeys((row.property_id, row.use_category) for row in rows))
    cells = {(row.property_id, row.use_category, row.measure_code): row for row in rows}
    shown, rest = properties[:SHOWN_PROPERTIES], properties[SHOWN_PROPERTIES:]
    names = {property_id: name for property_id, name in ((row.property_id, row.property_name) for row in rows) if name}
    labels = [(_name(property_id, names), use) for property_id, use in shown]
    labels += [*([(f"{len(rest)} more", "")] if rest else []), ("all", "")]

    def sums(of: Sequence[str]) -> list[str]:
        """Of the properties that have no row of their own, and of all."""
        return [
            _sum([cells.get((*key, measure)) for key in keys for measure in of])
            for keys in ([rest] if rest else []) + [properties]
        ]

    columns = [(code, [*(_cell(cells.get((*key, code))) for key in shown), *sums([code])]) for code in measures]
    by_property = [_sum([cells.get((*key, measure)) for measure in measures]) for key in shown]
    columns.append(("sum", [*by_property, *sums(measures)[:-1], _number(explanation.total(part))]))
    title = f"{part.replace('_', ' ')} ({rows[0].unit})"
    for start in range(0, len(columns), BESIDE):
        yield _side_by_side(title if not start else f"{title}, continued", labels, columns[start : start + BESIDE])


def _side_by_side(title: str, labels: list[tuple[str, str]], columns: list[tuple[str, list[str]]]) -> Table:
    table = Table(title=title, title_justify="left", pad_edge=False)
    table.add_column("property", overflow="fold")
    table.add_column("use")
    for heading, _ in columns:
        table.add_column(heading, justify="right", overflow="fold")
    for label, *texts in zip(labels, *(cells for _, cells in columns), strict=True):
        table.add_row(*label, *texts, style="bold" if label[0] == "all" else None)
    return table


def _origins(trace: Trace) -> Table:
    """The largest posting lines or meters of a measure, the rest in one line, and both sums."""
    table = Table(title=f"{trace.measure_code} comes from ({trace.unit})", title_justify="left", pad_edge=False)
    for column in ("kind", "property", "delivery", "row", "document or meter", "date", "account or carrier"):
        table.add_column(column, overflow="fold")
    for column in ("it says", "share", "counts"):
        table.add_column(column, justify="right", overflow="fold")
    for one in trace.origins[:SHOWN_ORIGINS]:
        place = [_text(one.delivery_id), _text(one.row_no), one.name or "", _text(one.date), one.account or ""]
        share = "" if one.share is None else f"{one.share:.4g}"
        table.add_row(one.kind, one.property_id or "", *place, _number(one.source_amount), share, _number(one.amount))
    rest = trace.origins[SHOWN_ORIGINS:]
    if rest:
        amount = sum((one.amount for one in rest if one.amount is not None), Decimal(0))
        table.add_row(f"{len(rest)} more", *[""] * 8, _number(amount))
    table.add_row("all", *[""] * 8, _number(trace.traced), style="bold")
    table.add_row("measure", *[""] * 8, _number(trace.measured), style="bold")
    return table


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _deliveries(explanation: Explanation) -> Table:
    table = Table(title="deliveries", title_justify="left", pad_edge=False)
    for column in ("delivery", "stream", "file", "state", "measures", "rows"):
        table.add_column(column, overflow="fold")
    for row in explanation.deliveries:
        stream = f"{row.source}.{row.stream}"
        table.add_row(str(row.delivery_id), stream, row.file_name, row.state, row.measures, f"{row.source_rows:,}")
    return table


def _name(property_id: str | None, names: dict[str | None, str]) -> str:
    if property_id is None:
        return "municipality as a whole"
    return f"{property_id} {names.get(property_id, '')}".strip()


def _cell(row: Behind | None) -> str:
    if row is None:
        return ""
    return _number(row.amount) if row.amount is not None else row.status_code or "–"


def _sum(rows: Sequence[Behind | None]) -> str:
    amounts = [row.amount for row in rows if row is not None and row.amount is not None]
    return _number(sum(amounts, Decimal(0))) if amounts else "–"


def _number(value: Decimal | None) -> str:
    """Two decimals and a group mark; a missing value is a dash, never a zero."""
    return "–" if value is None else f"{value:,.2f}"
