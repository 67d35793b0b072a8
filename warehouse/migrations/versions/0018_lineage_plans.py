"""Lines behind costs are joined by hash, keys are found by their destination, and publication can renew statistics.

Revision ID: 0018
Revises: 0017
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

SCOPE = "municipality_code, year, topic, edition_id"
HASH_ONLY = "set enable_nestloop = off set enable_mergejoin = off"
# The planner expects one row of keys, for municipality, year and delivery go together, and loops or merges over all of
# them: seen 31 s against 0.2 s for a year of one municipality. Deliveries are an array, which an index finds without a
# loop.
POSTINGS = """
create or replace function marts.lineage_postings(
    of_municipality text, of_year integer, of_measures text[], of_property text default null
)
returns table (
    property_id text, use_category text, tenure text, measure_code text, posting_key_id text, rule_no integer,
    delivery_id bigint, row_no bigint, document_no text, line_no text, posting_date date, account text,
    posted_dkk numeric, share numeric, amount numeric
)
language plpgsql stable security definer set search_path = pg_catalog {settings}
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
            where {deliveries} and municipality_code = $1 and fiscal_year = $2
        ) l
        join keys k using (delivery_id, posting_key_id)'
    using of_municipality, of_year, of_measures, of_property;
end
$$
"""
# Publishers and transformers own no table here; before version 17 only owners may analyze. Lineage joins the register
# with what is published: taken for empty, it costs the country's terms 90 s instead of 3. Staging joins raw tables with
# deliveries: the first ones of an installation, taken for a few, cost its postings 50 s instead of 7.
ANALYZE = """
create function ops.renew_statistics(variadic of_schemas text[]) returns void
language plpgsql security definer set search_path = pg_catalog
as $$
declare
    read regclass;
begin
    for read in
        select oid::regclass from pg_class
        where relnamespace::regnamespace::text = any (of_schemas)
            and relnamespace in ('ops'::regnamespace, 'published'::regnamespace, 'register'::regnamespace)
            and relkind = 'r'
    loop
        execute format('analyze %s', read);
    end loop;
end
$$
"""


def upgrade() -> None:
    op.execute(f"create index cost_keys_destination on published.cost_keys ({SCOPE}, destination_id)")
    op.execute(f"drop index published.cost_keys_{SCOPE.replace(', ', '_')}_idx")
    deliveries = "delivery_id = any (array(select distinct delivery_id from keys))"
    op.execute(POSTINGS.format(settings=HASH_ONLY, deliveries=deliveries))
    op.execute(ANALYZE)
    op.execute("revoke execute on function ops.renew_statistics(text[]) from public")
    op.execute("grant execute on function ops.renew_statistics(text[]) to ejd_transformer, ejd_publisher")


def downgrade() -> None:
    op.execute("drop function ops.renew_statistics(text[])")
    op.execute(POSTINGS.format(settings="", deliveries="delivery_id in (select delivery_id from keys)"))
    op.execute(f"create index on published.cost_keys ({SCOPE})")
    op.execute("drop index published.cost_keys_destination")
