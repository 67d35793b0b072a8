"""What the registers of Datafordeleren have in common: how their entities are declared, and their two usual ways in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from connectors.base import Stream, Way
from connectors.datafordeler_files import fetch_files, fetch_national
from connectors.datafordeler_graphql import Reach, fetch_graphql
from connectors.extracts import convert_archive, convert_records
from connectors.spelling import both_spellings, to_ascii

# Which object and version a row is of, when it was registered and in effect, and the distributor's own row version.
VERSION = (
    "id_lokalId status registreringFra registreringTil virkningFra virkningTil datafordelerOpdateringstid "
    "datafordelerRowId datafordelerRowVersion# "
)
# An extract of the file download API is comma separated UTF-8 with or without byte order mark.
PROFILE = {"delimiter": ",", "decimal": ".", "thousands": ""}
CONVERTERS = {".json": convert_records, ".zip": convert_archive}
# Filters and options of `sources.yml` that these ways know.
OPTIONS = frozenset({"file_format", "type_of_data", "deltas", "scope", "area"})
WHOLE_COUNTRY = "configured in municipality 0000: each national file once, sliced to all configured municipalities"


@dataclass(frozen=True)
class Register:
    """A register: how GraphQL finds the rows of one municipality, and of its own properties alone."""

    name: str
    graphql: str
    reaches: Mapping[str, Reach]
    municipal: Mapping[str, Reach] = field(default_factory=dict)


def entity(path: str, columns: str, *, municipality_column: str | None = None) -> Stream:
    """An entity with the columns that we take, by their official names; a number is marked with #."""
    names = VERSION + columns
    numbers = tuple(to_ascii(name[:-1]).lower() for name in names.split() if name.endswith("#"))
    return Stream(
        name=to_ascii(path).lower(),
        path=path,
        key=("id_lokalid",),
        columns=both_spellings(names.replace("#", "")),
        required=("status", *((municipality_column,) if municipality_column else ())),
        numbers=numbers,
        municipality_column=municipality_column,
        extra_columns="ignore",
        profile=PROFILE,
        converters=CONVERTERS,
    )


def usual_ways(register: Register, *, national: bool) -> tuple[Way, ...]:
    """Ways of the platform of 2025: file download first, then GraphQL. Both send the key in the query."""
    files = "https://api.datafordeler.dk/FileDownloads"
    ways = [Way("file_download", partial(fetch_files, register=register.name), files, "query", "apikey")]
    if national:
        fetch = partial(fetch_national, register=register.name)
        ways.append(Way("national_files", fetch, files, "query", "apikey", note=WHOLE_COUNTRY))
    graphql = partial(fetch_graphql, register=register.name, reaches=register.reaches, municipal=register.municipal)
    return (*ways, Way("graphql", graphql, register.graphql, "query", "apiKey"))
