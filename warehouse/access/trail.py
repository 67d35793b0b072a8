"""The audit trail: who was granted what, who signed what, which run published which edition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from warehouse.database import connect
from warehouse.settings import Settings

# Editions and signatures have tables of their own, which only grow as well.
PUBLICATIONS = """
select e.published_at, coalesce(r.command, 'unknown') as actor, 'publish' as action, 'edition ' || e.edition_id,
    concat_ws(', ', e.kind, 'candidate ' || e.candidate_id, 'run ' || r.run_id, nullif(e.note, ''))
from published.editions e
left join lateral (
    select run_id, command from ops.runs
    where started_at <= e.published_at and coalesce(finished_at, 'infinity') >= e.published_at
        and (command = 'run' or command like 'publish%%' or command like 'edition%%')
    order by run_id desc limit 1
) r on true
"""
SIGNATURES = """
select signed_at, signed_by, 'sign', concat_ws(' ', municipality_code, topic, year), concat_ws(', ', role, note)
from ops.sign_offs
"""
TRAIL = f"""
select * from (
    select at, actor, action, subject, detail from ops.audit_trail
    union all {PUBLICATIONS}
    union all {SIGNATURES}
) t (at, actor, action, subject, detail)
order by at desc limit %s
"""


@dataclass(frozen=True)
class Entry:
    """One line of the trail."""

    at: datetime
    actor: str
    action: str
    subject: str
    detail: str


def read_trail(settings: Settings, limit: int = 100) -> list[Entry]:
    """The newest entries, the newest first."""
    with connect("owner", settings=settings) as connection:
        return [Entry(*row) for row in connection.execute(TRAIL.encode(), [limit])]
