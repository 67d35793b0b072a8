"""Landing as a rehearsal: everything is done in one transaction that is rolled back, and no bytes are kept.

What remains is a gap in two sequences. While it lasts, other landings of the same table wait, as they do for any.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass

import psycopg

from connectors import landing
from connectors.declarations import Delivery, LandingResult
from connectors.errors import RejectedDeliveryError
from connectors.history import RejectedRows, rejected_rows, warnings_of
from connectors.scratch import scratch_folder
from warehouse.database import conninfo, url
from warehouse.settings import Settings


@dataclass(frozen=True)
class Rehearsed:
    """What would have become of a delivery."""

    result: LandingResult
    warnings: tuple[str, ...] = ()
    rejected: tuple[RejectedRows, ...] = ()


class _Uncommitted(psycopg.Connection):
    """A connection on which nothing is ever committed: landing commits once in between."""

    def commit(self) -> None:
        """Keep the transaction open."""


def rehearse(delivery: Delivery, settings: Settings) -> Rehearsed:
    """Land a delivery, look at what came of it, undo it."""
    address = conninfo(url("ejd_loader", settings=settings))
    with scratch_folder(settings) as folder, closing(_Uncommitted.connect(address)) as undone:
        try:
            aside = settings.model_copy(update={"store_url": f"file://{folder}"})
            landed = landing.land_within(undone, delivery, aside)
            if landed.outcome != "landed" or landed.delivery_id is None:
                return Rehearsed(landed)
            rejected = tuple(rejected_rows(undone, delivery.source, landed.delivery_id))
            result = LandingResult("landed", None, landed.row_count, landed.rejected_row_count)
            return Rehearsed(result, tuple(warnings_of(undone, landed.delivery_id)), rejected)
        except RejectedDeliveryError as error:
            return Rehearsed(rejection(delivery, error))
        finally:
            undone.rollback()


def rejection(delivery: Delivery, error: RejectedDeliveryError) -> LandingResult:
    """The result of a delivery that would not land."""
    return LandingResult("rejected", None, 0, 0, type(error).__name__, str(error))
