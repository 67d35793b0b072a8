"""Key figures and benchmarks at the size of the country, over measures made in SQL, and what readers then ask.

98 municipalities, 45,000 properties of two buildings, 25 measures, 5 years: 11 million measures. Of the models, those
from the roll-up to the key figures are run by dbt itself; what is before them is made here.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

import psycopg

from bench.figure import Figure
from bench.landing import open_warehouse
from register.load import load
from warehouse import benchmarks, suppression
from warehouse.build import DBT_PROJECT, dbt_environment
from warehouse.database import connect
from warehouse.publish import publish
from warehouse.publish_sql import DIMENSIONS, TOPIC_SOURCES
from warehouse.settings import Settings

MUNICIPALITIES, YEARS = 98, (2021, 2025)
PROPERTIES, FULL_PROPERTIES = 4_500, 45_000
MEASURES = (
    "A_BDA A_EJET A_OPV A_RENG A_TERRAEN C_EL C_VARME C_KOEL C_VAND C_RENG C_TERRAEN C_AFFALD C_OEVR C_VEDL_PL "
    "C_VEDL_AK C_FORV C_FORS C_SKAT Q_EL Q_VARME Q_VARME_K Q_VAND N_ELEV N_BARN N_ARBPL"
)
SECONDS_LIMIT, LOOKUP_LIMIT_MS, ACROSS_LIMIT_S, READER_LIMIT_MS = 60, 100, 1, 50
ROUNDS = 15

# A few of a hundred inputs are missing or estimated, by building, so that coverage has something to tell apart.
UNIONED = """
create unlogged table intermediate.int_measures__unioned as
select b.municipality_code, u.topic, y.year, b.property_id, b.building_id, b.use_category, b.tenure, m.measure_code,
    case when chance.missing then null else round((100 + 900 * random())::numeric, 2) end as amount, m.unit,
    case when chance.missing then 'x' when chance.estimated then 'e' else '' end as status_code, m.kind
from (
    select to_char(100 + n %% %(municipalities)s, 'FM0000') as municipality_code, to_char(n, 'FM000000') as property_id,
        to_char(n, 'FM000000') || '-' || building as building_id,
        (array['administration', 'school', 'daycare', 'culture', 'sports', 'health_social', 'housing', 'technical',
            'other'])[1 + (n / %(municipalities)s) %% 9] as use_category,
        (array['owned', 'owned', 'owned', 'owned', 'leased'])[1 + (n / 7) %% 5] as tenure
    from generate_series(1, %(properties)s) n
    cross join generate_series(1, 2) building
) b
join register.use_categories u using (use_category)
cross join generate_series(%(first)s, %(last)s) y (year)
cross join register.measures m
cross join lateral (
    select random() < 0.02 * length(b.building_id) / length(b.building_id) as missing, random() < 0.02 as estimated
) chance
where m.measure_code = any (string_to_array(%(measures)s, ' '))
union all
select to_char(100 + n, 'FM0000'), 'general', y.year, null, null, 'none', 'none', 'N_INDB', 20000 + 1000 * n,
    'inhabitants', '', 'users'
from generate_series(0, %(municipalities)s - 1) n
cross join generate_series(%(first)s, %(last)s) y (year)
"""
OBSERVED = """
create unlogged table intermediate.int_years__observed as
select distinct municipality_code, year from intermediate.int_measures__unioned where measure_code = 'N_INDB'
"""
STRUCTURES = """
create table audit.dim_municipality_structures as
select municipality_code, year, (20000 + 1000 * n)::integer as inhabitants,
    round((5 + 3 * random())::numeric, 2) as share_0_5_pct, round((8 + 5 * random())::numeric, 2) as share_6_16_pct,
    round((15 + 9 * random())::numeric, 2) as share_65_plus_pct,
    (array['910', '920', '930', '940', '960'])[1 + n %% 5] as dst_group_code,
    (array['Hovedstad', 'Storby', 'Provinsby', 'Opland', 'Land'])[1 + n %% 5] as dst_group_name
from (select municipality_code, year, municipality_code::integer - 100 as n from intermediate.int_years__observed) o
"""
FCT_MEASURES = """
create table audit.fct_measures as
select municipality_code, topic, year, property_id, building_id, use_category, tenure, measure_code, amount, unit,
    status_code
