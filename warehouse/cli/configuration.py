"""The configuration: check it, and begin one."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from warehouse.cli.terminal import console, stop

app = typer.Typer(no_args_is_help=True, help="What each municipality delivers and how it maps.")


@app.callback()
def configuration() -> None:
    """Keep `check` a command of its own, also while it is the only one."""


@app.command()
def check(
    code: Annotated[str | None, typer.Argument(help="one municipality, four digits; default: all")] = None,
) -> None:
    """Say every fault of sources.yml, account rules, links and mappings; exit status 1 if there is one.

    Connections that are not in the environment are named too: Airflow may have them, so they are no fault.
    """
    from warehouse.checking import find_faults, find_missing_connections
    from warehouse.settings import get_settings

    settings = get_settings()
    faults = find_faults(settings, code)
    for fault in faults:
        console.print(fault, style="red", highlight=False, markup=False, soft_wrap=True)
    for variable in find_missing_connections(settings, code):
        console.print(f"{variable} is not set: set it, or make the connection in Airflow.", style="yellow",
                      highlight=False, markup=False, soft_wrap=True)  # fmt: skip
    if faults:
        raise typer.Exit(1)
    console.print("No fault.")


def new_municipality(
    code: Annotated[str, typer.Argument(help="four digits, for example 0994")],
    name: Annotated[str, typer.Option(help="the municipality's name")],
) -> None:
    """Write a commented configuration folder for a municipality."""
    from warehouse.new_municipality import FolderExistsError, write_municipality
    from warehouse.settings import get_settings

    if not re.fullmatch(r"[0-9]{4}", code):
        raise stop(f"{code} is not a municipality code: use four digits, for example 0101.")
    try:
        folder = write_municipality(get_settings(), code, name)
    except FolderExistsError as error:
        raise stop(str(error)) from None
    steps = (
        f"Written: {folder}",
        f"1. Open {folder / 'sources.yml'} and take the # away before the sources that {name} has.",
        "2. Put each key into AIRFLOW_CONN_<NAME>, or make the connection in Airflow.",
        f"3. ejendomstal config check {code}",
        f"4. ejendomstal pull <source> --municipality {code} --dry-run",
        "5. Fill account_rules.csv and property_links.csv: see docs/how-to/connect-a-municipality.md.",
    )
    for step in steps:
        console.print(step, highlight=False, markup=False, soft_wrap=True)
