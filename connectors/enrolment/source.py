"""Pupils per school and children per day-care institution on a count date.

Owner: the municipality; counts are those of its school and day-care administration (5 September, 1 October or the
municipality's own date).
Documentation: none in common; the municipality's `sources.yml` says what each heading means.
Licence: the municipality's own data; numbers only, no persons.
"""

from connectors.base import Source, Stream, same

SOURCE = Source(
    name="enrolment",
    family="statistics",
    streams=(
        Stream(
            name="pupils",
            key=("institution_no", "count_date"),
            columns=same("institution_no institution_name count_date pupils"),
            required=("pupils",),
            numbers=("pupils",),
            dates=("count_date",),
        ),
        Stream(
            name="children",
            key=("institution_no", "count_date"),
            columns=same("institution_no institution_name count_date children"),
            required=("children",),
            numbers=("children",),
            dates=("count_date",),
        ),
    ),
)
