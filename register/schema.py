"""Strict schema of the register's files. An unknown key is an error, and so is a number written as text."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from warehouse.errors import KnownError

TOPICS = ("administration", "schools_daycare", "culture_leisure", "maintenance", "general")
NOT_TIED = "none"

Topic = Literal["administration", "schools_daycare", "culture_leisure", "maintenance", "general"]
Tenure = Literal["owned", "leased", "let_out", "none"]
Level = Literal["building", "property", "municipality"]
# Everything but premises let out: those serve no municipal purpose.
DEFAULT_TENURE: list[Tenure] = ["owned", "leased", "none"]
Severity = Literal["info", "warning", "hold", "stop"]


def _whole_number_to_decimal(value: Any) -> Any:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


Number = Annotated[Decimal, BeforeValidator(_whole_number_to_decimal)]
Text = Annotated[str, Field(min_length=1)]
Year = Annotated[int, Field(ge=1970, le=2100)]


class RegisterError(KnownError):
    """A file of the register, or of a municipality's mapping, is wrong. The message never carries a row's content."""

    def __init__(
        self, file: str, problem: str, advice: str, *, row: int | None = None, field: str | None = None
    ) -> None:
        """Make one sentence of where, what and what to do. `row` counts data rows from 1."""
        place = file
        if row is not None:
            place += f", row {row}"
        if field is not None:
            place += f", field {field}"
        super().__init__(f"{place}: {problem}; {advice}" + ("" if advice.endswith("?") else "."))
        self.file = file
        self.problem = problem
        self.advice = advice
        self.row = row
        self.field = field


class Declaration(BaseModel):
    """Base of everything declared in YAML."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Term(Declaration):
    """One term of a sum: weight times measure. A required term without any value leaves the figure without a value."""

    measure: Text
    weight: Number = Decimal(1)
    required: bool = True


class Filter(Declaration):
    """Which rows count. No use categories means all of them."""

    use_categories: list[Text] | None = Field(default=None, min_length=1)
    tenure: list[Tenure] = Field(default=DEFAULT_TENURE, min_length=1)


class Bounds(Declaration):
    """Where a municipality's value must lie, in the key figure's unit; both ends are allowed values."""

    low: Number
    high: Number
    severity: Severity

    @model_validator(mode="after")
    def _low_first(self) -> Bounds:
        if self.low >= self.high:
            raise ValueError("low is not below high: exchange them")
        return self


class LargestChange(Declaration):
    """How much a value may differ from last year's, in per cent of last year's."""

    pct: Annotated[Number, Field(gt=0)]
    severity: Severity


class Coverage(Declaration):
    """How much of the area in scope must have every input, in per cent."""

    needed_pct: Annotated[Number, Field(gt=0, le=100)]


class Suppression(Declaration):
    """With fewer persons than this behind a value, it is not shown."""

    min_persons: Annotated[int, Field(ge=1)]
    persons_measure: Text


class Adoption(Declaration):
    """How far the municipalities are with agreeing on the definition; the date is the meeting's."""

    state: Literal["draft", "proposed", "adopted", "superseded"]
    date: datetime.date | None = None

    @model_validator(mode="after")
    def _adopted_at_a_meeting(self) -> Adoption:
        if self.state in ("adopted", "superseded") and self.date is None:
            raise ValueError("an adopted definition has a date: write the date of the meeting")
        return self


class ExampleRow(Declaration):
    """One input of a worked example."""

    measure: Text
    use_category: Text
    tenure: Tenure
    amount: Number


class Example(Declaration):
    """Worked by hand: a caretaker could check it. Also holds rows that the definition leaves out."""

    text_da: Text
    rows: list[ExampleRow] = Field(min_length=1)
    numerator: Number
    denominator: Number
    value: Number


class KeyFigure(Declaration):
    """One version of a key figure: scale times sum of numerator terms over sum of denominator terms."""

    code: Annotated[str, Field(pattern=r"^[A-Z]{3}-[0-9]{2}$")]
    version: Annotated[int, Field(ge=1)]
    name_da: Text
    name_en: Text
    topic: Topic
    unit: Text
    scale: Annotated[Number, Field(gt=0)] = Decimal(1)
    numerator: list[Term] = Field(min_length=1)
    denominator: list[Term] = Field(default=[])
    denominator_constant: Annotated[Number, Field(gt=0)] | None = None
    fallback_denominator: list[Term] = Field(default=[])
    filter: Filter = Filter()
    levels: list[Level] = Field(min_length=1)
    direction: Literal["lower_better", "higher_better", "neutral"]
    bounds: Bounds
    largest_change: LargestChange
    coverage: Coverage
    suppression: Suppression | None = None
    adoption: Adoption
    valid_from: Year
    valid_to: Year | None = None
    is_break: bool = Field(default=False, alias="break")
    source: Text
    notes_da: Text
    example: Example

    @model_validator(mode="after")
    def _whole(self) -> KeyFigure:
        if bool(self.denominator) == (self.denominator_constant is not None):
            raise ValueError("give either denominator or denominator_constant, and not both")
        if self.fallback_denominator and not self.denominator:
            raise ValueError("fallback_denominator needs a denominator to fall back from")
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("valid_to is before valid_from: both are years, both included")
        return self

    @property
    def parts(self) -> dict[str, list[Term]]:
        """Terms by part, in the words of the warehouse."""
        return {
            "numerator": self.numerator,
            "denominator": self.denominator,
            "fallback_denominator": self.fallback_denominator,
        }

    @property
    def file_name(self) -> str:
        """Name its file must have."""
        version = "" if self.version == 1 else f"_v{self.version}"
        return f"{self.code.lower().replace('-', '_')}{version}.yml"


class Measure(Declaration):
    """One additive input. `grain` is the finest unit it is known for; a composite names what it sums.

    `is_delivered`: a municipality may hand it in as an observation. `derived_from`: measures that it is worked out of,
    for example a mean of years or a corrected quantity; unlike `sum_of` the warehouse does that, not the register.
    """

    measure: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]+$")]
    name_da: Text
    name_en: Text
    unit: Text
    kind: Literal["area", "cost", "cost_part", "quantity", "users", "hours", "condition"]
    grain: Literal["building", "property", "municipality"]
    is_delivered: bool = False
    definition: Text
    sum_of: list[Text] = Field(default=[])
    derived_from: list[Text] = Field(default=[])

    @property
    def components(self) -> list[str]:
        """Base measures it sums; a base measure is its own."""
        return self.sum_of or [self.measure]


class UseCategory(Declaration):
    """What a property is used for, and how FM systems spell it."""

    use_category: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    topic: Topic
    name_da: Text
    name_en: Text
    fm_uses: list[Text] = Field(default=[])


def fold_use(spelling: str) -> str:
    """Spelling of a use as the warehouse compares it: lower case, ae/oe/aa, single blanks."""
    folded = spelling.strip().lower().replace("æ", "ae").replace("ø", "oe").replace("å", "aa")
    return re.sub(r"\s+", " ", folded)
