"""The mapping workbench: check account rules, propose some, and write them in a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from warehouse.cli.terminal import console, stop, warehouse
from warehouse.settings import Settings

Code = Annotated[str, typer.Argument(help="a municipality, four digits")]
Refresh = Annotated[bool, typer.Option("--refresh", help="read and sum the postings anew first")]

app = typer.Typer(no_args_is_help=True, help="Which postings are which cost: check, propose and write account rules.")


@contextmanager
def _workbench() -> Iterator[Settings]:
    from warehouse.mapping.errors import MappingError

    with warehouse() as settings:
        try:
            yield settings
        except MappingError as error:
            raise stop(str(error)) from None


@app.command()
def check(
    code: Code,
    proposed: Annotated[Path | None, typer.Option(help="a proposed account_rules.csv: what would it move?")] = None,
    top: Annotated[int, typer.Option(min=1, help="how many functions and accounts to show")] = 20,
    refresh: Refresh = False,
) -> None:
    """Say what the rules cover, where they contradict each other, which do nothing, and what is unmapped."""
    from warehouse.mapping.check import check as check_rules
    from warehouse.mapping.rules import read_proposal, read_rules
    from warehouse.mapping.view import show_check

    with _workbench() as settings:
        mapping = read_rules(settings, code)
        rules = read_proposal(mapping, proposed) if proposed else None
        show_check(console, check_rules(settings, mapping, proposed=rules, top=top, refresh=refresh), top)
