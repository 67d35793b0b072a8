"""eloverblik's CustomerApi and ThirdPartyApi: tokens that run out, limits, and errors of single metering points."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from demo.simulators.eloverblik_series import AGGREGATIONS, Meter, market_document
from demo.simulators.service import Asked, Reply, as_json

CUSTOMER, THIRD_PARTY = "/customerapi/api", "/thirdpartyapi/api"
DOCUMENT = "MyEnergyData_MarketDocument"
DETAILS_ONLY = ("parentMeteringPointId", "contactAddresses")
MINUTE = 60.0
MOST_DAYS, MOST_POINTS = 730, 10
TEXTS = {
    "10004": "TooManyMeteringPoints", "20008": "MeteringPointNotFound", "20009": "MeteringPointIsChild",
    "20010": "RelationNotFound", "30000": "FromDateIsGreaterThanToday", "30001": "FromDateIsGreaterThanToDate",
    "30002": "ToDateCanNotBeEqualToFromDate", "30003": "ToDateIsGreaterThanToday", "30004": "InvalidDateFormat",
    "30008": "RequestedAggregationUnavailable",
}  # fmt: skip


@dataclass
class Limits:
    """What the service allows. `token_uses`: calls until a data access token has run out; 0 = never."""

    calls: int = 120
    token_calls: int = 2
    token_uses: int = 0
    points: int = MOST_POINTS
    period: float = MINUTE


@dataclass
class Eloverblik:
    """Answers for the meters of one business. `today` is the day it has there."""

    refresh_token: str
    meters: Sequence[Meter]
    today: date
    cvr: str = "99999999"
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        """Nothing has been asked."""
        self._lock = threading.Lock()
        self._calls: dict[str, list[float]] = {"token": [], "any": []}
        self._tokens = self._left = 0
        self._known = {meter.metering_point_id: meter for meter in self.meters}

    def __call__(self, asked: Asked) -> Reply:
        """Answer one request."""
        base = next((base for base in (CUSTOMER, THIRD_PARTY) if asked.path.startswith(f"{base}/")), None)
        if base is None:
            return Reply(404, b"")
        path = asked.path.removeprefix(f"{base}/")
        with self._lock:
            if self._is_over("any", self.limits.calls) or (
                path == "token" and self._is_over("token", self.limits.token_calls)
            ):
                return Reply(429, b"Too many requests", "text/plain")
            if path == "token":
                return self._give_token(asked)
            if not self._takes(asked):
                return Reply(401, b"", "text/plain")
        return self._answer(path, asked, base == CUSTOMER)

    def _is_over(self, what: str, allowed: int) -> bool:
        now = time.monotonic()
        recent = [then for then in self._calls[what] if now - then < self.limits.period]
        self._calls[what] = [*recent, now]
        return len(recent) >= allowed

    def _give_token(self, asked: Asked) -> Reply:
        if asked.headers.get("authorization") != f"Bearer {self.refresh_token}":
            return Reply(401, b"", "text/plain")
        self._tokens += 1
        self._left = self.limits.token_uses
        return as_json(200, {"result": f"data-access-{self._tokens}"})

    def _takes(self, asked: Asked) -> bool:
        if asked.headers.get("authorization") != f"Bearer data-access-{self._tokens}":
            return False
        self._left -= 1
        return self.limits.token_uses == 0 or self._left >= 0

    def _answer(self, path: str, asked: Asked, is_customer: bool) -> Reply:
        details = "meteringpoints/meteringpoint/getdetails" if is_customer else "meteringpoint/getdetails"
        if asked.method == "GET" and is_customer and path == "meteringpoints/meteringpoints":
            return as_json(200, {"result": self._list(asked.query.get("includeAll") == "true")})
        if asked.method == "GET" and path.startswith("authorization/authorization/meteringpointids/customerCVR/"):
            ids = [meter.metering_point_id for meter in self.meters if not meter.parent]
            return as_json(200, {"result": ids if path.endswith(f"/{self.cvr}") else []})
        if asked.method == "POST" and path == details:
            return self._each(asked, "result", self._details)
        if asked.method == "POST" and path.startswith("meterdata/gettimeseries/"):
            return self._series(path.split("/")[2:], asked)
        return Reply(404, b"")

    def _list(self, include_all: bool) -> list[dict[str, Any]]:
        shown = [meter for meter in self.meters if not meter.parent and (meter.is_linked or include_all)]
        return [
            {**{name: value for name, value in self._details(meter).items() if name not in DETAILS_ONLY},
             "hasRelation": meter.is_linked, "balanceSupplierName": "Ålekisten El (fiktiv)"}
            for meter in shown
        ]  # fmt: skip

    def _details(self, meter: Meter) -> dict[str, Any]:
        children = [other for other in self.meters if other.parent == meter.metering_point_id]
        return {
            "meteringPointId": meter.metering_point_id,
            "parentMeteringPointId": meter.parent,
            "firstConsumerPartyName": "Prøvekøbing Kommune (fiktiv)",
            "consumerCVR": self.cvr,
            "contactAddresses": [{"contactName1": "Opdigtet Person", "contactEmailAddress": "opdigtet@example.org"}],
            "childMeteringPoints": [
                {"meteringPointId": child.metering_point_id, "parentMeteringPointId": meter.metering_point_id,
                 "typeOfMP": child.details.get("typeOfMP")}
                for child in children
            ],
            **meter.details,
        }  # fmt: skip

    def _series(self, words: Sequence[str], asked: Asked) -> Reply:
        fault, begin, end = _period(words, self.today)
        if fault:
            return self._each(asked, DOCUMENT, lambda meter: fault)
        return self._each(asked, DOCUMENT, lambda meter: market_document(meter, begin, end, words[2]))

    def _each(self, asked: Asked, name: str, answer: Callable[[Meter], dict[str, Any] | str]) -> Reply:
        """One result per metering point, each with its own success, under one HTTP 200; a text is an error's code."""
        try:
            ids = json.loads(asked.body)["meteringPoints"]["meteringPoint"]
        except (ValueError, KeyError, TypeError):
            return as_json(400, {"title": "One or more validation errors occurred.", "status": 400})
        if len(ids) > self.limits.points:
            return as_json(429, {"errorCode": 10004, "errorText": TEXTS["10004"]})
        return as_json(200, {"result": [self._one(one, name, answer) for one in ids]})

    def _one(self, one: str, name: str, answer: Callable[[Meter], dict[str, Any] | str]) -> dict[str, Any]:
        meter = self._known.get(one)
        found: dict[str, Any] | str = "20008"
        if meter is not None:
            found = meter.error or (answer(meter) if meter.is_linked else "20010")
        if isinstance(found, str):
            return {"success": False, "errorCode": int(found), "errorText": TEXTS.get(found, "Error"), "id": one,
                    "stackTrace": None}  # fmt: skip
        return {"success": True, "errorCode": 10000, "errorText": "NoError", "id": one, "stackTrace": None,
                name: found}  # fmt: skip


def _period(words: Sequence[str], today: date) -> tuple[str, date, date]:
    try:
        begin, end = date.fromisoformat(words[0]), date.fromisoformat(words[1])
    except (ValueError, IndexError):
        return "30004", today, today
    faults = {
        "30000": begin > today,
        "30001": begin > end,
        "30002": begin == end,
        "30003": end > today,
        "30004": end - begin > timedelta(days=MOST_DAYS),
        "30008": words[2:] == [] or words[2] not in AGGREGATIONS,
    }
    return next((code for code, is_so in faults.items() if is_so), ""), begin, end
