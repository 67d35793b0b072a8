"""What has come in: list, look at one, land one again from its kept bytes."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from warehouse.cli.terminal import console, stop, warehouse

app = typer.Typer(help="What has come in, what became of it and why.")
Id = Annotated[int, typer.Argument(help="number of the delivery")]


@app.callback(invoke_without_command=True)
def deliveries(
    context: typer.Context,
    source: Annotated[str | None, typer.Option(help="one source")] = None,
    municipality: Annotated[str | None, typer.Option(help="four digits")] = None,
    state: Annotated[Literal["landed", "rejected", "superseded"] | None, typer.Option()] = None,
    limit: Annotated[int, typer.Option(help="so many of the newest")] = 50,
) -> None:
    """List the newest deliveries."""
    if context.invoked_subcommand is not None:
        return
    from connectors.history import list_deliveries
    from warehouse.source_report import show_deliveries

    with warehouse() as settings:
        show_deliveries(console, list_deliveries(settings, source, municipality, state, limit))


@app.command()
def show(delivery_id: Id) -> None:
    """Tell what was in a delivery, what was rejected or odd, and why."""
    from connectors.history import find_delivery
    from warehouse.source_report import show_delivery

    with warehouse() as settings:
        found = find_delivery(settings, delivery_id)
    if found is None:
        raise stop(f"there is no delivery {delivery_id}: list them with `ejendomstal deliveries`.")
    show_delivery(console, *found)


@app.command()
def reload(
    delivery_id: Id,
    fewer_rows: Annotated[
        bool, typer.Option("--fewer-rows", help="accept that it has far fewer rows than what it replaces")
    ] = False,
) -> None:
    """Land a delivery again from its kept bytes, for example after its mapping was corrected.

    The new delivery takes the place of the old one. Read in the same way as before nothing changes.
    """
    from connectors.reload import reload as land_again
    from warehouse.pipeline import recorded
    from warehouse.source_report import show_pulls

    with warehouse() as settings, recorded(settings, f"reload {delivery_id}"):
        result = land_again(delivery_id, settings, with_fewer_rows=fewer_rows)
    show_pulls(console, [result], [])
    if result.outcome in ("rejected", "still_rejected"):
        raise typer.Exit(1)
