"""Check a municipality's configuration: every fault in one line, and which connections are not there yet."""

from __future__ import annotations

import os
from collections.abc import Iterator

from connectors.base import NATIONAL, Source, registered
from connectors.configuration import (
    FILE,
    Municipality,
    Section,
    configured_municipalities,
    file_profile,
    load_municipality,
    read_content,
    resolve_folder,
    validated,
)
from connectors.connections import from_environment
from connectors.errors import ConfigError, Place
from expectations.exceptions import ExpiredExceptionError, read_exceptions
from expectations.rules import RULES
from register.municipality import read_municipality
from register.read import Register, read_register
from register.schema import RegisterError
from warehouse.alerts.configuration import AlertConfigError, read_alerts
from warehouse.edition_calendar import CalendarError, read_calendar
from warehouse.settings import Settings


def find_faults(settings: Settings, code: str | None = None) -> list[str]:
    """Every fault of one municipality's files, or of all: sources.yml, account rules, property links, mappings.

    The exceptions of the gate are one file for all.
    """
    codes = [code] if code else configured_municipalities(settings)
    if not codes:
        return [f"{settings.municipalities}: no municipality has a {FILE}; begin with `ejendomstal new-municipality`."]
    register = read_register()
    faults = [fault for one in codes for fault in _faults(settings, one, register)]
    if code is None:
        faults += _common_faults(settings)
    return list(dict.fromkeys(faults))


def find_missing_connections(settings: Settings, code: str | None = None) -> list[str]:
    """Names of the environment variables of connections that are configured and not set."""
    missing = set()
    for one in [code] if code else configured_municipalities(settings):
        try:
            sections = load_municipality(settings, one).sections
        except ConfigError:
            continue
        ids = {section.connection for section in sections.values() if section.connection}
        missing |= {f"AIRFLOW_CONN_{name.upper()}" for name in ids} - os.environ.keys()
    return sorted(missing)


def _common_faults(settings: Settings) -> Iterator[str]:
    """Faults of the files that are about no one municipality."""
    rules = {rule.name for rule in RULES}
    for read in (read_alerts, read_calendar, lambda given: read_exceptions(given, rules)):
        try:
            read(settings)
        except (AlertConfigError, CalendarError, ExpiredExceptionError, RegisterError) as error:
            yield str(error)


def _faults(settings: Settings, code: str, register: Register) -> Iterator[str]:
    folder = settings.municipalities / code
    if not folder.is_dir():
        yield f"{folder}: the municipality has no folder; make it with `ejendomstal new-municipality {code}`."
        return
    yield from _section_faults(settings, code)
    if code == NATIONAL:
        return
    try:
        read_municipality(folder, register)
    except RegisterError as error:
        yield str(error)


def _section_faults(settings: Settings, code: str) -> Iterator[str]:
    """Sections are read one by one, so that the fault of one does not hide those of the others."""
    place = Place("configuration", municipality_code=code, file=FILE)
    try:
        content = read_content(settings, code)
    except ConfigError as error:
        yield str(error)
        return
    own = {name: value for name, value in content.items() if name not in registered()}
    folder = settings.municipalities / code
    for part in [{}, *({name: content[name]} for name in content if name in registered())]:
        try:
            municipality = validated({**own, **part}, folder, place)
            if municipality.municipality_code != code:
                yield str(ConfigError(place, "municipality_code is not the name of its folder", "make them the same"))
        except ConfigError as error:
            yield from (str(one) for one in (error, *error.others))
            continue
        for name, section in municipality.sections.items():
            yield from _stream_faults(registered()[name], section, municipality)


def _stream_faults(source: Source, section: Section, municipality: Municipality) -> Iterator[str]:
    place = Place(source.name, municipality_code=municipality.municipality_code, file=FILE)
    if section.folder is not None:
        try:
            resolve_folder(municipality, section.folder, place)
        except ConfigError as error:
            yield str(error)
        if not section.files and not section.streams:
            yield str(ConfigError(place, "a folder, and no stream is read from it", "name files under streams"))
    elif not source.ways:
        yield str(ConfigError(place, "no folder is configured", "set folder and streams"))
    for stream in source.streams:
        try:
            file_profile(source, stream.name, section, Place(source.name, stream.name, place.municipality_code, FILE))
        except ConfigError as error:
            yield from (str(one) for one in (error, *error.others))
    yield from _connection_faults(section, place)


def _connection_faults(section: Section, place: Place) -> Iterator[str]:
    if section.connection is None:
        return
    try:
        from_environment(section.connection)
    except KeyError:
        return  # Airflow may have it
    except ValueError:
        variable = f"AIRFLOW_CONN_{section.connection.upper()}"
        yield str(ConfigError(place, f"{variable} is neither JSON nor a URI", "write it in Airflow's form"))
