"""Families of key figures against start bands, for the municipality and for each use category.

The register bounds a municipality's value; a use category in it can be wrong and vanish in the sum. Bands are start
values, to be replaced by those of the collaboration: Norwegian limits (KOSTRA, FDV norms) as a share of the Norwegian
mean, times the Danish mean (KL 2015: operation 317 DKK/m2, cleaning 150 DKK/m2, 27 kWh electricity and 93 kWh heat per
m2; with 1.50 DKK and 0.70 DKK per kWh that is about 105 DKK/m2 of energy).
"""

from expectations.rule import Rule, Severity
from expectations.rules.figures import FIGURES_OF_ALL_LEVELS

# Norway: at least 200 of 739 NOK/m2. The high end is a fault of booking or unit, not a dear building.
OPERATION = "GEN-04"
OPERATION_DKK_M2 = (85, 1500)
# Norway: at least 40 of 144 NOK/m2.
ENERGY_COST = "GEN-12"
LEAST_ENERGY_DKK_M2 = 30
# As in Norway, for heat and electricity together.
ENERGY_USE = "GEN-17"
ENERGY_KWH_M2 = (50, 500)
# Norway: at least 50 of 182 NOK/m2 (seen: 2 NOK/m2, booked elsewhere).
CLEANING = "GEN-10"
LEAST_CLEANING_DKK_M2 = 40
MAINTENANCE = "VED-01"


def _applies(codes: str) -> str:
    return f"select exists (select from audit.fct_key_figures where key_figure_code in ({codes}) and value is not null)"


def _within(bands: dict[str, tuple[float, float | None]], severity: Severity, advice: str) -> str:
    """Values of key figures within their bands; an open end is None."""
    values = ", ".join(
        f"('{code}', {low}, {'cast(null as numeric)' if high is None else high})" for code, (low, high) in bands.items()
    )
    return f"""
        with {FIGURES_OF_ALL_LEVELS}
        select f.municipality_code, f.topic, f.year, f.key,
            not f.is_withheld and (f.value < b.low or coalesce(f.value > b.high, false)) as is_failed,
            '{severity}' as severity,
            round(f.value, 2) || ' ' || f.unit as observed,
            case when b.high is null then 'at least ' || b.low else b.low || ' to ' || b.high end || ' ' || f.unit
                as expected,
            '{advice}' as advice
        from figures f
        join (values {values}) b (key_figure_code, low, high) using (key_figure_code)
    """


OPERATION_BAND = Rule(
    name="operation_band",
    title=f"Operation costs {OPERATION_DKK_M2[0]} to {OPERATION_DKK_M2[1]} DKK per m2",
    severities=frozenset({"warning"}),
    applies=_applies(f"'{OPERATION}'"),
    query=_within(
        {OPERATION: OPERATION_DKK_M2},
        "warning",
        "look for operation that is booked elsewhere, or for cost of another kind, in the account rules",
    ),
    flags_figures=True,
)
ENERGY_BAND = Rule(
    name="energy_band",
    title=(
        f"Energy costs at least {LEAST_ENERGY_DKK_M2} DKK per m2, and its use is {ENERGY_KWH_M2[0]} to "
        f"{ENERGY_KWH_M2[1]} kWh per m2"
    ),
    severities=frozenset({"warning"}),
    applies=_applies(f"'{ENERGY_COST}', '{ENERGY_USE}'"),
    query=_within(
        {ENERGY_COST: (LEAST_ENERGY_DKK_M2, None), ENERGY_USE: ENERGY_KWH_M2},
        "warning",
        "look for meters or invoices that are missing or tied to another property",
    ),
    flags_figures=True,
)
CLEANING_BAND = Rule(
    name="cleaning_band",
    title=f"Cleaning costs at least {LEAST_CLEANING_DKK_M2} DKK per m2",
    severities=frozenset({"warning"}),
    applies=_applies(f"'{CLEANING}'"),
    query=_within(
        {CLEANING: (LEAST_CLEANING_DKK_M2, None)},
        "warning",
        "look for cleaning that is booked elsewhere, often with the wages of an institution",
    ),
    flags_figures=True,
)
# Income booked on maintenance, or a reversal whose posting was made in another year.
MAINTENANCE_NEGATIVE = Rule(
    name="maintenance_negative",
    title="Maintenance costs are not negative",
    severities=frozenset({"warning"}),
    final={"warning": "hold"},
    applies=_applies(f"'{MAINTENANCE}'"),
    query=_within({MAINTENANCE: (0, None)}, "warning", "look for income or reversals on the accounts of maintenance"),
    flags_figures=True,
)
# What the register bounds by 0 and 100: the part lies in the whole. Other percentages have bounds of their own.
PERCENT = Rule(
    name="percent",
    title="A share is 0 to 100 per cent",
    severities=frozenset({"hold"}),
    applies="""
        select exists (
            select from audit.fct_key_figures join register.key_figures r using (key_figure_code, version)
            where value is not null and r.unit = '%%' and r.bound_low = 0 and r.bound_high = 100
        )
    """,
    query=f"""
        with {FIGURES_OF_ALL_LEVELS}
        select f.municipality_code, f.topic, f.year, f.key,
            not f.is_withheld and (f.value < 0 or f.value > 100) as is_failed,
            'hold' as severity,
            round(f.value, 2) || ' %%' as observed,
            '0 to 100 %%' as expected,
            'the part is larger than the whole, or negative: have one of the two corrected' as advice
        from figures f
        join register.key_figures r using (key_figure_code, version)
        where r.unit = '%%' and r.bound_low = 0 and r.bound_high = 100
    """,
)
