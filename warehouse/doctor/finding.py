"""What a check of the doctor says: how bad, what was seen, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warning", "fault"]


@dataclass(frozen=True)
class Finding:
    """One line. `advice` is empty where all is well."""

    level: Level
    check: str
    seen: str
    advice: str = ""

    def __str__(self) -> str:
        return f"{self.level:7} {self.check}: {self.seen}" + (f": {self.advice}" if self.advice else "")


def ok(check: str, seen: str) -> Finding:
    """All is well."""
    return Finding("ok", check, seen)


def warning(check: str, seen: str, advice: str) -> Finding:
    """It works today; somebody should look."""
    return Finding("warning", check, seen, advice)


def fault(check: str, seen: str, advice: str) -> Finding:
    """Something does not work, or is not safe."""
    return Finding("fault", check, seen, advice)
