"""Models run on more engines than PostgreSQL: what only PostgreSQL can do sits in a macro with adapter.dispatch."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from warehouse.build import DBT_PROJECT

FORBIDDEN = {
    "a cast with ::": r"::",
    "distinct on": r"\bdistinct\s+on\b",
    "filter (where)": r"\bfilter\s*\(\s*where\b",
    "a json operator": r"->>?|#>>?|@>|<@",
    "a regular expression operator": r"!?~\*?(?!\s*['\"]\s*~)",
    "generate_series": r"\bgenerate_series\s*\(",
    "lateral": r"\blateral\b",
    "array syntax": r"\barray\s*\[|\bunnest\s*\(",
    "string_agg": r"\bstring_agg\s*\(",
    "to_date or to_char": r"\bto_(date|char|number|timestamp)\s*\(",
    "now() or interval": r"\bnow\s*\(|\binterval\s+'",
    "ilike or similar to": r"\bilike\b|\bsimilar\s+to\b",
    "returning or on conflict": r"\breturning\b|\bon\s+conflict\b",
}
SAMPLES = {
    "a cast with ::": "select amount::numeric from t",
    "distinct on": "select distinct on (a) a from t",
    "filter (where)": "select count(*) filter (where a) from t",
    "a json operator": "select a ->> 'b' from t",
    "a regular expression operator": "select a from t where a ~ '^x'",
    "generate_series": "select * from generate_series(1, 2)",
    "lateral": "select * from t cross join lateral (select 1) as u",
    "array syntax": "select array[1, 2]",
    "string_agg": "select string_agg(a, ',') from t",
    "to_date or to_char": "select to_date(a, 'YYYY') from t",
    "now() or interval": "select now()",
    "ilike or similar to": "select a from t where a ilike 'x'",
    "returning or on conflict": "insert into t values (1) returning a",
}
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
COMMENT = re.compile(r"--[^\n]*")


def findings(name: str, text: str) -> list[str]:
    """`file:line: construct` of everything that is PostgreSQL only. Line numbers survive what is blanked out."""
    for pattern in (JINJA, COMMENT):
        text = pattern.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    return [
        f"{name}:{number}: {construct}"
        for number, line in enumerate(text.splitlines(), start=1)
        for construct, pattern in FORBIDDEN.items()
        if re.search(pattern, line, re.IGNORECASE)
    ]


def _sql_files() -> list[Path]:
    return sorted(path for folder in ("models", "tests") for path in (DBT_PROJECT / folder).rglob("*.sql"))


def test_no_model_uses_what_only_postgresql_has() -> None:
    assert len(_sql_files()) > 40
    found = [
        finding
        for path in _sql_files()
        for finding in findings(path.relative_to(DBT_PROJECT).as_posix(), path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize("construct", FORBIDDEN)
def test_the_check_finds_each_construct(construct: str) -> None:
    assert findings("sample.sql", f"with a as (\n    {SAMPLES[construct]}\n)") == [f"sample.sql:2: {construct}"]


def test_a_macro_with_postgresql_only_sql_is_dispatched() -> None:
    for path in sorted((DBT_PROJECT / "macros").rglob("*.sql")):
        text = path.read_text(encoding="utf-8")
        outside = re.sub(r"\{%-?\s*macro postgres__.*?endmacro\s*-?%\}", "", text, flags=re.DOTALL)
        bodies = re.sub(
            r"\{\{|\}\}|\{%-?.*?-?%\}|\{#.*?#\}|\w+\s+~|~\s+['\"(\w]+|['\"]\s*~", "", outside, flags=re.DOTALL
        )
        assert findings(path.name, bodies) == [], path.name


def test_staging_is_the_only_layer_that_reads_raw() -> None:
    for path in _sql_files():
        if "staging" not in path.parts:
            assert not re.search(r"source\(\s*'raw_", path.read_text(encoding="utf-8")), path.name


def test_every_model_is_described_by_its_grain() -> None:
    described = {}
    for path in sorted((DBT_PROJECT / "models").rglob("*.yml")):
        if path.stem.endswith("__sources"):
            continue
        for name, text in re.findall(
            r"- name: ((?:stg|int|dim|fct)_\w+)\n +description: (?:>-\n +|\")?([^\n]*)",
            path.read_text(encoding="utf-8"),
        ):
            described[name] = text
    models = {path.stem for path in (DBT_PROJECT / "models").rglob("*.sql")}
    assert described.keys() == models
    assert [name for name, text in described.items() if not text.startswith(("One row per", "Every row"))] == []


def test_no_model_is_longer_than_eighty_lines() -> None:
    long = [path.name for path in (DBT_PROJECT / "models").rglob("*.sql") if len(path.read_text().splitlines()) > 80]
    # The union of four posting streams says the same of each: shorter would be harder to read.
    assert set(long) <= {"int_postings__unioned.sql", "int_buildings__unioned.sql"}
