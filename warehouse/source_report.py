"""What commands show of sources, pulls and deliveries. Never a row's content."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from connectors.base import Source, Stream, Way
from connectors.errors import SourceError
from connectors.history import DeliveryRecord, RejectedRows
from connectors.pull import PullResult

REPLACES = {"snapshot": "all before", "window": "its period", "delta": "nothing"}


def show_sources(console: Console, sources: Sequence[Source]) -> None:
    """The ways into each source, then its streams."""
    ways = Table(title="Ways in", title_justify="left", pad_edge=False)
    for heading in ("source", "family", "way", "what to know"):
        ways.add_column(heading, overflow="fold")
    for source in sources:
        first = (source.name, str(source.family))
        for way in source.ways:
            ways.add_row(*first, way.name, _know(way, usual=way is source.ways[0]))
            first = ("", "")
        ways.add_row(*first, "file drop", _drop(source))
    console.print(ways)
    streams = Table(title="Streams", title_justify="left", pad_edge=False)
    for heading in ("source", "stream", "key", "a delivery replaces"):
        streams.add_column(heading, overflow="fold")
    for source in sources:
        for number, stream in enumerate(source.streams):
            name = "" if number else source.name
            streams.add_row(name, stream.name, ", ".join(stream.key), _replaces(stream))
    console.print(streams)


def _know(way: Way, *, usual: bool) -> str:
    parts = ["the usual one"] if usual else []
    parts += ["key needed"] if way.auth != "none" else []
    parts += [f"{limit.calls} calls in {limit.seconds:g} s" for limit in way.limits]
    parts += [f"{limit.at_once} at once" for limit in way.limits if limit.at_once]
    parts += [f"only {', '.join(sorted(way.streams))}"] if way.streams else []
    return "; ".join([*parts, way.note] if way.note else parts)


def _drop(source: Source) -> str:
    suffixes = {suffix for stream in source.streams for suffix in stream.converters}
    return ", ".join([".csv", *sorted(suffixes)])


def _replaces(stream: Stream) -> str:
    personal = "; personal data stay out" if stream.holds_personal_data else ""
    return f"{REPLACES[stream.load_kind]} ({stream.load_kind}){personal}"


def show_pulls(
    console: Console,
    results: Sequence[PullResult],
    failures: Sequence[SourceError],
    *,
    dry_run: bool = False,
    seconds: float | None = None,
) -> None:
    """What came of each file or stream, then every reason and warning, then a summary."""
    table = Table(pad_edge=False, title="What would land" if dry_run else "Pulled", title_justify="left")
    for heading in ("source", "municipality", "stream", "file", "outcome", "delivery", "rows", "rejected rows"):
        table.add_column(heading, overflow="fold", justify="right" if "rows" in heading else "left")
    for one in sorted(results, key=lambda one: (one.municipality_code, one.source)):
        outcome = "would land" if dry_run and one.outcome == "landed" else one.outcome
        table.add_row(
            one.source, one.municipality_code, one.stream, one.file_name, outcome,
            str(one.delivery_id or ""), f"{one.row_count:,}", f"{one.rejected_row_count:,}",
        )  # fmt: skip
    if results:
        console.print(table)
    for one in results:
        where = f"{one.source}.{one.stream}, municipality {one.municipality_code}"
        if one.reason and one.outcome in ("rejected", "still_rejected"):
            _say(console, f"{one.outcome}: {one.reason}", "yellow")
        for warning in one.warnings:
            _say(console, f"warning: {warning}", "yellow")
        for rejected in one.rejected:
            _say(console, f"rejected rows: {where}: {_rejected(rejected)}", "yellow")
    for failure in failures:
        _say(console, f"failed: {failure}", "red")
    counts = Counter("would land" if dry_run and one.outcome == "landed" else one.outcome for one in results)
    told = [f"{n} {outcome}" for outcome, n in sorted(counts.items())]
    told += [f"{len(failures)} failed"] if failures else []
    rows = sum(one.row_count for one in results if one.outcome == "landed")
    rate = f"; {rows:,} rows in {seconds:.1f} s, {rows / seconds:,.0f} a second" if seconds and rows else ""
    _say(console, "Deliveries: " + (", ".join(told) or "none") + rate)
    if dry_run:
        _say(console, "Dry run: nothing has landed and no bytes were kept.")


def show_deliveries(console: Console, records: Sequence[DeliveryRecord]) -> None:
    """One row per delivery, newest first."""
    table = Table(title="Deliveries", title_justify="left", pad_edge=False)
    for heading in ("id", "source", "stream", "municipality", "state", "period", "rows", "rejected rows", "at", "file"):
        table.add_column(heading, overflow="fold")
    for one in records:
        table.add_row(
            str(one.delivery_id), one.source, one.stream, one.municipality_code, one.state, _period(one),
            _count(one.row_count), _count(one.rejected_row_count), f"{one.at:%Y-%m-%d %H:%M}", one.file_name,
        )  # fmt: skip
    console.print(table)


def show_delivery(console: Console, one: DeliveryRecord, rejected: Sequence[RejectedRows]) -> None:
    """What was in a delivery, what of it stayed out, what was odd, and why."""
    lines = {
        "delivery": f"{one.delivery_id}: {one.source}.{one.stream}, municipality {one.municipality_code}",
        "file": f"{one.file_name}, {one.byte_size:,} bytes"
        + (f", version {one.source_version}" * bool(one.source_version)),
        "state": one.state
        + (f" by delivery {one.superseded_by}" if one.superseded_by else f", {one.at:%Y-%m-%d %H:%M}"),
        "load kind": f"{one.load_kind} {_period(one)}".strip(),
        "kept": "in quarantine" if one.is_quarantined else one.stored_path,
        "rows": f"{_count(one.row_count)} landed, {_count(one.rejected_row_count)} rejected"
        + (f", {one.declared_row_count:,} declared" if one.declared_row_count is not None else ""),
    }
    for column, totals in (one.control_totals or {}).items():
        lines[f"total of {column}"] = f"declared {totals.get('declared')}, found {totals.get('found')}"
    for name, text in lines.items():
        console.print(f"{name:18} {text}", highlight=False, markup=False, soft_wrap=True)
    if one.reason:
        _say(console, f"why: {one.error_class}: {one.reason}", "yellow")
    for row in rejected:
        _say(console, f"rejected rows: {_rejected(row)}", "yellow")
    for warning in one.warnings or []:
        _say(console, f"warning: {warning}", "yellow")


def _rejected(row: RejectedRows) -> str:
    field, reason, count, first = row
    return f"{count:,} of field {field or '(none)'}: {reason} (first row {first})"


def _period(one: DeliveryRecord) -> str:
    return f"{one.window_from} to {one.window_to}" if one.window_from else ""


def _count(number: int | None) -> str:
    return "-" if number is None else f"{number:,}"


def _say(console: Console, sentence: str, style: str | None = None) -> None:
    console.print(sentence, style=style, highlight=False, markup=False, soft_wrap=True)
