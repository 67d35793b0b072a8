"""What commands show on the terminal. Numbers are rounded here and nowhere before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.table import Table

from connectors.errors import SourceError
from connectors.pull import PullResult
from expectations.gate import GateReport
from warehouse.database import connect
from warehouse.pipeline import RunReport
from warehouse.publish import PublishReport
from warehouse.settings import Settings

Row = tuple[Any, ...]

# Of a municipality whose topic is held, or has not been computed: there is no row that could say why.
NOT_PUBLISHED = "not published, see `ejendomstal gate show`"
LATEST_DELIVERIES = """
select source, stream, case municipality_code when '0000' then 'all (0000)' else municipality_code end,
    count(*) filter (where state = 'landed'),
    count(*) filter (where state = 'superseded'),
    count(*) filter (where state = 'rejected'),
    coalesce(sum(row_count) filter (where state = 'landed'), 0),
    coalesce(sum(rejected_row_count) filter (where state = 'landed'), 0),
    to_char(max(landed_at), 'YYYY-MM-DD HH24:MI')
from ops.deliveries group by 1, 2, 3 order by 3, 1, 2
"""
REJECTED_DELIVERIES = "select reason from ops.deliveries where state = 'rejected' order by delivery_id desc limit 20"
LAST_RUNS = """
select run_id, command, state, to_char(started_at, 'YYYY-MM-DD HH24:MI:SS'),
    round(extract(epoch from finished_at - started_at), 1), message
from ops.runs order by run_id desc limit 10
"""
VERDICTS = """
select municipality_code, topic, year, verdict, reason from marts.gate_verdicts
where verdict <> 'publish' order by verdict, municipality_code, topic, year
"""
EDITIONS = """
select edition_id, kind, to_char(published_at, 'YYYY-MM-DD HH24:MI:SS'),
    (select count(*) from published.scope_editions s where s.edition_id = e.edition_id), note
