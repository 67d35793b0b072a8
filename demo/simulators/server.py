"""Starts the four simulators for a generated world."""

from __future__ import annotations

import json
import secrets
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from demo.simulators import bbr, dalux, emodata, statbank
from demo.simulators.service import Service

# A 429 about once per run and service: often enough to be met, seldom enough to cost a second.
THROTTLE_EVERY = 20
EMODATA_LOGIN = "kommune"


class Simulators:
    """Running services. `environment` is what a process needs to reach them. Use as a context manager."""

    def __init__(self, services: dict[str, tuple[Service, str, str]]) -> None:
        """Per connection id: the service, its base path and its key (empty = none)."""
        self._services = services
        self._stack = ExitStack()

    @property
    def environment(self) -> dict[str, str]:
        """`AIRFLOW_CONN_<ID>` in Airflow's JSON form: base URL as host, key as password."""
        return {
            f"AIRFLOW_CONN_{name.upper()}": json.dumps(
                {"conn_type": "http", "host": service.address + base, **({"password": key} if key else {})}
                | ({"login": EMODATA_LOGIN} if name == "emodata" else {})
            )
            for name, (service, base, key) in self._services.items()
        }

    def stop(self) -> None:
        """Stop all services."""
        self._stack.close()

    def __enter__(self) -> Simulators:
        """Running."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    def _begin(self) -> Simulators:
        for service, _, _ in self._services.values():
            self._stack.enter_context(service)
        return self


def start(target: Path, throttle_every: int = THROTTLE_EVERY) -> Simulators:
    """Serve what `demo.generate.generate(target)` wrote, on free loopback ports, with keys made up now."""
    sources = target / "sources"
    bbr_key, dalux_key, emodata_key = (secrets.token_urlsafe(18) for _ in range(3))
    labels = json.loads((sources / "emodata" / "labels.json").read_text(encoding="utf-8"))
    services = {
        "bbr": (Service(bbr.BbrDownloads(sources / "bbr", bbr_key, throttle_every)), bbr.BASE, bbr_key),
        "dalux_0992": (Service(dalux.DaluxTenant(sources / "dalux", dalux_key, throttle_every)), dalux.BASE, dalux_key),
        "emodata": (Service(emodata.EnergyLabels(labels, EMODATA_LOGIN, emodata_key)), emodata.BASE, emodata_key),
        "statbank": (Service(statbank.StatBank(sources / "statbank", throttle_every)), statbank.BASE, ""),
    }
    return Simulators(services)._begin()
