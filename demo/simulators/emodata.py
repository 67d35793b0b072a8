"""EMOData: the labels of a municipality in one answer, by user and password, dates in the three forms it has."""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping, Sequence
from typing import Any

from demo.simulators.service import Asked, Reply, as_json

BASE = "/EMOData/EMOData.svc"
SHORTEST_PAUSE = 0.2  # seconds between two calls; 0.25 is what a client promises, less what the way here takes
FOUND, NOTHING_FOUND = {"Status": "OK", "StatusCode": 3}, {"Status": "RESULT_EMPTY", "StatusCode": 4}


class EnergyLabels:
    """Answers for labels by municipality (number without zeros in front)."""

    def __init__(self, labels: Mapping[str, Sequence[Mapping[str, Any]]], login: str, key: str) -> None:
        """Each label is a record as EMOData writes it."""
        self._labels = labels
        self._shown = "Basic " + base64.b64encode(f"{login}:{key}".encode()).decode()
        self._last = 0.0

    def __call__(self, asked: Asked) -> Reply:
        """Answer one request."""
        if asked.headers.get("authorization") != self._shown:
            return Reply(401, b"", "text/html")
        if time.monotonic() - self._last < SHORTEST_PAUSE:
            return Reply(429, b"Too many requests", "text/plain", {"Retry-After": "1"})
        self._last = time.monotonic()
        function, _, municipality = asked.path.removeprefix(f"{BASE}/").partition("/")
        if asked.method != "GET" or function not in ("Ping", "SearchEnergyLabelsMunicipality"):
            return Reply(404, b"<html>Endpoint not found.</html>", "text/html")
        if function == "Ping":
            return as_json(200, {"ResponseStatus": FOUND})
        found = self._labels.get(municipality)
        status = FOUND if found else NOTHING_FOUND
        return as_json(200, {"EnergyLabels": list(found) if found else None, "ResponseStatus": status})
