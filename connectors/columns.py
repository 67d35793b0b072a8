"""From the headings of a file to raw columns: the allow-list at the door."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from connectors.declarations import Delivery
from connectors.errors import (
    DuplicateHeadingError,
    MissingColumnError,
    Place,
    UnknownColumnError,
    UnreadableFileError,
)
from connectors.headings import fold_heading

MOST_NAMED = 20


@dataclass(frozen=True)
class Layout:
    """What each position of a file is: a raw column, or None where the column stays out.

    `unknown` are headings that are neither mapped nor dropped, `spare` those of a raw column that another one fills.
    """

    headings: tuple[str, ...]
    positions: tuple[str | None, ...]
    unknown: tuple[str, ...] = ()
    spare: tuple[str, ...] = ()

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

    def warn(self, place: Place) -> tuple[str, ...]:
        """What a person should know of columns that were left out although nobody said so."""
        warnings = []
        for headings, problem in ((self.unknown, "not known and left out"), (self.spare, "left out beside another")):
            if headings:
                names = ", ".join(repr(heading) for heading in headings[:MOST_NAMED])
                warnings.append(f"{place}: columns {problem}: {names}")
        return tuple(warnings)


def known_headings(delivery: Delivery) -> dict[str, str | None]:
    """Folded headings in the order declared: the raw column each leads to, None for those that are dropped."""
    mapped = {fold_heading(heading): column for heading, column in delivery.columns.items()}
    return {**{fold_heading(heading): None for heading in delivery.dropped}, **mapped}


def match_columns(
    headings: Sequence[str], delivery: Delivery, place: Place, given: Collection[str] = frozenset()
) -> Layout:
    """Hold the headings of a file against the declaration.

    Args:
        headings: as the file has them.
        delivery: what is declared of the file.
        place: for errors.
        given: raw columns that are known without the file's columns.

    Raises:
        DuplicateHeadingError, UnknownColumnError, MissingColumnError, UnreadableFileError.
    """
    known = known_headings(delivery)
    found = [fold_heading(heading) for heading in headings]
    if len(found) == 1 and len(delivery.required) > 1:
        raise UnreadableFileError(
            place,
            f"the heading has one column where {len(known)} are known; the delimiter is declared as "
            f"{delivery.dialect.delimiter!r}",
            "declare the delimiter, quote and skipped lines that the file has",
        )
    # A column without a name comes from a delimiter at the end of each line; it is not let in, so it needs no name.
    unknown = [index for index, heading in enumerate(found) if heading and heading not in known]
    if not any(known.get(heading) for heading in found):
        # It may be no heading at all, but a row: nothing of it is said.
        raise MissingColumnError(place, "the heading has no declared column", "correct the columns in sources.yml")
    _refuse_unknown([headings[index] for index in unknown], found, delivery, place)
    _refuse_missing(found, [headings[index] for index in unknown], known, delivery, given, place)
    _refuse_duplicates(found, headings, known, place)
    first = _first_of_each_column(found, known)
    positions = [known.get(heading) if first.get(known.get(heading)) == heading else None for heading in found]
    spare = [headings[i] for i, heading in enumerate(found) if known.get(heading) is not None and positions[i] is None]
    noted = () if delivery.extra_columns == "ignore" else tuple(headings[index].strip() for index in unknown)
    return Layout(tuple(headings), tuple(positions), noted, tuple(spare))


def _first_of_each_column(found: list[str], known: dict[str, str | None]) -> dict[str | None, str]:
    """Of several headings that lead to one raw column, the one that is declared first fills it."""
    first: dict[str | None, str] = {}
    for heading, column in known.items():
        if column is not None and heading in found:
            first.setdefault(column, heading)
    return first


def _refuse_unknown(unknown: list[str], found: list[str], delivery: Delivery, place: Place) -> None:
    if not unknown or delivery.extra_columns != "reject":
        return
    free = [name for name in (*delivery.columns, *delivery.dropped) if fold_heading(name) not in found]
    others = f" and {len(unknown) - 1} more" if len(unknown) > 1 else ""
    raise UnknownColumnError(
        place,
        f"heading {unknown[0].strip()!r}{others} is not declared{_nearest(unknown[0], free, 'known one')}",
        "add it to the columns, or to those dropped, of this source in the municipality's sources.yml",
    )


def _refuse_missing(
    found: list[str],
    unknown: list[str],
    known: dict[str, str | None],
    delivery: Delivery,
    given: Collection[str],
    place: Place,
) -> None:
    present = {known[heading] for heading in found if known.get(heading)}
    wanted = [column for column in sorted(delivery.required) if column not in present and column not in given]
    if wanted:
        names = [next((name for name, to in delivery.columns.items() if to == column), column) for column in wanted]
        raise MissingColumnError(
            place,
            f"the heading lacks {', '.join(map(repr, names))}{_nearest(names[0], unknown, 'in the file')}",
            "ask for a file with it, or correct its name in sources.yml",
        )


def _nearest(heading: str, others: list[str], what: str) -> str:
    folded = {fold_heading(other): other.strip() for other in others}
    nearest = difflib.get_close_matches(fold_heading(heading), folded, 1, 0.6)
    return f"; the nearest {what} is {folded[nearest[0]]!r}" if nearest else ""


def _refuse_duplicates(found: list[str], headings: Sequence[str], known: dict[str, str | None], place: Place) -> None:
    counts = Counter(found)
    twice = [index for index, heading in enumerate(found) if counts[heading] > 1 and known.get(heading)]
    if twice:
        raise DuplicateHeadingError(
            place, f"more than one column is headed {headings[twice[0]].strip()!r}", "deliver each column once"
        )
