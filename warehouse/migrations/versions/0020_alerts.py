"""A record of alerts: what was told to whom, and whether it arrived. Standing conditions are not told every night.

Revision ID: 0020
Revises: 0019
"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ALERTS = """
create table ops.alerts (
    alert_id bigint generated always as identity primary key,
    kind text not null check (kind in ('failure', 'hold', 'freshness')),
    subject text not null,
    fingerprint text not null,
    channel text not null check (channel in ('email', 'webhook')),
    state text not null check (state in ('sent', 'failed')),
    error_class text,
    at timestamptz not null default clock_timestamp()
);
comment on table ops.alerts is 'One row per alert and channel it was sent to. An equal fingerprint is the same condition again.';
create index on ops.alerts (fingerprint, channel, at);
"""


def upgrade() -> None:
    op.execute(ALERTS)
    op.execute("grant select, insert on ops.alerts to ejd_loader")


def downgrade() -> None:
    op.execute("drop table ops.alerts")
