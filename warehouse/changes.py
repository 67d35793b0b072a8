"""Cost follows change: which inputs of the models are others than when the models were last made whole.

A model is made of deliveries of some streams, of the register (with every municipality's mapping) and of the dbt
project. The start of a build notes them; the next build makes only what a changed stream reaches. Staging joins each
raw table with the current deliveries of its own stream, so dbt's own graph says what that is.
"""

from __future__ import annotations

import psycopg

# A crash of the server empties models, and takes the marks of all candidates before it.
WHOLE = (
    "select max(candidate_id) from ops.candidates join ops.build_marks using (candidate_id) where built_at is not null"
)
# A build that was given up has made some models of its own inputs: what differs from those has changed too.
BEFORE = """
with newest as (select * from ops.candidates order by candidate_id desc limit 1),
before as (
    select c.* from ops.candidates c, newest n where c.candidate_id >= %(whole)s and c.candidate_id < n.candidate_id
)
"""
DECLARED_OTHERWISE = f"""{BEFORE}
select exists (
    select from before b, newest n
    where (b.register_sha256, b.project_sha256) is distinct from (n.register_sha256, n.project_sha256)
)
"""
# A build that was given up may have made some models for other years: then they are not all of one.
YEARS_OF_WHOLE = """
select observed_years from ops.candidates
where candidate_id = %(whole)s
    and (select count(*) from ops.candidates c where c.candidate_id > %(whole)s) = 1
"""
CHANGED = f"""{BEFORE},
today as (
    select b.candidate_id, d.delivery_id
    from before b, newest n join ops.candidate_deliveries d on d.candidate_id = n.candidate_id
),
earlier as (select d.candidate_id, d.delivery_id from before b join ops.candidate_deliveries d using (candidate_id)),
differing as ((table today except table earlier) union all (table earlier except table today))
select distinct d.source || '.' || d.stream from differing join ops.deliveries d using (delivery_id) order by 1
"""


def note_declared(connection: psycopg.Connection, candidate_id: int, register: str, project: str) -> None:
    """Keep the hashes of register and project beside the deliveries that a candidate is made of."""
    connection.execute(
        "update ops.candidates set register_sha256 = %s, project_sha256 = %s where candidate_id = %s",
        [register, project, candidate_id],
    )


def changed_streams(connection: psycopg.Connection) -> list[str] | None:
    """Streams (`source.stream`) whose models the newest candidate must make; None for all models.

    All are made the first time, after a crash of the server, and when the register or the project is another.
    """
    row = connection.execute(WHOLE).fetchone()
    if row is None or row[0] is None:
        return None
    bound = {"whole": row[0]}
    if connection.execute(DECLARED_OTHERWISE.encode(), bound).fetchone() == (True,):
        return None
    return [name for (name,) in connection.execute(CHANGED.encode(), bound)]


def years_of_whole(connection: psycopg.Connection) -> str | None:
    """The years that all models are made for (`warehouse.build.observed_years`); None where builds were given up since.

    To be asked when the newest candidate has been opened.
    """
    row = connection.execute(WHOLE).fetchone()
    found = connection.execute(YEARS_OF_WHOLE.encode(), {"whole": row[0] if row else None}).fetchone()
    return found[0] if found else None
