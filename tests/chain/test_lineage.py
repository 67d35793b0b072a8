"""Every published value leads to measures, meters, posting keys and posting lines; each step sums to the one above."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.chain.conftest import Chain
from warehouse.explain import explain
from warehouse.origins import QUANTITIES

TINY = Decimal("0.000001")
PLACE = "municipality_code, year, property_id, use_category, tenure, measure_code"
TERMS = """
select f.municipality_code, f.year, f.use_category, f.key_figure_code, f.numerator, f.denominator,
    sum(t.amount) filter (where t.part = 'numerator') as numerator_terms,
    sum(t.amount) filter (where t.part <> 'numerator') as denominator_terms
from marts.key_figures f
left join marts.lineage_terms t
    on t.municipality_code = f.municipality_code and t.year = f.year and t.level = f.level
    and t.figure_use_category = f.use_category and t.key_figure_code = f.key_figure_code and t.version = f.version
where f.value is not null
    -- What the gate holds there is a part of other topics' figures that nobody sees.
    and not exists (
        select from marts.gate_verdicts g
        where g.municipality_code = f.municipality_code and g.year = f.year and g.verdict = 'hold'
    )
group by f.municipality_code, f.year, f.level, f.use_category, f.key_figure_code, f.numerator, f.denominator
-- A suppressed measure shows no amount: the way ends there.
having count(*) filter (where t.status_code = 'c') = 0
"""


def measures_of_kinds(chain: Chain) -> str:
    """Cost measures that postings make, as an SQL list."""
    codes = chain.rows(
        "select measure_code from register.measures where kind = 'cost' and measure_code not in "
        "(select measure_code from register.measure_components group by measure_code having count(*) > 1) "
        "or measure_code in ('C_VEDL_UDV', 'C_VEDL_IND', 'C_VEDL_INST', 'C_EFTERSLAEB')",
        role="owner",
    )
    return ", ".join(f"'{code}'" for (code,) in codes)


def test_the_terms_of_every_published_figure_sum_to_both_its_parts(chain: Chain) -> None:
    rows = chain.rows(TERMS)
    assert len(rows) > 1000
    for *figure, numerator, denominator, numerator_terms, denominator_terms in rows:
        # A term that need not be there adds nothing.
        assert (numerator_terms or 0) == numerator, figure
        # GEN-01 divides by a constant, and has no denominator to sum.
        assert denominator_terms == (None if figure[-1] == "GEN-01" else denominator), figure


def test_posting_keys_sum_to_every_cost_measure_to_the_oere(chain: Chain) -> None:
    costs = measures_of_kinds(chain)
    query = f"select {PLACE}, sum(amount) from marts.{{}} where measure_code in ({costs}) group by {PLACE}"
    measured = {row[:-1]: row[-1] for row in chain.rows(query.format("measures"))}
    traced = {row[:-1]: row[-1] for row in chain.rows(query.format("lineage_costs"))}
    assert len(measured) > 1000
    assert traced == measured


@pytest.mark.parametrize("year", [2023, 2024, 2025])
@pytest.mark.parametrize("municipality", ["0991", "0992", "0993"])
def test_posting_lines_sum_to_every_cost_measure_to_the_oere(chain: Chain, municipality: str, year: int) -> None:
    place, costs = "measure_code, property_id, use_category, tenure", measures_of_kinds(chain)
    lines = chain.rows(
        f"select {place}, sum(amount) from marts.lineage_postings(%(code)s, %(year)s, array[{costs}]) group by {place}",
        code=municipality,
        year=year,
    )
    measured = chain.rows(
        f"select {place}, sum(amount) from marts.measures where municipality_code = %(code)s and year = %(year)s "
        f"and measure_code in ({costs}) group by {place}",
        code=municipality,
        year=year,
    )
    assert {row[:-1]: row[-1] for row in lines} == {row[:-1]: row[-1] for row in measured}
    assert len(measured) > 50


def test_a_posting_line_is_the_row_of_the_delivery_that_it_names(chain: Chain) -> None:
    lines = chain.rows(
        "select delivery_id, row_no, posted_dkk from marts.lineage_postings('0991', 2025, array['C_EL']) limit 50"
    )
    assert len(lines) == 50
    for delivery_id, row_no, posted in lines:
        (amount,) = chain.rows(
            "select amount from raw_ledger_opus.postings where delivery_id = %(delivery)s and row_no = %(row)s "
            "and municipality_code = '0991'",
            role="owner",
            delivery=delivery_id,
            row=row_no,
        )
        digits = amount[0].replace(".", "").replace(",", ".").strip("-")
        assert abs(posted) == Decimal(digits)


def test_meters_sum_to_every_metered_quantity(chain: Chain) -> None:
    codes = "('Q_EL', 'Q_EL_EGEN', 'Q_VARME', 'Q_KOEL', 'Q_VAND')"
    measured = chain.rows(
        f"select {PLACE}, sum(amount) from marts.measures where measure_code in {codes} group by {PLACE} "
        "having sum(amount) <> 0"
    )
    meters = chain.rows(
        f"select {PLACE}, sum(amount) from marts.lineage_meters where measure_code in {codes} group by {PLACE} "
        "having sum(amount) <> 0"
    )
    traced = {row[:-1]: row[-1] for row in meters}
    assert len(measured) > 100
    # A place where a meter is unknown has no sum, though its other meters have amounts.
    assert {row[:-1]: traced[row[:-1]] for row in measured} == {row[:-1]: row[-1] for row in measured}


@pytest.mark.parametrize(("municipality", "least_figures"), [("0991", 60), ("0992", 60), ("0993", 40)])
def test_every_figure_of_a_municipality_is_explained_to_its_origins_and_the_sums_meet(
    chain: Chain, municipality: str, least_figures: int
) -> None:
    figures = chain.rows(
        "select distinct key_figure_code, year from marts.key_figures where municipality_code = %(code)s "
        "and year in (2024, 2025) and level = 'municipality' and value is not null order by 1, 2",
        code=municipality,
    )
    assert len(figures) > 2 * least_figures
    traced = set()
    for code, year in figures:
        explanation = explain(chain.settings, code, municipality, year, to_postings=True)
        for trace in explanation.traces:
            assert abs(trace.traced - trace.measured) < TINY, (code, trace.measure_code)
            assert trace.origins or trace.measured == 0, (code, trace.measure_code)
            traced.add(trace.measure_code)
    assert {"C_EL", "C_RENG", "C_VEDL_PL", "C_VEDL_UDV", "Q_EL", "Q_VARME_K", "Q_CO2E"} <= traced
    if municipality == "0991":
        assert set(QUANTITIES) - traced <= {"Q_KOEL", "Q_KOEL_EKV", "Q_EL_EGEN"}
