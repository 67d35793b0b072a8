"""Costs: what is left of operation, and property cost against the accounts' total of each function."""

from expectations.rule import Rule

# C_DRIFT (operation) is these and nothing else; tests hold them against the register.
ENERGY = ("C_EL", "C_VARME", "C_KOEL")
CLEANING = ("C_RENG",)
REST = ("C_VAND", "C_TERRAEN", "C_AFFALD", "C_OEVR")
REPORTED_PCT, NOT_PLACED_PCT = 1, 5
# Investment is of no property as long as it is one project for several.
NOT_COMPARED = ("C_IKKE", "C_UMAPPED", "C_ANLAEG")


def _listed(codes: tuple[str, ...]) -> str:
    return ", ".join(f"'{code}'" for code in codes)


REST_ITEM = Rule(
    name="rest_item",
    title="Operation without energy and cleaning is not negative",
    severities=frozenset({"warning"}),
    final={"warning": "hold"},
    applies=f"select exists (select from gate_sums where measure_code in ({_listed(REST)}))",
    query=f"""
        select municipality_code, topic, year, 'rest of operation of ' || use_category as key,
            sum(amount) < 0 as is_failed,
            'warning' as severity,
            round(sum(amount)) || ' DKK' as observed,
            'at least 0 DKK' as expected,
            'look for income on the accounts of operation, or for a cost that is taken away twice' as advice
        from gate_sums
        where measure_code in ({_listed(REST)})
        group by municipality_code, topic, year, use_category
    """,
)

# What the ledger says a function costs in property, against what stands on properties. Money that no rule knows is told
# by unmapped_share.
PROPERTY_COST = Rule(
    name="property_cost",
    title=(
        f"Per function, what is on properties is the accounts' property cost: told from {REPORTED_PCT} pct off, warned "
        f"from {NOT_PLACED_PCT} pct"
    ),
    severities=frozenset({"info", "warning"}),
    final={"info": "warning", "warning": "hold"},
    applies="select exists (select from gate_sums where kind = 'cost' and measure_code not in "
    f"({_listed(NOT_COMPARED)}))",
    query=f"""
        with parts as (
            select c.municipality_code, c.year, c.function_code, c.property_id is not null as is_placed,
                sum(c.amount) as dkk
            from intermediate.int_costs__allocated c
            join register.measures r using (measure_code)
            where r.kind = 'cost' and c.measure_code not in ({_listed(NOT_COMPARED)})
            group by c.municipality_code, c.year, c.function_code, c.property_id is not null
        ),
        functions as (
            select municipality_code, year, function_code, sum(dkk) as dkk,
                coalesce(sum(dkk) filter (where is_placed), 0) as placed_dkk
            from parts
            group by municipality_code, year, function_code
        ),
        compared as (
            select *, round(100 * abs(dkk - placed_dkk) / nullif(abs(dkk), 0), 1) as pct
            from functions
            where dkk <> 0 or placed_dkk <> 0
        )
        select municipality_code, 'general' as topic, year, 'function ' || coalesce(function_code, 'unknown') as key,
            coalesce(pct > {REPORTED_PCT}, true) as is_failed,
            case when pct <= {NOT_PLACED_PCT} then 'info' else 'warning' end as severity,
            round(placed_dkk) || ' DKK on properties, ' || coalesce(pct || ' pct', 'all') || ' off' as observed,
            round(dkk) || ' DKK of property cost in the accounts' as expected,
            'tie its cost units to properties in property_links.csv, or share them with a split key' as advice
        from compared
    """,
)
