"""Cost categories: what they are called in other standards and which accounts usually carry them.

Revision ID: 0015
Revises: 0014
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLE = """
create table register.cost_categories (
    cost_category text primary key references register.measures,
    ns3454_items text not null,
    ns3454_text text,
    en15221_text text,
    typical_accounts text not null,
    words text not null,
    weak_words text not null
)
"""
VIEW = """
create view marts.dim_cost_categories with (security_invoker = true) as
select c.cost_category, m.name_da, m.name_en, m.unit, m.definition, c.ns3454_items, c.ns3454_text, c.en15221_text,
    c.typical_accounts, c.words, c.weak_words
from register.cost_categories c
join register.measures m on m.measure_code = c.cost_category
"""
GRAIN = "One row per cost category that an account rule may give, C_IKKE (no property cost) included."


def upgrade() -> None:
    op.execute(TABLE)
    op.execute(VIEW)
    op.execute(f"comment on table register.cost_categories is '{GRAIN}'")
    op.execute("grant select, insert, update, delete on register.cost_categories to ejd_loader")
    op.execute("grant select on register.cost_categories to ejd_transformer, ejd_publisher")
    # An analyst reaches both tables through the view only, as with the other marts.
    op.execute("grant select on register.cost_categories, register.measures to ejd_analyst")
    op.execute("grant select on marts.dim_cost_categories to ejd_publisher, ejd_analyst")


def downgrade() -> None:
    op.execute("drop view marts.dim_cost_categories")
    op.execute("drop table register.cost_categories")
    op.execute("revoke select on register.measures from ejd_analyst")
