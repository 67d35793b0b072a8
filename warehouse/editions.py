"""Editions as a person handles them: which there are, signing what readers see, and what differs between two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from psycopg.rows import class_row

from warehouse.database import connect
from warehouse.edition_calendar import read_calendar
from warehouse.errors import KnownError
from warehouse.settings import Settings

LISTED = """
select e.edition_id, e.kind, e.published_at, e.candidate_id,
    (select count(*) from published.scope_editions s where s.edition_id = e.edition_id) as scopes_written,
    (select count(*) from published.finals f where f.edition_id = e.edition_id) as scopes_final,
    (select count(*) from published.revisions r where r.edition_id = e.edition_id) as revisions, e.note
from published.editions e
order by e.edition_id desc
limit %s
"""
SEEN = """
select p.municipality_code, p.topic, p.year, p.edition_id, p.content_sha256,
    case when f.edition_id is not null then 'final' when s.content_sha256 = p.content_sha256 then 'signed' else 'open'
    end as standing
from published.pointers p
left join published.finals f using (municipality_code, topic, year)
left join (
    select distinct on (municipality_code, topic, year) municipality_code, topic, year, content_sha256
    from ops.sign_offs
    order by municipality_code, topic, year, sign_off_id desc
) s using (municipality_code, topic, year)
where p.topic <> 'property_model' and p.municipality_code = coalesce(%(municipality_code)s, p.municipality_code)
    and p.year = coalesce(%(year)s, p.year) and p.topic = coalesce(%(topic)s, p.topic)
order by p.municipality_code, p.year, p.topic
for share of p
"""
SIGN = """
insert into ops.sign_offs (municipality_code, topic, year, edition_id, content_sha256, signed_by, role, note)
values (%(municipality_code)s, %(topic)s, %(year)s, %(edition_id)s, %(content_sha256)s, %(name)s, %(role)s, %(note)s)
"""
DIFFERENCES = """
with shown as (
    select x.side, s.municipality_code, s.topic, s.year, max(s.edition_id) as edition_id
    from (values ('a', %(a)s::bigint), ('b', %(b)s::bigint)) x (side, edition_id)
    join published.scope_editions s on s.edition_id <= x.edition_id
    group by x.side, s.municipality_code, s.topic, s.year
),
moved as (
    select municipality_code, topic, year, max(edition_id) filter (where side = 'a') as a,
        max(edition_id) filter (where side = 'b') as b
    from shown
    group by municipality_code, topic, year
    having max(edition_id) filter (where side = 'a') is distinct from max(edition_id) filter (where side = 'b')
),
old as (select k.* from published.key_figures k join moved m using (municipality_code, topic, year)
    where k.edition_id = m.a),
new as (select k.* from published.key_figures k join moved m using (municipality_code, topic, year)
    where k.edition_id = m.b)
select municipality_code, topic, year, level, use_category, key_figure_code, version, o.value as old_value,
    n.value as new_value, n.value - o.value as difference, o.status_code as old_status_code,
    n.status_code as new_status_code
from old o
full join new n using (municipality_code, topic, year, level, use_category, key_figure_code, version)
where (o.value is distinct from n.value or o.status_code is distinct from n.status_code)
    and municipality_code = coalesce(%(municipality_code)s, municipality_code)
