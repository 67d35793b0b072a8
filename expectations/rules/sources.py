"""Sources that have delivered nothing new for long."""

from expectations.rule import Rule

# Days after which figures of a source are old, by the beginning of its name; alerts (warehouse/alerts) ask a person to
# look long before. Start values: a quarter for what comes monthly, half a year for registers, 15 months for what comes
# once a year.
MOST_DAYS = {
    "ledger_": 100,
    "energy": 100,
    "eloverblik": 100,
    "ek109": 100,
    "fm_": 190,
    "bbr": 190,
    "dar": 190,
    "mat": 190,
    "": 460,
}
LIMITS = ", ".join(f"('{prefix}', {days})" for prefix, days in MOST_DAYS.items())

# Counted to the day of the build, so that an old candidate is judged alike on every day. What comes for the whole
# country (0000) is a source of every municipality that has none of its own.
FRESHNESS = Rule(
    name="freshness",
    title="Every source has brought something new lately",
    severities=frozenset({"warning"}),
    applies="""
        select exists (select from ops.deliveries where state = 'landed')
            and exists (select from audit.fct_key_figures)
    """,
    query=f"""
        with newest as (
            select municipality_code, source, max(landed_at) as landed_at
            from ops.deliveries
            where state in ('landed', 'superseded')
            group by municipality_code, source
        ),
        scopes as (
            select municipality_code, max(year) as year from audit.fct_key_figures group by municipality_code
        ),
        of_municipality as (
            select s.municipality_code, s.year, n.source, max(n.landed_at) as landed_at
            from scopes s
            join newest n on n.municipality_code in (s.municipality_code, '0000')
            group by s.municipality_code, s.year, n.source
        ),
        aged as (
            select o.*, cast(c.started_at as date) - cast(o.landed_at as date) as days,
                (
                    select l.days from (values {LIMITS}) l (prefix, days)
                    where starts_with(o.source, l.prefix) order by length(l.prefix) desc limit 1
                ) as most_days
            from of_municipality o
            join ops.candidates c on c.candidate_id = %(candidate_id)s
        )
        select municipality_code, 'general' as topic, year, 'source ' || source as key,
            days > most_days as is_failed,
            'warning' as severity,
            days || ' days since it brought something new' as observed,
            'at most ' || most_days || ' days' as expected,
            'see with `ejendomstal status` whether it is pulled, and ask who delivers it' as advice
        from aged
    """,
)
