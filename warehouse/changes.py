"""Cost follows change: which inputs of the models are others than when the models were last made whole.

A model is made of deliveries of some streams, of the register (with every municipality's mapping) and of the dbt
project. `start` of a build notes a hash of each; the next build makes only what a changed stream reaches. Staging joins
each raw table with the current deliveries of its own stream, so dbt's own graph says what that is.
"""

from __future__ import annotations

import psycopg

REGISTER, PROJECT = "register", "project"

NOTE = """
insert into ops.candidate_inputs (candidate_id, input, content_sha256)
select %(candidate_id)s, input, encode(sha256(convert_to(content, 'UTF8')), 'hex')
from (
    select source || '.' || stream as input, string_agg(delivery_id::text, ',' order by delivery_id) as content
    from ops.current_deliveries
    group by source, stream
    union all
    select unnest(%(names)s::text[]), unnest(%(contents)s::text[])
) as inputs
"""
# A crash of the server empties models, and takes the marks of all candidates before it.
WHOLE = (
    "select max(candidate_id) from ops.candidates join ops.build_marks using (candidate_id) where built_at is not null"
)
# A build that was given up has made some models of its own inputs: what differs from those has changed too.
CHANGED = """
with newest as (select max(candidate_id) as candidate_id from ops.candidates),
before as (
    select c.candidate_id from ops.candidates c, newest n
    where c.candidate_id >= %(whole)s and c.candidate_id < n.candidate_id
),
today as (select i.input, i.content_sha256 from ops.candidate_inputs i join newest using (candidate_id)),
earlier as (
    select b.candidate_id, i.input, i.content_sha256 from before b join ops.candidate_inputs i using (candidate_id)
),
expected as (
    select candidate_id, input from before cross join (select input from today union select input from earlier) inputs
)
select distinct input
from expected
left join today using (input)
left join earlier using (candidate_id, input)
where today.content_sha256 is distinct from earlier.content_sha256
order by input
"""


def note_inputs(connection: psycopg.Connection, candidate_id: int, register_sha256: str, project_sha256: str) -> None:
    """Keep what a candidate is made of."""
    bound = {
        "candidate_id": candidate_id,
        "names": [REGISTER, PROJECT],
        "contents": [register_sha256, project_sha256],
    }
    connection.execute(NOTE.encode(), bound)


def changed_streams(connection: psycopg.Connection) -> list[str] | None:
    """Streams (`source.stream`) whose models the newest candidate must make; None for all models.

    All are made the first time, after a crash of the server, and when the register or the project is another.
    """
    row = connection.execute(WHOLE).fetchone()
    if row is None or row[0] is None:
        return None
    changed = [name for (name,) in connection.execute(CHANGED.encode(), {"whole": row[0]})]
    return None if {REGISTER, PROJECT} & set(changed) else changed