from published.editions e order by edition_id desc limit 10
"""
SIDE_BY_SIDE = """
select d.topic, k.key_figure_code, d.name_da, k.unit, k.year, k.municipality_code, k.value, k.reason
from marts.key_figures k join marts.dim_key_figures d using (key_figure_code, version)
where k.level = 'municipality' and (%(year)s::integer is null or k.year = %(year)s)
order by d.topic, k.key_figure_code, k.year, k.municipality_code
"""


def show_pull(console: Console, results: list[PullResult], failures: list[SourceError]) -> None:
    """One line on what landed, one line per rejected file and failed pull."""
    counts = Counter(result.outcome for result in results)
    console.print("Deliveries: " + (", ".join(f"{n} {outcome}" for outcome, n in sorted(counts.items())) or "none"))
    for result in results:
        if result.outcome in ("rejected", "still_rejected"):
            console.print(f"  {result.outcome}: {result.reason}", style="yellow", highlight=False, markup=False)
    for failure in failures:
        console.print(f"  failed: {failure}", style="red", highlight=False, markup=False)


def show_gate(console: Console, report: GateReport) -> None:
    """Verdicts in numbers, then every scope that is held or warned about, with its reason."""
    counts = Counter(scope.verdict for scope in report.verdicts)
    console.print("Gate: " + (", ".join(f"{n} {verdict}" for verdict, n in sorted(counts.items())) or "no scope"))
    for scope in report.verdicts:
        if scope.verdict == "hold":
            console.print(
                f"  held: {scope.municipality_code} {scope.topic} {scope.year}: {scope.reason}",
                style="yellow", highlight=False, markup=False,
            )  # fmt: skip
    console.print(f"Data Docs: {report.data_docs}", highlight=False)


def show_publication(console: Console, report: PublishReport) -> None:
    """One line on the edition, and one on each kind of scope that it left as it was for a reason."""
    if report.edition_id is None:
        console.print("Published: nothing changed.")
    else:
        made_final = f", {report.scopes_made_final} scopes made final" if report.kind == "final" else ""
        console.print(
            f"Published: edition {report.edition_id} ({report.kind}) with {report.scopes_written} changed scopes"
            f"{made_final}."
        )
    if report.scopes_locked:
        console.print(
            f"  {report.scopes_locked} final scopes differ in the candidate and were not changed: a correction does it "
            "(ejendomstal publish --kind correction --note REASON).", style="yellow", highlight=False, soft_wrap=True,
        )  # fmt: skip
    if report.kind == "final" and report.scopes_unsigned:
        console.print(
            f"  {report.scopes_unsigned} scopes are not signed with this content and stay provisional "
            "(ejendomstal edition sign).", style="yellow", highlight=False, soft_wrap=True,
        )  # fmt: skip


def show_run(console: Console, report: RunReport) -> None:
    """What a whole run did."""
    show_pull(console, report.results, report.failures)
    if report.candidate_id is None:
        console.print("Nothing new: no build.")
    if report.gate is not None:
        show_gate(console, report.gate)
    if report.publication is not None:
        show_publication(console, report.publication)


def show_status(console: Console, settings: Settings) -> None:
    """Deliveries, rejected files, runs, verdicts and editions."""
    with connect("owner", settings=settings) as connection:

        def rows(query: str) -> list[Row]:
            return connection.execute(query.encode()).fetchall()

        _table(
            console, "Deliveries",
            "source stream municipality landed superseded rejected rows rejected_rows last",
            rows(LATEST_DELIVERIES),
        )  # fmt: skip
        for (reason,) in rows(REJECTED_DELIVERIES):
            console.print(f"  rejected: {reason}", style="yellow", highlight=False, markup=False)
        _table(console, "Runs", "run command state started seconds message", rows(LAST_RUNS))
        _table(console, "Verdicts other than publish", "municipality topic year verdict reason", rows(VERDICTS))
        _table(console, "Editions", "edition kind published scopes note", rows(EDITIONS))


def show_key_figures(console: Console, settings: Settings, year: int | None = None) -> int:
    """Published key figures of all municipalities side by side, a table per topic. Returns how many values were shown.

    A figure that has no value in a municipality says why, or that nothing of its topic is published there.
    """
    with connect("ejd_analyst", settings=settings) as connection:
        rows = connection.execute(SIDE_BY_SIDE, {"year": year}).fetchall()
    codes = sorted({row[5] for row in rows})
    topics: dict[str, dict[Row, dict[str, Row]]] = {}
    for topic, *head, municipality, value, reason in rows:
        topics.setdefault(topic, {}).setdefault(tuple(head), {})[municipality] = (value, reason)
    for topic, lines in topics.items():
        cells = [
            (*head, *(_number(found.get(code, (None,))[0]) for code in codes), _reasons(found, codes))
            for head, found in lines.items()
        ]
        columns = " ".join(["code", "name", "unit", "year", *codes, "no_value_because"])
        _table(console, f"Published key figures: {topic}", columns, cells)
    return sum(row[6] is not None for row in rows)


def _reasons(found: dict[str, Row], codes: Sequence[str]) -> str:
    """Why there is no value: each reason once, with the municipalities that it is of."""
    places: dict[str, list[str]] = {}
    for code in codes:
        value, reason = found.get(code, (None, NOT_PUBLISHED))
        if value is None:
            places.setdefault(reason or "withheld", []).append(code)
    return "; ".join(f"{', '.join(codes)}: {reason}" for reason, codes in places.items())


def _number(value: Decimal | None) -> str:
    """Two decimals and a thin group mark; a missing value is a dash, never a zero."""
    return "–" if value is None else f"{value:,.2f}"


def _table(console: Console, title: str, columns: str, rows: list[Row]) -> None:
    table = Table(title=title, title_justify="left", pad_edge=False)
    for name in columns.split():
        table.add_column(name.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    console.print(table)
