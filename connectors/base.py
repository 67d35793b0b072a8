"""What a source declares, and what the pull hands to it. The loop, the retry and the landing live elsewhere, once.

A source is a folder `connectors/<name>/` whose `source.py` holds one `SOURCE = Source(...)`. Defaults are those of the
dataclasses: a stream states only what differs.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args

import connectors
from connectors.declarations import ControlTotal, Delivery, LoadKind
from connectors.errors import Place, RejectedDeliveryError

if TYPE_CHECKING:  # these modules import this one
    from connectors.configuration import FileStream, Section
    from connectors.http import Client
    from connectors.known import KnownDeliveries, KnownDelivery
    from connectors.spool import Spool

T = TypeVar("T")
# The "municipality" of what is the same for all of them: a folder of the configuration like any other.
NATIONAL = "0000"
Auth = Literal["none", "query", "header", "basic", "token"]
# What is pulled by one DAG, `dags/ingest_<family>.py`, at one time of the day or week.
Family = Literal["bbr", "fm", "ledger", "statistics", "energy"]
Scope = Literal["municipal", "national", "both"]


@dataclass(frozen=True)
class Stream:
    """One kind of record of a source.

    `columns` maps what the source calls a field (a heading, or a dotted path in a JSON record) to the raw column it
    lands in; several spellings may lead to one raw column. Everything below `columns` names raw columns.
    """

    name: str
    key: tuple[str, ...]
    columns: Mapping[str, str]
    path: str = ""
    load_kind: LoadKind = "snapshot"
    cursor: str | None = None  # the raw column that moves when a record changes; None: always a full pull
    required: tuple[str, ...] = ()  # beside the key
    numbers: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    years: tuple[str, ...] = ()
    municipality_column: str | None = None
    holds_personal_data: bool = False
    extra_columns: Literal["reject", "ignore"] = "reject"
    profile: Mapping[str, object] = field(default_factory=dict)  # file profile before the municipality's own
    presets: Mapping[str, Mapping[str, object]] = field(default_factory=dict)  # ready-made profiles, by name
    converters: Mapping[str, Converter] = field(default_factory=dict)  # file suffix, or "*" -> reader of another format

    def __post_init__(self) -> None:
        """Check the declaration once, at import."""
        named = {*self.key, *self.required, *self.numbers, *self.dates, *self.years}
        named |= {column for column in (self.cursor, self.municipality_column) if column}
        if not self.key or not named <= set(self.raw_columns):
            raise ValueError(f"stream {self.name}: no key, or columns that it does not have: {named}")

    @property
    def raw_columns(self) -> tuple[str, ...]:
        """Columns of the raw table, in the order declared."""
        return tuple(dict.fromkeys(self.columns.values()))

    @property
    def required_columns(self) -> frozenset[str]:
        """Raw columns without which a file is of no use."""
        return frozenset((*self.key, *self.required))

    @property
    def required_values(self) -> frozenset[str]:
        """Raw columns that a row may not leave empty."""
        return frozenset(self.key)


@dataclass(frozen=True)
class RateLimit:
    """What a service allows: so many calls in so many seconds, and so many at once, over all tasks and processes."""

    calls: int
    seconds: float
    at_once: int | None = None


@dataclass(frozen=True)
class Way:
    """One way into a source by its API. `streams` are those it has; empty: every stream.

    auth `query` and `header` send the connection's key as it is, under `auth_name`; `basic` sends login and key;
    `token` sends in the header `auth_name` what `login` got from the service for the key, and asks again when the
    service says 401.
    """

    name: str
    fetch: Callable[[Request], Iterator[Item]]
    base_url: str = ""  # of the official service; a connection may name another. Empty: every installation has its own
    auth: Auth = "none"
    auth_name: str = ""
    login: Callable[[Client], str] | None = None
    limits: tuple[RateLimit, ...] = ()
    busy_pause: float = 0  # seconds to leave the service alone when it is busy and does not say for how long
    streams: frozenset[str] = frozenset()
    note: str = ""  # shown by `ejendomstal sources`: what a user must know before choosing it

    def __post_init__(self) -> None:
        """Check the declaration once, at import."""
        if self.base_url and not self.base_url.startswith("https://"):
            raise ValueError(f"way {self.name}: the official address of an API is https")
        if (self.auth in ("none", "basic")) == bool(self.auth_name):
            raise ValueError(f"way {self.name}: auth and auth_name go together")
        if (self.auth == "token") != (self.login is not None):
            raise ValueError(f"way {self.name}: auth token and login go together")


@dataclass(frozen=True)
class Source:
    """One source system, with the ways into it by API, the usual one first. Every source may have file drops too.

    `family` is all that scheduling needs: the DAG of a family pulls every source that belongs to it.
    """

    name: str
    family: Family
    streams: tuple[Stream, ...]
    ways: tuple[Way, ...] = ()
    options: frozenset[str] = frozenset()  # keys of sources.yml that only some sources know
    scope: Scope = "municipal"  # may it be configured for municipalities, for NATIONAL, or for both

    def __post_init__(self) -> None:
        """Check the declaration once, at import."""
        names = [stream.name for stream in self.streams]
        if not names or len(names) != len(set(names)):
            raise ValueError(f"source {self.name}: no streams, or two of one name")
        if self.family not in get_args(Family):
            raise ValueError(f"source {self.name}: no family {self.family}")
        if len({way.name for way in self.ways}) != len(self.ways):
            raise ValueError(f"source {self.name}: two ways of one name")
        for way in self.ways:
            if not way.streams <= set(names):
                raise ValueError(f"way {way.name}: streams that the source does not have")

    @property
    def pool(self) -> str:
        """Airflow pool of its pulls (dags/pools.json): of its own where its API is limited, else the family's."""
        return self.name if any(way.limits for way in self.ways) else self.family

    @property
    def section_keys(self) -> frozenset[str]:
        """Keys that this source may have in `sources.yml`."""
        keys = self.options | {"folder", "files", "streams"}
        return keys | {"connection", "way", "only", "without"} if self.ways else keys


