"""What follows from the municipalities' access.yml: said in lines, by number, never by property."""

from __future__ import annotations

from collections.abc import Iterator

from warehouse.database import connect
from warehouse.settings import Settings

COUNTS = """
select m.municipality_code,
    (select count(*) from register.restricted_properties r where r.municipality_code = m.municipality_code),
    (select count(*) from ops.hidden_properties h where h.municipality_code = m.municipality_code and why = 'protects'),
    (select count(*) from ops.protected_figures f where f.municipality_code = m.municipality_code),
    (select count(*) from register.restricted_properties r
        where r.municipality_code = m.municipality_code and not exists (
            select from published.properties p
            where p.municipality_code = r.municipality_code and p.property_no = r.property_no
        )),
    array(select s.with_municipality from register.shares s where s.municipality_code = m.municipality_code order by 1),
    exists (select from published.properties p where p.municipality_code = m.municipality_code)
from register.municipalities m
order by 1
"""


def describe(settings: Settings) -> Iterator[str]:
    """One line per municipality that restricts or shares anything, and what is left to do."""
    with connect("owner", settings=settings) as connection:
        rows = connection.execute(COUNTS.encode()).fetchall()
    is_left = False
    for code, restricted, protecting, figures, unknown, shared, is_published in rows:
        if not restricted and not shared:
            continue
        with_whom = ", ".join("every municipality" if one == "*" else one for one in shared) or "nobody"
        yield (
            f"{code}: {restricted} restricted, {protecting} more hidden to protect them, {figures} figures protected; "
            f"properties shared with {with_whom}."
        )
        if unknown and is_published:
            yield f"{code}: {unknown} restricted property numbers are not among its published properties: check them."
        is_left = is_left or figures > 0
    if is_left:
        yield "Protected figures are hidden now; `ejendomstal run` publishes them as suppressed, also in group totals."
