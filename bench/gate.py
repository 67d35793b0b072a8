"""The gate at the size of the country: every rule over 98 municipalities, 5 years and all key figures.

Measures and key figures are made as for the benchmark `country`. What else rules read is made here: buildings, meters,
cost per function and property, deliveries and REGK31.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from bench import country
from bench.figure import Figure
from bench.landing import open_warehouse
from expectations import gate
from expectations.suites import load_great_expectations
from register.load import load
from warehouse.database import connect
from warehouse.settings import Settings

SECONDS_LIMIT, OVERHEAD_LIMIT_PCT = 90, 30

# Areas do not differ by year, or every building would be told of. A few did: one in a hundred.
AREAS = """
update audit.fct_measures
set amount = 100 + (hashtext(building_id) & 1023) * case when year = 2025 and hashtext(building_id) %% 100 = 0
    then 2 else 1 end
where measure_code = 'A_BDA' and amount is not null
"""
BUILDINGS = """
insert into audit.dim_buildings (municipality_code, topic, year, building_id, property_id, bbr_id, building_no,
    use_category, tenure, bda_m2, area_source, link_method, link_confidence)
select municipality_code, 'property_model', 0, building_id, property_id,
    case when hashtext(building_id) %% 20 <> 0 then building_id end, right(building_id, 1), use_category, tenure,
    amount, 'bbr', 'uuid', 1
from audit.fct_measures where measure_code = 'A_BDA' and year = 2025
"""
PROPERTIES = """
insert into audit.dim_properties (municipality_code, topic, year, property_id, property_no, use_category, tenure)
select distinct on (property_id) municipality_code, topic, year, property_id, property_id, use_category, tenure
from audit.dim_buildings
"""
MUNICIPALITIES = """
insert into audit.dim_municipalities (municipality_code, topic, year, name, properties, buildings)
select municipality_code, 'property_model', 0, municipality_code, count(distinct property_id), count(*)
from audit.dim_buildings group by municipality_code
"""
RECONCILED_AREAS = """
insert into audit.fct_area_reconciliation (municipality_code, topic, year, building_id, property_id, tenure, fm_area_m2,
    bbr_area_m2, difference_m2, difference_pct, reason)
select municipality_code, topic, year, building_id, property_id, tenure, bda_m2, bda_m2, 0, 0, 'equal'
from audit.dim_buildings
"""
METERS = """
insert into audit.fct_meter_quantities (municipality_code, topic, year, property_id, building_id, use_category, tenure,
    measure_code, source, meter_id, carrier, place_method, share, amount, status_code, renewable_share)
select municipality_code, topic, year, property_id, building_id, use_category, tenure, measure_code, 'energy',
    building_id || measure_code, measure_code, 'meter', 1, amount, status_code, 0
from audit.fct_measures where measure_code in ('Q_EL', 'Q_VARME', 'Q_VAND')
"""
ALLOCATED = """
create table intermediate.int_costs__allocated as
select m.municipality_code, m.year, '3' || lpad((hashtext(m.use_category) & 15)::text, 4, '0') as function_code,
    m.measure_code, m.property_id, sum(m.amount) as amount
from audit.fct_measures m join register.measures r using (measure_code)
where r.kind = 'cost'
group by m.municipality_code, m.year, m.use_category, m.measure_code, m.property_id
"""
RECONCILED = """
create table audit.fct_cost_reconciliation as
select municipality_code, year, function_code, sum(amount) as accepted_dkk, sum(amount) as mapped_dkk,
    cast(0 as numeric) as unmapped_dkk, cast(0 as numeric) as difference_dkk
from intermediate.int_costs__allocated group by municipality_code, year, function_code
"""
ACCEPTED = """
create table intermediate.int_costs__accepted as
select municipality_code, year, function_code, accepted_dkk as running_dkk from audit.fct_cost_reconciliation
"""
DELIVERIES = """
insert into ops.deliveries (source, stream, municipality_code, load_kind, window_from, window_to, state, file_name,
    content_sha256, profile_sha256, byte_size, stored_path, landed_at)