from intermediate.int_measures__unioned
"""
# model in schema audit -> table of schema published with the same columns; these are made by dbt or above
AUDIT = {f"fct_{table}": table for table in TOPIC_SOURCES} | {model: table for table, model in DIMENSIONS.items()}
MADE = ("fct_key_figures", "fct_coverage", "fct_measures")
CANDIDATE = """
with candidate as (
    insert into ops.candidates (fingerprint, state) values ('bench', 'gated') returning candidate_id
)
insert into ops.gate_results (candidate_id, municipality_code, topic, year, verdict)
select candidate_id, municipality_code, topic, year, 'publish'
from candidate, (select distinct municipality_code, topic, year from audit.fct_key_figures) s
"""
READER_QUERIES = {
    "figure_and_year": "select municipality_code, value from marts.key_figures where key_figure_code = 'GEN-04' "
    "and year = {year} and level = 'municipality'",
    "municipality": "select key_figure_code, year, value, status_code from marts.key_figures "
    "where municipality_code = '{municipality}' and year = {year}",
    "use_category": "select municipality_code, value from marts.key_figures where key_figure_code = 'GEN-10' "
    "and year = {year} and level = 'use_category' and use_category = 'school'",
    "series": "select year, value from marts.key_figures where municipality_code = '{municipality}' "
    "and key_figure_code = 'VED-01' and level = 'municipality'",
    "peer_group": "select key_figure_code, median, p25, p75, n from marts.benchmarks where group_type = 'nearest' "
    "and group_code = '{municipality}' and year = {year} and topic = 'general'",
    "group_figures": "select year, value from marts.group_key_figures where level = 'peer_group' "
    "and group_code = '910' and key_figure_code = 'GEN-04' and use_category = ''",
    "country": "select year, value from marts.group_key_figures where level = 'country' and key_figure_code = 'GEN-12'",
    "positions": "select key_figure_code, percentile_rank, quartile_group from marts.positions "
    "where municipality_code = '{municipality}' and year = {year} and group_type = 'dst' and level = 'municipality'",
    "coverage": "select key_figure_code, coverage_pct from marts.coverage where municipality_code = '{municipality}' "
    "and year = {year}",
}
PROPERTY = (
    "select property_id, year, value from marts.property_key_figures "
    "where key_figure_code = '{code}' and municipality_code = '{municipality}'"
)
ACROSS = (
    "select count(*), sum(numerator), sum(denominator) from marts.property_key_figures "
    "where key_figure_code = 'GEN-15' and year = {year}"
)
BUILDINGS_ACROSS = ACROSS.replace("property_key_figures", "building_key_figures")


def measure(full: bool) -> Iterator[Figure]:
    """Yield seconds of a whole computation, and milliseconds of what readers ask."""
    with open_warehouse() as settings:
        (settings.home / "municipalities").mkdir(exist_ok=True)
        load(settings)
        _make_inputs(settings, FULL_PROPERTIES if full else PROPERTIES)
        computed = _run_models(settings)
        _publish(settings)
        benchmarked = _compute_benchmarks(settings)
        yield Figure("country_key_figures", round(computed, 1), "s", SECONDS_LIMIT)
        yield Figure("country_benchmarks", round(benchmarked, 1), "s", SECONDS_LIMIT)
        yield Figure("country_figures_and_benchmarks", round(computed + benchmarked, 1), "s", SECONDS_LIMIT)
        with connect("ejd_analyst", settings=settings, autocommit=True) as connection:
            yield from _ask(connection)


def _make_inputs(settings: Settings, properties: int) -> None:
    bound: dict[str, object] = {"municipalities": MUNICIPALITIES, "properties": properties, "measures": MEASURES}
    bound |= {"first": YEARS[0], "last": YEARS[1]}
    # Bound on the client: the types of generate_series are then those of the literals.
    with connect(
        "ejd_transformer", settings=settings, autocommit=True, cursor_factory=psycopg.ClientCursor
    ) as connection:
        connection.execute("select setseed(0.17)")
        for statement in (UNIONED, OBSERVED, STRUCTURES, FCT_MEASURES):
            connection.execute(statement.encode(), bound)
        connection.execute("create table audit.fct_cost_reconciliation (municipality_code text)")
        connection.execute("analyze")
    with connect("owner", settings=settings, autocommit=True) as connection:
        for audit, published in AUDIT.items():
            if audit in MADE:
                continue
            connection.execute(f"create table audit.{audit} (like published.{published})".encode())
            connection.execute(f"alter table audit.{audit} drop column edition_id".encode())
            connection.execute(f"alter table audit.{audit} owner to ejd_transformer".encode())
            connection.execute(f"grant select on audit.{audit} to ejd_publisher".encode())


def _run_models(settings: Settings) -> float:
    target = settings.home / "dbt"
    command = [sys.executable, "-m", "dbt.cli.main", "--quiet", "run", "--select", "int_measures__rolled_up"]
    command += ["int_key_figure_needs__listed+", "int_key_figure_terms__summed+", "fct_measure_contents"]
    command += ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
    start = time.perf_counter()
    subprocess.run(command, env=os.environ | dbt_environment(settings, target), check=True)
    return time.perf_counter() - start


def _publish(settings: Settings) -> None:
    with connect("owner", settings=settings) as connection:
        connection.execute(CANDIDATE.encode())
    suppression.decide_newest(settings)
    publish(settings)
    with connect("owner", settings=settings, autocommit=True) as connection:
        connection.execute("vacuum analyze")


def _compute_benchmarks(settings: Settings) -> float:
    """Everything once more, from the freezing of groups on; rolled back."""
    with connect("owner", settings=settings) as connection:
        connection.execute("update published.benchmark_pointers set lists_sha256 = ''")
        connection.execute("delete from published.peer_group_members")
        start = time.perf_counter()
        benchmarks.renew(connection, None)
        seconds = time.perf_counter() - start
        connection.rollback()
    return seconds


def _ask(connection: psycopg.Connection) -> Iterator[Figure]:
    for code in ("GEN-04", "GEN-15"):
        figure = _median_ms(connection, PROPERTY.replace("{code}", code))
        yield Figure(f"property_figure_of_municipality_{code}", figure, "ms", LOOKUP_LIMIT_MS)
    yield Figure("property_figure_of_country", _median_ms(connection, ACROSS) / 1000, "s", ACROSS_LIMIT_S)
    yield Figure("building_figure_of_country", _median_ms(connection, BUILDINGS_ACROSS) / 1000, "s", ACROSS_LIMIT_S)
    for name, query in READER_QUERIES.items():
        yield Figure(f"reader_{name}", _median_ms(connection, query), "ms", READER_LIMIT_MS)


def _median_ms(connection: psycopg.Connection, query: str) -> float:
    taken = []
    for number in range(ROUNDS):
        asked = query.format(municipality=f"{100 + number * 5:04}", year=YEARS[0] + number % 5)
        start = time.perf_counter()
        rows = connection.execute(asked.encode()).fetchall()
        taken.append((time.perf_counter() - start) * 1000)
        if not rows:
            raise RuntimeError(f"no row: {asked}")
    return round(statistics.median(taken), 1)
