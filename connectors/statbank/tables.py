"""What is asked of one StatBank table, and the stream that it becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.base import Stream
from connectors.spelling import to_ascii

EVERY = ("*",)
# Country and the five groups of comparable municipalities: what the tables with many millions of cells are good for.
PEERS = ("000", "910", "920", "930", "940", "960")
# One thing under nine names; BOPOMR and BOPKOM say where people live, BLSTKOM where an institution lies.
GEOGRAPHY = ("OMRÅDE", "REGI07A", "AMT", "BLSTKOM", "BOPOMR", "BOPKOM", "KOMK", "KOMGRP", "KOMMUNEDK")
# Each value of these is another measure of the same thing: without a choice every row is there several times.
SELECTORS = frozenset({"PRISENHED", "MÆNGDE4", "FSTATUS", "ENHED", "TAL"})
TIME, CONTENT = "TID", "INDHOLD"
YEAR_IN_NAME = r"(?P<year>20\d{2})"


@dataclass(frozen=True)
class Table:
    """One table. `values` holds every variable but geography and time, with the values asked for.

    A municipality gets its own area, NATIONAL gets `areas`. With `yearly` each year is a call and a delivery of its
    own: for tables that are too large to be fetched again whole.
    """

    table_id: str
    values: Mapping[str, tuple[str, ...]]
    has_areas: bool = True
    areas: tuple[str, ...] = EVERY
    period_ending: str = ""  # of the periods wanted: K1 are first quarters
    yearly: bool = False
    newest: int | None = None  # so many of the newest periods, where sources.yml names no first_year
    is_usual: bool = True  # pulled where sources.yml does not name tables

    def __post_init__(self) -> None:
        """Check the declaration once, at import."""
        for name in SELECTORS & self.values.keys():
            if len(self.values[name]) != 1 or self.values[name] == EVERY:
                raise ValueError(f"table {self.table_id}: {name} doubles every row, choose one value")
        if not self.values or any(name in GEOGRAPHY or not values for name, values in self.values.items()):
            raise ValueError(f"table {self.table_id}: no values, or geography among them")

    @property
    def stream_name(self) -> str:
        """Name of the stream and of its raw table."""
        return self.table_id.lower()

    def as_stream(self) -> Stream:
        """The stream: variables in lower-case ASCII, whatever name the geography has."""
        areas = dict.fromkeys(GEOGRAPHY, "omraade") if self.has_areas else {}
        variables = {name.upper(): to_ascii(name).lower() for name in self.values}
        columns = {**areas, **variables, TIME: "tid", CONTENT: "indhold"}
        return Stream(
            name=self.stream_name,
            path=self.table_id,
            key=tuple(dict.fromkeys(column for heading, column in columns.items() if heading != CONTENT)),
            columns=columns,
            load_kind="window" if self.yearly else "snapshot",
            required=("indhold",),  # the column: a value may be missing
            municipality_column="omraade" if self.has_areas else None,
            extra_columns="ignore",  # another table is then refused for what it lacks
            profile={"window": YEAR_IN_NAME} if self.yearly else {},
        )
