"""A small hand-made candidate in schema `audit`, as dbt would leave it: two municipalities, two years, two properties.

Per municipality and year: school S1 of 1,000 m2 with 50 pupils, town hall T1 of 500 m2, 300 inhabitants. Figures are
computed from the measures by the register's own formula, so a test changes a measure and sees the figures follow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import psycopg

from expectations.exceptions import GateException
from expectations.gate import decide, evaluate_newest, write_verdicts
from expectations.rule import Kind, Rule
from expectations.rules import RULES
from expectations.verdicts import ScopeVerdict
from warehouse.database import connect
from warehouse.publish_sql import DIMENSIONS, TOPIC_SOURCES
from warehouse.settings import Settings

# model in schema audit -> table of schema published with the same columns
AUDIT = {f"fct_{table}": table for table in TOPIC_SOURCES} | {model: table for table, model in DIMENSIONS.items()}
MUNICIPALITIES = ("0991", "0993")
YEARS = (2024, 2025)
TOPICS = {"school": "schools_daycare", "administration": "administration", "none": "general"}
MEASURES = {
    "A_BDA": ("m2", "area"), "A_UDLEJET": ("m2", "area"),
    "C_RENG": ("DKK", "cost"), "C_VARME": ("DKK", "cost"), "C_VEDL_PL": ("DKK", "cost"),
    "C_UMAPPED": ("DKK", "cost"), "N_ELEV": ("pupils", "users"), "N_INDB": ("inhabitants", "users"),
}  # fmt: skip
SCHOOL = {"A_BDA": 1000, "C_RENG": 150_000, "C_VARME": 80_000, "C_VEDL_PL": 100_000, "N_ELEV": 50}
TOWN_HALL = {"A_BDA": 500, "C_RENG": 60_000, "C_VEDL_PL": 50_000}
BOTH = ("school", "administration")
# code: topic, numerator measures, denominator measures, use categories, bounds, largest change in pct
FIGURES = {
    "GEN-01": ("general", ["A_BDA"], [], BOTH, (100, None), 40),
    "GEN-04": ("general", ["C_RENG", "C_VARME"], ["A_BDA"], BOTH, (50, 900), 50),
    "GEN-10": ("general", ["C_RENG"], ["A_BDA"], BOTH, (40, 500), 50),
    "SKO-01": ("schools_daycare", ["A_BDA"], ["N_ELEV"], ("school",), (8, 40), 40),
    "SKO-03": ("schools_daycare", ["C_RENG", "C_VARME", "C_VEDL_PL"], ["A_BDA"], ("school",), (150, 1200), 50),
    "ADM-09": ("administration", ["A_BDA"], ["N_INDB"], ("administration",), (0, 10), 40),
    "VED-01": ("maintenance", ["C_VEDL_PL"], ["A_BDA"], BOTH, (0, 600), 50),
}
# What rules read below schema audit; the columns that they read.
LOWER = {
    "intermediate.int_costs__accepted": "municipality_code text, year integer, function_code text, running_dkk numeric",
    "intermediate.int_costs__allocated": "municipality_code text, year integer, function_code text, "
    "measure_code text, property_id text, amount numeric",
    "intermediate.int_leases__placed": "municipality_code text, building_id text, valid_from date, valid_to date",
    "intermediate.int_posting_deliveries__counted": "municipality_code text, delivery_id bigint, fiscal_year integer, "
    "amount_dkk numeric, postings bigint",
    "staging.stg_statbank__regk31": "municipality_code text, area_code text, area_level text, function_code text, "
    "dranst_code text, art_code text, price_unit_code text, year integer, amount_dkk numeric, delivery_id bigint",
}
COMPUTE = """
insert into audit.fct_key_figures
with sums as (
    select m.municipality_code, m.year, s.key_figure_code, s.version,
        sum(case when s.part = 'numerator' then m.amount end) as numerator,
        sum(case when s.part = 'denominator' then m.amount end) as denominator
    from audit.fct_measures m
    join register.key_figure_term_scopes s
        on s.component_code = m.measure_code and s.use_category = m.use_category and s.tenure = m.tenure
    group by 1, 2, 3, 4
)
select s.municipality_code, k.topic, s.year, 'municipality', k.key_figure_code, k.version, s.numerator,
    coalesce(s.denominator, k.denominator_constant), s.numerator / coalesce(s.denominator, k.denominator_constant),
    k.unit, case when s.numerator is null then 'x' else '' end, '', 100, 2,
    case when s.numerator is null then 'no input' end, '', k.area_basis, k.price_basis
