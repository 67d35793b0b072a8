"""Which kinds of edition a candidate is judged for, excepted rows of the gate, and the failing rows as readers see them.

Revision ID: 0023
Revises: 0022
"""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

# The rows of the candidate that verdicts exist of: while another one is judged, readers see the one before.
DATA_QUALITY = """
create view marts.data_quality with (security_invoker = true) as
select f.municipality_code, f.topic, f.year, f.rule, f.severity, f.key, f.observed, f.expected, f.advice,
    f.exception_reason, r.decided_at
from (
    select candidate_id, max(decided_at) as decided_at
    from ops.gate_results
    where candidate_id = (select max(candidate_id) from ops.gate_results)
    group by candidate_id
) r
join ops.gate_failures f using (candidate_id)
"""


def upgrade() -> None:
    op.execute(
        "alter table ops.candidates add constraint candidates_kind_check "
        "check (kind in ('provisional', 'final', 'correction'))"
    )
    op.execute("alter table ops.gate_failures add column exception_reason text")
    op.execute("create index gate_failures_candidate on ops.gate_failures (candidate_id, rule)")
    op.execute(DATA_QUALITY)
    op.execute(
        "comment on view marts.data_quality is 'One row per failing row of a rule, of the candidate judged last: why a "
        "figure is missing or flagged, and what to do.'"
    )
    op.execute("grant select on ops.gate_failures to ejd_analyst")
    op.execute("grant select on marts.data_quality to ejd_publisher, ejd_analyst")


def downgrade() -> None:
    op.execute("drop view marts.data_quality")
    op.execute("revoke select on ops.gate_failures from ejd_analyst")
    op.execute("drop index ops.gate_failures_candidate")
    op.execute("alter table ops.gate_failures drop column exception_reason")
    op.execute("alter table ops.candidates drop constraint candidates_kind_check")
