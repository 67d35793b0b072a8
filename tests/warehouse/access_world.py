"""Published rows of three municipalities, one of each class of the access matrix, written by hand.

Each municipality has two schools, a technical property and a town hall. 0991-T1 is restricted; it is the only technical
property, so a school of about its size (0991-S2) is hidden with it. 0992 shares its properties with 0991.
"""

from __future__ import annotations

from typing import Any

import psycopg

from warehouse.database import connect
from warehouse.settings import Settings

OWN, SHARING, OTHER = "0991", "0992", "0993"
CODES = (OWN, SHARING, OTHER)
YEAR = 2025
# property: use category, area; T1 is as large as S2 nearly, so S2 hides it best
PROPERTIES = {"S1": ("school", 1000), "S2": ("school", 500), "T1": ("technical", 600), "A1": ("administration", 2000)}
RESTRICTED, PROTECTING = "0991-T1", "0991-S2"
USES = ("school", "technical", "administration")
# figure: use categories it counts
FIGURES = {"GEN-10": USES, "TEK-01": ("technical",)}
COST_PER_M2 = 100
SCOPE = {"edition_id": 1, "topic": "general", "year": YEAR}
MODEL = {"edition_id": 1, "topic": "property_model", "year": 0}
EMPTY = {"text": "", "numeric": 0, "integer": 0, "bigint": 0, "boolean": False, "double precision": 0, "smallint": 0}
REQUIRED = """
select column_name, data_type from information_schema.columns
where table_schema = %s and table_name = %s and is_nullable = 'NO' and column_default is null and is_identity = 'NO'
"""


def area_of(code: str, no: str) -> int:
    """Area of a property; no two have the same."""
    return PROPERTIES[no][1] + CODES.index(code) + 1


def fill(connection: psycopg.Connection, table: str, *rows: dict[str, Any]) -> None:
    """Insert rows; a column that must have a value and is not given one gets an empty one."""
    required = connection.execute(REQUIRED, table.split(".")).fetchall()
    for row in rows:
        values = {name: EMPTY[kind] for name, kind in required if kind in EMPTY} | row
        names, marks = ", ".join(values), ", ".join(f"%({name})s" for name in values)
        overriding = "overriding system value" if "edition_id" in values or "candidate_id" in values else ""
        connection.execute(f"insert into {table} ({names}) {overriding} values ({marks})".encode(), values)


def build(settings: Settings) -> None:
    """Write the world and let the database work out what must be hidden."""
    with connect("owner", settings=settings) as connection:
        _register(connection)
        fill(connection, "ops.candidates", {"candidate_id": 1, "fingerprint": "f", "state": "published"})
        fill(
            connection,
            "published.editions",
            {"edition_id": 1, "kind": "provisional", "candidate_id": 1, "published_at": "2026-01-01"},
        )
        connection.execute("drop table if exists intermediate.int_postings__unioned")
        connection.execute(
            "create table intermediate.int_postings__unioned (municipality_code text, fiscal_year integer, "
            "delivery_id bigint, row_no bigint, posting_key_id text, document_no text, line_no text, "
            "posting_date date, account text, amount_dkk numeric)"
        )
        for number, code in enumerate(CODES, start=1):
            _municipality(connection, code)
            _operations(connection, code, number)
            for no, (use, _) in PROPERTIES.items():
                _property(connection, code, no, use, area_of(code, no), number)
        _benchmarks(connection)
        for code in CODES:
            connection.execute("select ops.make_municipality_role(%s)", [code])
        connection.execute("insert into register.restricted_properties values ('0991', 'T1', 'emergency service')")
        connection.execute("insert into register.shares values ('0992', '0991', 'properties')")
        connection.execute("select ops.protect_restricted(false)")


def _register(connection: psycopg.Connection) -> None:
    fill(connection, "register.municipalities", *({"municipality_code": code, "name": code} for code in CODES))
    fill(connection, "register.use_categories", *({"use_category": use, "topic": "general"} for use in USES))
    for code, kind in (("A_BDA", "area"), ("C_RENG", "cost")):
        fill(connection, "register.measures", {"measure_code": code, "kind": kind, "grain": "property"})
    fill(connection, "register.cost_categories", {"cost_category": "C_RENG"})
    for figure, uses in FIGURES.items():
        key = {"key_figure_code": figure, "version": 1}
        fill(
            connection,
            "register.key_figures",
            {
                **key,
                "topic": "general",
                "scale": 1,
                "direction": "neutral",
                "levels": "municipality,property,building",
                "bounds_severity": "hold",
                "largest_change_severity": "hold",
                "adoption_state": "proposed",
                "valid_from": 2000,
            },
        )
        for part, measure in (("numerator", "C_RENG"), ("denominator", "A_BDA")):
            term = {**key, "part": part, "term_no": 1}
            fill(
                connection,
                "register.key_figure_terms",
                {**term, "measure_code": measure, "weight": 1, "is_required": True},
            )
            for use in uses:
                scope = {"component_code": measure, "use_category": use, "tenure": "owned"}
                fill(connection, "register.key_figure_term_scopes", term | scope)


