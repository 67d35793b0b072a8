"""Factors that are the same for all municipalities: degree days, price and wage index, emission factors, replacement
values.

Owner: whoever published the figures (DMI, KL, Energinet, a heat supplier, a price book): `source_name` says who.
Documentation: none in common; there is no API. A person writes a small file from what was published.
Licence: that of the publisher.

A file adds to what is there and replaces nothing, so every `vintage` (when or as what the publisher issued it) is kept:
later ones revise earlier ones, and figures computed with the old one can be computed again. Sources are never mixed:
degree days of one method with the normal year of another give nonsense (normal years run from 2,500 to 3,175), so
`source_name` and `vintage` are part of every key. The file's name says the day, month or year it was written.

degree_days: `area` is a station or region; `is_normal_year` is 1 for the normal year and 0 for a real one; `month` 1 to
12, or 0 for the sum of the year. price_index: `pct` from one year to the next per art group, KL's pris- og lønskøn.
emission_factors: `area` is a region or the network of a supplier.
"""

from connectors.base import Source, Stream, same

# 2026-11-24, 2026-11 or 2026
WRITTEN = r"(?P<year>20\d{2})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?"


def _factors(name: str, key: str, number: str, years: tuple[str, ...]) -> Stream:
    identity = f"source_name vintage {key}"
    return Stream(
        name=name,
        key=tuple(identity.split()),
        columns=same(f"{identity} {number}"),
        load_kind="delta",
        required=(number,),
        numbers=(number,),
        years=years,
        profile={"window": WRITTEN},
    )


SOURCE = Source(
    name="factors",
    family="statistics",
    scope="national",
    streams=(
        _factors("degree_days", "area year month is_normal_year", "degree_days", ("year",)),
        _factors("price_index", "art_group year_from year_to", "pct", ("year_from", "year_to")),
        _factors("emission_factors", "carrier area year method", "kg_co2e_per_kwh", ("year",)),
        _factors("replacement_values", "use_category price_year", "dkk_per_m2", ("price_year",)),
    ),
)
