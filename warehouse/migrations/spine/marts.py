"""Schema marts: views over what the pointers name. They check the rights of the reader."""

from alembic import op
from sqlalchemy import text

POINTED = ("key_figures", "measures", "coverage", "measure_deliveries")
PROPERTY_MODEL = {"dim_municipalities": "municipalities", "dim_properties": "properties", "dim_buildings": "buildings"}


def _view(name: str, table: str, *, drop: set[str]) -> str:
    columns = [
        row[0]
        for row in op.get_bind().execute(
            text(
                "select column_name from information_schema.columns "
                "where table_schema = 'published' and table_name = :table order by ordinal_position"
            ),
            {"table": table},
        )
        if row[0] not in drop
    ]
    shown = ", ".join(f"t.{column}" for column in columns)
    return (
        f"create view marts.{name} with (security_invoker = true) as select {shown}, p.published_at "
        f"from published.{table} t join published.pointers p "
        f"using (municipality_code, topic, year, edition_id)"
    )


def create_marts() -> None:
    """Create the views and the function that answers for any date."""
    for table in POINTED:
        op.execute(_view(table, table, drop=set()))
    for view, table in PROPERTY_MODEL.items():
        op.execute(_view(view, table, drop={"topic", "year"}))
    op.execute("create view marts.revisions with (security_invoker = true) as select * from published.revisions")
    op.execute(
        "create view marts.editions with (security_invoker = true) as "
        "select edition_id, kind, published_at, note from published.editions"
    )
    op.execute(
        "create view marts.dim_key_figures with (security_invoker = true) as "
        "select key_figure_code, version, topic, name_da, name_en, unit, scale, direction, levels, bound_low, "
        "bound_high, largest_change_pct, coverage_needed_pct, adoption_state, adopted_on, valid_from, valid_to, "
        "is_break, formula, definition_source from register.key_figures"
    )
    # Bodies in standard SQL are bound when they are created: a reader needs no rights on the schemas behind them.
    op.execute(
        """
        create function marts.key_figures_as_of(as_of timestamptz)
        returns setof marts.key_figures language sql stable security invoker
        begin atomic
            select k.edition_id, k.municipality_code, k.topic, k.year, k.level, k.key_figure_code, k.version,
                k.numerator, k.denominator, k.value, k.unit, k.status_code, k.flags, k.coverage_pct, k.n_units,
                k.reason, s.published_at
            from published.key_figures k
            join (
                select municipality_code, topic, year, max(edition_id) as edition_id, max(published_at) as published_at
                from published.scope_editions
                where published_at <= as_of
                group by municipality_code, topic, year
            ) s using (municipality_code, topic, year, edition_id);
        end
        """
    )
    op.execute(
        """
        create view marts.gate_verdicts with (security_invoker = true) as
        select r.municipality_code, r.topic, r.year, r.verdict, r.reason, r.rules_failed, r.decided_at
        from ops.gate_results r
        where r.candidate_id = (select max(c.candidate_id) from ops.gate_results c)
        """
    )
    op.execute(
        "comment on view marts.gate_verdicts is 'One row per municipality, topic and year: the latest verdict, "
        "so that a reader sees why a figure is missing or flagged.'"
    )
