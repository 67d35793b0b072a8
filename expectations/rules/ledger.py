"""The ledger: months that are missing, deliveries that came twice, and Statistics Denmark's accounts (REGK31)."""

from expectations.rule import Rule

# Two deliveries of as many postings and the same money to the oere. Fewer postings may be the same by right: a rent.
LEAST_POSTINGS = 20
# REGK31 is in 1,000 DKK and closed later than the ledger. Start values.
REGK31_PCT = 2
REGK31_LEAST_DKK = 10_000
ANY_POSTINGS = "select exists (select from intermediate.int_posting_deliveries__counted where postings > 0)"

# A delivery without a window may hold any month. Of the newest year the months after the last delivered one are yet to
# come, until an edition is to be final.
PERIODS = Rule(
    name="periods",
    title="Every month of a year's ledger is delivered",
    severities=frozenset({"info", "warning"}),
    final={"info": "hold", "warning": "hold"},
    applies=ANY_POSTINGS,
    query="""
        with delivered as (
            select distinct c.municipality_code, c.fiscal_year as year, m.month
            from intermediate.int_posting_deliveries__counted c
            join ops.deliveries d using (delivery_id)
            join generate_series(1, 12) m (month)
                on (d.window_from is null or d.window_from < make_date(c.fiscal_year, m.month, 1) + interval '1 month')
                and (d.window_to is null or d.window_to > make_date(c.fiscal_year, m.month, 1))
            where c.fiscal_year between 1970 and 2100
        ),
        years as (
            select municipality_code, year, max(month) as last_month,
                max(year) over (partition by municipality_code) as last_year
            from delivered
            group by municipality_code, year
        )
        select y.municipality_code, 'general' as topic, y.year,
            'ledger of ' || y.year || '-' || to_char(m.month, 'FM00') as key,
            d.month is null as is_failed,
            case when y.year = y.last_year and m.month > y.last_month then 'info' else 'warning' end as severity,
            'no delivery' as observed,
            'a delivery of postings' as expected,
            'deliver the month, or wait for it' as advice
        from years y
        cross join generate_series(1, 12) m (month)
        left join delivered d on d.municipality_code = y.municipality_code and d.year = y.year and d.month = m.month
    """,
)

DUPLICATES = Rule(
    name="duplicates",
    title="No delivery of postings came twice",
    severities=frozenset({"warning"}),
    final={"warning": "hold"},
    applies=ANY_POSTINGS,
    query=f"""
        with deliveries as (
            select municipality_code, fiscal_year as year, delivery_id, sum(amount_dkk) as dkk,
                sum(postings) as postings
            from intermediate.int_posting_deliveries__counted
            group by municipality_code, fiscal_year, delivery_id
        )
        select municipality_code, 'general' as topic, year, 'delivery ' || delivery_id as key,
            postings >= {LEAST_POSTINGS} and first_id < delivery_id as is_failed,
            'warning' as severity,
            postings || ' postings with the sum of delivery ' || first_id as observed,
            'another sum than every delivery before' as expected,
            'compare the two; withdraw the one that is not its own: `ejendomstal deliveries`' as advice
        from (
            select *, min(delivery_id) over (partition by municipality_code, year, dkk, postings) as first_id
            from deliveries
        ) numbered
    """,
)

# Running accounts (dranst 1), main accounts 0 to 6, without calculated cost. Functions of which the ledger holds
# nothing are left out: what a municipality delivers need not be its whole ledger.
REGK31 = Rule(
    name="regk31",
    title=f"Per function, the ledger is within {REGK31_PCT} pct of Statistics Denmark's REGK31",
    severities=frozenset({"warning"}),
    applies="""
        select exists (
            select from staging.stg_statbank__regk31 s
            join intermediate.int_costs__accepted a
                on a.municipality_code = lpad(s.area_code, 4, '0') and a.year = s.year
                and a.function_code = s.function_code
            where s.art_code = 'TOT' and s.dranst_code = '1' and s.amount_dkk is not null
        )
    """,
    query=f"""
        with published as (
            select lpad(area_code, 4, '0') as municipality_code, year, function_code,
                -- what a municipality pulled itself comes before what was pulled for the whole country
                (array_agg(amount_dkk order by municipality_code = '0000', delivery_id desc))[1] as dkk
            from staging.stg_statbank__regk31
            where area_level = 'municipality' and dranst_code = '1' and art_code = 'TOT' and price_unit_code = 'LOBM'
                and substr(function_code, 1, 1) between '0' and '6' and amount_dkk is not null
            group by lpad(area_code, 4, '0'), year, function_code
        ),
        ledger as (
            select k.municipality_code, k.fiscal_year as year, k.function_code,
                sum(s.amount_dkk * k.rule_share) as dkk
            from intermediate.int_posting_keys__categorised k
            join intermediate.int_postings__summed s using (municipality_code, fiscal_year, posting_key_id)
            join intermediate.int_posting_deliveries__counted c using (delivery_id, fiscal_year)
            where k.dranst = '1' and k.is_in_scope
            group by k.municipality_code, k.fiscal_year, k.function_code
        )
        select municipality_code, 'general' as topic, year, 'function ' || function_code as key,
            abs(l.dkk - p.dkk) > greatest({REGK31_LEAST_DKK}, {REGK31_PCT} / 100.0 * abs(p.dkk)) as is_failed,
            'warning' as severity,
            round(l.dkk) || ' DKK in the ledger' as observed,
            round(p.dkk) || ' DKK in REGK31, at most {REGK31_PCT} pct off' as expected,
            'find what the ledger lacks or has too much: a month, postings without function, a unit' as advice
        from ledger l
        join published p using (municipality_code, year, function_code)
    """,
)
