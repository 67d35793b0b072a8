"""Key figures that lose their value because another topic holds one of their inputs."""

from expectations.rule import Rule
from expectations.rules.figures import ANY_FIGURE_WITH_VALUE, FIGURES

WITHHELD = Rule(
    name="withheld",
    title="A key figure sums no input that another topic holds",
    severities=frozenset({"warning"}),
    applies=ANY_FIGURE_WITH_VALUE,
    query=f"""
        with {FIGURES}
        select municipality_code, topic, year, key_figure_code || ' ' || level as key,
            is_withheld as is_failed,
            'warning' as severity,
            'an input of it is held in another topic' as observed,
            'inputs that can be relied on' as expected,
            'it is published without a value until the held topic is mended' as advice
        from figures
        where value is not null
    """,
)
