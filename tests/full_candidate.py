"""A hand-made candidate that every rule of the gate has something to look at in, and in which nothing is wrong.

To `tests/audit_candidate.py` it adds, per municipality and year: meters and energy costs, a leased school building of
200 m2, the rest of operation, a percentage, use-category figures, twelve monthly ledger deliveries of 100 postings and
50,000 DKK each, and REGK31 of the same 600,000 DKK.
"""

from __future__ import annotations

from typing import Any

import psycopg

from tests.audit_candidate import BOTH, LOWER, MEASURES, MUNICIPALITIES, YEARS, Candidate
from warehouse.database import connect
from warehouse.settings import Settings

# Per municipality and year. Energy: 120 kWh per m2; 173,300 DKK for 180,000 kWh, 0.96 DKK each.
MORE_MEASURES = {
    "C_EL": ("DKK", "cost"), "C_VAND": ("DKK", "cost"), "C_OEVR": ("DKK", "cost"), "C_VEDL_AK": ("DKK", "cost"),
    "Q_EL": ("kWh", "quantity"), "Q_VARME": ("kWh", "quantity"),
}  # fmt: skip
AMOUNTS = {
    "school": {"C_EL": 40_500, "C_VAND": 10_000, "C_OEVR": 57_000, "C_VEDL_AK": 25_000, "Q_EL": 27_000,
               "Q_VARME": 93_000},
    "administration": {"C_EL": 20_250, "C_VARME": 32_550, "C_VAND": 5_000, "C_OEVR": 20_000, "C_VEDL_AK": 12_500,
                       "Q_EL": 13_500, "Q_VARME": 46_500},
}  # fmt: skip
PLACES = {"school": ("schools_daycare", "S1"), "administration": ("administration", "T1")}
# code: topic, numerator measures, denominator measures, use categories, bounds, largest change in pct
MORE_FIGURES = {
    "GEN-12": ("general", ["C_EL", "C_VARME"], ["A_BDA"], BOTH, (30, 400), 50),
    "GEN-17": ("general", ["Q_EL", "Q_VARME"], ["A_BDA"], BOTH, (50, 500), 50),
    "GEN-18": ("general", ["C_EL", "C_VARME"], ["Q_EL", "Q_VARME"], BOTH, (0.3, 4), 90),
    "VED-05": ("maintenance", ["C_VEDL_PL"], ["C_VEDL_PL", "C_VEDL_AK"], BOTH, (0, 100), 90),
}
# The same figures of each use category, as int_key_figures__divided has them.
USE_CATEGORIES = """
insert into audit.fct_key_figures
with sums as (
    select m.municipality_code, m.year, m.use_category, s.key_figure_code, s.version,
        sum(case when s.part = 'numerator' then m.amount end) as numerator,
        sum(case when s.part = 'denominator' then m.amount end) as denominator
    from audit.fct_measures m
    join register.key_figure_term_scopes s
        on s.component_code = m.measure_code and s.use_category = m.use_category and s.tenure = m.tenure
    where m.use_category <> 'none'
    group by 1, 2, 3, 4, 5
)
select s.municipality_code, k.topic, s.year, 'use_category', k.key_figure_code, k.version, s.numerator, s.denominator,
    s.numerator / s.denominator, k.unit, '', '', 100, 1, null, s.use_category, k.area_basis, k.price_basis
from sums s join register.key_figures k using (key_figure_code, version)
where s.denominator <> 0 and s.numerator is not null
"""


