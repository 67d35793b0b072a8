"""Exceptions of the gate: failing rows that somebody answers for until a day, from `config/gate_exceptions.csv`."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from pathlib import Path

from register.mapping_file import MappingRow, read_mapping
from register.schema import TOPICS
from warehouse.errors import KnownError
from warehouse.settings import Settings

FILE = "gate_exceptions.csv"
HEADING = ("rule", "municipality_code", "topic", "year", "key", "reason", "owner", "until")
# In topic, year or key: whatever it is.
ANY = "*"
# The scope of the dimensions, which is no topic of the register.
PROPERTY_MODEL = "property_model"


class ExpiredExceptionError(KnownError):
    """An exception's last day is past; the message names its row."""


@dataclass(frozen=True)
class GateException:
    """Failing rows of a rule, of one municipality, that count as `info` up to and including `until`."""

    rule: str
    municipality_code: str
    topic: str
    year: str
    key: str
    reason: str
    owner: str
    until: date

    def as_row(self) -> tuple[object, ...]:
        """Its fields in the order of the file's heading."""
        return astuple(self)


def exceptions_file(settings: Settings) -> Path:
    """Where the exceptions are; the file may be absent."""
    return settings.config / FILE


def read_exceptions(settings: Settings, rules: Collection[str], today: date | None = None) -> list[GateException]:
    """Exceptions as they stand in the file; none if there is no such file.

    Args:
        settings: where the configuration is.
        rules: names of the rules there are.
        today: the day on which they are asked for; default: today.

    Raises:
        RegisterError: a row is wrong.
        ExpiredExceptionError: one has expired.
    """
    rows = list(read_mapping(exceptions_file(settings), FILE, HEADING))
    exceptions = [_exception(row, rules) for row in rows]
    _check_expiry(exceptions, rows, today or date.today())
    return exceptions


def _check_expiry(exceptions: Sequence[GateException], rows: Sequence[MappingRow], today: date) -> None:
    expired = [row.number for row, one in zip(rows, exceptions, strict=True) if one.until < today]
    if expired:
        numbers = ", ".join(str(number) for number in expired)
        raise ExpiredExceptionError(
            f"{FILE}, row {numbers}: expired; mend what it excuses and delete the row, or have its owner agree to a "
            "later day."
        )


def _exception(row: MappingRow, rules: Collection[str]) -> GateException:
    if row.text("rule") not in rules:
        raise row.error("rule", "is no rule of the gate", "use a name of docs/gate-rules.md")
    if not re.fullmatch("[0-9]{4}", row.text("municipality_code")):
        raise row.error("municipality_code", "is not a municipality code", "write four digits")
    if row.text("topic") not in (*TOPICS, PROPERTY_MODEL, ANY):
        raise row.error("topic", "is no topic", f"use one of {', '.join((*TOPICS, PROPERTY_MODEL))}, or {ANY} for any")
    if row.text("year") != ANY:
        row.whole_number("year")
    until = row.day("until")
    if until is None:
        raise row.error("until", "is empty", "give the last day of the exception, for example 2026-06-30")
    texts = {field: row.text(field) for field in HEADING if field != "until"}
    return GateException(**texts, until=until)