from sums s join register.key_figures k using (key_figure_code, version)
"""
CONTENTS = """
insert into audit.fct_measure_contents
select municipality_code, topic, year, count(*), sum(hash_record_extended(m, 0))
from audit.fct_measures m group by 1, 2, 3
"""


class Candidate:
    """Writes audit tables as ejd_transformer and candidates as a build would."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        with connect("owner", settings=settings) as connection:
            for audit, published in AUDIT.items():
                rows = connection.execute(
                    "select column_name || ' ' || data_type from information_schema.columns where table_schema = "
                    "'published' and table_name = %s and column_name <> 'edition_id' order by ordinal_position",
                    [published],
                ).fetchall()
                # made as the transformer, whose default privileges let the publisher read
                connection.execute("set role ejd_transformer")
                connection.execute(f"create table audit.{audit} ({', '.join(row[0] for row in rows)})")
                connection.execute("reset role")
            connection.execute("set role ejd_transformer")
            connection.execute(
                "create table audit.fct_cost_reconciliation (municipality_code text, year integer, function_code text, "
                "accepted_dkk numeric, mapped_dkk numeric, unmapped_dkk numeric, difference_dkk numeric)"
            )
            connection.execute(
                "create table audit.fct_measure_contents (municipality_code text, topic text, year integer, "
                "measure_rows bigint, hash_sum numeric)"
            )
            connection.execute(
                "create table audit.dim_municipality_structures (municipality_code text, year integer, "
                "inhabitants integer, share_0_5_pct numeric, share_6_16_pct numeric, share_65_plus_pct numeric, "
                "dst_group_code text, dst_group_name text)"
            )
            for table, columns in LOWER.items():
                connection.execute(f"create table {table} ({columns})")
            connection.execute("grant select on staging.stg_statbank__regk31 to ejd_publisher")
        self._fill_register()
        for municipality in MUNICIPALITIES:
            self._fill_municipality(municipality)

    def execute(self, statement: str, *bound: Any) -> None:
        """Change audit tables by hand."""
        with connect("ejd_transformer", settings=self.settings) as connection:
            assert connection.execute(statement, bound).rowcount != 0, f"changed no row: {statement}"

    def multiply(self, factor: float, measure: str, use: str, municipality: str, year: int) -> None:
        """Plant a fault: all amounts of a measure times a factor, and the accepted postings with them.

        An area that is multiplied is explained by an event, so that the gate asks nothing about it.
        """
        self.execute(
            "update audit.fct_measures set amount = amount * %s::numeric where measure_code = %s and use_category = %s "
            "and municipality_code = %s and year = %s",
            factor, measure, use, municipality, year,
        )  # fmt: skip
        if measure == "A_BDA":
            with connect("ejd_loader", settings=self.settings) as connection:
                connection.execute(
                    "insert into register.property_periods (municipality_code, period_no, property_no, building_no, "
                    "valid_from) select %s, count(*) + 1, %s, '', %s from register.property_periods",
                    [municipality, "S1" if use == "school" else "T1", f"{year}-01-01"],
                )

    def copy_year(self, year: int, to: int) -> None:
        """The same measures in a further year."""
        self.execute(
            "insert into audit.fct_measures select municipality_code, topic, %s, property_id, building_id, "
            "use_category, tenure, measure_code, amount, unit, status_code from audit.fct_measures where year = %s",
            to, year,
        )  # fmt: skip

    def finish(self) -> int:
        """Compute the figures and reconcile, then mark a new candidate as built."""
        with connect("ejd_transformer", settings=self.settings) as connection:
            self.compute(connection)
        return self.mark_built()

    def compute(self, connection: psycopg.Connection) -> None:
        """What dbt works out of the measures."""
        connection.execute(
            "truncate audit.fct_key_figures, audit.fct_cost_reconciliation, audit.fct_coverage, "
            "intermediate.int_costs__allocated"
        )
        connection.execute(COMPUTE)
        connection.execute(
            "insert into intermediate.int_costs__allocated select municipality_code, year, '32201', measure_code, "
            "property_id, amount from audit.fct_measures join register.measures using (measure_code) "
            "where kind = 'cost'"
        )
        connection.execute(
            "insert into audit.fct_cost_reconciliation select municipality_code, year, function_code, sum(amount), "
            "sum(case when measure_code <> 'C_UMAPPED' then amount else 0 end), "
            "sum(case when measure_code = 'C_UMAPPED' then amount else 0 end), 0 "
            "from intermediate.int_costs__allocated group by 1, 2, 3"
        )
        connection.execute(
            "insert into audit.fct_coverage select municipality_code, topic, year, key_figure_code, version, "
            "2, 2, 1500, 1500, 100, '' from audit.fct_key_figures"
        )

    def mark_built(self) -> int:
        """A new candidate over the audit tables as they are."""
        with connect("ejd_transformer", settings=self.settings) as connection:
            connection.execute("truncate audit.fct_measure_contents")
            connection.execute(CONTENTS)
            connection.execute("update ops.candidates set state = 'abandoned' where state in ('built', 'gated')")
            row = connection.execute(
                "insert into ops.candidates (fingerprint, state, built_at) values ('f', 'built', now()) "
                "returning candidate_id"
            ).fetchone()
        assert row is not None
        return int(row[0])

    def judge(
        self,
        rules: tuple[Rule, ...] = RULES,
        kind: Kind = "provisional",
        exceptions: Sequence[GateException] = (),
    ) -> list[ScopeVerdict]:
        """Rules and verdicts without Great Expectations, which takes a second and has tests of its own."""
        candidate_id, evaluation, scopes = evaluate_newest(self.settings, rules, kind, exceptions)
        outcomes = [replace(outcome, is_met=outcome.rows_failed == 0) for outcome in evaluation.outcomes]
        verdicts = decide(scopes, evaluation.failures, outcomes, [rule.name for rule in rules])
        write_verdicts(self.settings, candidate_id, verdicts)
        return verdicts

    def _fill_register(self) -> None:
        with connect("ejd_loader", settings=self.settings) as connection, connection.cursor() as cursor:
            cursor.executemany("insert into register.municipalities values (%s, %s)", [(m, m) for m in MUNICIPALITIES])
            cursor.executemany(
                "insert into register.use_categories values (%s, %s, %s, %s)", [(u, t, u, u) for u, t in TOPICS.items()]
            )
            cursor.executemany(
                "insert into register.measures values (%s, %s, %s, %s, %s, 'property', 'x')",
                [(code, code, code, unit, kind) for code, (unit, kind) in MEASURES.items()],
            )
            for code, figure in FIGURES.items():
                self._add_figure(cursor, code, *figure)

    def _add_figure(
        self, cursor: Any, code: str, topic: str, top: list[str], bottom: list[str], uses: tuple[str, ...],
        bounds: tuple[float | None, float | None], change: float,
    ) -> None:  # fmt: skip
        cursor.execute(
            "insert into register.key_figures values (%s, 1, %s, 'navn', 'name', 'DKK/m2', 1, %s, 'neutral', "
            "'municipality', %s, %s, 'hold', %s, 'hold', 90, 'proposed', null, 2000, null, false, %s, 'by hand', 'h')",
            [
                code,
                topic,
                None if bottom else 1,
                *bounds,
                change,
                " + ".join(top) + " / " + " + ".join(bottom or ["1"]),
            ],
        )
        for part, measures in (("numerator", top), ("denominator", bottom)):
            for term, measure in enumerate(measures):
                cursor.execute(
                    "insert into register.key_figure_terms values (%s, 1, %s, %s, %s, 1, true)",
                    [code, part, term, measure],
                )
                scopes = [("none", "none")] if measure == "N_INDB" else [(use, "owned") for use in uses]
                cursor.executemany(
                    "insert into register.key_figure_term_scopes values (%s, 1, %s, %s, %s, %s, %s)",
                    [(code, part, term, measure, use, tenure) for use, tenure in scopes],
                )

    def _fill_municipality(self, municipality: str) -> None:
        with connect("ejd_transformer", settings=self.settings) as connection, connection.cursor() as cursor:
            cursor.execute(
                "insert into audit.dim_municipalities values (%s, 'property_model', 0, 'Kommune', 300, 2, 0)",
                [municipality],
            )
            for no, use, amounts in (("S1", "school", SCHOOL), ("T1", "administration", TOWN_HALL)):
                cursor.execute(
                    "insert into audit.dim_properties values (%s, 'property_model', 0, %s, %s, null, %s, %s, 'owned')",
                    [municipality, f"{municipality}-{no}", no, f"{use} {no}", use],
                )
                for year in YEARS:
                    for measure, amount in amounts.items():
                        self._add_measure(cursor, municipality, year, f"{municipality}-{no}", use, measure, amount)
            for year in YEARS:
                self._add_measure(cursor, municipality, year, None, "none", "N_INDB", 300)

    def _add_measure(
        self, cursor: Any, municipality: str, year: int, property_id: str | None, use: str, measure: str, amount: float
    ) -> None:
        tenure = "owned" if property_id else "none"
        cursor.execute(
            "insert into audit.fct_measures values (%s, %s, %s, %s, null, %s, %s, %s, %s, %s, '')",
            [municipality, TOPICS[use], year, property_id, use, tenure, measure, amount, MEASURES[measure][0]],
        )
