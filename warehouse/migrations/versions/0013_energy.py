"""Heat as in a year of normal weather, published with what went into it.

Revision ID: 0013
Revises: 0012
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

COLUMNS = (
    "municipality_code, topic, year, property_id, building_id, use_category, tenure, heat_kwh, guf_share, degree_days, "
    "normal_degree_days, corrected_kwh, days_with_data, coverage_pct, degree_day_source, degree_day_area, "
    "degree_day_vintage, normal_vintage, basis_version, is_break, status_code, missing_reason"
)
# The audit model carries the same columns in the same order, without edition_id.
PUBLISHED = """
create table published.heat_correction (
    edition_id bigint not null,
    municipality_code text not null,
    topic text not null,
    year integer not null,
    property_id text,
    building_id text,
    use_category text not null,
    tenure text not null,
    heat_kwh numeric,
    guf_share numeric,
    degree_days numeric,
    normal_degree_days numeric,
    corrected_kwh numeric,
    days_with_data integer not null,
    coverage_pct numeric not null,
    degree_day_source text,
    degree_day_area text,
    degree_day_vintage text,
    normal_vintage text,
    basis_version integer,
    is_break boolean not null,
    status_code text not null,
    missing_reason text
)
"""


def upgrade() -> None:
    op.execute(PUBLISHED)
    op.execute(
        "comment on table published.heat_correction is 'One row per edition, municipality, year, property, building, "
        "use category and tenure that has heat meters: heat as metered and corrected for degree days.'"
    )
    op.execute("create index on published.heat_correction (municipality_code, topic, year, edition_id)")
    shown = ", ".join(f"t.{column}" for column in COLUMNS.split(", "))
    op.execute(
        "create view marts.heat_correction with (security_invoker = true) as "
        f"select t.edition_id, {shown}, p.published_at from published.heat_correction t "
        "join published.pointers p using (municipality_code, topic, year, edition_id)"
    )
    op.execute("grant select, insert on published.heat_correction to ejd_publisher")
    op.execute("grant select on published.heat_correction to ejd_analyst")
    op.execute("grant select on marts.heat_correction to ejd_publisher, ejd_analyst")


def downgrade() -> None:
    op.execute("drop view marts.heat_correction")
    op.execute("drop table published.heat_correction")
