"""Definitions that are too young to be relied on."""

from expectations.rule import Rule
from expectations.rules.figures import ANY_FIGURE_WITH_VALUE

# As in fct_key_figures, which gives such values status u.
YOUNG_YEARS = 2

DEFINITION_AGE = Rule(
    name="definition_age",
    title=f"A definition is {YOUNG_YEARS} years old, or adopted",
    severities=frozenset({"info"}),
    final={"info": "warning"},
    applies=ANY_FIGURE_WITH_VALUE,
    query=f"""
        select k.municipality_code, k.topic, k.year, k.key_figure_code || ' ' || k.level as key,
            k.year < r.valid_from + {YOUNG_YEARS} and r.adoption_state <> 'adopted' as is_failed,
            'info' as severity,
            'valid from ' || r.valid_from || ', ' || r.adoption_state as observed,
            'adopted, or valid since ' || k.year - {YOUNG_YEARS} as expected,
            'have the municipalities adopt the definition; until then the value has status u' as advice
        from audit.fct_key_figures k
        join register.key_figures r using (key_figure_code, version)
        where k.level = 'municipality' and k.value is not null
    """,
)
