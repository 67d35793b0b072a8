"""What the fictional world knows beside brick, money and meters: leases, seats, rooms, surveys, hours, observations."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Lease:
    """A lease of one building, by the municipality (`leased_in`) or from it (`let_out`); rent in kroner a year."""

    number: str
    property_no: str
    building_no: int
    m2: int
    rent: int
    valid_from: date
    role: str


@dataclass(frozen=True)
class Seats:
    """Workplaces and administrative full-time equivalents of a property on a day."""

    property_no: str
    counted: date
    workplaces: int
    employees: Decimal


@dataclass(frozen=True)
class Room:
    """A room of a building; m2."""

    property_no: str
    building_no: int
    number: str
    kind: str
    m2: int


@dataclass(frozen=True)
class WorkOrder:
    """A work order; `is_stop`: a building or an installation failed and the service stood still."""

    number: str
    property_no: str
    building_no: int
    created: date
    is_stop: bool


@dataclass(frozen=True)
class Survey:
    """A survey of one part of a building.

    `grade` is on a scale of 0 (best) to 3, None where nobody can read it; `risk` is the consequence in words or the
    priority in digits, whichever the municipality notes; `backlog` is in kroner of the survey's year.
    """

    property_no: str
    building_no: int
    part: str
    grade: Decimal | None
    risk: str
    backlog: int
    surveyed: date


@dataclass(frozen=True)
class Opening:
    """Opening hours of a property on one day of the week (1 = Monday), in hours after midnight.

    `valid_to` is the last day, None = they still hold.
    """

    property_no: str
    weekday: int
    opens: int
    closes: int
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True)
class Booking:
    """A booking of a hall, in minutes after midnight."""

    property_no: str
    day: date
    starts: int
    ends: int


@dataclass(frozen=True)
class Observation:
    """What a municipality counted itself, of one property and year."""

    property_no: str
    measure: str
    year: int
    amount: Decimal


@dataclass(frozen=True)
class Label:
    """An energy label of a building."""

    property_no: str
    building_no: int
    letter: str
    valid_to: date


@dataclass(frozen=True)
class Parcel:
    """A parcel of the cadastre; m2. One that is no longer in force (`is_current` false) counts for nothing."""

    bfe_no: str
    number: str
    m2: int
    road_m2: int
    is_current: bool = True


@dataclass(frozen=True)
class UsePeriod:
    """A property is used for something else from a day on."""

    property_no: str
    valid_from: date
    use: str
    tenure: str


@dataclass
class Records:
    """Everything of one municipality. A list is empty where its systems do not deliver it."""

    leases: list[Lease] = field(default_factory=list)
    seats: list[Seats] = field(default_factory=list)
    rooms: list[Room] = field(default_factory=list)
    orders: list[WorkOrder] = field(default_factory=list)
    surveys: list[Survey] = field(default_factory=list)
    openings: list[Opening] = field(default_factory=list)
    bookings: list[Booking] = field(default_factory=list)
    observations: list[Observation] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    parcels: list[Parcel] = field(default_factory=list)
    periods: list[UsePeriod] = field(default_factory=list)
