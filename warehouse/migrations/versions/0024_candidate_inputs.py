"""What each candidate was made of, so that the next build makes only what has changed.

Revision ID: 0024
Revises: 0023
"""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        create table ops.candidate_inputs (
            candidate_id bigint not null references ops.candidates on delete cascade,
            input text not null,
            content_sha256 text not null,
            primary key (candidate_id, input)
        )
        """
    )
    op.execute(
        "comment on table ops.candidate_inputs is 'One row per candidate and input: a stream (its current deliveries), "
        "the register with all mappings, the dbt project.'"
    )
    op.execute("grant select, insert on ops.candidate_inputs to ejd_transformer")


def downgrade() -> None:
    op.execute("drop table ops.candidate_inputs")
