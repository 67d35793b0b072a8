"""Readings of heat, water and other meters in KMD's exchange format EK109, by file drop.

Owner: the utility that delivers; the readings are the municipality's.
Documentation: none public; the format as received by municipalities (data sets that open with `#`, triples of art,
value and unit), its code lists as used in KMD EnergyKey.
Licence: the municipality's own data. The note of a reading is free text and is never let in.

Files add to each other: one covers whatever the utility read since the last, and a reading that comes again replaces
the first. The day in the name `<Kommune>-EK109-<yyyymmddThhmmss>.csv` says when it was sent.
"""

from connectors.base import Source, Stream, same
from connectors.ek109.parse import convert_data_sets

CONVERTERS = dict.fromkeys((".csv", ".txt"), convert_data_sets)

SOURCE = Source(
    name="ek109",
    family="energy",
    streams=(
        Stream(
            name="readings",
            key=("meter_no", "energy_code", "read_at", "art_code", "type_code"),
            columns=same(
                "line_no installation_no meter_no energy_code read_at valid_from art_code art_name type_code value "
                "unit is_zero_line"
            ),
            load_kind="delta",
            numbers=("value",),
            holds_personal_data=True,
            profile={"window": r"EK109-(?P<year>20\d{2})(?P<month>\d{2})(?P<day>\d{2})", "decimal": "."},
            converters=CONVERTERS,
        ),
    ),
)
