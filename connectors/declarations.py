"""What a connector tells the landing engine about one delivery, and what it gets back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

LoadKind = Literal["snapshot", "window", "delta"]
Outcome = Literal["landed", "unchanged", "rejected", "still_rejected"]


@dataclass(frozen=True)
class NumberFormat:
    """How a source writes numbers. Groups of thousands, where written, have three digits: `12.5` is no thousand."""

    decimal: str = "."
    thousands: str = ""
    trailing_minus: bool = False


@dataclass(frozen=True)
class Dialect:
    """How a delimited file is written. `encoding` is any Python codec; an empty `quote` means values are never quoted.

    `skip_lines` counts lines before the heading.
    """

    encoding: str = "utf-8-sig"
    delimiter: str = ","
    quote: str = '"'
    skip_lines: int = 0


@dataclass(frozen=True)
class ControlTotal:
    """A sum the source declares over `column`.

    With a `sign_column` the amounts count as written without sign: negative where that column holds one of
    `negative_values` (compared in lower case), positive otherwise.
    """

    column: str
    total: Decimal
    tolerance: Decimal = Decimal(0)
    sign_column: str | None = None
    negative_values: frozenset[str] = frozenset({"k", "kredit"})


@dataclass(frozen=True)
class Checks:
    """What must hold of the rows. Keys and columns are raw columns; one that the file does not have is not checked.

    A row that breaks `numbers`, `dates` (strptime formats), `required_values` or `municipality_column` is left out;
    more than `max_rejected_share` of such rows (0 to 1) rejects the delivery. So do fewer rows than `smallest_share` of
    those that it would replace.
    """

    numbers: Mapping[str, NumberFormat] = field(default_factory=dict)
    dates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    required_values: frozenset[str] = frozenset()
    municipality_column: str | None = None
    declared_rows: int | None = None
    control: ControlTotal | None = None
    max_rejected_share: float = 0.01
    smallest_share: float = 0.5


@dataclass(frozen=True)
class Limits:
    """How far an archive may unfold: bytes in all, and bytes per packed byte once past `ratio_from` bytes.

    The largest known is the country's buildings as JSON, about 21 GB; nothing is unpacked to disk.
    """

    unpacked_bytes: int = 60 * 1000**3
    ratio: int = 200
    ratio_from: int = 50 * 1000**2


@dataclass(frozen=True)
class Delivery:
    """One file (csv, .gz of one, .zip with one) or one complete pull spooled to csv, and how to read it.

    `columns` maps headings to raw columns and is the allow-list; `dropped` headings are known and stay out; others
    stay out too, and reject the file unless `extra_columns` says otherwise. `required` are raw columns whose heading
    must be there.
    `window` is [from, to). With `holds_personal_data` only the allow-listed columns are kept, never the original.
    `refused` are the reasons of rows, by number, that a converter could not read and left ill-formed.
    `judged_rows` counts the rows of a file that was written here, all of them judged good then: not judged again.
    """

    source: str
    stream: str
    municipality_code: str
    load_kind: LoadKind
    path: Path
    file_name: str
    columns: Mapping[str, str]
    required: frozenset[str]
    profile_sha256: str
    dialect: Dialect = Dialect()
    checks: Checks = Checks()
    dropped: frozenset[str] = frozenset()
    extra_columns: Literal["reject", "warn", "ignore"] = "reject"
    window: tuple[date, date] | None = None
    source_version: str | None = None
    holds_personal_data: bool = False
    warnings: tuple[str, ...] = ()
    limits: Limits = Limits()
    refused: Mapping[int, str] = field(default_factory=dict)
    judged_rows: int | None = None


@dataclass(frozen=True)
class LandingResult:
    """What became of a delivery. `delivery_id` is the row of ops.deliveries that tells the same, new or known."""

    outcome: Outcome
    delivery_id: int | None
    row_count: int = 0
    rejected_row_count: int = 0
    error_class: str | None = None
    reason: str | None = None
