"""The csv export of eloverblik's portal: local time and decimal comma, to the rows that the API gives.

Local time names an hour of an autumn night twice; the second time it is met it is the hour of winter time.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from connectors.base import Conversion, Converted
from connectors.eloverblik.documents import DENMARK
from connectors.errors import MissingColumnError, Place, UnreadableFileError

HEADINGS = {
    "MålepunktsID": "metering_point_id",
    "Fra_dato": "period_start",
    "Til_dato": "period_end",
    "Mængde": "quantity",
    "Måleenhed": "unit",
    "Kvalitet": "quality",
    "Type": "series_type",
}
NEEDED = ("MålepunktsID", "Fra_dato", "Til_dato", "Mængde")
COLUMNS = (*HEADINGS.values(), "position")
FORMS = ("%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M")
USUAL_TYPE = "Tidsserie"
HOUR = timedelta(hours=1)


def convert_export(conversion: Conversion) -> Converted:
    """Write the export's rows as csv, times in UTC.

    Raises:
        MissingColumnError: not such an export. UnreadableFileError: a time that is none.
    """
    profile, place = conversion.profile, conversion.place
    try:
        with (
            conversion.path.open(newline="", encoding=profile.encoding) as source,
            conversion.target.open("w", newline="", encoding="utf-8") as target,
        ):
            reader = csv.DictReader(source, delimiter=profile.delimiter)
            missing = [heading for heading in NEEDED if heading not in (reader.fieldnames or ())]
            if missing:
                problem = f"the heading lacks {', '.join(missing)}"
                raise MissingColumnError(place, problem, "deliver the portal's export")
            writer = csv.writer(target, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows(_rows(reader, place))
    except UnicodeDecodeError:
        raise UnreadableFileError(place, f"the file is not {profile.encoding}", "deliver it unchanged") from None
    return Converted(COLUMNS)


def _rows(reader: csv.DictReader[str], place: Place) -> Iterator[list[str]]:
    met: set[tuple[str, str, str]] = set()
    for row_no, row in enumerate(reader, start=1):
        values = {column: (row.get(heading) or "").strip() for heading, column in HEADINGS.items()}
        begin = _time(values["period_start"], replace(place, row=row_no, field="Fra_dato"))
        end = _time(values["period_end"], replace(place, row=row_no, field="Til_dato"))
        values["series_type"] = values["series_type"] or USUAL_TYPE
        if _comes_twice(begin):
            name = (values["metering_point_id"], values["series_type"], values["period_start"])
            begin = begin.replace(fold=int(name in met))
            met.add(name)
        values["period_start"], values["period_end"] = _in_utc(begin), _in_utc(begin, end)
        values["quantity"] = values["quantity"].replace(",", ".")
        yield [*values.values(), "1"]


def _time(text: str, place: Place) -> datetime:
    for form in FORMS:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    raise UnreadableFileError(place, "not a time of the form dd-mm-yyyy hh:mm:ss", "deliver the portal's export")


def _comes_twice(time: datetime) -> bool:
    first, second = (time.replace(tzinfo=DENMARK, fold=fold).utcoffset() or timedelta() for fold in (0, 1))
    return first > second


def _in_utc(begin: datetime, end: datetime | None = None) -> str:
    start = begin.replace(tzinfo=DENMARK).astimezone(UTC)
    if end is None:
        return _text(start)
    # Up to an hour the length is what the clock shows; beyond, both ends are Danish time.
    length = end - begin.replace(fold=0)
    if timedelta() < length <= HOUR:
        return _text(start + length)
    if not length:
        return _text(start + HOUR)
    return _text(end.replace(tzinfo=DENMARK).astimezone(UTC))


def _text(time: datetime) -> str:
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"
