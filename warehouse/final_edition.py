"""A final edition, municipality by municipality: what there is to sign, the signature, the publication."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from expectations import gate
from warehouse.database import connect
from warehouse.edition_calendar import read_calendar
from warehouse.editions import EditionError, SeenScope, Signature, find_scopes, sign
from warehouse.publish import Chosen, PublishReport, publish
from warehouse.settings import Settings

COUNTED = """
select municipality_code, topic, count(value), count(*),
    count(*) filter (where 'gate_warning' = any (string_to_array(flags, ','))),
    count(*) filter (where 'last_good' = any (string_to_array(flags, ',')))
from marts.key_figures
where year = %s and level = 'municipality'
group by 1, 2
"""
HELD = "select municipality_code, topic, reason from marts.gate_verdicts where year = %s and verdict = 'hold'"


def propose(settings: Settings, year: int) -> list[dict[str, Any]]:
    """What each municipality is asked to sign: topics of the year that are published and not final.

    Returns:
        Per municipality its code, the year, subject and body of the question, and what is shown: topic and content.

    Raises:
        EditionError: the calendar does not open the year, or there is nothing to sign.
    """
    calendar = read_calendar(settings)
    if calendar.state(year, date.today()) != "final":
        raise EditionError(f"{year} is not open for a final edition (config/editions.yml).")
    by_municipality: dict[str, list[SeenScope]] = defaultdict(list)
    for scope in find_scopes(settings, year=year):
        if scope.standing != "final":
            by_municipality[scope.municipality_code].append(scope)
    if not by_municipality:
        raise EditionError(f"there is nothing to sign of {year}: nothing of it is published, or all of it is final.")
    with connect("ejd_publisher", settings=settings) as connection:
        counted = {row[:2]: row[2:] for row in connection.execute(COUNTED, [year])}
        held = {row[:2]: row[2] for row in connection.execute(HELD, [year])}
    return [
        {
            "code": code,
            "year": year,
            "subject": f"Are the figures of {code} for {year} final?",
            "body": _body(code, calendar.role(year), scopes, counted, held),
            "shown": [[scope.topic, scope.content_sha256] for scope in scopes],
        }
        for code, scopes in by_municipality.items()
    ]


def sign_as(settings: Settings, name: str, code: str, year: int, shown: Sequence[Sequence[str]]) -> None:
    """Sign what was shown, in the role that the calendar names."""
    role = read_calendar(settings).role(year)
    sign(settings, Signature(name, role, "answered in Airflow"), code, year, shown=[(one[0], one[1]) for one in shown])


def publish_final(settings: Settings, code: str, year: int) -> PublishReport:
    """Publish what a municipality signed as final; the newest candidate is judged for that first, if it is not yet."""
    with connect("ejd_publisher", settings=settings) as connection:
        row = connection.execute("select state, kind from ops.candidates order by candidate_id desc limit 1").fetchone()
    if row is None or row[1] == "provisional" or row[0] == "built":
        gate.run(settings, kind="final")
    return publish(settings, "final", f"signed by {code}", Chosen(code, year=year))


def _body(code: str, role: str, scopes: Sequence[SeenScope], counted: dict[Any, Any], held: dict[Any, Any]) -> str:
    lines = [
        f"The {role} signs what readers see now. It is then locked: only a correction with a reason changes it.",
        "",
        "| topic | edition | values | figures without a value | gate warnings | last good values |",
        "|---|---|---|---|---|---|",
    ]
    for scope in scopes:
        values, figures, warned, kept = counted.get((code, scope.topic), (0, 0, 0, 0))
        lines.append(f"| {scope.topic} | {scope.edition_id} | {values} | {figures - values} | {warned} | {kept} |")
    stopped = [f"- {topic}: {reason}" for (municipality, topic), reason in held.items() if municipality == code]
    if stopped:
        lines += ["", "Newer figures that the gate holds, and that are not part of this:", *stopped]
    return "\n".join(lines)