order by municipality_code, year, topic, key_figure_code, version, level, use_category
"""


class EditionError(KnownError):
    """Nothing was done; the message says why."""


@dataclass(frozen=True)
class Edition:
    """One edition. `scopes_final`: locked by it and not corrected since."""

    edition_id: int
    kind: str
    published_at: datetime
    candidate_id: int
    scopes_written: int
    scopes_final: int
    revisions: int
    note: str | None


@dataclass(frozen=True)
class SeenScope:
    """What readers see of a municipality, topic and year. `standing`: open, signed or final."""

    municipality_code: str
    topic: str
    year: int
    edition_id: int
    content_sha256: str
    standing: str


@dataclass(frozen=True)
class Difference:
    """A figure that differs between two editions; without a status it was not there."""

    municipality_code: str
    topic: str
    year: int
    level: str
    use_category: str
    key_figure_code: str
    version: int
    old_value: Decimal | None
    new_value: Decimal | None
    difference: Decimal | None
    old_status_code: str | None
    new_status_code: str | None


@dataclass(frozen=True)
class Signature:
    """Who signs, in which role, and what they say about it."""

    name: str
    role: str
    note: str | None = None


def list_editions(settings: Settings, limit: int = 50) -> list[Edition]:
    """The newest editions, newest first."""
    with connect("ejd_publisher", settings=settings) as connection:
        return connection.cursor(row_factory=class_row(Edition)).execute(LISTED.encode(), [limit]).fetchall()


def find_scopes(
    settings: Settings, municipality_code: str | None = None, year: int | None = None, topic: str | None = None
) -> list[SeenScope]:
    """What readers see now, with how it stands."""
    bound = {"municipality_code": municipality_code, "year": year, "topic": topic}
    query = SEEN.replace("for share of p", "")
    with connect("ejd_publisher", settings=settings) as connection:
        return connection.cursor(row_factory=class_row(SeenScope)).execute(query.encode(), bound).fetchall()


def sign(
    settings: Settings,
    signature: Signature,
    municipality_code: str,
    year: int,
    topic: str | None = None,
    shown: Sequence[tuple[str, str]] | None = None,
) -> list[SeenScope]:
    """Sign what readers see of a municipality and year, all topics or one; what is final already is left out.

    Args:
        settings: where the warehouse is.
        signature: who signs; the role must be the one the calendar names.
        municipality_code: four digits.
        year: the figures' year.
        topic: only this topic.
        shown: topic and content hash of what was shown to the person; if readers see something else by now, nothing
            is signed.

    Returns:
        What was signed.

    Raises:
        EditionError: nothing to sign, another role, a year that the calendar does not open, or something else is seen.
    """
    _check(settings, signature, municipality_code, year)
    bound = {"municipality_code": municipality_code, "year": year, "topic": topic}
    with connect("ejd_publisher", settings=settings) as connection:
        # A publication that moves a pointer meanwhile waits for this signature.
        seen = connection.cursor(row_factory=class_row(SeenScope)).execute(SEEN.encode(), bound).fetchall()
        wanted = [scope for scope in seen if scope.standing != "final"]
        if shown is not None:
            wanted = [scope for scope in wanted if scope.topic in dict(shown)]
            if {(scope.topic, scope.content_sha256) for scope in wanted} != set(shown):
                raise EditionError(
                    f"the figures of {municipality_code} {year} have changed since they were shown: "
                    "look at them again, then sign."
                )
        if not wanted:
            reason = "all of it is final already" if seen else "nothing of it is published"
            raise EditionError(f"there is nothing to sign of {municipality_code} {topic or ''} {year}: {reason}.")
        rows = [
            {
                **{name: getattr(scope, name) for name in ("municipality_code", "topic", "year", "edition_id")},
                "content_sha256": scope.content_sha256,
                "name": signature.name.strip(),
                "role": signature.role,
                "note": signature.note,
            }
            for scope in wanted
        ]
        with connection.cursor() as cursor:
            cursor.executemany(SIGN.encode(), rows)
    return wanted


def _check(settings: Settings, signature: Signature, municipality_code: str, year: int) -> None:
    calendar = read_calendar(settings)
    state, role = calendar.state(year, date.today()), calendar.role(year)
    if not signature.name.strip():
        raise EditionError("a signature needs a name: give it with --name.")
    if signature.role != role:
        raise EditionError(f"{year} is signed by the {role}, not by the {signature.role} (config/editions.yml).")
    signers = calendar.signers.get(municipality_code)
    if signers is not None and signature.name.strip() not in signers:
        raise EditionError(
            f"{municipality_code} is signed by those that the calendar names, and by nobody else (config/editions.yml)."
        )
    if state == "closed":
        raise EditionError(f"{year} is closed: only a correction changes it (config/editions.yml).")
    if state == "provisional":
        day = calendar.final_day(year).isoformat()
        raise EditionError(f"{year} is provisional until {day}: sign it from then on (config/editions.yml).")


def find_differences(settings: Settings, a: int, b: int, municipality_code: str | None = None) -> list[Difference]:
    """Figures that readers saw differently after edition `b` than after edition `a`.

    Raises:
        EditionError: there is no such edition.
    """
    bound = {"a": a, "b": b, "municipality_code": municipality_code}
    with connect("ejd_publisher", settings=settings) as connection:
        known = {row[0] for row in connection.execute("select edition_id from published.editions")}
        for one in (a, b):
            if one not in known:
                raise EditionError(f"there is no edition {one}: `ejendomstal edition list` has them all.")
        cursor = connection.cursor(row_factory=class_row(Difference))
        return cursor.execute(DIFFERENCES.encode(), bound).fetchall()
