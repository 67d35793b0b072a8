"""Raw schemas: a table per stream with its declared columns as text and the lineage columns. Used by migrations only.

Every table is made in one shape, so that the landing engine needs to know nothing about a source.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from alembic import op

LINEAGE = """
    municipality_code text not null default ops.landing_municipality_code(),
    delivery_id bigint not null default ops.landing_delivery_id(),
    row_no bigint not null default nextval('{name}_row_no')
"""
REJECTED_ROWS = """
create table {schema}.rejected_rows (
    delivery_id bigint not null references ops.deliveries,
    stream text not null,
    row_no bigint not null,
    field text,
    reason text not null
);
comment on table {schema}.rejected_rows is
'One row per row of an accepted delivery that was not landed: which row, which field, why.
Never its content: that is in the kept bytes.';
"""


def create_raw_schema(schema: str, tables: Mapping[str, str], partitioned: Collection[str] = ()) -> None:
    """Create a source's schema with its tables.

    Args:
        schema: `raw_<source>`.
        tables: stream to its raw columns, separated by blanks.
        partitioned: streams that are large enough for a partition per municipality.
    """
    op.execute(f"create schema {schema}")
    add_raw_tables(schema, tables, partitioned)
    op.execute(REJECTED_ROWS.format(schema=schema))
    op.execute(f"grant usage on schema {schema} to ejd_loader, ejd_transformer")
    op.execute(f"grant select, insert, delete on {schema}.rejected_rows to ejd_loader")
    op.execute(f"grant select on {schema}.rejected_rows to ejd_transformer")


def add_raw_tables(schema: str, tables: Mapping[str, str], partitioned: Collection[str] = ()) -> None:
    """Create more tables in a source's schema."""
    for stream, columns in tables.items():
        _create_table(f"{schema}.{stream}", columns.split(), is_partitioned=stream in partitioned)


def add_raw_columns(table: str, columns: str) -> None:
    """Let a stream land more columns; rows that are there have none of them."""
    added = ", ".join(f"add column {column} text" for column in columns.split())
    op.execute(f"alter table {table} {added}")


def _create_table(name: str, columns: list[str], *, is_partitioned: bool) -> None:
    op.execute(f"create sequence {name}_row_no cache 1000")
    declared = ", ".join(f"{column} text" for column in columns)
    by = " partition by list (municipality_code)" if is_partitioned else ""
    op.execute(f"create table {name} ({declared}, {LINEAGE.format(name=name)}){by}")
    op.execute(
        f"comment on table {name} is 'One row per row of a delivery, as delivered. row_no counts the data rows of the "
        "delivery from 1.'"
    )
    if not is_partitioned:
        # Rows of a delivery lie together: a small index tells where, and costs landing nothing.
        op.execute(f"create index on {name} using brin (delivery_id)")
    # delete: bad rows of an accepted delivery leave the table in the transaction that brought them
    op.execute(f"grant select, insert, delete on {name} to ejd_loader")
    op.execute(f"grant usage, update on sequence {name}_row_no to ejd_loader")
    op.execute(f"grant select on {name} to ejd_transformer")
