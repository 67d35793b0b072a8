"""Account rules with a pattern for every dimension, property, shares, splits and tags; what incremental models are of.

Revision ID: 0010
Revises: 0009
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

PATTERNS = (
    *("account", "function", "dranst", "ownership", "grouping", "art", "psp", "cost_centre", "profit_centre"),
    *("project", "department", "carrier", "purpose"),
)
OLD_PATTERNS = ("account", "function", "psp", "cost_centre", "dranst")
RULES = """
create table register.account_rules (
    municipality_code text not null,
    rule_no integer not null,
    group_no integer not null,
    priority integer not null,
    {patterns},
    cost_category text not null,
    property_no text,
    share numeric not null,
    split text,
    split_uses text not null,
    tags text not null,
    valid_from integer not null,
    valid_to integer not null,
    note text,
    primary key (municipality_code, rule_no)
)
"""
RULES_COMMENT = (
    "One row per row of a municipality's account_rules.csv. Rows of one group_no have the same patterns and priority "
    "and are one rule, whose shares sum to 1 in every year. Patterns are LIKE patterns, % means any; the lowest "
    "priority number wins, then the lowest group_no. rule_no is the row of the file; split_uses and tags are separated "
    "by blanks."
)
SPLIT_KEYS = """
create table register.split_keys (
    municipality_code text not null,
    key_no integer not null,
    split_key text not null,
    property_no text not null,
    share numeric not null,
    valid_from integer not null,
    valid_to integer not null,
    note text,
    primary key (municipality_code, key_no)
)
"""
SPLIT_KEYS_COMMENT = (
    "One row per row of a municipality's split_keys.csv: the share that a property has of what rules split by the key. "
    "The shares of one key and year sum to 1."
)
INCREMENTAL_MODELS = """
create table ops.incremental_models (
    model_name text primary key,
    project_sha256 text not null,
    made_at timestamptz not null default clock_timestamp()
)
"""
INCREMENTAL_COMMENT = (
    "One row per incremental model of dbt: the hash of the project that its rows were made by. A model of another "
    "project than today's is made anew."
)
OLD_RULES = """
create table register.account_rules (
    municipality_code text not null,
    rule_no integer not null,
    priority integer not null,
    {patterns},
    cost_category text not null,
    valid_from integer not null,
    valid_to integer not null,
    note text,
    primary key (municipality_code, rule_no)
)
"""
OLD_COMMENT = (
    "One row per rule of a municipality's account_rules.csv; patterns are LIKE patterns, % means any; the lowest "
    "priority number wins, then the lowest rule_no. rule_no is the row of the file."
)


def upgrade() -> None:
    # The register is loaded from files: the next load fills the tables.
    op.execute("drop table register.account_rules")
    _create("account_rules", RULES.format(patterns=_columns(PATTERNS)), RULES_COMMENT)
    _create("split_keys", SPLIT_KEYS, SPLIT_KEYS_COMMENT)
    op.execute(INCREMENTAL_MODELS)
    op.execute(f"comment on table ops.incremental_models is '{INCREMENTAL_COMMENT.replace(chr(39), chr(39) * 2)}'")
    op.execute("grant select, insert, delete on ops.incremental_models to ejd_transformer")


def downgrade() -> None:
    op.execute("drop table ops.incremental_models")
    op.execute("drop table register.split_keys, register.account_rules")
    _create("account_rules", OLD_RULES.format(patterns=_columns(OLD_PATTERNS)), OLD_COMMENT)


def _create(table: str, definition: str, comment: str) -> None:
    op.execute(definition)
    text = comment.replace("'", "''")
    op.execute(f"comment on table register.{table} is '{text}'")
    op.execute(f"grant select, insert, update, delete on register.{table} to ejd_loader")
    op.execute(f"grant select on register.{table} to ejd_transformer, ejd_publisher")


def _columns(patterns: tuple[str, ...]) -> str:
    return ", ".join(f"{name}_pattern text not null" for name in patterns)
