"""Key figures of the candidate, each with whether it sums an input that a rule before has withheld."""

# Bounds and largest changes are said of a municipality's value: a use category in it is not judged by them.
# withheld_topics: the topics that hold such an input. A figure of the same topic is held with it and judged as usual;
# a figure of another topic is published without its value, so its number must not hold that topic too.
FIGURES = """
withheld_figures as (
    select distinct w.municipality_code, w.year, w.topic as input_topic, s.key_figure_code, s.version
    from ops.withheld_inputs w
    join register.key_figure_term_scopes s
        on s.component_code = w.measure_code and s.use_category = w.use_category
    where w.candidate_id = %(candidate_id)s
),
figures as (
    select k.municipality_code, k.topic, k.year, k.level, k.key_figure_code, k.version, k.value, k.unit,
        exists (
            select from withheld_figures w
            where w.municipality_code = k.municipality_code and w.year = k.year
                and w.key_figure_code = k.key_figure_code and w.version = k.version
        ) as sums_withheld,
        exists (
            select from withheld_figures w
            where w.municipality_code = k.municipality_code and w.year = k.year
                and w.key_figure_code = k.key_figure_code and w.version = k.version and w.input_topic <> k.topic
        ) as is_withheld
    from audit.fct_key_figures k
    where k.level = 'municipality'
)
"""

# The same of every level: a use category is withheld by its own inputs, and by those of the whole municipality.
FIGURES_OF_ALL_LEVELS = """
withheld_figures as (
    select distinct w.municipality_code, w.year, s.use_category, s.key_figure_code, s.version
    from ops.withheld_inputs w
    join register.key_figure_term_scopes s
        on s.component_code = w.measure_code and s.use_category = w.use_category
    where w.candidate_id = %(candidate_id)s
),
figures as (
    select k.municipality_code, k.topic, k.year, k.level, k.key_figure_code, k.version, k.numerator, k.denominator,
        k.value, k.unit,
        k.key_figure_code || ' ' || case k.level when 'municipality' then k.level else k.use_category end as key,
        exists (
            select from withheld_figures w
            where w.municipality_code = k.municipality_code and w.year = k.year
                and w.key_figure_code = k.key_figure_code and w.version = k.version
                and (k.level = 'municipality' or w.use_category in (k.use_category, 'none'))
        ) as is_withheld
    from audit.fct_key_figures k
    where k.value is not null
)
"""

ANY_FIGURE_WITH_VALUE = "select exists (select from audit.fct_key_figures where value is not null)"
