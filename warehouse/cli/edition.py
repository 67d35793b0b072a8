"""Editions: list, sign, compare, verify."""

from __future__ import annotations

from typing import Annotated

import typer

from warehouse.cli.terminal import console, stop, warehouse

app = typer.Typer(no_args_is_help=True, help="Editions: which there are, who signed, what differs, and rebuilding one.")
Municipality = Annotated[str | None, typer.Option(help="four digits; default: all")]


@app.command("list")
def list_editions(
    municipality: Municipality = None,
    year: Annotated[int | None, typer.Option(help="with how each topic of it stands: open, signed or final")] = None,
    limit: Annotated[int, typer.Option(help="how many editions")] = 20,
) -> None:
    """List editions; with a municipality or year, how each of its topics stands."""
    from warehouse import editions
    from warehouse.edition_report import show_editions, show_scopes

    with warehouse() as settings:
        if municipality is None and year is None:
            show_editions(console, editions.list_editions(settings, limit))
        else:
            show_scopes(console, editions.find_scopes(settings, municipality, year))


@app.command()
def sign(
    municipality: Annotated[str, typer.Option(help="four digits")],
    year: Annotated[int, typer.Option()],
    name: Annotated[str, typer.Option(help="who signs")],
    role: Annotated[str, typer.Option(help="in which role; config/editions.yml says which may")],
    topic: Annotated[str | None, typer.Option(help="one topic; default: all")] = None,
    note: Annotated[str | None, typer.Option(help="kept with the signature")] = None,
) -> None:
    """Sign the figures that readers see of a municipality and year, so that a final edition can lock them."""
    from warehouse import editions

    with warehouse() as settings:
        signed = editions.sign(settings, editions.Signature(name, role, note), municipality, year, topic)
    topics = ", ".join(f"{scope.topic} (edition {scope.edition_id})" for scope in signed)
    console.print(f"Signed: {municipality} {year}: {topics}.", highlight=False, soft_wrap=True)
    console.print("The next final edition locks it: ejendomstal publish --kind final.")


@app.command()
def diff(
    a: Annotated[int, typer.Argument(help="an edition")],
    b: Annotated[int, typer.Argument(help="another")],
    municipality: Municipality = None,
    limit: Annotated[int, typer.Option(help="how many figures to show")] = 50,
) -> None:
    """Show the figures that readers saw differently after edition B than after edition A."""
    from warehouse import editions
    from warehouse.edition_report import show_differences

    with warehouse() as settings:
        show_differences(console, editions.find_differences(settings, a, b, municipality), limit)


@app.command()
def verify(
    edition: Annotated[int, typer.Argument(help="the edition to rebuild")],
    todays_program: Annotated[
        bool, typer.Option("--todays-program", help="where the program of its time no longer runs")
    ] = False,
) -> None:
    """Rebuild an edition from what was kept of its time, and compare; exit status 1 if it differs."""
    from warehouse.edition_report import show_verification
    from warehouse.verify import verify as verify_edition

    with warehouse() as settings:
        verification = verify_edition(settings, edition, console.print, todays_program=todays_program)
        show_verification(console, verification)
    if not verification.is_same:
        raise stop(f"Edition {edition} could not be rebuilt to the same bytes.")
