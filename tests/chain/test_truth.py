"""What is published against the generator's own truth, which no part of the pipeline has seen. Kroner to the oere."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from tests.chain.conftest import Chain

HELD = ("0993", "schools_daycare", 2025)
OF_HELD_TOPIC = ("school", "daycare")


def is_held(municipality: str, year: int, use: str) -> bool:
    return (municipality, "schools_daycare" if use in OF_HELD_TOPIC else "", year) == HELD


def test_only_the_planted_fault_is_held_and_the_verdict_names_it(chain: Chain) -> None:
    held = chain.rows("select municipality_code, topic, year, reason from marts.gate_verdicts where verdict = 'hold'")
    assert [row[:3] for row in held] == [HELD]
    assert "C_RENG of school" in held[0][3]


def test_the_topic_that_sums_the_held_input_is_published_with_a_warning(chain: Chain) -> None:
    warned = chain.rows(
        "select municipality_code, topic, year, reason from marts.gate_verdicts where verdict = 'publish with warnings'"
    )
    assert [row[:3] for row in warned] == [("0993", "general", 2025)]
    assert "GEN-04" in warned[0][3]


def test_every_krone_per_property_and_category_is_as_posted(chain: Chain) -> None:
    truth: dict[tuple[str, int, str, str], Decimal] = defaultdict(Decimal)
    for cost in chain.truth.costs:
        if cost.posted_dkk and not is_held(cost.municipality_code, cost.year, cost.use_category):
            truth[cost.municipality_code, cost.year, cost.property_no or "", cost.cost_category] += cost.posted_dkk
    published = {
        (municipality, year, (property_id or "").removeprefix(f"{municipality}-"), measure): amount
        for municipality, year, property_id, measure, amount in chain.rows(
            "select municipality_code, year, property_id, measure_code, sum(amount) from marts.measures "
            "where measure_code like 'C\\_%%' or measure_code = 'I_LEJE' group by 1, 2, 3, 4 having sum(amount) <> 0"
        )
    }
    assert len(truth) > 3000
    assert published == {key: amount for key, amount in truth.items() if amount}


def test_the_held_topics_money_is_in_the_candidate_as_posted(chain: Chain) -> None:
    truth = sum(
        cost.posted_dkk
        for cost in chain.truth.costs
        if (cost.municipality_code, cost.year) == ("0993", 2025) and cost.use_category in OF_HELD_TOPIC
    )
    candidate = chain.rows(
        "select sum(amount) from audit.fct_measures join register.measures using (measure_code) "
        "where municipality_code = '0993' and year = 2025 and topic = 'schools_daycare' and kind = 'cost'",
        role="ejd_publisher",
    )
    assert candidate == [(truth,)]


def test_areas_per_use_and_tenure_are_the_models(chain: Chain) -> None:
    truth = {
        (a.municipality_code, a.year, a.use_category, a.tenure, a.measure_code): a.m2
        for a in chain.truth.areas
        if a.m2 and not is_held(a.municipality_code, a.year, a.use_category)
    }
    published = {
        row[:5]: row[5]
        for row in chain.rows(
            "select municipality_code, year, use_category, tenure, measure_code, sum(amount) from marts.measures "
            "where measure_code like 'A\\_%%' group by 1, 2, 3, 4, 5 having sum(amount) <> 0"
        )
    }
    assert len(truth) > 200
    assert published == truth


def test_consumption_per_property_is_the_models(chain: Chain) -> None:
    uses = {(c.municipality_code, c.property_no): c.use_category for c in chain.truth.costs}
    truth = {
        (q.municipality_code, q.year, q.property_no, q.measure_code): q.amount
        for q in chain.truth.quantities
        if q.amount and not is_held(q.municipality_code, q.year, uses[q.municipality_code, q.property_no])
    }
    published = {
        (municipality, year, property_id.removeprefix(f"{municipality}-"), measure): amount
        for municipality, year, property_id, measure, amount in chain.rows(
            "select municipality_code, year, property_id, measure_code, sum(amount) from marts.measures "
            "where measure_code like 'Q\\_%%' group by 1, 2, 3, 4 having sum(amount) <> 0"
        )
    }
    assert len(truth) > 1000
    assert published == truth


def test_users_are_the_models(chain: Chain) -> None:
    truth = {
        (u.municipality_code, u.year, u.measure_code): u.amount
        for u in chain.truth.users
        if u.measure_code == "N_INDB" or not is_held(u.municipality_code, u.year, "school")
    }
    published = {
        row[:3]: row[3]
        for row in chain.rows(
            "select municipality_code, year, measure_code, sum(amount) from marts.measures "
            "where measure_code like 'N\\_%%' group by 1, 2, 3"
        )
    }
    assert published == truth


def test_key_figures_are_worked_out_as_by_hand(chain: Chain) -> None:
    published = {
        row[:3]: row[3:]
        for row in chain.rows(
            "select municipality_code, year, key_figure_code, numerator, denominator, value, status_code, flags "
            "from marts.key_figures where level = 'municipality'"
        )
    }
    fates = defaultdict(set)
    for figure in chain.truth.figures:
        key = (figure.municipality_code, figure.year, figure.key_figure_code)
        fates[figure.fate].add(key)
        if figure.fate == "held":
            assert key not in published
            continue
        numerator, denominator, value, status, flags = published[key]
        if figure.fate == "withheld":
            assert (value, status, flags) == (None, "x", "input_withheld"), key
            continue
        assert (numerator, denominator, status) == (figure.numerator, figure.denominator, ""), key
        assert abs(value - figure.value) < Decimal("0.000001"), key
    assert len(published) == len(fates["published"]) + len(fates["withheld"])
    assert {key[2] for key in fates["held"]} == {"SKO-01", "SKO-03", "DAG-01"}
    assert fates["withheld"] == {("0993", 2025, "GEN-04"), ("0993", 2025, "GEN-10")}


def test_dimensions_count_what_there_is(chain: Chain) -> None:
    counts = {code: (properties, buildings) for code, properties, buildings in chain.rows(
        "select municipality_code, properties, buildings from marts.dim_municipalities")}  # fmt: skip
    assert counts == {code: (chain.truth.properties[code], chain.truth.buildings[code]) for code in counts}
    assert set(counts) == {"0991", "0992", "0993"}
    for view, expected in (("dim_properties", chain.truth.properties), ("dim_buildings", chain.truth.buildings)):
        assert dict(chain.rows(f"select municipality_code, count(*) from marts.{view} group by 1")) == expected
    unknown = dict(chain.rows("select municipality_code, count(*) filter (where bda_m2 is null) "
                              "from marts.dim_buildings group by 1"))  # fmt: skip
    assert unknown == chain.truth.buildings_without_area


def test_a_missing_area_has_no_value_and_says_so(chain: Chain) -> None:
    rows = chain.rows("select amount, status_code, count(*) from marts.measures where measure_code = 'A_BDA' "
                      "and (amount is null or status_code <> '') group by 1, 2")  # fmt: skip
    assert [row[:2] for row in rows] == [(None, "x")]
    assert rows[0][2] >= 1
