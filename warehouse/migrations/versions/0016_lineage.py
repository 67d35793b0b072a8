"""From a published figure to its terms, to meters and posting keys, and to the posting lines of the ledger.

Revision ID: 0016
Revises: 0015
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

DIMENSIONS = (
    "account",
    "function_code",
    "dranst",
    "ownership_code",
    "grouping_code",
    "art_code",
    "psp_element",
    "cost_centre",
    "profit_centre",
    "project_no",
    "department",
    "carrier",
    "purpose",
)
# Not where its bytes are, and not why one was rejected.
DELIVERY_COLUMNS = (
    "delivery_id, municipality_code, source, stream, file_name, window_from, window_to, state, row_count, landed_at"
)
SCOPE = """
    edition_id bigint not null,
    municipality_code text not null,
    topic text not null,
    year integer not null,
"""
# The audit models carry the same columns in the same order, without edition_id.
TABLES = {
    "cost_keys": f"""
        {SCOPE}
        destination_id text not null,
        posting_key_id text not null,
        delivery_id bigint not null,
        rule_no integer not null,
        measure_code text not null,
        tags text not null,
        source text not null,
        {" text not null, ".join(DIMENSIONS)} text not null,
        rule_share numeric not null,
        amount_dkk numeric not null,
        postings bigint not null
    """,
    "cost_destinations": f"""
        {SCOPE}
        destination_id text not null,
        property_id text,
        use_category text not null,
        tenure text not null,
        share numeric not null
    """,
    "meter_quantities": f"""
        {SCOPE}
        property_id text,
        building_id text,
        use_category text not null,
        tenure text not null,
        measure_code text not null,
        source text not null,
        meter_id text not null,
        carrier text not null,
        place_method text not null,
        days integer,
        share numeric not null,
        amount numeric,
        status_code text not null,
        kg_co2e_per_kwh numeric,
        renewable_share numeric not null,
        delivery_id bigint,
        source_rows bigint
    """,
}
COMMENTS = {
    "cost_keys": "One row per edition, topic, year, posting key, delivery and row of its rule.",
    "cost_destinations": "One row per edition, topic, year, destination of money, property, use category and tenure.",
    "meter_quantities": "One row per edition, year, meter, property, building, use category and tenure.",
}
POINTED = "join published.pointers p using (municipality_code, topic, year, edition_id)"
VIEWS = {
    # A measure of the whole municipality is tied to no use category and counts in full at each.
    "lineage_terms": """
        select f.municipality_code, f.topic, f.year, f.level, f.use_category as figure_use_category,
            f.key_figure_code, f.version, s.part, s.term_no, t.weight, m.measure_code, m.property_id, m.building_id,
            m.use_category, m.tenure, m.unit, m.amount as measure_amount, t.weight * m.amount as amount, m.status_code
        from marts.key_figures f
        join register.key_figure_term_scopes s using (key_figure_code, version)
        join register.key_figure_terms t using (key_figure_code, version, part, term_no)
        join register.measures d on d.measure_code = s.component_code
        join marts.measures m
            on m.municipality_code = f.municipality_code and m.year = f.year and m.measure_code = s.component_code
            and m.use_category = s.use_category and m.tenure = s.tenure
        where s.part in (
                'numerator',
                case when 'fallback_denominator' = any (string_to_array(f.flags, ',')) then 'fallback_denominator'
                else 'denominator' end
            )
            and (f.level = 'municipality' or m.use_category = f.use_category or d.grain = 'municipality')
    """,
    "lineage_costs": f"""
        select d.municipality_code, d.topic, d.year, d.property_id, d.use_category, d.tenure, m.measure_code,
            k.posting_key_id, k.delivery_id, k.rule_no, k.source, {", ".join(f"k.{name}" for name in DIMENSIONS)},
            k.rule_share * d.share as share, k.amount_dkk * d.share as amount, k.postings, d.edition_id
        from published.cost_destinations d
        {POINTED}
        join published.cost_keys k using (edition_id, municipality_code, topic, year, destination_id)
        cross join lateral (
            select k.measure_code
            union all
            select part.measure_code
            from (
                values ('envelope', 'C_VEDL_UDV'), ('interior', 'C_VEDL_IND'), ('installations', 'C_VEDL_INST'),
                    ('backlog', 'C_EFTERSLAEB')
            ) as part (tag, measure_code)
            where part.tag = any (string_to_array(k.tags, ' '))
        ) m
    """,
    "lineage_meters": f"""
        select t.municipality_code, t.topic, t.year, t.property_id, t.building_id, t.use_category, t.tenure,
            t.measure_code, t.source, t.meter_id, t.carrier, t.place_method, t.days, t.share, t.amount, t.status_code,
            t.kg_co2e_per_kwh, t.renewable_share, t.delivery_id, t.source_rows, t.edition_id
        from published.meter_quantities t
        {POINTED}
    """,
    "deliveries": f"""
        select {DELIVERY_COLUMNS} from ops.deliveries where state in ('landed', 'superseded')
    """,
}
# The body names a table that dbt makes, and makes anew: it is looked up when the function runs. With the rights of the
# owner, for a reader has none on it; a reader can ask for lines of what is published only.
POSTINGS = """
create function marts.lineage_postings(
    of_municipality text, of_year integer, of_measures text[], of_property text default null
)
returns table (
    property_id text, use_category text, tenure text, measure_code text, posting_key_id text, rule_no integer,
    delivery_id bigint, row_no bigint, document_no text, line_no text, posting_date date, account text,
    posted_dkk numeric, share numeric, amount numeric
)
language plpgsql stable security definer set search_path = pg_catalog
as $$
#variable_conflict use_column
begin
    if to_regclass('intermediate.int_postings__unioned') is null then
        return;
    end if;
    return query execute '
        with keys as materialized (
            select * from marts.lineage_costs c
            where c.municipality_code = $1 and c.year = $2 and c.measure_code = any ($3)
                and ($4 is null or c.property_id = $4)
        )
        select k.property_id, k.use_category, k.tenure, k.measure_code, k.posting_key_id, k.rule_no, k.delivery_id,
            l.row_no, l.document_no, l.line_no, l.posting_date, k.account, l.amount_dkk, k.share, l.amount_dkk * k.share
        from (
            select * from intermediate.int_postings__unioned
            where delivery_id in (select delivery_id from keys) and municipality_code = $1 and fiscal_year = $2
        ) l
        join keys k using (delivery_id, posting_key_id)'
    using of_municipality, of_year, of_measures, of_property;
