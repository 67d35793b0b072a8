"""Meters and their monthly consumption, as an energy management system writes them to a file.

Owner: the municipality; the meter's supplier owns the measurement.
Documentation: none in common; the municipality's `sources.yml` says what each heading means.
Licence: the municipality's own data.

A readings file covers the period in its name, so a corrected month replaces the first.
"""

from connectors.base import Source, Stream, same

SOURCE = Source(
    name="energy",
    family="energy",
    streams=(
        Stream(
            name="meters",
            key=("meter_no",),
            columns=same("meter_no carrier unit property_no building_no"),
            required=("carrier", "unit"),
        ),
        Stream(
            name="readings",
            key=("meter_no", "period"),
            columns=same("meter_no period quantity unit"),
            load_kind="window",
            required=("quantity", "unit"),
            numbers=("quantity",),
            dates=("period",),
            profile={
                "window": r"(?P<year>\d{4})(?:-?(?P<month>\d{2}))?",
                "date_formats": ("%Y-%m", "%m-%Y", "%Y%m", "%Y-%m-%d", "%d-%m-%Y"),
            },
        ),
    ),
)
