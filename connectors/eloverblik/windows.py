"""Which months a pull reads, and how many of them in one question."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

OLDEST_YEARS = 5  # before the current one
READ_AGAIN = 12  # months before the current one
MOST_DAYS = 730
# Days of one question. A month of hours of ten metering points is 0.7 MB, a year of them too much for the service.
SPAN_DAYS = {"Month": MOST_DAYS, "Day": 370, "Hour": 31, "Quarter": 31, "Actual": 31}


@dataclass(frozen=True)
class Month:
    """A calendar month, [start, end), read until `until`: the service refuses dates to come."""

    start: date
    end: date
    until: date

    @property
    def version(self) -> str:
        """What has been read: a month that was not over is another one later."""
        return f"{self.start:%Y-%m}" + ("" if self.until == self.end else f" until {self.until}")


def list_months(
    today: date, first_year: int | None, since: date | None, is_known: Callable[[Month], bool]
) -> list[Month]:
    """Months to read: those since `since`; without it the last thirteen and older ones that have not been read."""
    oldest = date(max(first_year or 0, today.year - OLDEST_YEARS), 1, 1)
    start = max(oldest, since.replace(day=1)) if since else oldest
    read_again = _add_months(today.replace(day=1), -READ_AGAIN)
    found = []
    while start < today:  # the month that begins today has no day that is over: from = to is refused
        end = _add_months(start, 1)
        month = Month(start, end, min(end, today))
        if since or start >= read_again or not is_known(month):
            found.append(month)
        start = end
    return found


def join_months(months: list[Month], aggregation: str) -> Iterator[list[Month]]:
    """Months that follow each other, as many as one question may cover."""
    span: list[Month] = []
    for month in months:
        fits = span and span[-1].end == month.start
        if fits and month.end - span[0].start <= timedelta(days=SPAN_DAYS[aggregation]):
            span.append(month)
            continue
        if span:
            yield span
        span = [month]
    if span:
        yield span


def _add_months(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)
