"""`ejendomstal gate show`: the verdicts and failing rows of the candidate that was judged last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from warehouse.database import connect
from warehouse.settings import Settings

JUDGED = """
select c.candidate_id, c.kind, to_char(c.gated_at, 'YYYY-MM-DD HH24:MI')
from ops.candidates c where c.candidate_id = (select max(candidate_id) from ops.gate_results)
"""
IN_SCOPE = """
(%(municipality)s::text is null or municipality_code = %(municipality)s)
    and (%(topic)s::text is null or topic = %(topic)s)
    and (%(year)s::integer is null or year = %(year)s)
"""
VERDICTS = f"""
select municipality_code, topic, year, verdict, rules_failed from marts.gate_verdicts
where {IN_SCOPE} and (%(rule)s::text is null or %(rule)s = any(rules_failed))
order by municipality_code, topic, year
"""
ROWS = f"""
select severity, municipality_code, topic, year, rule, key, observed, expected,
    case when exception_reason is null then advice else 'excepted: ' || exception_reason end
from marts.data_quality
where {IN_SCOPE} and (%(rule)s::text is null or rule = %(rule)s)
order by array_position(array['stop', 'hold', 'warning', 'info'], severity), municipality_code, topic, year, rule,
    key collate "C"
"""
STYLES = {"stop": "bold red", "hold": "red", "warning": "yellow"}


def show_findings(console: Console, settings: Settings, chosen: Mapping[str, object], limit: int) -> None:
    """Verdicts that are not plain `publish`, then failing rows, the severest first.

    Args:
        console: where to.
        settings: where the warehouse is.
        chosen: municipality, topic, year and rule; None is any.
        limit: how many failing rows to show.
    """
    with connect("ejd_publisher", settings=settings) as connection:
        judged = connection.execute(JUDGED.encode()).fetchone()
        if judged is None:
            console.print("No candidate has been judged: run `ejendomstal gate` first.", markup=False)
            return
        verdicts = connection.execute(VERDICTS.encode(), chosen).fetchall()
        rows = connection.execute(ROWS.encode(), chosen).fetchall()
    candidate_id, kind, at = judged
    counts = Counter(verdict for *_, verdict, _ in verdicts)
    console.print(f"Candidate {candidate_id}, judged {at} UTC for a {kind} edition", highlight=False)
    console.print("Verdicts: " + (", ".join(f"{n} {verdict}" for verdict, n in sorted(counts.items())) or "none"))
    for municipality, topic, year, verdict, failed in verdicts:
        if verdict != "publish":
            console.print(
                f"  {verdict}: {municipality} {topic} {year}: {', '.join(failed) or 'no rule'}",
                style=STYLES.get(verdict, "yellow"), highlight=False, markup=False, soft_wrap=True,
            )  # fmt: skip
    if rows:
        console.print(_table(rows[:limit]))
    if len(rows) > limit:
        console.print(f"and {len(rows) - limit} more rows: choose with --municipality, --topic, --year or --rule")


def _table(rows: list[tuple]) -> Table:
    table = Table("severity", "scope", "rule", "key", "observed", "expected", "what to do", show_lines=True)
    for severity, municipality, topic, year, rule, key, observed, expected, advice in rows:
        cells = (severity, f"{municipality} {topic} {year}", rule, key, observed or "", expected or "", advice)
        table.add_row(*(_plain(cell) for cell in cells), style=STYLES.get(severity))
    return table


def _plain(text: str) -> str:
    """Square brackets in data are no markup."""
    return text.replace("[", r"\[")