select 'ledger_opus', 'postings', municipality_code, 'window', make_date(year, month, 1),
    make_date(year, month, 1) + interval '1 month', 'landed', 'x.csv', municipality_code || year || month, 'p', 1, 'x',
    clock_timestamp()
from (select distinct municipality_code, year from intermediate.int_costs__accepted) y, generate_series(1, 12) month
"""
COUNTED = """
create table intermediate.int_posting_deliveries__counted as
select municipality_code, delivery_id, cast(extract(year from window_from) as integer) as fiscal_year,
    1000000.00 + delivery_id as amount_dkk, cast(5000 as bigint) as postings
from ops.deliveries
"""
PUBLISHED = """
create table staging.stg_statbank__regk31 as
select municipality_code, municipality_code as area_code, 'municipality' as area_level, function_code,
    '1' as dranst_code, 'TOT' as art_code, 'LOBM' as price_unit_code, year, running_dkk as amount_dkk,
    cast(1 as bigint) as delivery_id
from intermediate.int_costs__accepted
"""
LEASES = """
create table intermediate.int_leases__placed as
select municipality_code, building_id, make_date(2020, 1, 1) as valid_from, cast(null as date) as valid_to
from audit.dim_buildings where tenure = 'leased'
"""
STATEMENTS = (
    AREAS, BUILDINGS, PROPERTIES, MUNICIPALITIES, RECONCILED_AREAS, METERS, ALLOCATED,
    "drop table audit.fct_cost_reconciliation", RECONCILED, ACCEPTED, DELIVERIES, COUNTED, PUBLISHED,
    LEASES,
    "grant select on all tables in schema audit, intermediate to ejd_publisher",
    "grant select on staging.stg_statbank__regk31 to ejd_publisher",
    "insert into ops.candidates (fingerprint, state, built_at) values ('bench', 'built', clock_timestamp())",
)  # fmt: skip


def measure(full: bool) -> Iterator[Figure]:
    """Yield the seconds of the gate, and the share of them that is Great Expectations'."""
    with open_warehouse() as settings:
        (settings.home / "municipalities").mkdir(exist_ok=True)
        load(settings)
        country._make_inputs(settings, country.FULL_PROPERTIES if full else country.PROPERTIES)
        country._run_models(settings)
        _make_rest(settings)
        load_great_expectations()
        with _timed() as spent:
            start = time.perf_counter()
            report = gate.run(settings)
            seconds = time.perf_counter() - start
        idle = [outcome.rule for outcome in report.outcomes if outcome.error or outcome.rows_checked == 0]
        if idle:
            raise RuntimeError(f"these rules looked at nothing: {', '.join(idle)}.")
        yield Figure("gate_country", round(seconds, 1), "s", SECONDS_LIMIT)
        yield Figure("gate_great_expectations_share", round(100 * sum(spent) / seconds, 1), "%", OVERHEAD_LIMIT_PCT)


def _make_rest(settings: Settings) -> None:
    # Bound on the client, as the statements of `country` are: a per cent sign is doubled in both.
    with connect("owner", settings=settings, autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:
        for statement in STATEMENTS:
            connection.execute(statement.encode(), {})
        connection.execute("vacuum analyze")


@contextmanager
def _timed() -> Iterator[list[float]]:
    """Seconds in Great Expectations; its import is not in them: in a run it overlaps with the build (`gate.warm_up`)."""
    spent: list[float] = []
    validate = gate.validate

    def timed(*given: object, **named: object) -> dict[str, bool]:
        start = time.perf_counter()
        try:
            return validate(*given, **named)  # type: ignore[arg-type]
        finally:
            spent.append(time.perf_counter() - start)

    gate.validate = timed
    try:
        yield spent
    finally:
        gate.validate = validate
