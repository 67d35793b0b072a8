"""Records of a JSON API as rows: the first of the declared spellings that is filled wins.

A path is dotted and leads through lists, whose values are joined by `;`. Field names are compared without case: one
version of a service writes `buildingID`, `grossarea` or `ID` where the next writes `buildingId`, `grossArea`, `id`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from connectors.base import Source, Stream
from connectors.errors import ConfigError, Place

OWN = "user_fields."
Clean = Callable[[str], str]


class RecordReader:
    """Reads records of one stream. Fields of the municipality's own making come by the names it gives them."""

    def __init__(
        self, stream: Stream, user_fields: Mapping[str, str], clean: Mapping[str, Clean] | None = None
    ) -> None:
        """`clean` changes the text of a raw column before it goes anywhere."""
        self._columns: list[tuple[list[list[str]], list[str], Clean | None]] = []
        for column in stream.raw_columns:
            paths = [path for path, target in stream.columns.items() if target == column]
            fixed = [path.lower().split(".") for path in paths if not path.startswith(OWN)]
            own = [path.removeprefix(OWN) for path in paths if path.startswith(OWN)]
            names = [name for path in own for name in own_names(stream, path, user_fields)]
            self._columns.append((fixed, names, (clean or {}).get(column)))

    def read(self, record: Mapping[str, Any], own: Mapping[str, str]) -> list[str]:
        """Texts in the order of the raw columns; a field that is not there is empty."""
        folded = fold(record)
        row = []
        for paths, names, clean in self._columns:
            value = next((text for name in names if (text := own.get(name, ""))), "")
            value = value or next((text for path in paths if (text := text_of(folded, path))), "")
            row.append(clean(value) if clean else value)
        return row


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


def fold(value: Any) -> Any:
    """The same record with field names in lower case."""
    if isinstance(value, Mapping):
        return {str(name).lower(): fold(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [fold(inner) for inner in value]
    return value


def text_of(value: Any, path: list[str]) -> str:
    """As the source wrote it: 0.0 stays 0.0, true stays true, an absent value is empty."""
    for position, part in enumerate(path):
        if isinstance(value, list):
            texts = [text_of(inner, path[position:]) for inner in value]
            return ";".join(dict.fromkeys(text for text in texts if text))
        value = value.get(part) if isinstance(value, dict) else None
    if isinstance(value, list):
        return ";".join(str(inner) for inner in value if not isinstance(inner, dict | list) and inner is not None)
    if value is None or isinstance(value, dict):
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
