"""What is published against the generator's own truth, which no part of the pipeline has seen. Kroner to the oere."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from demo.facts import Figure
from demo.figures import DEFINITIONS
from tests.chain.conftest import Chain

HELD = ("0993", "schools_daycare", 2025)
OF_HELD_TOPIC = ("school", "daycare")


def is_held(municipality: str, year: int, use: str) -> bool:
    return (municipality, "schools_daycare" if use in OF_HELD_TOPIC else "", year) == HELD


def is_close(told: Decimal, true: Decimal) -> bool:
    """The same but for the twelfth digit of a share: days of a year and splits by area never end."""
    return abs(told - true) <= Decimal("1e-9") * max(Decimal(1), abs(true))


def test_only_the_planted_fault_is_held_and_the_verdict_names_it(chain: Chain) -> None:
    held = chain.rows("select municipality_code, topic, year, reason from marts.gate_verdicts where verdict = 'hold'")
    assert [row[:3] for row in held] == [HELD]
    assert "C_RENG of school" in held[0][3]


def test_a_scope_is_published_with_warnings_only_where_a_figure_lacks_its_value(chain: Chain) -> None:
    warned = {
        row[:3]: row[3]
        for row in chain.rows(
            "select municipality_code, topic, year, reason from marts.gate_verdicts "
            "where verdict = 'publish with warnings'"
        )
    }
    lacking = {
        (figure.municipality_code, DEFINITIONS[figure.key_figure_code].topic, figure.year)
        for figure in chain.truth.figures
        if figure.fate in ("missing", "withheld")
    }
    assert set(warned) == lacking - {HELD}
    assert "GEN-04" in warned["0993", "general", 2025]


def test_every_krone_per_property_and_category_is_as_posted(chain: Chain) -> None:
    truth: dict[tuple[str, int, str, str], Decimal] = defaultdict(Decimal)
    for cost in chain.truth.costs:
        if cost.posted_dkk and not is_held(cost.municipality_code, cost.year, cost.use_category):
            truth[cost.municipality_code, cost.year, cost.property_no or "", cost.cost_category] += cost.posted_dkk
    categories = {cost.cost_category for cost in chain.truth.costs}
    published = {
        (municipality, year, (property_id or "").removeprefix(f"{municipality}-"), measure): amount
        for municipality, year, property_id, measure, amount in chain.rows(
            "select municipality_code, year, property_id, measure_code, sum(amount) from marts.measures "
            "group by 1, 2, 3, 4 having sum(amount) <> 0"
        )
        if measure in categories
    }
    assert len(truth) > 3000
    # Money split by area ends in a fraction of an oere; nothing is further away than that.
    assert published.keys() == truth.keys()
    assert not {key for key, amount in truth.items() if abs(published[key] - amount) > Decimal("0.0001")}


def test_no_oere_is_lost_or_made_by_splits_and_days(chain: Chain) -> None:
    truth: dict[tuple[str, int, str], Decimal] = defaultdict(Decimal)
    for cost in chain.truth.costs:
        truth[cost.municipality_code, cost.year, cost.cost_category] += cost.posted_dkk
    candidate = {
        row[:3]: row[3]
        for row in chain.rows(
            "select municipality_code, year, measure_code, sum(amount) from audit.fct_measures "
            "join register.measures using (measure_code) where measures.kind = 'cost' group by 1, 2, 3",
            role="ejd_publisher",
        )
    }
    assert {key: round(dkk, 2) for key, dkk in truth.items()} == candidate


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


def test_every_measure_of_every_property_use_and_tenure_is_the_models(chain: Chain) -> None:
    truth = {
        (m.municipality_code, m.year, m.property_no or "", m.use_category, m.tenure, m.measure_code): m.amount
        for m in chain.truth.measures
        if m.amount and not is_held(m.municipality_code, m.year, m.use_category)
    }
    published = {
        (code, year, (property_id or "").removeprefix(f"{code}-"), *rest): amount
        for code, year, property_id, *rest, amount in chain.rows(
            "select municipality_code, year, property_id, use_category, tenure, measure_code, sum(amount) "
            "from marts.measures group by 1, 2, 3, 4, 5, 6 having sum(amount) <> 0"
        )
    }
    assert len({key[5] for key in truth}) > 60
    hidden = suppressed(chain)
    assert {key[5] for key in hidden} == {"N_AARSV_RENG"}
    # Fewer than five full-time equivalents of one property are somebody's pay.
    assert all(0 < truth.pop(key) < 5 for key in hidden)
    assert sorted(published.keys() ^ truth.keys())[:10] == []
    far = {key: (published[key], amount) for key, amount in truth.items() if not is_close(published[key], amount)}
    assert far == {}


def suppressed(chain: Chain) -> set[tuple[str, int, str, str, str, str]]:
    """Measures that are published without their amount."""
    return {
        (code, year, (property_id or "").removeprefix(f"{code}-"), *rest)
        for code, year, property_id, *rest in chain.rows(
            "select municipality_code, year, property_id, use_category, tenure, measure_code "
            "from marts.measures where status_code = 'c'"
        )
    }


def test_what_nobody_delivers_is_no_measure(chain: Chain) -> None:
    known = {measured.measure_code for measured in chain.truth.measures}
    published = {
        code for (code,) in chain.rows("select distinct measure_code from marts.measures where amount is not null")
    }
    assert published - known == set()
    assert {"H_BRUGT", "H_PLADS_OBS", "N_BYG_EGNET", "C_VEDL_5AAR", "C_ANLAEG_4AAR"}.isdisjoint(published)


def test_key_figures_are_worked_out_as_by_hand(chain: Chain) -> None:
    published = {
        row[:3]: row[3:]
        for row in chain.rows(
            "select municipality_code, year, key_figure_code, numerator, denominator, value, status_code, flags, "
            "reason from marts.key_figures where level = 'municipality'"
        )
    }
    fates: dict[str, set[tuple[str, int, str]]] = defaultdict(set)
    wrong = {}
    for figure in chain.truth.figures:
        key = (figure.municipality_code, figure.year, figure.key_figure_code)
        fates[figure.fate].add(key)
        if figure.fate == "held":
            assert key not in published
        elif not is_as_told(figure, *published[key]):
            wrong[key] = (published[key], figure)
    assert wrong == {}
    assert len(published) == sum(len(keys) for fate, keys in fates.items() if fate != "held")
    assert {key[2][:3] for key in fates["held"]} == {"SKO", "DAG"}
    assert fates["withheld"] == {
        ("0993", 2025, code) for code in ("GEN-04", "GEN-05", "GEN-07", "GEN-08", "GEN-09", "GEN-10")
    }


def is_as_told(figure: Figure, *published: Any) -> bool:
    """Whether a published figure says what the truth says: its value, or why there is none."""
    numerator, denominator, value, status, flags, reason = published
    if figure.value is None:
        return value is None and status == "x" and reason.startswith(f"no {figure.missing[0]}")
    if figure.fate == "withheld":
        return (value, status, flags) == (None, "x", "input_withheld")
    pairs = ((numerator, figure.numerator), (denominator, figure.denominator), (value, figure.value))
    return status == "" and all(told is not None and is_close(told, true) for told, true in pairs)


def test_at_least_84_of_all_95_key_figures_have_a_value_somewhere(chain: Chain) -> None:
    computed = {
        code
        for (code,) in chain.rows(
            "select distinct key_figure_code from marts.key_figures where level = 'municipality' and value is not null"
        )
    }
    assert computed == {figure.key_figure_code for figure in chain.truth.figures if figure.value is not None}
    assert len(computed) >= 84
    assert len(DEFINITIONS) == 95


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
