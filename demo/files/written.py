"""What the writers share: the record of what they wrote, and how files are written the same on every machine."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path


@dataclass
class Written:
    """What one stream of one municipality should come to when it lands.

    `files` are accepted deliveries; `unchanged_files` hold bytes that landed before; `rows` are the accepted rows.
    """

    source: str
    stream: str
    municipality_code: str
    files: int = 0
    rows: int = 0
    rejected_rows: int = 0
    rejected_files: int = 0
    unchanged_files: int = 0


Row = Sequence[object]
Filter = Callable[[str], str]


def as_delimited(heading: Row, rows: Iterable[Row], delimiter: str = ";", end: str = "\n") -> str:
    """The text of a delimited file."""
    buffer = StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator=end)
    writer.writerow(heading)
    writer.writerows(rows)
    return buffer.getvalue()


def write(path: Path, text: str, encoding: str = "utf-8") -> None:
    """Write a file, line ends as given."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))


def danish(oere: int, whole_kroner_short: bool = False) -> str:
    """An amount without its sign: thousands dot, decimal comma. In short form `23.350` is 23350 kroner."""
    kroner, rest = divmod(abs(oere), 100)
    text = f"{kroner:,}".replace(",", ".")
    return text if whole_kroner_short and rest == 0 else f"{text},{rest:02d}"


def tenths(value: int, decimal: str) -> str:
    """A quantity kept in tenths, with one decimal."""
    return f"{value // 10}{decimal}{value % 10}"
