"""The declared form of a ledger's printed or fixed-width file, and its lines as records of named fields.

Part of a stream's profile in `sources.yml`, as `form`. What a file cannot say of itself is declared here and nowhere
guessed: positions, the unit of amounts, what a minus beside a credit mark means.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

Position = tuple[Annotated[int, Field(ge=1)], Annotated[int, Field(ge=1)]]
Unit = Literal["kroner", "oere", "thousands"]


def _valid_pattern(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error:
        raise ValueError("not a regular expression") from None
    return pattern


class RecordForm(BaseModel):
    """How the records of a file are laid out and what their amounts mean.

    `fixed` gives a raw column its [start, length], the first character being 1; without it the file is delimited.
    `keep` and `skip` are beginnings of lines, `skip_pattern` is searched in them; a heading that is printed again is
    skipped by itself. A record that is printed on several lines has `record_lines`; of a fixed form each is filled up
    to `line_width` before positions are counted. `minus` says what a minus beside a credit mark means: `repeats` it
    (the amount is negative) or `reverses` it (the amount is positive).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    fixed: Mapping[str, Position] = {}
    keep: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    skip_pattern: Annotated[str, AfterValidator(_valid_pattern)] | None = None
    record_lines: Annotated[int, Field(ge=1, le=9)] = 1
    line_width: Annotated[int, Field(ge=1)] | None = None
    unit: Unit = "kroner"
    minus: Literal["repeats", "reverses"] | None = None

    @model_validator(mode="after")
    def _lines_have_a_width(self) -> RecordForm:
        if self.fixed and self.record_lines > 1 and self.line_width is None:
            raise ValueError("needs line_width where a fixed record has several lines")
        return self

    @property
    def columns(self) -> frozenset[str]:
        """Raw columns that the form names."""
        return frozenset(self.fixed)


def kept_lines(lines: Iterator[str], form: RecordForm) -> Iterator[str]:
    """The lines that hold records: not empty, of a kept beginning, of no skipped one."""
    pattern = re.compile(form.skip_pattern) if form.skip_pattern else None
    for line in lines:
        if not line.strip() or (form.keep and not line.startswith(form.keep)):
            continue
        if line.startswith(form.skip) or (pattern is not None and pattern.search(line)):
            continue
        yield line


def joined_lines(lines: Iterator[str], form: RecordForm, between: str) -> Iterator[str]:
    """Records that were printed on several lines, each in one; the last may lack lines."""
    if form.record_lines == 1:
        yield from lines
        return
    held: list[str] = []
    for line in lines:
        held.append(line.ljust(form.line_width or 0))
        if len(held) == form.record_lines:
            yield between.join(held)
            held = []
    if held:
        yield between.join(held)


def cut(line: str, form: RecordForm, whole: Collection[str]) -> list[str] | None:
    """The fields of a fixed-width record, in the order declared, without blanks around them.

    Many systems leave out blanks at the end of a line, so fields past its end are empty. None: it ends inside one of
    the columns that must be `whole`, whose value would be another one.
    """
    for column, (start, length) in form.fixed.items():
        if column in whole and start <= len(line) < start - 1 + length:
            return None
    return [line[start - 1 : start - 1 + length].strip() for start, length in form.fixed.values()]
