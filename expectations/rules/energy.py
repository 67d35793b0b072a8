"""Energy: what a kWh costs, and quantities against the meters they are summed of."""

from expectations.rule import Rule

IMPLICIT_PRICE_FIGURE = "GEN-18"
# DKK per kWh of all energy. Start values: Norway has 0.5 to 3.0; Danish district heating is cheaper than electricity
# heat, so the low end is lower.
PRICE_DKK_KWH = (0.4, 3.0)
# Quantities that come from meters and from nowhere else.
METERED = ("Q_EL", "Q_EL_EGEN", "Q_VARME", "Q_KOEL", "Q_VAND")
# Shares of a meter are rounded.
ROUNDING = 0.01

# The country stops the edition only when it is still off without the municipality that is furthest off: one alone must
# not stop the others. What a rule before withholds is not summed.
IMPLICIT_PRICE = Rule(
    name="implicit_price",
    title=f"A kWh costs {PRICE_DKK_KWH[0]} to {PRICE_DKK_KWH[1]} DKK, in a municipality and in the country",
    severities=frozenset({"warning", "stop"}),
    applies=f"""
        select exists (
            select from audit.fct_key_figures
            where key_figure_code = '{IMPLICIT_PRICE_FIGURE}' and level = 'municipality' and value is not null
        )
    """,
    query=f"""
        with prices as (
            select k.municipality_code, k.topic, k.year, k.numerator as dkk, k.denominator as kwh
            from audit.fct_key_figures k
            where k.key_figure_code = '{IMPLICIT_PRICE_FIGURE}' and k.level = 'municipality' and k.value is not null
                and not exists (
                    select from ops.withheld_inputs w
                    join register.key_figure_term_scopes s
                        on s.component_code = w.measure_code and s.use_category = w.use_category
                    where w.candidate_id = %(candidate_id)s and w.municipality_code = k.municipality_code
                        and w.year = k.year and s.key_figure_code = k.key_figure_code and s.version = k.version
                )
        ),
        summed as (
            select *, sum(dkk) over of_year as all_dkk, sum(kwh) over of_year as all_kwh
            from prices
            window of_year as (partition by topic, year)
        ),
        judged as (
            select municipality_code, topic, year, '{IMPLICIT_PRICE_FIGURE} municipality' as key, dkk / kwh as price,
                dkk / kwh not between {PRICE_DKK_KWH[0]} and {PRICE_DKK_KWH[1]} as is_failed, 'warning' as severity
            from summed
            union all
            select '0000', topic, year, '{IMPLICIT_PRICE_FIGURE} country', max(all_dkk / all_kwh),
                count(*) > 1
                and bool_and(all_dkk / all_kwh not between {PRICE_DKK_KWH[0]} and {PRICE_DKK_KWH[1]})
                and bool_and(
                    coalesce((all_dkk - dkk) / nullif(all_kwh - kwh, 0)
                        not between {PRICE_DKK_KWH[0]} and {PRICE_DKK_KWH[1]}, false)
                ),
                'stop'
            from summed
            group by topic, year
        )
        select municipality_code, topic, year, key, is_failed, severity,
            round(price, 2) || ' DKK/kWh' as observed,
            '{PRICE_DKK_KWH[0]} to {PRICE_DKK_KWH[1]} DKK/kWh' as expected,
            'compare invoices and meters: one of them is incomplete or in another unit' as advice
        from judged
    """,
    flags_figures=True,
)

CARRIER_SUM = Rule(
    name="carrier_sum",
    title="A metered quantity is the sum of its meters over all carriers",
    severities=frozenset({"hold"}),
    applies=f"select exists (select from audit.fct_meter_quantities where measure_code in {METERED})",
    query=f"""
        with stated as (
            select municipality_code, topic, year, use_category, measure_code, sum(amount) as amount
            from gate_sums
            where measure_code in {METERED}
            group by municipality_code, topic, year, use_category, measure_code
        ),
        parts as (
            select municipality_code, topic, year, use_category, measure_code, sum(amount) as amount,
                string_agg(distinct carrier, ', ') as carriers
            from audit.fct_meter_quantities
            where measure_code in {METERED}
            group by municipality_code, topic, year, use_category, measure_code
        )
        select municipality_code, topic, year, measure_code || ' of ' || use_category as key,
            abs(coalesce(s.amount, 0) - coalesce(p.amount, 0)) > {ROUNDING} as is_failed,
            'hold' as severity,
            round(coalesce(s.amount, 0)) || ' in total' as observed,
            round(coalesce(p.amount, 0)) || ' as the sum of ' || coalesce(p.carriers, 'no meter') as expected,
            'report it: meters were lost or counted twice on their way into the measure' as advice
        from stated s
        full join parts p using (municipality_code, topic, year, use_category, measure_code)
    """,
)
