"""Everything that the municipality's systems know beside properties, money, meters and institutions."""

from __future__ import annotations

from typing import TypeVar

from demo.delivered import delivers
from demo.model import Municipality, stream_of
from demo.observing import list_observations
from demo.records import Records
from demo.upkeep import list_labels, list_orders, list_parcels, list_surveys
from demo.usage import list_bookings, list_leases, list_openings, list_periods, list_rooms, list_seats

Record = TypeVar("Record")


def add_records(municipality: Municipality, seed: int) -> None:
    """Fill in what each stream of the municipality will deliver; what it has no system for stays empty."""
    code = municipality.code
    rngs = {name: stream_of(seed, code, name) for name in ("seats", "openings", "bookings", "surveys", "orders")}
    rngs |= {name: stream_of(seed, code, name) for name in ("labels", "parcels", "observations")}

    def when(stream: str, found: list[Record]) -> list[Record]:
        return found if delivers(code, stream) else []

    municipality.records = Records(
        leases=when("leases", list_leases(municipality)),
        seats=when("workplaces", list_seats(municipality, rngs["seats"])),
        rooms=when("rooms", list_rooms(municipality)),
        orders=when("work_orders", list_orders(municipality, rngs["orders"])),
        surveys=when("condition_surveys", list_surveys(municipality, rngs["surveys"])),
        openings=when("opening_hours", list_openings(municipality, rngs["openings"])),
        bookings=when("bookings", list_bookings(municipality, rngs["bookings"])),
        observations=list_observations(municipality, rngs["observations"]),
        labels=when("labels", list_labels(municipality, rngs["labels"])),
        parcels=when("parcels", list_parcels(municipality, rngs["parcels"])),
        periods=list_periods(municipality),
    )
