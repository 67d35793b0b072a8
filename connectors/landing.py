"""The one landing engine: a delivery lands whole, in one transaction, or not at all.

The bytes go once through hash, store and COPY; checks are set-based. A delivery that cannot land becomes a rejected row
of ops.deliveries with its error class and reason; its bytes are kept, the raw tables are as they were.
"""

from __future__ import annotations

import psycopg

from connectors import deliveries, store
from connectors.copying import load, restart_row_numbers
from connectors.declarations import (
    Checks,
    ControlTotal,
    Delivery,
    Dialect,
    LandingResult,
    Limits,
    NumberFormat,
)
from connectors.deliveries import Counts, Kept
from connectors.errors import (
    ControlTotalError,
    EmptyFileError,
    Place,
    RejectedDeliveryError,
    RowCountError,
    ShrunkenDeliveryError,
)
from connectors.rowchecks import Judgement, Landed, check_rows
from warehouse.database import connect
from warehouse.settings import Settings

__all__ = [
    "Checks", "ControlTotal", "Delivery", "Dialect", "LandingResult", "Limits", "NumberFormat", "is_known_version",
    "land", "reject",
]  # fmt: skip

# Lists shorter than this shrink and grow by themselves.
FEW_ROWS = 20


def land(delivery: Delivery, settings: Settings) -> LandingResult:
    """Land a delivery, or record why it does not land.

    Raises:
        RetryableError: the warehouse could not take the rows; nothing of the delivery stays.
    """
    fault: RejectedDeliveryError
    try:
        with connect("ejd_loader", settings=settings) as connection:
            return land_within(connection, delivery, settings)
    except RejectedDeliveryError as error:
        fault = error
    return reject(delivery, fault, settings)


def reject(delivery: Delivery, error: RejectedDeliveryError, settings: Settings) -> LandingResult:
    """Keep the bytes of a delivery and record why its rows stay out."""
    error_class, reason = type(error).__name__, str(error)
    with connect("ejd_loader", settings=settings) as connection:
        deliveries.open_target(connection, delivery)
        size = delivery.path.stat().st_size
        known = deliveries.find_rejection(connection, delivery, store.hash_file(delivery.path), error_class)
        if known is not None:
            return known
        kept = store.keep_rejected(delivery, settings)
        delivery_id = deliveries.record_rejection(connection, delivery, size, Kept(*kept), error_class, reason)
    return LandingResult("rejected", delivery_id, 0, 0, error_class, reason)


def is_known_version(source: str, stream: str, municipality_code: str, source_version: str, settings: Settings) -> bool:
    """Tell whether a current delivery is what the source calls `source_version`: then it need not be fetched."""
    with connect("ejd_loader", settings=settings) as connection:
        row = connection.execute(
            "select 1 from ops.deliveries where source = %s and stream = %s and municipality_code = %s "
            "and source_version = %s and state = 'landed' limit 1",
            [source, stream, municipality_code, source_version],
        ).fetchone()
    return row is not None


def land_within(connection: psycopg.Connection, delivery: Delivery, settings: Settings) -> LandingResult:
    """Land a delivery in the transaction of `connection`; whoever opened it commits.

    Raises:
        RejectedDeliveryError: it does not land; the transaction must be rolled back.
    """
    place = Place(delivery.source, delivery.stream, delivery.municipality_code, delivery.file_name)
    target = deliveries.open_target(connection, delivery)
    size = delivery.path.stat().st_size
    known, same_bytes = deliveries.find_known(connection, delivery, size)
    if known is not None:
        return known
    replaced = deliveries.find_replaced(connection, delivery, same_bytes, place)
    delivery_id = deliveries.begin(connection, delivery, size)
    restart_row_numbers(connection, target)
    with store.KeptFile(delivery, settings) as kept:
        loaded = load(connection, delivery, target, kept, place)
        landed = Landed(connection, delivery, delivery_id, target, loaded, place)
        if landed.total == 0 and delivery.load_kind != "delta":  # a delta without rows: nothing has changed
            raise EmptyFileError(place, "the file has a heading and no rows", "ask for it again")
        judgement = check_rows(landed)
        counts = Counts(landed.total - judgement.rejected, judgement.rejected, judgement.control_total)
        _check_share(landed, counts.landed, deliveries.count_rows(connection, replaced))
        warnings = [*delivery.warnings, *_compare(landed, judgement)]
        path, _ = kept.finish()
    found = Kept(path, loaded.content_sha256)
    deliveries.complete(connection, delivery_id, delivery, found, counts, replaced, warnings)
    return LandingResult("landed", delivery_id, counts.landed, counts.rejected)


def _check_share(landed: Landed, rows: int, replaced: int) -> None:
    """Hold the number of rows against those that would go.

    Raises:
        ShrunkenDeliveryError.
    """
    share = landed.delivery.checks.smallest_share
    if replaced >= FEW_ROWS and rows < share * replaced:
        raise ShrunkenDeliveryError(
            landed.place,
            f"{rows} rows would replace {replaced}, fewer than {share:.0%} of them",
            "ask whether it is complete, and for a complete one; if it is right as it is, land it with "
            "`ejendomstal deliveries reload <number> --fewer-rows`",
        )


def _compare(landed: Landed, judgement: Judgement) -> list[str]:
    """Hold what came in against what the source declared; return warnings.

    Raises:
        RowCountError, ControlTotalError.
    """
    declared, place = landed.delivery.checks, landed.place
    if declared.declared_rows is not None and declared.declared_rows != landed.total:
        raise RowCountError(
            place, f"{landed.total} rows where the source declares {declared.declared_rows}", "ask for a complete file"
        )
    control, found = declared.control, judgement.control_total
    if control is None or found is None or found == control.total:
        return []
    difference = found - control.total
    if abs(difference) > control.tolerance:
        raise ControlTotalError(
            place,
            f"the sum of {control.column} is {abs(difference)} off the declared total, allowed is {control.tolerance}",
            "ask for a complete file",
        )
    return [f"the sum of {control.column} is {difference} off the declared total"]
