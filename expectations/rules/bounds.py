"""Key figures against the bounds of the register."""

from expectations.rule import Rule
from expectations.rules.figures import ANY_FIGURE_WITH_VALUE, FIGURES

QUERY = f"""
with {FIGURES}
select f.municipality_code, f.topic, f.year, f.key_figure_code || ' ' || f.level as key,
    not f.is_withheld and (
        coalesce(f.value < r.bound_low, false) or coalesce(f.value > r.bound_high, false)
    ) as is_failed,
    r.bounds_severity as severity,
    round(f.value, 2) || ' ' || f.unit as observed,
    case
        when r.bound_high is null then 'at least ' || r.bound_low
        when r.bound_low is null then 'at most ' || r.bound_high
        else r.bound_low || ' to ' || r.bound_high
    end || ' ' || f.unit as expected,
    'find the property behind it with explain and have cost or area corrected' as advice
from figures f
join register.key_figures r using (key_figure_code, version)
where f.value is not null
"""

BOUNDS = Rule(
    name="bounds",
    title="A key figure lies within the bounds of the register",
    severities=frozenset({"info", "warning", "hold"}),
    applies=ANY_FIGURE_WITH_VALUE,
    query=QUERY,
    flags_figures=True,
)
