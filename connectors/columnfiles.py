"""`columns: rooms.columns.yml`: the mapping of one stream in a file of its own beside `sources.yml`.

Each line is `heading: raw column`. Several headings may lead to one raw column: the first of them that a file has fills
it, so a mapping outlives a renamed export. Strict: a heading twice, or one that YAML would read as something else than
text, is an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from connectors.errors import ConfigError, Place
from connectors.headings import fold_heading


class _PairLoader(yaml.SafeLoader):
    """Reads mappings as pairs, so that a key that is there twice is seen."""


def _construct_pairs(loader: yaml.SafeLoader, node: yaml.MappingNode) -> list[tuple[Any, Any]]:
    return [(loader.construct_object(key), loader.construct_object(value)) for key, value in node.value]


_PairLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _construct_pairs)


def with_column_files(streams: Any, folder: Path, place: Place) -> Any:
    """The streams of a section with each `columns` that names a file replaced by what the file holds."""
    if not isinstance(streams, Mapping):
        return streams
    return {
        name: {**given, "columns": load_columns(folder, given["columns"], place)}
        if isinstance(given, Mapping) and isinstance(given.get("columns"), str)
        else given
        for name, given in streams.items()
    }


def load_columns(folder: Path, name: str, place: Place) -> dict[str, str]:
    """Headings and the raw columns they lead to, in the order of the file.

    Raises:
        ConfigError: the file is missing or wrong; the message names file and heading.
    """
    there = Place(place.source, place.stream, place.municipality_code, name)
    if Path(name).name != name or not name.endswith(".yml"):
        raise ConfigError(there, "columns names no .yml file beside sources.yml", "give the name of one")
    try:
        text = (folder / name).read_text(encoding="utf-8")
        pairs = yaml.load(text, Loader=_PairLoader)  # noqa: S506 - a safe loader
    except FileNotFoundError:
        raise ConfigError(there, "the file of columns is missing", "make it beside sources.yml") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        where = "" if line is None else f" near line {line + 1}"
        raise ConfigError(there, f"not readable as YAML in UTF-8{where}", "correct it") from None
    if not isinstance(pairs, list) or not all(isinstance(pair, tuple) for pair in pairs) or not pairs:
        raise ConfigError(there, "not a list of headings and columns", "write a line `heading: column` for each")
    return _checked(pairs, there)


def _checked(pairs: list[tuple[Any, Any]], place: Place) -> dict[str, str]:
    columns: dict[str, str] = {}
    folded: set[str] = set()
    for heading, column in pairs:
        if not isinstance(heading, str):
            raise ConfigError(place, f"the heading {heading!r} is not read as text", "put it in quotes")
        if not isinstance(column, str):
            raise ConfigError(place, f"the heading {heading!r} leads to no column", "name one after the colon")
        if fold_heading(heading) in folded:
            raise ConfigError(place, f"the heading {heading!r} is there twice", "take one out")
        folded.add(fold_heading(heading))
        columns[heading] = column
    return columns
