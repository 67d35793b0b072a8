"""Periods of use and tenure, the days a building stands, and marts that show where FM systems and BBR disagree.

Revision ID: 0009
Revises: 0008
"""

from alembic import op
from sqlalchemy import text

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

PERIODS = """
create table register.property_periods (
    municipality_code text not null,
    period_no integer not null,
    property_no text not null,
    building_no text not null,
    valid_from date,
    valid_to date,
    use_category text references register.use_categories,
    tenure text check (tenure in ('owned', 'leased', 'let_out', 'none')),
    area_m2 numeric check (area_m2 > 0),
    note text,
    primary key (municipality_code, period_no)
);
comment on table register.property_periods is 'One row per period of a municipality''s property_periods.csv. valid_from is the first day, valid_to the first day after, null is open; building_no is empty for the whole property; what is null is as registers say.';
"""
BUILDING_COLUMNS = {
    "stands_from": "date",
    "stands_to": "date",
    "use_source": "text",
    "tenure_source": "text",
    "link_valid_from": "date",
    "link_valid_to": "date",
}
PUBLISHED = """
create table published.area_reconciliation (
    edition_id bigint not null,
    municipality_code text not null,
    topic text not null,
    year integer not null,
    building_id text not null,
    property_id text not null,
    bbr_id text,
    tenure text not null,
    as_of_date date,
    fm_area_m2 numeric,
    bbr_area_m2 numeric,
    lease_area_m2 numeric,
    operating_area_m2 numeric,
    difference_m2 numeric,
    difference_pct numeric,
    reason text not null,
    primary key (municipality_code, edition_id, building_id)
);
comment on table published.area_reconciliation is 'One row per edition and building of the FM systems.';

create table published.unlinked (
    edition_id bigint not null,
    municipality_code text not null,
    topic text not null,
    year integer not null,
    side text not null check (side in ('fm', 'bbr')),
    unit_id text not null,
    property_id text,
    bfe_number text,
    building_no text,
    name text,
    address text,
    bbr_use_code text,
    area_m2 numeric,
    suggested_unit_id text,
    suggested_address text,
    similarity numeric,
    primary key (municipality_code, edition_id, side, unit_id)
);
comment on table published.unlinked is 'One row per edition, side and building that has no counterpart on the other side.';
"""
SHOWN = ("area_reconciliation", "unlinked")


def upgrade() -> None:
    # Trusted: the owner of a database may have it. Addresses are compared with it.
    op.execute("create extension if not exists pg_trgm")
    op.execute(PERIODS)
    op.execute("grant select, insert, update, delete on register.property_periods to ejd_loader")
    op.execute("grant select on register.property_periods to ejd_transformer, ejd_publisher")
    added = ", ".join(f"add column {name} {kind}" for name, kind in BUILDING_COLUMNS.items())
    op.execute(f"alter table published.buildings {added}")
    _show("dim_buildings", "buildings")
    op.execute(PUBLISHED)
    for table in SHOWN:
        op.execute(f"grant select, insert on published.{table} to ejd_publisher")
        op.execute(f"grant select on published.{table} to ejd_analyst")
        _show(table, table)


def downgrade() -> None:
    for table in SHOWN:
        op.execute(f"drop view marts.{table}")
        op.execute(f"drop table published.{table}")
    op.execute("drop view marts.dim_buildings")
    dropped = ", ".join(f"drop column {name}" for name in BUILDING_COLUMNS)
    op.execute(f"alter table published.buildings {dropped}")
    _show("dim_buildings", "buildings")
    # pg_trgm stays: somebody else may have come to use it.
    op.execute("drop table register.property_periods")


def _show(view: str, table: str) -> None:
    """Make a view of what the pointers name, without the two columns that are the same in every row."""
    columns = op.get_bind().execute(
        text(
            "select column_name from information_schema.columns where table_schema = 'published' "
            "and table_name = :table and column_name not in ('topic', 'year') order by ordinal_position"
        ),
        {"table": table},
    )
    shown = ", ".join(f"t.{column}" for (column,) in columns)
    op.execute(f"drop view if exists marts.{view}")
    op.execute(
        f"create view marts.{view} with (security_invoker = true) as select {shown}, p.published_at "
        f"from published.{table} t join published.pointers p using (municipality_code, topic, year, edition_id)"
    )
    op.execute(f"grant select on marts.{view} to ejd_publisher, ejd_analyst")
