"""The calendar of editions: which years are provisional, may become final, or are closed, and who signs.

`config/editions.yml` may be left out: then a year may become final from 1 June of the year after, and the head of the
municipality's property department signs.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from warehouse.errors import KnownError
from warehouse.settings import Settings

FILE = "editions.yml"
State = Literal["provisional", "final", "closed"]
FIRST_YEAR, LAST_YEAR = 1990, 2100


class CalendarError(KnownError):
    """editions.yml is wrong; the message says where and what to do."""


def _day_of_a_year(text: str) -> str:
    try:
        date.fromisoformat(f"2001-{text}")  # a year without 29 February: the day is there every year
    except ValueError:
        raise ValueError("write month and day, for example 06-01") from None
    return text


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class YearEntry(_Strict):
    """What is different for one year."""

    final_from: date | None = None
    sign_off_role: Annotated[str, Field(min_length=1)] | None = None
    closed: bool = False


class Calendar(_Strict):
    """`final_from` is month and day of the year after; `years` holds exceptions.

    `signers` names who signs for a municipality; one that is not in it is signed by anyone in the role.
    """

    final_from: Annotated[str, AfterValidator(_day_of_a_year)] = "06-01"
    sign_off_role: Annotated[str, Field(min_length=1)] = "head of property"
    signers: dict[Annotated[str, Field(pattern=r"^[0-9]{4}$")], frozenset[str]] = {}
    years: dict[Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)], YearEntry] = {}

    def final_day(self, year: int) -> date:
        """The first day on which a final edition of a year may be made."""
        entry = self.years.get(year, YearEntry())
        return entry.final_from or date.fromisoformat(f"{year + 1}-{self.final_from}")

    def role(self, year: int) -> str:
        """Who signs a year."""
        return self.years.get(year, YearEntry()).sign_off_role or self.sign_off_role

    def state(self, year: int, today: date) -> State:
        """`closed`: corrections only; `final`: may be signed and made final; `provisional`: not yet."""
        if self.years.get(year, YearEntry()).closed:
            return "closed"
        return "final" if today >= self.final_day(year) else "provisional"

    def years_that_are(self, state: State, today: date) -> list[int]:
        """Every year in a state."""
        return [year for year in range(FIRST_YEAR, LAST_YEAR + 1) if self.state(year, today) == state]


def read_calendar(settings: Settings) -> Calendar:
    """Read `editions.yml` of the configuration folder; without the file, the defaults.

    Raises:
        CalendarError: an unknown key, or a value that is none.
    """
    path = settings.config / FILE
    if not path.is_file():
        return Calendar()
    try:
        return Calendar.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    except yaml.YAMLError:
        raise CalendarError(f"{path}: this is no YAML: check indentation and colons.") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise CalendarError(
            f"{path}, {place}: {first['msg']}; there are final_from, sign_off_role, signers, years (final_from, "
            "sign_off_role, closed)."
        ) from None
