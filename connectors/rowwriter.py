"""The rows that a converter finds in a file, on their way to the landing engine as csv."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

# One empty field where a row has several: landing counts it as an ill-formed row, under the number the row has.
REFUSED_ROW = '""\n'


class RowWriter(AbstractContextManager["RowWriter"]):
    """Writes rows of allow-listed columns, and in the place of those that cannot be read a mark without content."""

    def __init__(self, target: Path, columns: Sequence[str]) -> None:
        """Open the file and write its heading."""
        self.count = 0
        self.refused: dict[int, str] = {}
        self._file = target.open("w", newline="", encoding="utf-8")
        self._rows = csv.writer(self._file, lineterminator="\n")
        self._rows.writerow(columns)

    def write(self, values: Sequence[str]) -> None:
        """Add a row."""
        self.count += 1
        self._rows.writerow(values)

    def refuse(self, reason: str) -> None:
        """Count a row that cannot be read. The reason never holds its content."""
        self.count += 1
        self.refused[self.count] = reason
        self._file.write(REFUSED_ROW)

    def __exit__(self, *_: Any) -> None:
        """Close the file."""
        self._file.close()
