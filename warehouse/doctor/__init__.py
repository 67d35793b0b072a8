"""`ejendomstal doctor`: looks at everything an installation depends on, changes nothing, and says what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from warehouse.database import UnverifiedServerError, running
from warehouse.doctor.database import check_database
from warehouse.doctor.finding import Finding, fault
from warehouse.doctor.machine import check_configuration, check_disk, check_files, check_versions
from warehouse.doctor.reach import check_airflow, check_sources
from warehouse.errors import KnownError
from warehouse.server import Server
from warehouse.settings import Settings

__all__ = ["Finding", "examine"]

Check = Callable[[Settings], Iterator[Finding]]
# In the order they are shown; each is tried on its own, so that one that breaks hides no other.
CHECKS: dict[str, Check] = {
    "configuration": check_configuration,
    "permissions": check_files,
    "versions": check_versions,
    "disk": check_disk,
    "server": check_database,
    "sources": check_sources,
    "airflow": check_airflow,
}


def examine(settings: Settings) -> list[Finding]:
    """Every check, side by side: most of them wait for others."""
    server = Server(settings)
    if server.is_embedded and not (server.data / "PG_VERSION").exists():
        # Not made here: looking changes nothing.
        missing = fault("server", f"there is no warehouse in {settings.home}", "make it with `ejendomstal status`")
        return _examine(settings, CHECKS | {"server": lambda _: iter([missing])})
    try:
        with running(settings):
            return _examine(settings, CHECKS)
    except UnverifiedServerError as error:
        refused = fault("server", "it is elsewhere and not verified", str(error))
    except KnownError as error:
        refused = fault("server", "it does not start", str(error))
    return _examine(settings, CHECKS | {"server": lambda _: iter([refused])})


def _examine(settings: Settings, checks: dict[str, Check]) -> list[Finding]:
    with ThreadPoolExecutor(len(checks)) as pool:
        return [found for part in pool.map(lambda check: _try(settings, *check), checks.items()) for found in part]


def _try(settings: Settings, name: str, check: Check) -> list[Finding]:
    findings: list[Finding] = []
    try:
        findings.extend(check(settings))
    except UnverifiedServerError as error:
        findings.append(fault(name, "it is elsewhere and not verified", str(error)))
    except Exception as error:  # its message may hold anything
        findings.append(fault(name, f"the check broke with {type(error).__name__}", "report it: a fault of ours"))
    return findings
