"""Progress of pulls on the terminal: what their tallies count, looked at a few times a second."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.live import Live
from rich.table import Table

from connectors.tally import Tally

LOOKS_PER_SECOND = 4


@dataclass(frozen=True)
class _Watched:
    source: str
    municipality_code: str
    tally: Tally
    began: float = field(default_factory=time.monotonic)


@contextmanager
def watched(console: Console) -> Iterator[Callable[[str, str], Tally]]:
    """Give tallies for pulls and show them until the end of the block; without a terminal nothing is shown."""
    pulls: list[_Watched] = []

    def watch(source: str, municipality_code: str) -> Tally:
        pulls.append(_Watched(source, municipality_code, Tally()))
        return pulls[-1].tally

    if not console.is_terminal:
        yield watch
        return
    with Live(
        get_renderable=lambda: _table(pulls), console=console, refresh_per_second=LOOKS_PER_SECOND, transient=True
    ):
        yield watch


def _table(pulls: list[_Watched]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("source", "municipality", "stream", "calls", "MB", "rows", "rows/s"):
        table.add_column(heading, justify="left" if heading in ("source", "municipality", "stream") else "right")
    for pull in pulls:
        tally = pull.tally
        if tally.stream:  # it has begun
            seconds = max(time.monotonic() - pull.began, 0.001)
            table.add_row(
                pull.source, pull.municipality_code, tally.stream, str(tally.calls), f"{tally.bytes / 1e6:,.1f}",
                f"{tally.rows:,}", f"{tally.rows / seconds:,.0f}",
            )  # fmt: skip
    return table
