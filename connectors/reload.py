"""Land a delivery again from its kept bytes, by the mapping of today.

What was kept of a landed delivery is the file as it came; of a converted one the rows that the converter wrote; of a
stream with personal data the allow-listed columns only, which a mapping cannot widen any more.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import fsspec

from connectors import landing
from connectors.base import Converted, Refused, Request, registered
from connectors.configuration import FileStream, file_profile, load_municipality, resolve_folder
from connectors.controls import find_control
from connectors.declarations import Delivery, Dialect, LandingResult
from connectors.errors import ConfigError, FatalError, Place, RejectedDeliveryError
from connectors.filedrop import _read_file
from connectors.history import DeliveryRecord, find_delivery, find_newer
from connectors.http import Client
from connectors.known import KnownDeliveries
from connectors.profiled import FoundFile, plain_delivery, profile_digest, stream_profile, use_converted
from connectors.pull import PullResult
from connectors.scratch import scratch_folder
from connectors.spool import Spool
from warehouse.database import connect
from warehouse.settings import Settings

ROW_NUMBER = "row_no"  # beside the allow-listed columns, where ill-formed rows were left out


def reload(delivery_id: int, settings: Settings, *, with_fewer_rows: bool = False) -> PullResult:
    """Land it again. Read in the same way as before it is `unchanged`. `with_fewer_rows`: however few they are.

    Raises:
        ConfigError: there is no such delivery, or the municipality no longer has its source.
        FatalError: a newer delivery took its place, or its bytes are gone.
    """
    found = find_delivery(settings, delivery_id)
    if found is None:
        raise ConfigError(Place("deliveries"), f"there is no delivery {delivery_id}", "list them")
    record = found[0]
    place = Place(record.source, record.stream, record.municipality_code, record.file_name)
    newer = record.superseded_by or find_newer(settings, record)
    if newer is not None:
        raise FatalError(place, f"delivery {newer} has taken its place", "reload that one")
    with scratch_folder(settings) as scratch:
        request = _request(record, settings, scratch, place)
        path = _fetch_kept(record, settings, scratch / "kept" / Path(record.file_name).name, place)
        item = _read(request, record, path)
        delivery = item.delivery if isinstance(item, Refused) else item
        if with_fewer_rows:
            delivery = replace(delivery, checks=replace(delivery.checks, smallest_share=0.0))
        if record.state == "landed" and delivery.profile_sha256 == record.profile_sha256:
            result = LandingResult("unchanged", record.delivery_id, record.row_count or 0)
        elif isinstance(item, Refused):
            result = landing.reject(delivery, item.error, settings)
        else:
            result = _land(delivery, record, settings)
    return PullResult(
        record.source, record.stream, record.municipality_code, record.file_name, result.outcome, result.delivery_id,
        result.row_count, result.rejected_row_count, result.error_class, result.reason,
    )  # fmt: skip


def read_kept(record: DeliveryRecord, settings: Settings, kept_in: Settings, scratch: Path) -> Delivery:
    """The kept bytes of a delivery, ready to land elsewhere, read by the configuration of `settings`.

    Its drop folder is not looked at: the control file beside it was held against it when it landed.

    Args:
        record: the delivery.
        settings: whose configuration reads it.
        kept_in: where its bytes are kept.
        scratch: an empty folder that stays until it has landed.

    Raises:
        SourceError: the municipality does not deliver the stream, its bytes are gone, or they cannot be read.
    """
    place = Place(record.source, record.stream, record.municipality_code, record.file_name)
    request = _request(record, settings, scratch, place)
    path = _fetch_kept(record, kept_in, scratch / "kept" / Path(record.file_name).name, place)
    item = _read(request, record, path, is_drop_known=False)
    if isinstance(item, Refused):
        raise item.error
    return item


def _request(record: DeliveryRecord, settings: Settings, scratch: Path, place: Place) -> Request:
    section = load_municipality(settings, record.municipality_code).sections.get(record.source)
    source = registered().get(record.source)
    stream = next((one for one in source.streams if one.name == record.stream), None) if source else None
    if section is None or source is None or stream is None:
        raise ConfigError(place, "the municipality does not deliver this stream", "add it to sources.yml")

    def no_client() -> Client:
        raise FatalError(place, "kept bytes are read without the source", "pull instead")

    known = KnownDeliveries(source.name, stream.name, record.municipality_code, settings)
    code = record.municipality_code
    return Request(source, stream, code, section, scratch, no_client, known, Spool(scratch / "spool"))


def _fetch_kept(record: DeliveryRecord, settings: Settings, target: Path, place: Place) -> Path:
    files, _ = fsspec.core.url_to_fs("file://" if record.is_quarantined else settings.kept_bytes_url)
    target.parent.mkdir()
    try:
        files.get_file(record.stored_path, str(target))
    except FileNotFoundError:
        raise FatalError(place, "its bytes are no longer kept", "deliver the file again, or pull") from None
    return target


def _read(request: Request, record: DeliveryRecord, path: Path, is_drop_known: bool = True) -> Delivery | Refused:
    """The kept bytes as a delivery, read by the profile of today."""
    place = request.place(record.file_name)
    window = None
    if record.window_from is not None and record.window_to is not None:
        window = (record.window_from, record.window_to)
    file = FoundFile(path, (0, path.name), window)
    heading = _heading(path)
    ours = heading is not None and set(heading) <= set(request.stream.raw_columns)
    profile, control = _profile(request, record, place, ours, is_drop_known)
    digest = profile_digest(request, profile, control)
    delivery = plain_delivery(request, profile, file, digest, record.source_version)
    if record.state == "landed" and ours and heading and path.suffix.lower() in request.stream.converters:
        return use_converted(delivery, path, Converted(tuple(heading)))
    is_dropped = request.section.is_dropped(record.stream)
    if record.state == "landed" and request.stream.holds_personal_data and is_dropped:
        dialect = Dialect("utf-8", profile.delimiter)
        return replace(delivery, dialect=dialect, dropped=profile.drop | {ROW_NUMBER})
    return _read_file(request, profile, file, control, delivery)


def _profile(
    request: Request, record: DeliveryRecord, place: Place, ours: bool, is_drop_known: bool
) -> tuple[FileStream, Path | None]:
    """The mapping of today and the control file, where it still lies beside the file in the drop folder."""
    section, stream = request.section, request.stream
    if section.folder is None or not section.is_dropped(stream.name):
        columns = {"columns": {column: column for column in stream.raw_columns}} if ours else {}
        return stream_profile(request, record.file_name, **columns), None
    profile = file_profile(request.source, stream.name, section, place)
    if profile is None:
        raise ConfigError(place, "the municipality does not deliver this stream", "add it to sources.yml")
    if not is_drop_known:
        return profile, None
    municipality = load_municipality(request.known.settings, request.municipality_code)
    folder = resolve_folder(municipality, section.folder, place)
    return profile, find_control(profile, folder / Path(profile.files).parent / record.file_name)


def _heading(path: Path) -> list[str] | None:
    """Heading of comma separated UTF-8, the form in which our own rows are kept; None: something else."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return next(csv.reader(file), None)
    except (UnicodeDecodeError, csv.Error):
        return None


def _land(delivery: Delivery, record: DeliveryRecord, settings: Settings) -> LandingResult:
    """Land and retire the old one in one transaction; the new one is of the same file, as it was received then."""
    fault: RejectedDeliveryError
    try:
        with connect("ejd_loader", settings=settings) as connection:
            result = landing.land_within(connection, delivery, settings)
            if result.outcome == "landed":
                connection.execute(
                    "update ops.deliveries set content_sha256 = %s, byte_size = %s where delivery_id = %s",
                    [record.content_sha256, record.byte_size, result.delivery_id],
                )
                connection.execute(
                    "update ops.deliveries set state = 'superseded', superseded_by = %s "
                    "where delivery_id = %s and state = 'landed'",
                    [result.delivery_id, record.delivery_id],
                )
            return result
    except RejectedDeliveryError as error:
        fault = error
    return landing.reject(delivery, fault, settings)
