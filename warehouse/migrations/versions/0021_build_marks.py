"""A mark that goes with a crash: what dbt built in unlogged tables goes too, and nobody may read on as if it were there.

Revision ID: 0021
Revises: 0020
"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

MARK = """
create function ops.mark_build() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
begin
    insert into ops.build_marks values (new.candidate_id);
    return null;
end $$
"""
COMMENT = "One row per candidate since the last crash. Unlogged like most tables of a build, so that a crash of the server empties both: a candidate without its mark has lost tables and has to be built again."


def upgrade() -> None:
    op.execute("create unlogged table ops.build_marks (candidate_id bigint not null)")
    op.execute(f"comment on table ops.build_marks is '{COMMENT}'")
    op.execute("insert into ops.build_marks select candidate_id from ops.candidates")
    op.execute("grant select on ops.build_marks to ejd_transformer, ejd_publisher")
    op.execute(MARK)
    op.execute("revoke all on function ops.mark_build() from public")
    op.execute(
        "create trigger mark_build after insert on ops.candidates for each row execute function ops.mark_build()"
    )


def downgrade() -> None:
    op.execute("drop trigger mark_build on ops.candidates")
    op.execute("drop function ops.mark_build()")
    op.execute("drop table ops.build_marks")