class FullCandidate(Candidate):
    """The candidate with something for every rule."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        with connect("owner", settings=settings) as connection:
            for municipality in MUNICIPALITIES:
                self._add_areas(connection, municipality)
                for year in YEARS:
                    self._add_amounts(connection, municipality, year)
                    self._add_ledger(connection, municipality, year)
            connection.execute(
                "insert into audit.fct_meter_quantities (municipality_code, topic, year, property_id, use_category, "
                "tenure, measure_code, source, meter_id, carrier, place_method, share, amount, status_code, "
                "renewable_share) select municipality_code, topic, year, property_id, use_category, tenure, "
                "measure_code, 'energy', property_id, case measure_code when 'Q_EL' then 'electricity' else "
                "'district_heating' end, 'meter', 1, amount, '', 0 from audit.fct_measures "
                "where measure_code like 'Q_%'"
            )

    def compute(self, connection: psycopg.Connection) -> None:
        """What dbt works out of the measures, use categories included."""
        super().compute(connection)
        connection.execute(USE_CATEGORIES)
        connection.execute("update audit.fct_key_figures set value = 100 * value where unit = '%'")

    def _fill_register(self) -> None:
        super()._fill_register()
        with connect("ejd_loader", settings=self.settings) as connection, connection.cursor() as cursor:
            cursor.executemany(
                "insert into register.measures values (%s, %s, %s, %s, %s, 'property', 'x')",
                [(code, code, code, unit, kind) for code, (unit, kind) in MORE_MEASURES.items()],
            )
            for code, figure in MORE_FIGURES.items():
                self._add_figure(cursor, code, *figure)
            cursor.execute("update register.key_figures set unit = '%' where key_figure_code = 'VED-05'")

    def _add_amounts(self, connection: psycopg.Connection, municipality: str, year: int) -> None:
        units = MEASURES | MORE_MEASURES
        for use, amounts in AMOUNTS.items():
            topic, number = PLACES[use]
            for measure, amount in amounts.items():
                connection.execute(
                    "insert into audit.fct_measures values (%s, %s, %s, %s, null, %s, 'owned', %s, %s, %s, '')",
                    [municipality, topic, year, f"{municipality}-{number}", use, measure, amount, units[measure][0]],
                )
        connection.execute(
            "insert into audit.fct_measures values "
            "(%s, 'schools_daycare', %s, %s, %s, 'school', 'leased', 'A_BDA', 200, 'm2', '')",
            [municipality, year, f"{municipality}-S1", f"{municipality}-S1-2"],
        )

    def _add_areas(self, connection: psycopg.Connection, municipality: str) -> None:
        """Each area belongs to a building, which FM and BBR measure alike."""
        connection.execute(
            "update audit.fct_measures set building_id = property_id || '-1' where measure_code = 'A_BDA' "
            "and municipality_code = %s", [municipality],
        )  # fmt: skip
        for number, use, tenure, area in (("S1-1", "school", "owned", 1000), ("T1-1", "administration", "owned", 500),
                                          ("S1-2", "school", "leased", 200)):  # fmt: skip
            building, found = f"{municipality}-{number}", [municipality, f"{municipality}-{number[:2]}"]
            connection.execute(
                "insert into audit.dim_buildings (municipality_code, property_id, topic, year, building_id, bbr_id, "
                "building_no, use_category, tenure, bda_m2, area_source, link_method, link_confidence) "
                "values (%s, %s, 'property_model', 0, %s, %s, %s, %s, %s, %s, 'bbr', 'uuid', 1)",
                [*found, building, f"bbr {building}", number[-1], use, tenure, area],
            )
            connection.execute(
                "insert into audit.fct_area_reconciliation (municipality_code, property_id, topic, year, building_id, "
                "tenure, fm_area_m2, bbr_area_m2, difference_m2, difference_pct, reason) "
                "values (%s, %s, 'property_model', 0, %s, %s, %s, %s, 0, 0, 'equal')",
                [*found, building, tenure, area, area],
            )

    def _add_ledger(self, connection: psycopg.Connection, municipality: str, year: int) -> None:
        for month in range(1, 13):
            delivery_id = add_delivery(connection, municipality, year, month)
            connection.execute(
                f"insert into {_table('deliveries__counted')} values (%s, %s, %s, %s, 100)",
                [municipality, delivery_id, year, 49_000 + delivery_id],
            )
            connection.execute(
                f"insert into {_table('postings__summed')} values (%s, %s, %s, 'key', 50000)",
                [municipality, delivery_id, year],
            )
        connection.execute(
            f"insert into {_table('keys__categorised')} values (%s, %s, 'key', '32201', '1', true, 1)",
            [municipality, year],
        )
        connection.execute(
            f"insert into {_table('costs__accepted')} values (%s, %s, '32201', 600000)", [municipality, year]
        )
        connection.execute(
            f"insert into {_table('regk31')} values "
            "(%s, %s, 'municipality', '32201', '1', 'TOT', 'LOBM', %s, 600000, 1)",
            [municipality, municipality[1:], year],
        )


def add_delivery(connection: psycopg.Connection, municipality: str, year: int, month: int) -> int:
    """A landed delivery of the ledger's month; its id."""
    first, last = f"{year}-{month:02}-01", f"{year + month // 12}-{month % 12 + 1:02}-01"
    row = connection.execute(
        "insert into ops.deliveries (source, stream, municipality_code, load_kind, window_from, window_to, state, "
        "file_name, content_sha256, profile_sha256, byte_size, stored_path, landed_at) values ('ledger_opus', "
        "'postings', %s, 'window', %s, %s, 'landed', 'x.csv', %s, 'p', 1, 'x', clock_timestamp()) "
        "returning delivery_id",
        [municipality, first, last, f"{municipality} {first}"],
    ).fetchone()
    assert row is not None
    return int(row[0])


def _table(end: str) -> Any:
    """The table below schema audit whose name ends so."""
    (name,) = (table for table in LOWER if table.endswith(end))
    return name
