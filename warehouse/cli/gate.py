"""The gate: judge, and show what it found."""

from __future__ import annotations

from typing import Annotated

import typer

from expectations.rule import Kind
from warehouse.cli.terminal import console, warehouse

app = typer.Typer(help="Judge the newest candidate, or show what was found.")


@app.callback(invoke_without_command=True)
def gate(
    context: typer.Context,
    kind: Annotated[Kind, typer.Option(help="standing of the edition it is judged for")] = "provisional",
) -> None:
    """Judge the newest candidate and say per municipality, topic and year what may be published."""
    if context.invoked_subcommand is not None:
        return
    from warehouse.pipeline import judge, recorded
    from warehouse.report import show_gate

    with warehouse() as settings, recorded(settings, "gate"):
        show_gate(console, judge(settings, kind))


@app.command()
def show(
    municipality: Annotated[str | None, typer.Option(help="four digits; default: all")] = None,
    topic: Annotated[str | None, typer.Option(help="default: all")] = None,
    year: Annotated[int | None, typer.Option(help="default: all")] = None,
    rule: Annotated[str | None, typer.Option(help="only what this rule found")] = None,
    limit: Annotated[int, typer.Option(help="how many failing rows to show")] = 50,
) -> None:
    """Show the verdicts and failing rows of the candidate that was judged last: what was seen, expected, and to do."""
    from warehouse.gate_report import show_findings

    with warehouse() as settings:
        show_findings(
            console, settings, {"municipality": municipality, "topic": topic, "year": year, "rule": rule}, limit
        )
