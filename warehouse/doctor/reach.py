"""Whether sources and Airflow answer. Nothing but a HEAD without a key is sent: it counts on nobody's account."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import requests

from connectors.base import registered
from connectors.configuration import configured_sources, load_municipality, resolve_folder
from connectors.connections import open_connection
from connectors.errors import ConfigError, Place
from connectors.http import AGENT
from warehouse.airflow import Airflow
from warehouse.doctor.finding import Finding, fault, ok, warning
from warehouse.settings import Settings

SECONDS = 3
AT_ONCE = 16
HEARTBEAT_SECONDS = 60


def check_sources(settings: Settings) -> Iterator[Finding]:
    """Every configured API by its address, each once, and every drop folder."""
    addresses: dict[str, str] = {}
    folders: dict[Path, str] = {}
    for source, code in configured_sources(settings):
        try:
            municipality = load_municipality(settings, code)
            section = municipality.sections[source]
            place = Place(source, municipality_code=code)
            if section.folder is not None:
                folders.setdefault(resolve_folder(municipality, section.folder, place), f"{source} of {code}")
            if section.folder is None or section.has_api:
                way = next(way for way in registered()[source].ways if section.way in (None, way.name))
                found = open_connection(section.connection, place, way.base_url, needs_key=False, resolve=None)
                addresses.setdefault(found.base_url, f"{source} of {code}")
        except (ConfigError, StopIteration):
            continue  # said by the check of the configuration
    with ThreadPoolExecutor(AT_ONCE) as pool:
        findings = [found for found in pool.map(_reach, addresses, addresses.values()) if found]
    findings += [
        fault("sources", f"the drop folder of {name} cannot be read", f"let this user read {folder}")
        for folder, name in folders.items()
        if not os.access(folder, os.R_OK | os.X_OK)
    ]
    yield from findings
    number = len(addresses) + len(folders)
    yield ok("sources", f"{number - len(findings)} of {number} addresses and folders answer; keys are not tried")


def _reach(address: str, name: str) -> Finding | None:
    """Any answer will do: many services refuse a HEAD without a key, and are there."""
    host = urlsplit(address).hostname or address
    try:
        with requests.Session() as session:
            session.auth = lambda request: request  # otherwise requests looks into ~/.netrc
            session.head(address, headers={"User-Agent": AGENT}, timeout=SECONDS, allow_redirects=False)
    except requests.exceptions.SSLError:
        return fault("sources", f"{host} ({name}) has a certificate that cannot be verified", "install its authority")
    except (requests.RequestException, ValueError) as error:
        seen = f"{host} ({name}) does not answer ({type(error).__name__})"
        return fault("sources", seen, "see that the network lets it through, or whether the service is down")
    return None


def check_airflow(settings: Settings) -> Iterator[Finding]:
    """The scheduler's heartbeat, if there is an Airflow: `AIRFLOW__API__BASE_URL`, or the one of the home folder."""
    own = Airflow(settings)
    address = os.environ.get("AIRFLOW__API__BASE_URL") or (own.address if (own.home / "port").exists() else None)
    if address is None:
        return
    advice = "start Airflow, or read the log of its scheduler"
    try:
        with requests.Session() as session:
            session.trust_env = False  # ours: no proxy in between
            health = session.get(f"{address}/api/v2/monitor/health", timeout=SECONDS).json()
        scheduler = health["scheduler"]
    except (requests.RequestException, ValueError, KeyError, TypeError):
        yield warning("airflow", f"nothing answers at {address}", advice)
        return
    try:
        beat = datetime.fromisoformat(scheduler["latest_scheduler_heartbeat"])
        silent = round((datetime.now(UTC) - beat).total_seconds())
    except (KeyError, TypeError, ValueError):
        yield fault("airflow", "the scheduler has never run", advice)
        return
    if scheduler.get("status") != "healthy" or silent > HEARTBEAT_SECONDS:
        yield fault("airflow", f"the scheduler's heart last beat {silent} seconds ago", advice)
    else:
        yield ok("airflow", f"the scheduler's heart beat {silent} seconds ago")
