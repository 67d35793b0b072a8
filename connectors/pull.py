"""Pull one source of one municipality: every stream, every file, each on its own."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from errno import EDQUOT, ENOSPC
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from connectors import landing
from connectors.base import NATIONAL, Item, Passed, Refused, Request, Source, Stream, Way, registered
from connectors.configuration import (
    FileStream,
    Municipality,
    Section,
    configured_municipalities,
    configured_sources,
    file_profile,
    load_municipality,
    resolve_folder,
)
from connectors.connections import Connection, Resolver, open_connection
from connectors.declarations import Delivery, LandingResult, Outcome
from connectors.errors import ConfigError, Place, RetryableError, SourceError
from connectors.filedrop import read_folder
from connectors.history import RejectedRows
from connectors.http import Client
from connectors.known import KnownDeliveries
from connectors.limits import shared_name
from connectors.rehearsal import Rehearsed, rehearse, rejection
from connectors.scratch import scratch_folder
from connectors.spool import Spool
from connectors.store import purge_quarantine
from connectors.tally import Tally
from warehouse.database import role_password
from warehouse.settings import Settings

__all__ = ["PullResult", "Wanted", "configured_municipalities", "configured_sources", "pull"]

log = logging.getLogger(__name__)
# Deliveries of different municipalities that land at once: each takes a connection of ours and a process of the server.
LANDINGS = 2


@dataclass(frozen=True)
class Wanted:
    """What a person asks of a pull beside source and municipality; by default everything, landed.

    `streams`: these only. `since`: how far back to go, where a stream can. `is_rehearsal`: get, read and check
    everything, and leave warehouse and kept bytes as they are.
    """

    streams: frozenset[str] = frozenset()
    since: date | None = None
    is_rehearsal: bool = False


EVERYTHING = Wanted()


@dataclass(frozen=True)
class PullResult:
    """What became of one file or one pull of a stream. `reason` is set where it was rejected.

    Of a rehearsal `landed` means that it would have landed; `warnings` and `rejected` rows are told only then: those
    of a delivery that has landed are kept with it.
    """

    source: str
    stream: str
    municipality_code: str
    file_name: str
    outcome: Outcome
    delivery_id: int | None = None
    row_count: int = 0
    rejected_row_count: int = 0
    error_class: str | None = None
    reason: str | None = None
    warnings: tuple[str, ...] = ()
    rejected: tuple[RejectedRows, ...] = ()


@dataclass(frozen=True)
class _Pull:
    """What the streams of one pull have in common."""

    source: Source
    municipality: Municipality
    settings: Settings
    resolve: Resolver | None
    wanted: Wanted
    tally: Tally
    memo: dict[str, Any] = field(default_factory=dict)

    @property
    def section(self) -> Section:
        """The source's part of sources.yml."""
        return self.municipality.sections[self.source.name]

    def place(self, stream: str | None = None) -> Place:
        """Named in errors."""
        return Place(self.source.name, stream, self.municipality.municipality_code)


def pull(
    source: str,
    municipality_code: str,
    settings: Settings,
    resolve: Resolver | None = None,
    *,
    wanted: Wanted = EVERYTHING,
    tally: Tally | None = None,
) -> list[PullResult]:
    """Get and land what a source has for a municipality; rejected files are results, not errors.

    Args:
        source: name of a registered source.
        municipality_code: four digits.
        settings: where warehouse and configuration are.
        resolve: look-up of connections by id, e.g. Airflow's; default: `AIRFLOW_CONN_<ID>` in the environment.
        wanted: what of it, and whether only to see what would land.
        tally: counts what happens, for whoever watches.

    Raises:
        SourceError: the first stream that could not be pulled or is configured wrongly; the others were done first.
    """
    municipality = load_municipality(settings, municipality_code)
    if source not in registered() or source not in municipality.sections:
        place = Place(source, municipality_code=municipality_code)
        raise ConfigError(place, "the municipality does not deliver this source", "add it to sources.yml")
    this = _Pull(registered()[source], municipality, settings, resolve, wanted, tally or Tally())
    if not wanted.is_rehearsal:
        purge_quarantine(settings)
    results: list[PullResult] = []
    failures: list[SourceError] = []
    for stream in _wanted_streams(this):
        this.tally.stream = stream.name
        try:
            results.extend(_pull_stream(this, stream))
        except SourceError as error:
            log.error("%s", error)
            failures.append(error)
    if failures:
        raise failures[0]
    return results


def _wanted_streams(this: _Pull) -> list[Stream]:
    names = [stream.name for stream in this.source.streams]
    strange = this.wanted.streams - set(names)
    if strange:
        raise ConfigError(this.place(), f"the source has no stream {min(strange)}", f"it has {', '.join(names)}")
    return [stream for stream in this.source.streams if stream.name in (this.wanted.streams or names)]


def _pull_stream(this: _Pull, stream: Stream) -> list[PullResult]:
    place, code = this.place(stream.name), this.municipality.municipality_code
    profile = file_profile(this.source, stream.name, this.section, place)
    is_dropped = this.section.is_dropped(stream.name)
    if is_dropped and profile is None:
        return []
    with scratch_folder(this.settings) as scratch:
        # A rehearsal neither takes part in a pull that was cut off nor leaves one behind.
        home = scratch if this.wanted.is_rehearsal else this.settings.home
        spool = Spool(home / "pulls" / this.source.name / stream.name / code, place=place, tally=this.tally)
        request = Request(
            this.source, stream, code, this.section, scratch, open_client=_client_opener(this, place),
            known=KnownDeliveries(this.source.name, stream.name, code, this.settings), memo=this.memo, spool=spool,
            since=this.wanted.since,
            municipalities=_sharers(this.source, this.municipality, this.settings),
        )  # fmt: skip
        with _disk_faults_told(place), nullcontext() if is_dropped else spool.held():
            results = list(_settle_all(_items(request, this.municipality, profile), request, this))
            spool.clear()
    return results


