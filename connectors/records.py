"""Records of a JSON API as rows: the first of the declared spellings that is filled wins.

A path is dotted and leads through lists, whose values are joined by `;`. Field names are compared without case: one
version of a service writes `buildingID`, `grossarea` or `ID` where the next writes `buildingId`, `grossArea`, `id`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.base import Source, Stream
from connectors.errors import ConfigError, Place

OWN = "user_fields."
SEPARATOR = ";"
Clean = Callable[[str], str]


@dataclass
class _Node:
    """A field on the way to values that are let in: what lies below it, and where its own value goes."""

    below: dict[str, _Node] = field(default_factory=dict)
    places: list[int] = field(default_factory=list)
    known: dict[str, _Node | None] = field(default_factory=dict)  # by the spellings met so far

    def find(self, name: str) -> _Node | None:
        try:
            return self.known[name]
        except KeyError:
            return self.known.setdefault(name, self.below.get(name.lower()))


class RecordReader:
    """Reads records of one stream. Fields of the municipality's own making come by the names it gives them."""

    def __init__(
        self, stream: Stream, user_fields: Mapping[str, str], clean: Mapping[str, Clean] | None = None
    ) -> None:
        """`clean` changes the text of a raw column before it goes anywhere."""
        self._root = _Node()
        self._count = 0
        self._columns: list[tuple[list[str], list[int], Clean | None]] = []
        for column in stream.raw_columns:
            paths = [path for path, target in stream.columns.items() if target == column]
            own = [path.removeprefix(OWN) for path in paths if path.startswith(OWN)]
            names = [name for path in own for name in own_names(stream, path, user_fields)]
            places = [self._add(path) for path in paths if not path.startswith(OWN)]
            self._columns.append((names, places, (clean or {}).get(column)))

    def read(self, record: Mapping[str, Any], own: Mapping[str, str]) -> list[str]:
        """Texts in the order of the raw columns; a field that is not there is empty."""
        values = [""] * self._count
        _gather(record, self._root, values)
        row = []
        for names, places, clean in self._columns:
            text = ""
            for name in names:
                text = text or own.get(name, "")
            for place in places:
                text = text or values[place]
            row.append(clean(text) if clean else text)
        return row

    def _add(self, path: str) -> int:
        node = self._root
        for part in path.lower().split("."):
            node = node.below.setdefault(part, _Node())
        node.places.append(self._count)
        self._count += 1
        return self._count - 1


def _gather(record: Mapping[str, Any], node: _Node, values: list[str]) -> None:
    """Put the values below `node` in their places; only what is let in is looked at."""
    for name, value in record.items():
        found = node.find(name)
        if found is None or value is None:
            continue
        for one in value if isinstance(value, list) else (value,):
            if isinstance(one, dict):
                _gather(one, found, values)
            elif not isinstance(one, list) and one is not None:
                for place in found.places:
                    values[place] = _joined(values[place], plain_text(one))


def _joined(before: str, text: str) -> str:
    if not before or not text:
        return before or text
    return before if text in before.split(SEPARATOR) else f"{before}{SEPARATOR}{text}"


def plain_text(value: Any) -> str:
    """As the source wrote it: 0.0 stays 0.0, true stays true."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def own_names(stream: Stream, field: str, user_fields: Mapping[str, str]) -> list[str]:
    """What the municipality calls a field, for this stream or for all; `|` separates names, the first filled counts."""
    given = user_fields.get(f"{stream.name}.{field}", user_fields.get(field, ""))
    return [name.strip() for name in given.split("|") if name.strip()]


def check_user_fields(source: Source, user_fields: Mapping[str, str], place: Place) -> None:
    """Refuse a name that no stream asks for.

    Raises:
        ConfigError.
    """
    known: set[str] = set()
    for stream in source.streams:
        own = {path.removeprefix(OWN) for path in stream.columns if path.startswith(OWN)}
        known |= own | {f"{stream.name}.{field}" for field in own}
    strange = user_fields.keys() - known
    if strange:
        listed = ", ".join(sorted(name for name in known if "." not in name))
        raise ConfigError(place, f"user_fields has no use for {sorted(strange)[0]}", f"it knows {listed}")
