"""Pull one source of one municipality: every stream, every file, each on its own."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

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
from connectors.connections import Resolver, open_connection
from connectors.declarations import LandingResult, Outcome
from connectors.errors import ConfigError, Place, SourceError
from connectors.filedrop import read_folder
from connectors.http import Client
from connectors.known import KnownDeliveries
from connectors.spool import Spool
from connectors.store import purge_quarantine
from warehouse.settings import Settings

__all__ = ["PullResult", "configured_municipalities", "configured_sources", "pull"]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PullResult:
    """What became of one file or one pull of a stream. `reason` is set where it was rejected."""

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


def pull(source: str, municipality_code: str, settings: Settings, resolve: Resolver | None = None) -> list[PullResult]:
    """Get and land what a source has for a municipality; rejected files are results, not errors.

    Args:
        source: name of a registered source.
        municipality_code: four digits.
        settings: where warehouse and configuration are.
        resolve: look-up of connections by id, e.g. Airflow's; default: `AIRFLOW_CONN_<ID>` in the environment.

    Raises:
        SourceError: the first stream that could not be pulled or is configured wrongly; the others were done first.
    """
    municipality = load_municipality(settings, municipality_code)
    place = Place(source, municipality_code=municipality_code)
    if source not in registered() or source not in municipality.sections:
        raise ConfigError(place, "the municipality does not deliver this source", "add it to sources.yml")
    purge_quarantine(settings)
    results: list[PullResult] = []
    failures: list[SourceError] = []
    memo: dict[str, Any] = {}
    for stream in registered()[source].streams:
        try:
            results.extend(_pull_stream(registered()[source], stream, municipality, settings, resolve, memo))
        except SourceError as error:
            log.error("%s", error)
            failures.append(error)
    if failures:
        raise failures[0]
    return results


def _pull_stream(
    source: Source,
    stream: Stream,
    municipality: Municipality,
    settings: Settings,
    resolve: Resolver | None,
    memo: dict[str, Any],
) -> list[PullResult]:
    section = municipality.sections[source.name]
    place = Place(source.name, stream.name, municipality.municipality_code)
    profile = file_profile(source, stream.name, section, place)
    if section.folder is not None and profile is None:
        return []
    with tempfile.TemporaryDirectory(prefix="ejendomstal-") as scratch:
        known = KnownDeliveries(source.name, stream.name, municipality.municipality_code, settings)
        request = Request(
            source, stream, municipality.municipality_code, section, Path(scratch),
            open_client=_client_opener(source, section, place, resolve, memo), known=known, memo=memo,
            spool=Spool(settings.home / "pulls" / source.name / stream.name / municipality.municipality_code),
            municipalities=_sharers(source, municipality, settings),
        )  # fmt: skip
        results = [_settle(item, request, settings) for item in _items(request, municipality, profile)]
    request.spool.clear()
    return results


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
    if way.streams and request.stream.name not in way.streams:
        return iter(())
    if section.entities and request.stream.name not in section.entities:
        return iter(())
    return way.fetch(request)


def _way(source: Source, section: Section) -> Way | None:
    """The configured way into the source, or its usual one."""
    return next((way for way in source.ways if section.way in (None, way.name)), None)


def _client_opener(
    source: Source, section: Section, place: Place, resolve: Resolver | None, memo: dict[str, Any]
) -> Callable[[], Client]:
    way = _way(source, section)

    def open_client() -> Client:
        if way is None:
            raise ConfigError(place, "the source has no API", "set folder and streams")
        connection = open_connection(
            section.connection, place, way.base_url, needs_key=way.auth != "none", resolve=resolve
        )
        return Client(connection, place, way, tokens=memo)

    return open_client


def _settle(item: Item, request: Request, settings: Settings) -> PullResult:
    """Land, refuse or pass over one item, and free its scratch file: a pull may bring gigabytes."""
    if isinstance(item, Passed):
        return _passed(item, replace(request, municipality_code=item.municipality_code or request.municipality_code))
    delivery = item.delivery if isinstance(item, Refused) else item
    if isinstance(item, Refused):
        result = landing.reject(delivery, item.error, settings)
    else:
        result = landing.land(delivery, settings)
    request.known.forget()
    if delivery.path.is_relative_to(request.scratch):
        delivery.path.unlink(missing_ok=True)
    return _result(replace(request, municipality_code=delivery.municipality_code), delivery.file_name, result)


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
