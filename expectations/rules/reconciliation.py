"""Every krone is accounted for: measures against accepted postings."""

from expectations.rule import Rule

UNMAPPED_PCT = 25
ANY_MONEY = """
    select exists (select from audit.fct_cost_reconciliation)
        or exists (select from gate_sums where kind = 'cost')
"""

# A krone lost between postings and measures is a fault of the pipeline, not of one municipality's data: it stops the
# edition. Cost measures of a year that no accepted posting explains are such a fault too.
RECONCILIATION = Rule(
    name="reconciliation",
    title="Measures sum to the accepted postings, to the oere",
    severities=frozenset({"stop"}),
    applies=ANY_MONEY,
    query="""
        with money as (
            select municipality_code, year, sum(amount) as dkk
            from gate_sums
            where kind = 'cost'
            group by municipality_code, year
        ),
        explained as (
            select municipality_code, year, sum(accepted_dkk) as dkk
            from audit.fct_cost_reconciliation
            group by municipality_code, year
        )
        select municipality_code, 'general' as topic, year, 'function ' || coalesce(function_code, 'unknown') as key,
            difference_dkk is distinct from 0 as is_failed,
            'stop' as severity,
            difference_dkk || ' DKK between postings and measures' as observed,
            '0.00 DKK' as expected,
            'report it: the pipeline lost or doubled money' as advice
        from audit.fct_cost_reconciliation
        union all
        select municipality_code, 'general', year, 'all functions',
            coalesce(m.dkk, 0) <> coalesce(e.dkk, 0),
            'stop',
            coalesce(m.dkk, 0) || ' DKK in measures',
            coalesce(e.dkk, 0) || ' DKK in accepted postings',
            'report it: the pipeline lost or doubled money'
        from money m
        full join explained e using (municipality_code, year)
    """,
)

UNMAPPED_SHARE = Rule(
    name="unmapped_share",
    title=f"At most {UNMAPPED_PCT} pct of a year's money is without an account rule",
    severities=frozenset({"warning"}),
    applies="select exists (select from audit.fct_cost_reconciliation)",
    query=f"""
        with shares as (
            select municipality_code, year,
                100 * sum(abs(unmapped_dkk)) / nullif(sum(abs(mapped_dkk) + abs(unmapped_dkk)), 0) as pct
            from audit.fct_cost_reconciliation
            group by municipality_code, year
        )
        select municipality_code, 'general' as topic, year, 'unmapped money' as key,
            coalesce(pct > {UNMAPPED_PCT}, false) as is_failed,
            'warning' as severity,
            round(pct, 1) || ' pct without an account rule' as observed,
            'at most {UNMAPPED_PCT} pct' as expected,
            'add rules to account_rules.csv of the municipality' as advice
        from shares
    """,
)
