"""What every command needs: a console, a running warehouse, and one sentence where something is wrong."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import typer
from rich.console import Console

from warehouse.database import open_warehouse
from warehouse.errors import KnownError
from warehouse.outage import explain
from warehouse.settings import Settings, get_settings

# Columns of a pipe or a file, which have none of their own: words of a table stay whole.
WIDE = 140

console = Console()
if not console.is_terminal and "COLUMNS" not in os.environ:
    console.width = WIDE


@contextmanager
def warehouse() -> Iterator[Settings]:
    """A running warehouse; a known fault becomes one sentence and exit status 1."""
    with explained() as settings, open_warehouse(settings):
        yield settings


@contextmanager
def explained() -> Iterator[Settings]:
    """The settings, and nothing started; a known fault becomes one sentence and exit status 1."""
    try:
        yield get_settings()
    except KnownError as error:
        raise stop(str(error)) from None
    except psycopg.OperationalError as error:
        raise stop(explain(error)) from None


def stop(sentence: str) -> typer.Exit:
    """Print what is wrong; raise what comes back."""
    console.print(sentence, style="red", highlight=False, markup=False)
    return typer.Exit(1)
