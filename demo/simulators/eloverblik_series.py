"""Readings as eloverblik writes them: Danish days in UTC, a period per day, month or year, numbers as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

DENMARK = ZoneInfo("Europe/Copenhagen")
AGGREGATIONS = {
    "Actual": "PT1H", "Quarter": "PT1H", "Hour": "PT1H",  # a meter read by the hour gives hours to Quarter too
    "Day": "PT1D", "Month": "P1M", "Year": "PT1Y",  # not P1D and P1Y, as the specification has them
}  # fmt: skip
MISSING = "A02"


@dataclass(frozen=True)
class Meter:
    """One metering point that uses the same every hour. `qualities` by Danish day; the usual one is A04."""

    metering_point_id: str
    hourly_kwh: str = "0"
    produced_kwh: str | None = None  # every hour: a second series
    parent: str = ""
    is_linked: bool = True
    error: str = ""  # the code that every question about it gets
    first_day: date = date(2000, 1, 1)
    qualities: Mapping[date, str] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)


def market_document(meter: Meter, begin: date, end: date, aggregation: str) -> dict[str, Any]:
    """The document of one metering point: one series, two where it produces too."""
    kinds = [("A04", meter.hourly_kwh)] + ([("A01", meter.produced_kwh)] if meter.produced_kwh else [])
    begin = max(begin, meter.first_day)
    return {
        "mRID": "0",
        "createdDateTime": "2026-01-01T00:00:00Z",
        "sender_MarketParticipant.name": "",
        "sender_MarketParticipant.mRID": {"codingScheme": None, "name": None},
        "period.timeInterval": _interval(begin, max(begin, end)),
        "TimeSeries": [
            {
                "mRID": meter.metering_point_id,
                "businessType": business_type,
                "curveType": "A01",
                "measurement_Unit.name": "KWH",
                "MarketEvaluationPoint": {"mRID": {"codingScheme": "A10", "name": meter.metering_point_id}},
                "Period": [
                    _period(meter, Decimal(hourly), first, last, aggregation)
                    for first, last in _periods(begin, end, aggregation)
                ],
            }
            for business_type, hourly in kinds
        ],
    }


def _periods(begin: date, end: date, aggregation: str) -> Iterator[tuple[date, date]]:
    """[from, to) of days, months or years; the last one may be cut off by `end`."""
    while begin < end:
        following = begin + timedelta(days=1)
        if aggregation == "Month":
            following = (begin.replace(day=28) + timedelta(days=4)).replace(day=1)
        if aggregation == "Year":
            following = date(begin.year + 1, 1, 1)
        yield begin, min(following, end)
        begin = following


def _period(meter: Meter, hourly: Decimal, begin: date, end: date, aggregation: str) -> dict[str, Any]:
    resolution = AGGREGATIONS[aggregation]
    hours = int((_midnight(end) - _midnight(begin)).total_seconds()) // 3600  # 23 or 25 when the clock is changed
    count, each = (hours, hourly) if resolution == "PT1H" else (1, hourly * hours)
    quality = meter.qualities.get(begin, "A04")
    quantity = "0" if quality == MISSING else str(each)
    return {
        "resolution": resolution,
        "timeInterval": _interval(begin, end),
        "Point": [
            {"position": str(position), "out_Quantity.quantity": quantity, "out_Quantity.quality": quality}
            for position in range(1, count + 1)
        ],
    }


def _interval(begin: date, end: date) -> dict[str, str]:
    return {"start": _text(_midnight(begin)), "end": _text(_midnight(end))}


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=DENMARK).astimezone(UTC)


def _text(time: datetime) -> str:
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"
