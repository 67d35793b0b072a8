"""Which municipality's systems deliver what: nobody delivers everything, and a few inputs nobody has."""

from __future__ import annotations

from dataclasses import dataclass

from demo.model import OPERATED

# Streams beside properties, buildings, ledger, meters and enrolment.
_EVERYBODY = ("leases", "condition_surveys", "observations")
DELIVERED = {
    "0991": {*_EVERYBODY, "workplaces", "rooms", "work_orders", "opening_hours", "labels", "parcels"},
    "0992": {*_EVERYBODY, "workplaces", "opening_hours", "bookings", "labels"},
    "0993": {*_EVERYBODY, "rooms", "work_orders"},
}


@dataclass(frozen=True)
class Scope:
    """Properties that a municipality counts something on; no uses = all of them."""

    uses: tuple[str, ...] = ()
    tenures: tuple[str, ...] = OPERATED


_FACILITIES = {"N_BESOEG": Scope(("culture", "sports")), "N_HAL": Scope(("sports",))}
_PLACES = {"N_KAPACITET": Scope(("school",)), "N_PLADS": Scope(("daycare",))}
# What each municipality counted itself.
OBSERVED: dict[str, dict[str, Scope]] = {
    "0991": {
        "A_TOM": Scope(),
        "N_AARSV_RENG": Scope(),
        "A_LEGE": Scope(("daycare",)),
        # The cadastre knows no terrain of rented premises.
        "A_VANDSPEJL": Scope(("sports",)),
        "A_TERRAEN": Scope(tenures=("leased",)),
        **_PLACES,
        **_FACILITIES,
    },
    "0992": {"A_TOM": Scope(), "A_LEGE": Scope(("daycare",)), **_PLACES, **_FACILITIES},
    "0993": {"A_TERRAEN": Scope(), "N_PLADS": Scope(("daycare",)), "N_HAL": Scope(("sports",))},
}
# Bookings are known since the booking system came.
BOOKED_YEARS = (2025,)


def delivers(code: str, stream: str) -> bool:
    """Whether the municipality's systems deliver the stream."""
    return stream in DELIVERED[code]
