"""Which sources there are, and pulling them."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Annotated

import typer

from warehouse.cli.terminal import console, stop, warehouse


def sources(
    name: Annotated[str | None, typer.Argument(help="one source, for example bbr; default: all")] = None,
) -> None:
    """List sources: ways in, streams, keys, what a new delivery replaces, file drops."""
    from connectors.base import registered
    from warehouse.source_report import show_sources

    known = registered()
    if name is not None and name not in known:
        raise stop(f"there is no source {name}: there are {', '.join(known)}.")
    show_sources(console, [known[name]] if name else list(known.values()))


def pull(
    source: Annotated[str | None, typer.Argument(help="one source, for example bbr; default: all configured")] = None,
    municipality: Annotated[str | None, typer.Option(help="four digits; default: all configured")] = None,
    stream: Annotated[list[str] | None, typer.Option(help="only this stream; may be repeated")] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="how far back to go, where a stream can")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="get, read and check everything; land and keep nothing")
    ] = False,
) -> None:
    """Fetch what the sources have and land what is new."""
    from connectors.pull import Wanted
    from warehouse.pipeline import pull_all, recorded, tell
    from warehouse.source_report import show_pulls
    from warehouse.watching import watched

    if stream and source is None:
        raise stop("--stream needs a source: streams of different sources have the same names.")
    wanted = Wanted(frozenset(stream or ()), since.date() if since else None, dry_run)
    with warehouse() as settings, watched(console) as watch:
        began = time.monotonic()
        if dry_run:
            results, failures = pull_all(settings, source, municipality=municipality, wanted=wanted, watch=watch)
        else:
            with recorded(settings, "pull"):
                results, failures = pull_all(settings, source, municipality=municipality, wanted=wanted, watch=watch)
            tell(settings, "pull", failures)
    seconds = time.monotonic() - began
    show_pulls(console, results, failures, dry_run=dry_run, seconds=seconds)
    if failures:
        raise typer.Exit(1)
