"""Key figures without a value, and topics without any."""

from expectations.rule import Rule

# Always true: a candidate without a single key figure is itself a failure that no other rule would show.
ALWAYS = "select true"

COVERAGE = Rule(
    name="coverage",
    title="Every key figure has the inputs it needs",
    severities=frozenset({"warning"}),
    applies=ALWAYS,
    query="""
        select municipality_code, topic, year, key_figure_code || ' ' || level as key,
            status_code = 'x' as is_failed,
            'warning' as severity,
            coalesce(reason, 'no value') as observed,
            'every input of the key figure' as expected,
            'deliver the missing input, or tie it to its property in property_links.csv' as advice
        from audit.fct_key_figures
        where level = 'municipality'
    """,
)

ANY_VALUE = Rule(
    name="any_value",
    title="A topic and year has at least one value to publish",
    severities=frozenset({"hold"}),
    applies=ALWAYS,
    query="""
        select municipality_code, topic, year, 'all key figures' as key,
            count(value) = 0 as is_failed,
            'hold' as severity,
            'no value in ' || count(*) || ' key figures' as observed,
            'at least one value' as expected,
            coalesce('deliver what is missing (' || min(reason) || ')', 'deliver what is missing') as advice
        from audit.fct_key_figures
        where level = 'municipality'
        group by municipality_code, topic, year
    """,
)
