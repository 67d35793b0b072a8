"""Schemas, roles, raw tables, operations, register, published tables and marts.

Revision ID: 0001
Revises: none

Grain is said in a comment on each table. Raw columns are text, as delivered; the lineage columns get their values
from column defaults that read session settings, so a COPY needs to send the declared columns only.
"""

from alembic import op
from sqlalchemy import text

from warehouse.migrations.raw_tables import create_raw_schema
from warehouse.migrations.spine.grants import grant
from warehouse.migrations.spine.marts import create_marts
from warehouse.migrations.spine.operations import OPS, create_lineage_functions, create_partition_function
from warehouse.migrations.spine.published import PUBLISHED
from warehouse.migrations.spine.raw import PARTITIONED, RAW_TABLES
from warehouse.migrations.spine.register import REGISTER

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROLES = ("ejd_loader", "ejd_transformer", "ejd_publisher", "ejd_analyst")


def upgrade() -> None:
    bind = op.get_bind()
    for role in ROLES:
        bind.execute(
            text(
                f"do $$ begin if not exists (select from pg_roles where rolname = '{role}') then "
                f"create role {role} login; end if; end $$"
            )
        )
    # A lock that cannot be had in ten seconds is a fault to report, not a queue for every reader to stand in.
    op.execute("alter role ejd_transformer set lock_timeout = '10s'")
    op.execute("revoke create on schema public from public")
    op.execute("do $$ begin execute format('revoke all on database %I from public', current_database()); end $$")
    for role in ROLES:
        op.execute(f"do $$ begin execute format('grant connect on database %I to {role}', current_database()); end $$")
    op.execute(
        "do $$ begin execute format('grant temporary on database %I to ejd_loader, ejd_transformer, ejd_publisher', "
        "current_database()); end $$"
    )
    for schema in ("ops", "register", "published", "marts"):
        op.execute(f"create schema {schema}")
    for schema in ("staging", "intermediate", "audit"):
        op.execute(f"create schema {schema} authorization ejd_transformer")
        # Objects that the transformer makes are read by the gate and by publication.
        op.execute(f"grant usage on schema {schema} to ejd_publisher")
    op.execute(
        "alter default privileges for role ejd_transformer in schema audit grant select on tables to ejd_publisher"
    )
    op.execute(
        "alter default privileges for role ejd_transformer in schema intermediate "
        "grant select on tables to ejd_publisher"
    )
    for statements in (OPS, REGISTER, PUBLISHED):
        op.execute(statements)
    create_lineage_functions()
    for schema, tables in RAW_TABLES.items():
        create_raw_schema(schema, tables, PARTITIONED.get(schema, ()))
    create_partition_function()
    create_marts()
    grant()


def downgrade() -> None:
    for schema in ("marts", "published", "audit", "intermediate", "staging", "register", *RAW_TABLES, "ops"):
        op.execute(f"drop schema if exists {schema} cascade")
