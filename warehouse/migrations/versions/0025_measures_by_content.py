"""Measures are written when they change, not with every edition: a pointer names the edition that wrote them.

Revision ID: 0025
Revises: 0024
"""

from alembic import op

from warehouse.migrations.access import functions
from warehouse.migrations.levels import unit_views

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

TABLES = ("published.pointers", "published.scope_editions")
COMMENT = "Edition that wrote the measures shown: an edition whose measures are those of the one before writes none."
# The content is not known of what an older program wrote: its next edition writes the measures once more.
CONTENT = "Rows and hash of the measures shown; null when an older program wrote them."
VIEW = """
create or replace view marts.measures with (security_invoker = true) as
select {edition} as edition_id, t.municipality_code, t.topic, t.year, t.property_id, t.building_id, t.use_category,
    t.tenure, t.measure_code, t.amount, t.unit, t.status_code, p.published_at
from published.measures t
join published.pointers p
    on p.municipality_code = t.municipality_code and p.topic = t.topic and p.year = t.year
    and p.{pointed} = t.edition_id
"""
# What an older program takes for an edition's own rows.
COPIES = """
insert into published.measures
select s.edition_id, m.municipality_code, m.topic, m.year, m.property_id, m.building_id, m.use_category, m.tenure,
    m.measure_code, m.amount, m.unit, m.status_code
from published.scope_editions s
join published.measures m
    on m.municipality_code = s.municipality_code and m.topic = s.topic and m.year = s.year
    and m.edition_id = s.measures_edition_id
where s.measures_edition_id <> s.edition_id
"""


def upgrade() -> None:
    for table in TABLES:
        op.execute(f"alter table {table} add column measures_edition_id bigint references published.editions")
        op.execute(f"update {table} set measures_edition_id = edition_id")
        op.execute(f"alter table {table} alter column measures_edition_id set not null")
        op.execute(f"comment on column {table}.measures_edition_id is '{COMMENT}'")
    op.execute("alter table published.pointers add column measures_content text")
    op.execute(f"comment on column published.pointers.measures_content is '{CONTENT}'")
    op.execute(VIEW.format(edition="p.edition_id", pointed="measures_edition_id"))
    for name, query in unit_views.VIEWS_BY_CONTENT.items():
        op.execute(f"create or replace view marts.{name} with (security_invoker = true) as {query}")
    op.execute(functions.PROTECT_BY_CONTENT)


def downgrade() -> None:
    op.execute(functions.PROTECT_BY_EDITION)
    for name, query in unit_views.VIEWS.items():
        op.execute(f"create or replace view marts.{name} with (security_invoker = true) as {query}")
    op.execute(VIEW.format(edition="t.edition_id", pointed="edition_id"))
    op.execute(COPIES)
    op.execute("alter table published.pointers drop column measures_content")
    for table in TABLES:
        op.execute(f"alter table {table} drop column measures_edition_id")
