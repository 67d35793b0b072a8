"""The fictional world: what is true of it, before any source system writes it down its own way."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date

from demo.records import Records

YEARS = (2023, 2024, 2025)
# Users of a year are the mean of two counts, so one year more is counted.
COUNT_YEARS = (2022, *YEARS)
USES = (
    "school",
    "daycare",
    "administration",
    "culture",
    "sports",
    "health_social",
    "housing",
    "technical",
    "other",
)
# Housing in the demo is let out: it is no area for municipal purposes.
OPERATED = ("owned", "leased")


def stream_of(seed: int, *parts: str) -> random.Random:
    """A random stream of its own for each subject, so that a change in one leaves the others as they were."""
    return random.Random(":".join((str(seed), *parts)))


@dataclass(frozen=True)
class Building:
    """One building of a municipal property. Areas in m2; 0 or None = the system does not know.

    `bbr_area`, `attic` and `basement` are None or 0 where the building is not in BBR (`bbr_id` None).
    """

    number: int
    bbr_id: str | None
    use_code: str
    built_year: int | None
    bbr_area: int
    attic: int
    basement: int
    floors: int
    fm_area: int
    fm_bda: int
    heated: int | None
    cleaned: int | None
    fm_knows_bbr_id: bool

    def exists_in(self, year: int) -> bool:
        """A building of unknown age counts in every year."""
        return self.built_year is None or self.built_year <= year

    def operating_area(self, tenure: str) -> int | None:
        """Owned or let out: what BBR says, else the FM system. Leased: what the FM system says is rented."""
        if tenure != "leased" and self.bbr_id is not None:
            return self.bbr_area + self.attic + self.basement
        return self.fm_bda or self.fm_area or None


@dataclass(frozen=True)
class Property:
    """One property with its one use category and tenure."""

    property_no: str
    bfe_no: str
    name: str
    address: str
    use: str
    tenure: str
    buildings: tuple[Building, ...]
    is_on_foreign_ground: bool = False
    has_fm_use: bool = True
    # Leased premises may have been taken over within the years; None = before them.
    held_from: date | None = None

    def area(self, year: int) -> int:
        """Operating area in m2 of the buildings that exist in the year; unknown areas add nothing."""
        return sum(b.operating_area(self.tenure) or 0 for b in self.buildings if b.exists_in(year))


@dataclass(frozen=True)
class Institution:
    """A school or daycare institution and the properties it uses; `counts` by year."""

    number: str
    name: str
    kind: str
    shares: tuple[tuple[str, str], ...]
    counts: dict[int, int]


@dataclass(frozen=True)
class Meter:
    """One meter, of a building or of a whole property; `monthly` holds tenths of its unit per (year, month)."""

    number: str
    carrier: str
    unit: str
    property_no: str
    building_no: int | None
    is_linked_by_hand: bool
    monthly: dict[tuple[int, int], int]


@dataclass(frozen=True)
class CostUnit:
    """What postings are made on: a PSP element or a carrier, with the properties behind it and their shares."""

    key: str
    name: str
    function: str
    dranst: str
    shares: tuple[tuple[str, str], ...]
    is_in_master: bool = True
    is_linked_by_hand: bool = False
    # A rule of account_rules.csv names its properties: neither the master nor a link does.
    is_tied_by_rule: bool = False


@dataclass(frozen=True)
class Charge:
    """A year's money on one cost unit and cost category, in oere; `intended` differs where a fault was planted.

    `part` says more than the category where an account tells it: which maintenance, or which kind of investment.
    """

    unit: CostUnit
    category: str
    year: int
    posted: int
    intended: int
    part: str = ""


@dataclass
class Municipality:
    """One fictional municipality with everything that is true of it."""

    code: str
    name: str
    fm_system: str
    ledger: str
    properties: list[Property]
    private_buildings: int
    inhabitants: dict[int, int] = field(default_factory=dict)
    institutions: list[Institution] = field(default_factory=list)
    meters: list[Meter] = field(default_factory=list)
    units: list[CostUnit] = field(default_factory=list)
    charges: list[Charge] = field(default_factory=list)
    other_postings: int = 0
    records: Records = field(default_factory=Records)

    def property(self, property_no: str) -> Property:
        """The property with that number."""
        return next(p for p in self.properties if p.property_no == property_no)
