"""The command line `ejendomstal`. Every command calls a function that an Airflow task calls too."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from connectors.errors import SourceError
from warehouse.publish import Kind
from warehouse.settings import Settings, get_settings

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Key figures on Danish municipal property.")
console = Console()
Source = Annotated[str | None, typer.Argument(help="one source, for example bbr; default: every configured one")]


@contextmanager
def _warehouse() -> Iterator[Settings]:
    """A running warehouse; a known fault becomes one sentence and exit status 1."""
    from expectations.gate import GateError
    from register.schema import RegisterError
    from warehouse.build import BuildError
    from warehouse.pipeline import open_warehouse
    from warehouse.publish import PublicationError
    from warehouse.server import ServerError

    settings = get_settings()
    try:
        with open_warehouse(settings):
            yield settings
    except (SourceError, BuildError, GateError, PublicationError, RegisterError, ServerError) as error:
        console.print(f"[red]{error}[/red]", highlight=False, markup=True)
        raise typer.Exit(1) from None


@app.command()
def pull(source: Source = None) -> None:
    """Fetch what the sources have and land what is new."""
    from warehouse.pipeline import pull_all, recorded
    from warehouse.report import show_pull

    with _warehouse() as settings, recorded(settings, "pull"):
        results, failures = pull_all(settings, source)
        show_pull(console, results, failures)
    if failures:
        raise typer.Exit(1)


@app.command()
def build() -> None:
    """Turn current deliveries into a candidate edition (dbt), if anything changed."""
    from warehouse.pipeline import build_if_due, recorded

    with _warehouse() as settings, recorded(settings, "build"):
        candidate = build_if_due(settings)
    console.print("Nothing new: no build." if candidate is None else f"Candidate {candidate} is built.")


@app.command()
def gate() -> None:
    """Judge the newest candidate and say per municipality, topic and year what may be published."""
    from expectations.gate import run
    from warehouse.pipeline import recorded
    from warehouse.report import show_gate

    with _warehouse() as settings, recorded(settings, "gate"):
        show_gate(console, run(settings))


@app.command()
def publish(
    kind: Annotated[Kind, typer.Option(help="standing of the edition")] = "provisional",
    note: Annotated[str | None, typer.Option(help="reason, kept with the edition")] = None,
) -> None:
    """Publish what the gate let through, in one transaction."""
    from warehouse.pipeline import recorded
    from warehouse.publish import publish as publish_candidate
    from warehouse.report import show_publication

    with _warehouse() as settings, recorded(settings, "publish"):
        show_publication(console, publish_candidate(settings, kind=kind, note=note))


@app.command()
def run() -> None:
    """Pull, build, gate and publish."""
    from warehouse.pipeline import run as run_all
    from warehouse.report import show_run

    with _warehouse() as settings:
        report = run_all(settings)
        show_run(console, report)
    if report.failures:
        raise typer.Exit(1)


@app.command()
def status() -> None:
    """Show deliveries, last runs, verdicts and editions."""
    from warehouse.report import show_status

    with _warehouse() as settings:
        show_status(console, settings)


@app.command()
def explain(
    code: Annotated[str, typer.Argument(help="a key figure, for example SKO-03")],
    municipality: Annotated[str, typer.Option(help="four digits")],
    year: Annotated[int, typer.Option()],
) -> None:
    """Show a key figure's value, both sums, what is behind them and where it came from."""
    from warehouse.explain import ExplainError, render
    from warehouse.explain import explain as explain_figure

    with _warehouse() as settings:
        try:
            console.print(render(explain_figure(settings, code.upper(), municipality, year)))
        except ExplainError as error:
            console.print(f"[red]{error}[/red]", highlight=False)
            raise typer.Exit(1) from None


@app.command()
def docs(target: Annotated[Path, typer.Option(help="folder to write to")] = Path("site")) -> None:
    """Write the register of key figures as pages."""
    from register.render import render

    render(target)
    console.print(f"Written: {target / 'index.html'}")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def psql(context: typer.Context) -> None:
    """Open an SQL prompt as an analyst; arguments are handed to psql."""
    import subprocess

    from warehouse.database import url
    from warehouse.server import binaries

    with _warehouse() as settings:
        address = url("ejd_analyst", settings=settings)
        environment = {
            **os.environ,
            "PGHOST": str(address.host),
            "PGPORT": str(address.port or 5432),
            "PGUSER": str(address.username),
            "PGPASSWORD": str(address.password),
            "PGDATABASE": str(address.database),
            "PGOPTIONS": "-c search_path=marts",
        }
        outcome = subprocess.run([str(binaries() / "psql"), *context.args], env=environment, check=False)
    sys.exit(outcome.returncode)


if __name__ == "__main__":
    app()
