"""Who may see what: readers' groups, row-level security, restricted properties, sharing and an audit trail.

Revision ID: 0024
Revises: 0023
"""

from alembic import op

from warehouse.migrations.access import functions, policies, tables

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

VIEWS = (
    "area_reconciliation benchmarks building_key_figures coverage data_quality deliveries dim_buildings dim_cost_categories "
    "dim_key_figures dim_municipalities dim_properties editions finals gate_verdicts group_key_figures heat_correction "
    "key_figures lineage_costs lineage_meters lineage_terms measure_deliveries measures peer_groups positions "
    "property_key_figures revision_triangle revisions unlinked"
)
FUNCTIONS = "marts.key_figures_as_of(timestamptz), marts.lineage_postings(text, integer, text[], text)"
# Not where its bytes are, and not why one was rejected.
DELIVERY_COLUMNS = (
    "delivery_id, municipality_code, source, stream, file_name, window_from, window_to, state, row_count, landed_at"
)
# What the views read: reached through them only, for a reader has no USAGE on these schemas.
BEHIND = (
    *(table for table in policies.POLICIES if table.startswith("published.")),
    *(
        f"register.{table}"
        for table in (
            "key_figures", "key_figure_terms", "key_figure_term_scopes", "measures", "cost_categories", "peer_groups"
        )
    ),
    "ops.gate_results",
    "ops.gate_failures",
)  # fmt: skip
# With these a reader could keep data on the server, or stop a publication by taking its lock. Only a superuser may
# take them from everybody: on a server of one's own its administrator does.
LARGE_OBJECTS = "proname in ('lo_create', 'lo_creat', 'lo_from_bytea', 'lo_put', 'lo_open', 'lowrite')"
LOCKS = "(proname like 'pg\\_advisory%' or proname like 'pg\\_try\\_advisory%')"
TAKEN = """
do $$
declare
    taken regprocedure;
begin
    if not (select rolsuper from pg_roles where rolname = current_user) then
        return;
    end if;
    for taken in
        select oid::regprocedure from pg_proc where pronamespace = 'pg_catalog'::regnamespace and {which}
    loop
        {statements}
    end loop;
end
$$
"""
REVOKE = "execute format('revoke execute on function %s from public', taken);"
GRANT_WRITERS = (
    "execute format('{} execute on function %s {} ejd_loader, ejd_transformer, ejd_publisher, ejd_analyst', taken);"
)
GRANT_PUBLIC = "execute format('grant execute on function %s to public', taken);"


def upgrade() -> None:
    op.execute(
        "do $$ begin if not exists (select from pg_roles where rolname = 'ejd_reader') then "
        "create role ejd_reader nologin; end if; end $$"
    )
    op.execute("do $$ begin execute format('grant connect on database %I to ejd_reader', current_database()); end $$")
    op.execute(tables.TABLES)
    op.execute(tables.APPEND_ONLY)
    op.execute(tables.CHANGES)
    for statement in tables.GRANTS:
        op.execute(statement)
    _let_owner_read_candidates("grant", "to")
    for name, (statement, callers) in functions.FUNCTIONS.items():
        op.execute(statement)
        op.execute(f"revoke execute on function {name} from public")
        op.execute(f"grant execute on function {name} to {callers}")
    for statement in policies.upgrades():
        op.execute(statement)
    op.execute(functions.POSTINGS_BY_RIGHTS)
    # Conditions on keys alone would otherwise be tried on keys of hidden properties before these are left out.
    op.execute("alter view marts.lineage_costs set (security_barrier = true)")
    op.execute("grant usage on schema marts to ejd_reader")
    op.execute(f"grant select on {', '.join(f'marts.{view}' for view in VIEWS.split())} to ejd_reader")
    op.execute(f"grant execute on function {FUNCTIONS} to ejd_reader")
    op.execute(f"grant select on {', '.join(BEHIND)} to ejd_reader")
    op.execute(f"grant select ({DELIVERY_COLUMNS}) on ops.deliveries to ejd_reader")
    op.execute(TAKEN.format(which=LARGE_OBJECTS, statements=REVOKE))
    op.execute(TAKEN.format(which=LOCKS, statements=REVOKE + GRANT_WRITERS.format("grant", "to")))
    op.execute("do $$ begin perform ops.make_municipality_role(municipality_code) from register.municipalities; end $$")


def downgrade() -> None:
    op.execute(TAKEN.format(which=LOCKS, statements=GRANT_WRITERS.format("revoke", "from") + GRANT_PUBLIC))
    op.execute(TAKEN.format(which=LARGE_OBJECTS, statements=GRANT_PUBLIC))
    op.execute(f"revoke select ({DELIVERY_COLUMNS}) on ops.deliveries from ejd_reader")
    op.execute(f"revoke select on {', '.join(BEHIND)} from ejd_reader")
    op.execute(f"revoke execute on function {FUNCTIONS} from ejd_reader")
    op.execute(f"revoke select on {', '.join(f'marts.{view}' for view in VIEWS.split())} from ejd_reader")
    op.execute("revoke usage on schema marts from ejd_reader")
    op.execute("alter view marts.lineage_costs reset (security_barrier)")
    op.execute(functions.POSTINGS_BEFORE)
    for statement in policies.downgrades():
        op.execute(statement)
    for name in reversed(functions.FUNCTIONS):
        op.execute(f"drop function {name}")
    _let_owner_read_candidates("revoke", "from")
    for statement in tables.DROPS:
        op.execute(statement)
    # Roles belong to the whole server, as those of revision 0001 do: they stay, and may do nothing here.
    op.execute(
        "do $$ begin execute format('revoke connect on database %I from ejd_reader', current_database()); end $$"
    )


def _let_owner_read_candidates(verb: str, preposition: str) -> None:
    """What dbt makes in audit is read with the owner's rights when restricted properties are protected."""
    op.execute(f"{verb} usage on schema audit {preposition} current_user")
    op.execute(
        f"alter default privileges for role ejd_transformer in schema audit {verb} select on tables "
        f"{preposition} current_user"
    )
