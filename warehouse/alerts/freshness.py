"""Which sources have brought nothing for longer than they may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from connectors.base import NATIONAL, Family, registered
from connectors.configuration import configured_sources
from warehouse.alerts.configuration import AlertConfiguration
from warehouse.database import connect
from warehouse.settings import Settings

NEWEST = """
select source, stream, municipality_code, max(landed_at), floor(extract(epoch from now() - max(landed_at)) / 86400)
from ops.deliveries where state in ('landed', 'superseded') group by 1, 2, 3
"""


@dataclass(frozen=True)
class Age:
    """The newest delivery of a stream of a municipality; a source that has never delivered has no stream and no day."""

    source: str
    stream: str | None
    municipality_code: str
    landed_at: datetime | None
    days: int | None
    allowed_days: int

    @property
    def is_stale(self) -> bool:
        """Whether it is older than it may be, or was never there."""
        return self.days is None or self.days > self.allowed_days

    def __str__(self) -> str:
        name = self.source if self.stream is None else f"{self.source}.{self.stream}"
        seen = "never delivered" if self.days is None else f"newest delivery {self.days} days old"
        return f"{name}, municipality {self.municipality_code}: {seen}, {self.allowed_days} are allowed"


def find_ages(settings: Settings, configuration: AlertConfiguration, family: Family | None = None) -> list[Age]:
    """The age of every stream that has delivered, and every configured source that never has; of one family, or all."""
    with connect("ejd_loader", settings=settings) as connection:
        rows = connection.execute(NEWEST.encode()).fetchall()
    pairs = [pair for pair in configured_sources(settings) if family in (None, registered()[pair[0]].family)]
    ages = []
    for name, code in pairs:
        source, allowed = registered()[name], configuration.freshness.allowed
        # What is the same for all municipalities may land under each of them.
        shared = {row[2] for row in rows if code == NATIONAL and (name, row[2]) not in pairs}
        own = [row for row in rows if row[0] == name and row[2] in {code, *shared}]
        ages += [
            Age(name, stream, at, landed, int(days), allowed(source, stream)) for _, stream, at, landed, days in own
        ]
        if not own:
            ages.append(Age(name, None, code, None, None, allowed(source, None)))
    return ages