@contextmanager
def _disk_faults_told(place: Place) -> Iterator[None]:
    """A full disk under scratch files, spool or kept bytes becomes an error of the stream; the others are tried."""
    try:
        yield
    except OSError as error:
        if error.errno not in (ENOSPC, EDQUOT):
            raise
        raise RetryableError(place, "the disk is full", "free space on it and pull again; nothing has landed") from None


def _sharers(source: Source, municipality: Municipality, settings: Settings) -> tuple[str, ...]:
    """Municipalities that a national pull also lands for: all configured ones without a section of their own."""
    if municipality.municipality_code != NATIONAL:
        return ()
    own = {code for name, code in configured_sources(settings) if name == source.name}
    return tuple(code for code in configured_municipalities(settings) if code not in own)


def _items(request: Request, municipality: Municipality, profile: FileStream | None) -> Iterator[Item]:
    section = request.section
    if section.folder is not None and profile is not None:
        return read_folder(request, profile, resolve_folder(municipality, section.folder, request.place()))
    way = _way(request.source, section)
    if way is None:
        raise ConfigError(request.place(), "no folder is configured", "set folder and streams")
    name = request.stream.name
    if name in section.without or name not in (section.only or {name}) or name not in (way.streams or {name}):
        return iter(())
    return way.fetch(request)


def _way(source: Source, section: Section) -> Way | None:
    """The configured way into the source, or its usual one."""
    return next((way for way in source.ways if section.way in (None, way.name)), None)


def _client_opener(this: _Pull, place: Place) -> Callable[[], Client]:
    way = _way(this.source, this.section)

    def open_client() -> Client:
        if way is None:
            raise ConfigError(place, "the source has no API", "set folder and streams")
        connection = open_connection(
            this.section.connection, place, way.base_url, needs_key=way.auth != "none", resolve=this.resolve
        )
        turns = _turns(this, connection) if way.limits or connection.options else None
        return Client(connection, place, way, tokens=this.memo, tally=this.tally, turns_folder=turns)

    return open_client


def _turns(this: _Pull, connection: Connection) -> Path:
    """Folder in which the calls of all processes to this service with this key are counted."""
    salt = role_password("ejd_loader", this.settings)
    address = urlsplit(connection.base_url).netloc
    return this.settings.home / "limits" / shared_name(salt, address, connection.login, connection.key)


def _settle_all(items: Iterator[Item], request: Request, this: _Pull) -> Iterator[PullResult]:
    """Settle items in their order; of a national pull, deliveries of different municipalities a few at a time."""
    at_once = LANDINGS if request.municipalities else 1
    pending: deque[tuple[str, Future[PullResult]]] = deque()
    with ThreadPoolExecutor(at_once, "landing") as threads:
        for item in items:
            # The fetch goes on when this returns: only a delivery has a file of its own that outlives that.
            if at_once == 1 or not isinstance(item, Delivery):
                yield from (future.result() for _, future in pending)
                pending.clear()
                yield _settle(item, request, this)
                continue
            # What a municipality gets lands one after the other: a delta counts on its total.
            while len(pending) == at_once or any(item.municipality_code == code for code, _ in pending):
                yield pending.popleft()[1].result()
            pending.append((item.municipality_code, threads.submit(_settle, item, request, this)))
        yield from (future.result() for _, future in pending)


def _settle(item: Item, request: Request, this: _Pull) -> PullResult:
    """Land, refuse or pass over one item, and free its scratch file: a pull may bring gigabytes."""
    if isinstance(item, Passed):
        return _passed(item, replace(request, municipality_code=item.municipality_code or request.municipality_code))
    delivery = item.delivery if isinstance(item, Refused) else item
    if this.wanted.is_rehearsal:
        seen = (
            Rehearsed(rejection(delivery, item.error))
            if isinstance(item, Refused)
            else rehearse(delivery, this.settings)
        )
    elif isinstance(item, Refused):
        seen = Rehearsed(landing.reject(delivery, item.error, this.settings))
    else:
        seen = Rehearsed(landing.land(delivery, this.settings))
    request.known.forget()
    if this.section.is_dropped(request.stream.name):  # rows of an API were counted as they came
        this.tally.rows += seen.result.row_count
        this.tally.bytes += delivery.path.stat().st_size
    if delivery.path.is_relative_to(request.scratch):
        delivery.path.unlink(missing_ok=True)
    settled = replace(request, municipality_code=delivery.municipality_code)
    result = _result(settled, delivery.file_name, seen.result)
    return replace(result, warnings=seen.warnings, rejected=seen.rejected)


def _passed(item: Passed, request: Request) -> PullResult:
    known = item.known
    if known is None:
        return _result(request, item.file_name, LandingResult("unchanged", None))
    outcome: Outcome = "still_rejected" if known.state == "rejected" else "unchanged"
    settled = LandingResult(outcome, known.delivery_id, error_class=known.error_class, reason=known.reason)
    return _result(request, item.file_name, settled)


def _result(request: Request, file_name: str, result: LandingResult) -> PullResult:
    base = PullResult(request.source.name, request.stream.name, request.municipality_code, file_name, result.outcome)
    return replace(
        base, delivery_id=result.delivery_id, row_count=result.row_count,
        rejected_row_count=result.rejected_row_count, error_class=result.error_class, reason=result.reason,
    )  # fmt: skip