end
$$
"""
ARGUMENTS = "text, integer, text[], text"


def upgrade() -> None:
    for table, columns in TABLES.items():
        op.execute(f"create table published.{table} ({columns})")
        op.execute(f"comment on table published.{table} is '{COMMENTS[table]}'")
        op.execute(f"create index on published.{table} (municipality_code, year, topic, edition_id)")
        op.execute(f"grant select, insert on published.{table} to ejd_publisher")
        op.execute(f"grant select on published.{table} to ejd_analyst")
    op.execute(f"grant select ({DELIVERY_COLUMNS}) on ops.deliveries to ejd_analyst")
    for view, query in VIEWS.items():
        op.execute(f"create view marts.{view} with (security_invoker = true) as {query}")
        op.execute(f"grant select on marts.{view} to ejd_publisher, ejd_analyst")
    # On a server of one's own the owner is no superuser.
    op.execute("grant usage on schema intermediate to current_user")
    op.execute(
        "alter default privileges for role ejd_transformer in schema intermediate grant select on tables "
        "to current_user"
    )
    op.execute(POSTINGS)
    op.execute(f"revoke execute on function marts.lineage_postings({ARGUMENTS}) from public")
    op.execute(f"grant execute on function marts.lineage_postings({ARGUMENTS}) to ejd_publisher, ejd_analyst")


def downgrade() -> None:
    op.execute(f"drop function marts.lineage_postings({ARGUMENTS})")
    op.execute(
        "alter default privileges for role ejd_transformer in schema intermediate revoke select on tables "
        "from current_user"
    )
    for view in VIEWS:
        op.execute(f"drop view marts.{view}")
    op.execute(f"revoke select ({DELIVERY_COLUMNS}) on ops.deliveries from ejd_analyst")
    for table in TABLES:
        op.execute(f"drop table published.{table}")
