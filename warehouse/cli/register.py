"""The register of key figures: check it, read one, compare versions, write its pages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from register.read import Register, read_register
from register.schema import TOPICS, KeyFigure, RegisterError
from warehouse.cli.terminal import console, stop

app = typer.Typer(no_args_is_help=True, help="The register of key figures.")
Code = Annotated[str, typer.Argument(help="a key figure, for example SKO-03")]


@app.callback()
def register() -> None:
    """Commands about the register's files; none of them needs a running warehouse."""


@app.command()
def check() -> None:
    """Say every fault of the register's files and examples; exit status 1 if there is one."""
    from register.check import check_register
    from warehouse.register_report import show_counts, show_undelivered

    try:
        found, faults = check_register()
    except RegisterError as error:
        raise stop(str(error)) from None
    for fault in faults:
        console.print(str(fault), style="red", highlight=False, markup=False, soft_wrap=True)
    show_counts(console, found)
    show_undelivered(console, found)
    if faults:
        raise typer.Exit(1)
    console.print("No fault.")


@app.command("list")
def list_key_figures(
    topic: Annotated[str | None, typer.Option(help=f"one of {', '.join(TOPICS)}")] = None,
) -> None:
    """List the key figures with unit, formula and state."""
    from warehouse.register_report import show_list

    if topic is not None and topic not in TOPICS:
        raise stop(f"there is no topic {topic}: there are {', '.join(TOPICS)}.")
    show_list(console, [entry for entry in _read().key_figures if topic in (None, entry.topic)])


@app.command()
def show(
    code: Code,
    version: Annotated[int | None, typer.Option(help="default: the newest")] = None,
) -> None:
    """Show a key figure: formula, what counts, bounds, adoption, worked example, versions."""
    from warehouse.register_report import show_key_figure

    found = _read()
    versions = _versions(found, code)
    entry = versions[-1] if version is None else _one(versions, version)
    show_key_figure(console, entry, versions, found)


@app.command()
def diff(
    code: Code,
    first: Annotated[int, typer.Argument(help="a version")],
    second: Annotated[int, typer.Argument(help="another version")],
) -> None:
    """Tell what changed between two versions: in meaning, in how values are judged, in wording."""
    from warehouse.register_report import show_differences

    found = _read()
    versions = _versions(found, code)
    show_differences(console, _one(versions, first), _one(versions, second), found)


@app.command()
def docs(target: Annotated[Path, typer.Option(help="folder to write to")] = Path("site")) -> None:
    """Write the register's pages; `ejendomstal docs` writes them with the data dictionary and the models."""
    from warehouse.site import write_register

    try:
        write_register(target)
    except RegisterError as error:
        raise stop(str(error)) from None
    console.print(f"Written: {target / 'index.html'}")


def _read() -> Register:
    try:
        return read_register()
    except RegisterError as error:
        raise stop(f"{error} See `ejendomstal register check`.") from None


def _versions(found: Register, code: str) -> list[KeyFigure]:
    versions = found.versions(code.upper())
    if not versions:
        raise stop(f"there is no key figure {code.upper()}: `ejendomstal register list` has them all.")
    return versions


def _one(versions: list[KeyFigure], number: int) -> KeyFigure:
    for entry in versions:
        if entry.version == number:
            return entry
    known = ", ".join(str(entry.version) for entry in versions)
    raise stop(f"{versions[0].code} has no version {number}: there is {known}.")
