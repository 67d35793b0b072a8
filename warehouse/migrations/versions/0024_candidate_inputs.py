"""What each candidate was made of, so that the next build makes only what has changed.

Revision ID: 0024
Revises: 0018
"""

from alembic import op

revision = "0024"
down_revision = "0018"
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
    # Unlogged like the models themselves: a crash empties both, and the next build then makes all of them.
    op.execute("create unlogged table ops.whole_builds (candidate_id bigint not null)")
    op.execute(
        "comment on table ops.whole_builds is 'One row: the candidate that all models are of; none after a crash.'"
    )
    op.execute("grant select, insert on ops.candidate_inputs to ejd_transformer")
    op.execute("grant select, insert, delete on ops.whole_builds to ejd_transformer")


def downgrade() -> None:
    op.execute("drop table ops.whole_builds")
    op.execute("drop table ops.candidate_inputs")