@dataclass(frozen=True)
class Request:
    """One stream of one municipality, with what is needed to get it.

    `scratch` is removed after the pull; what `spool` holds stays until the stream has landed, so that a pull that was
    cut off can go on.
    """

    source: Source
    stream: Stream
    municipality_code: str
    section: Section
    scratch: Path
    open_client: Callable[[], Client]
    known: KnownDeliveries
    spool: Spool
    municipalities: tuple[str, ...] = ()  # of a national pull: those configured, unless they have the source themselves
    since: date | None = None  # how far back a person wants to go; None: as far as the stream usually goes
    memo: dict[str, Any] = field(default_factory=dict)  # lives as long as the pull of all streams

    def once(self, name: str, get: Callable[[], T]) -> T:
        """What several streams need of the source, asked for once per pull."""
        if name not in self.memo:
            self.memo[name] = get()
        found: T = self.memo[name]
        return found

    def place(self, file: str | None = None) -> Place:
        """Where a fault of this stream is."""
        return Place(self.source.name, self.stream.name, self.municipality_code, file)


@dataclass(frozen=True)
class Converted:
    """What a converter found in a file beside the rows it wrote as csv, headed by raw columns.

    `refused` says of row numbers why they are no rows: in their place the converter wrote `REFUSED_ROW`.
    """

    columns: tuple[str, ...]
    declared_rows: int | None = None
    control: ControlTotal | None = None
    warnings: tuple[str, ...] = ()
    refused: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Conversion:
    """A file of another format than delimited text, to be written to `target` as csv of allow-listed columns."""

    path: Path
    target: Path
    stream: Stream
    municipality_code: str
    profile: FileStream
    place: Place


Converter = Callable[[Conversion], Converted]


@dataclass(frozen=True)
class Refused:
    """A file whose fault was found before landing."""

    delivery: Delivery
    error: RejectedDeliveryError


@dataclass(frozen=True)
class Passed:
    """Something that needs no landing: these bytes or this version are known."""

    file_name: str
    known: KnownDelivery | None = None
    municipality_code: str | None = None  # None: the one that is pulled


Item = Delivery | Refused | Passed


@cache
def registered() -> Mapping[str, Source]:
    """Every source, by name: each folder of this package has one."""
    found: dict[str, Source] = {}
    for module in sorted(pkgutil.iter_modules(connectors.__path__), key=lambda module: module.name):
        if module.ispkg:
            source: Source = import_module(f"connectors.{module.name}.source").SOURCE
            if source.name != module.name:
                raise ValueError(f"source {source.name} lives in a folder of another name")
            found[source.name] = source
    return found


def same(names: str) -> dict[str, str]:
    """Columns of a file drop: the raw names themselves; `columns` in `sources.yml` says what a file calls them."""
    return {name: name for name in names.split()}
