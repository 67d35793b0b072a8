"""Alembic environment: migrations run as the owner, each in one transaction, one at a time."""

from alembic import context
from sqlalchemy import create_engine, pool, text

# Any number that only migrations use: two processes that start at once take turns.
MIGRATION_LOCK = 7421001

engine = create_engine(context.config.attributes["url"], poolclass=pool.NullPool)
with engine.begin() as connection:
    connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
    connection.execute(text("create schema if not exists ops_migrations"))
    context.configure(connection=connection, version_table="alembic_version", version_table_schema="ops_migrations")
    with context.begin_transaction():
        context.run_migrations()