def _municipality(connection: psycopg.Connection, code: str) -> None:
    whose = {"municipality_code": code}
    for topic, year in (("general", YEAR), ("property_model", 0)):
        pointed = {**whose, "topic": topic, "year": year, "edition_id": 1, "published_at": "2026-01-01"}
        pointed["measures_edition_id"] = 1
        fill(connection, "published.pointers", pointed)
        fill(connection, "published.scope_editions", pointed)
    fill(connection, "published.municipalities", {**MODEL, **whose, "name": code})
    fill(connection, "published.finals", {**SCOPE, **whose, "locked_at": "2026-01-01"})
    for figure, uses in FIGURES.items():
        key = {**SCOPE, **whose, "key_figure_code": figure, "version": 1}
        fill(connection, "published.coverage", key)
        for use in ("", *uses):
            area = sum(area_of(code, no) for no, (of, _) in PROPERTIES.items() if of in ([use] if use else uses))
            level = {**key, "level": "use_category" if use else "municipality", "use_category": use}
            figures = {"numerator": COST_PER_M2 * area, "denominator": area, "value": COST_PER_M2, "n_units": 1}
            fill(connection, "published.key_figures", level | figures)
            fill(
                connection,
                "published.revisions",
                {**level, "old_edition_id": 0, "old_value": 1, "new_value": 2, "published_at": "2026-01-01"},
            )
            position = {name: value for name, value in level.items() if name != "edition_id"}
            fill(
                connection,
                "published.positions",
                {**position, "run_id": 1, "group_type": "dst", "group_code": "910", "value": COST_PER_M2},
            )


def _operations(connection: psycopg.Connection, code: str, number: int) -> None:
    whose = {"municipality_code": code}
    connection.execute(
        "insert into ops.deliveries (delivery_id, source, stream, municipality_code, load_kind, state, file_name, "
        "content_sha256, profile_sha256, byte_size, stored_path) overriding system value "
        "values (%s, 'ledger_opus', 'postings', %s, 'snapshot', 'landed', 'f.csv', '', '', 1, '')",
        [number, code],
    )
    fill(connection, "published.measure_deliveries", {**SCOPE, **whose, "delivery_id": number})
    verdict = {"candidate_id": 1, **whose, "topic": "general", "year": YEAR}
    fill(connection, "ops.gate_results", {**verdict, "verdict": "hold", "decided_at": "2026-01-01"})
    for key in ("all key figures", f"property {code}-T1"):
        fill(connection, "ops.gate_failures", {**verdict, "rule": "area", "severity": "hold", "key": key})


def _property(connection: psycopg.Connection, code: str, no: str, use: str, area: int, delivery: int) -> None:
    whose = {"municipality_code": code, "property_id": f"{code}-{no}"}
    used = {**whose, "use_category": use, "tenure": "owned"}
    building = {"building_id": f"{code}-{no}-1"}
    fill(connection, "published.properties", {**MODEL, **used, "property_no": no, "name": f"name of {no}"})
    fill(connection, "published.buildings", {**MODEL, **used, **building, "name": f"house of {no}", "bda_m2": area})
    fill(connection, "published.area_reconciliation", {**MODEL, **whose, **building, "tenure": "owned"})
    fill(connection, "published.unlinked", {**MODEL, **whose, "side": "fm", "unit_id": building["building_id"]})
    fill(connection, "published.heat_correction", {**SCOPE, **used, **building})
    for measure, amount in (("A_BDA", area), ("C_RENG", COST_PER_M2 * area)):
        fill(connection, "published.measures", {**SCOPE, **used, **building, "measure_code": measure, "amount": amount})
    destination = {"destination_id": f"to {code}-{no}"}
    fill(connection, "published.cost_destinations", {**SCOPE, **used, **destination, "share": 1})
    keyed = {"posting_key_id": f"key {code}-{no}", "delivery_id": delivery}
    fill(
        connection,
        "published.cost_keys",
        {
            **SCOPE, **destination, **keyed, "municipality_code": code, "rule_no": 1, "measure_code": "C_RENG",
            "account": f"account of {code}-{no}", "rule_share": 1, "amount_dkk": COST_PER_M2 * area, "postings": area,
        },
    )  # fmt: skip
    fill(
        connection,
        "published.meter_quantities",
        {**SCOPE, **used, "measure_code": "Q_EL", "meter_id": f"meter of {no}", "share": 1, "amount": area},
    )
    posted = {"fiscal_year": YEAR, "row_no": 1, "account": "40", "amount_dkk": COST_PER_M2 * area}
    fill(connection, "intermediate.int_postings__unioned", {"municipality_code": code, **keyed, **posted})


def _benchmarks(connection: psycopg.Connection) -> None:
    key = {"topic": "general", "year": YEAR}
    pointed = {**key, "run_id": 1, "edition_id": 1, "computed_at": "2026-01-01"}
    fill(connection, "published.benchmark_pointers", pointed)
    group = {"group_type": "dst", "group_code": "910", "group_name": "Provinsby"}
    figure = {"key_figure_code": "GEN-10", "version": 1, "level": "municipality"}
    fill(connection, "published.benchmarks", {**key, **group, **figure, "run_id": 1, "n_members": 3, "n": 3})
    fill(connection, "published.peer_group_members", {**key, **group, "municipality_code": OWN})
