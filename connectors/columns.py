"""From the headings of a file to raw columns: the allow-list at the door."""

from __future__ import annotations

import difflib
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from connectors.declarations import Delivery
from connectors.errors import (
    DuplicateHeadingError,
    MissingColumnError,
    Place,
    UnknownColumnError,
    UnreadableFileError,
)


@dataclass(frozen=True)
class Layout:
    """What each position of a file is: a raw column, or None where the column stays out."""

    headings: tuple[str, ...]
    positions: tuple[str | None, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The raw columns, in the order of the file."""
        return tuple(column for column in self.positions if column is not None)

    @property
    def kept(self) -> tuple[int, ...]:
        """The positions that are let in."""
        return tuple(index for index, column in enumerate(self.positions) if column is not None)

    @property
    def is_whole(self) -> bool:
        """True when every column of the file is let in."""
        return None not in self.positions


def match_columns(headings: Sequence[str], delivery: Delivery, place: Place) -> Layout:
    """Hold the headings of a file against the declaration.

    Raises:
        DuplicateHeadingError, UnknownColumnError, MissingColumnError, UnreadableFileError.
    """
    columns = {_plain(heading): column for heading, column in delivery.columns.items()}
    dropped = {_plain(heading) for heading in delivery.dropped}
    found = [_plain(heading) for heading in headings]
    if len(found) == 1 and len(delivery.required) > 1:
        raise UnreadableFileError(
            place,
            f"the heading has one column where {len(columns)} are known; the delimiter is declared as "
            f"{delivery.dialect.delimiter!r}",
            "declare the delimiter, quote and skipped lines that the file has",
        )
    _refuse_unknown(found, columns, dropped, delivery, place)
    _refuse_missing(found, columns, delivery, place)
    _refuse_duplicates(found, columns, dropped, place)
    return Layout(tuple(headings), tuple(columns.get(heading) for heading in found))


def _plain(heading: str) -> str:
    # A name typed on one system may hold its ring above the a as a letter of its own.
    return unicodedata.normalize("NFC", heading.replace("\ufeff", "").strip())


def _refuse_unknown(
    found: list[str], columns: dict[str, str], dropped: set[str], delivery: Delivery, place: Place
) -> None:
    # A column without a name comes from a delimiter at the end of each line; it is not let in, so it needs no name.
    unknown = [heading for heading in found if heading and heading not in columns and heading not in dropped]
    if not unknown or delivery.extra_columns == "ignore":
        return
    free = [name for name in (*columns, *dropped) if name not in found]
    nearest = difflib.get_close_matches(unknown[0], free, 1, 0.6)
    hint = f"; the nearest known one is {nearest[0]!r}" if nearest else ""
    others = f" and {len(unknown) - 1} more" if len(unknown) > 1 else ""
    raise UnknownColumnError(
        place,
        f"heading {unknown[0]!r}{others} is not declared{hint}",
        "add it to the columns, or to those dropped, of this source in the municipality's sources.yml",
    )


def _refuse_missing(found: list[str], columns: dict[str, str], delivery: Delivery, place: Place) -> None:
    present = {columns[heading] for heading in found if heading in columns}
    missing = sorted(delivery.required - present)
    if missing:
        names = ", ".join(
            next((repr(heading) for heading, column in columns.items() if column == name), name) for name in missing
        )
        raise MissingColumnError(
            place, f"the heading lacks {names}", "ask for a file with it, or correct its name in sources.yml"
        )
    if not present:
        raise MissingColumnError(place, "the heading has no declared column", "correct the columns in sources.yml")


def _refuse_duplicates(found: list[str], columns: dict[str, str], dropped: set[str], place: Place) -> None:
    twice = [heading for heading, count in Counter(found).items() if count > 1 and heading and heading in columns]
    fields = Counter(columns[heading] for heading in found if heading in columns)
    twice += [heading for heading in found if heading in columns and fields[columns[heading]] > 1]
    if twice:
        raise DuplicateHeadingError(
            place, f"more than one column is headed {twice[0]!r} or maps to its field", "deliver each column once"
        )
