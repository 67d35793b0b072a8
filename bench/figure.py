"""One figure of a benchmark, printed as one JSON line."""

from __future__ import annotations

import json
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """What was measured against what is allowed; `figure` may not be above `limit`."""

    bench: str
    figure: float
    unit: str
    limit: float

    @property
    def ok(self) -> bool:
        """Whether the limit is kept."""
        return self.figure <= self.limit

    def as_line(self) -> str:
        """The line that is printed."""
        return json.dumps(
            {
                "bench": self.bench,
                "figure": round(self.figure, 3),
                "unit": self.unit,
                "limit": self.limit,
                "ok": self.ok,
            }
        )
