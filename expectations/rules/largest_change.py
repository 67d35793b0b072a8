"""Key figures against last year's value, with the largest change of the register."""

from expectations.rule import Rule
from expectations.rules.figures import ANY_FIGURE_WITH_VALUE, FIGURES

# Every value is looked at, so a first year counts as checked; there is nothing it could differ from. Last year's value
# is no measure of this one when it sums a withheld input, or when a new version broke the series.
QUERY = f"""
with {FIGURES},
compared as (
    select f.*, r.largest_change_pct, r.largest_change_severity,
        case when not p.sums_withheld and not (p.version <> f.version and r.is_break) then p.value end as last_value
    from figures f
    join register.key_figures r using (key_figure_code, version)
    left join figures p
        on p.municipality_code = f.municipality_code and p.level = f.level
        and p.key_figure_code = f.key_figure_code and p.year = f.year - 1
    where f.value is not null
)
select municipality_code, topic, year, key_figure_code || ' ' || level as key,
    not is_withheld and coalesce(
        abs(value / nullif(last_value, 0) - 1) * 100 > largest_change_pct, false
    ) as is_failed,
    largest_change_severity as severity,
    round(value, 2) || ' ' || unit as observed,
    'at most ' || largest_change_pct || ' pct from ' || round(last_value, 2) || ' ' || unit as expected,
    'ask the owner of the data what changed, and have the delivery corrected if nothing did' as advice
from compared
"""

LARGEST_CHANGE = Rule(
    name="largest_change",
    title="A key figure has not changed more from last year than the register allows",
    severities=frozenset({"info", "warning", "hold"}),
    applies=ANY_FIGURE_WITH_VALUE,
    query=QUERY,
    flags_figures=True,
)
