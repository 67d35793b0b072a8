"""The main job step by step, and what it has made."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from warehouse.cli.terminal import console, warehouse
from warehouse.publish import Kind


class Depth(StrEnum):
    """How far an explanation goes."""

    MEASURES = "measures"
    POSTINGS = "postings"


def build(
    whole: Annotated[bool, typer.Option("--whole", help="make every model, also where nothing changed")] = False,
) -> None:
    """Turn current deliveries into a candidate edition (dbt), as far as something changed."""
    from warehouse.pipeline import build_if_due, recorded

    with warehouse() as settings, recorded(settings, "build"):
        candidate = build_if_due(settings, whole=whole)
    console.print("Nothing new: no build." if candidate is None else f"Candidate {candidate} is built.")


def publish(
    kind: Annotated[Kind, typer.Option(help="standing of the edition")] = "provisional",
    note: Annotated[str | None, typer.Option(help="reason, kept with the edition; a correction needs one")] = None,
    municipality: Annotated[str | None, typer.Option(help="four digits; default: all")] = None,
    topic: Annotated[str | None, typer.Option(help="one topic; default: all")] = None,
    year: Annotated[int | None, typer.Option(help="default: all")] = None,
) -> None:
    """Publish what the gate let through, in one transaction.

    A provisional edition takes what is not final; a final one what is signed, and locks it; a correction what is final
    and has changed. For the latter two, run `gate` with the same kind first.
    """
    from warehouse.pipeline import recorded
    from warehouse.publish import Chosen
    from warehouse.publish import publish as publish_candidate
    from warehouse.report import show_publication

    with warehouse() as settings, recorded(settings, "publish"):
        show_publication(console, publish_candidate(settings, kind, note, Chosen(municipality, topic, year)))


def run() -> None:
    """Pull, build, gate and publish."""
    from warehouse.pipeline import run as run_all
    from warehouse.report import show_run

    with warehouse() as settings:
        report = run_all(settings)
        show_run(console, report)
    if report.failures:
        raise typer.Exit(1)


def status() -> None:
    """Show deliveries, last runs, verdicts and editions."""
    from warehouse.report import show_status

    with warehouse() as settings:
        show_status(console, settings)


def explain(
    code: Annotated[str, typer.Argument(help="a key figure, for example SKO-03")],
    municipality: Annotated[str, typer.Option(help="four digits")],
    year: Annotated[int, typer.Option()],
    property_id: Annotated[str | None, typer.Option("--property", help="only what this property brings")] = None,
    to: Annotated[Depth, typer.Option(help="how far to go")] = Depth.MEASURES,
) -> None:
    """Show a key figure's value, both sums, what is behind them and where it came from, down to the ledger's lines."""
    from warehouse.explain import explain as explain_figure
    from warehouse.explain import render

    with warehouse() as settings:
        explanation = explain_figure(
            settings, code.upper(), municipality, year, property_id=property_id, to_postings=to is Depth.POSTINGS
        )
        console.print(render(explanation))


def docs(target: Annotated[Path, typer.Option(help="folder to write to")] = Path("site")) -> None:
    """Write the site: register of key figures, data dictionary, models, and corrections where the warehouse runs."""
    from warehouse.site import write_site

    write_site(target)
    console.print(f"Written: {target / 'index.html'}")


def psql(context: typer.Context) -> None:
    """Open an SQL prompt as an analyst; arguments are handed to psql."""
    import subprocess

    from warehouse.database import libpq_environment, url
    from warehouse.server import binaries

    with warehouse() as settings:
        address = url("ejd_analyst", settings=settings)
        environment = {
            **os.environ,
            **libpq_environment(address),
            "PGOPTIONS": "-c search_path=marts",
        }
        outcome = subprocess.run([str(binaries() / "psql"), *context.args], env=environment, check=False)
    sys.exit(outcome.returncode)
