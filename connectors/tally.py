"""What a pull has done so far, for whoever watches it: counted where it happens, read while it runs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Tally:
    """Counts of one pull of one source. `rows` came from an API or have landed from files."""

    stream: str = ""
    calls: int = 0
    bytes: int = 0
    rows: int = 0
