"""Benchmarks, positions and peer groups of published key figures, each number worked out by hand."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest

from tests.warehouse.benchmark_world import World
from warehouse.database import connect
from warehouse.settings import Settings


@pytest.fixture
def world(clean_warehouse: Settings) -> World:
    return World()


def test_quantiles_are_interpolated_at_n_minus_one_times_p(world: World) -> None:
    for number in range(1, 9):
        world.add(number, 10 * number)
    world.publish()
    found = world.benchmark()
    # 8 values: position 7p. P10 0.7, P25 1.75, median 3.5, P75 5.25, P90 6.3
    assert [found[name] for name in ("p10", "p25", "median", "p75", "p90")] == pytest.approx([17, 27.5, 45, 62.5, 73])
    assert (found["n"], found["n_excluded"], found["status_code"]) == (8, 0, "")


def test_the_weighted_mean_is_sum_over_sum_and_the_unweighted_is_the_mean_of_values(world: World) -> None:
    world.add(1, 100, weight=3)
    world.add(2, 200, weight=1)
    world.publish()
    found = world.benchmark()
    assert (found["weighted_mean"], found["unweighted_mean"]) == (125, 150)  # (300 + 200) / (3 + 1)
    (group,) = world.read("group_key_figures")
    assert (group["level"], group["numerator"], group["denominator"], group["value"]) == ("country", 500, 4, 125)


def test_a_percentile_rank_is_the_share_below_and_half_of_those_equal(world: World) -> None:
    for number, value in enumerate([10, 20, 20, 20, 30, 40, 50, 60], start=1):
        world.add(number, value)
    world.publish()
    # none below and itself; one below and three equal; seven below and itself
    assert world.position(1)["percentile_rank"] == 100 * 0.5 / 8
    assert world.position(3)["percentile_rank"] == 100 * (1 + 1.5) / 8
    assert world.position(8)["percentile_rank"] == 100 * 7.5 / 8
    # P25 20, median 25, P75 42.5
    assert [world.position(number)["quartile_group"] for number in range(1, 9)] == [1, 1, 1, 1, 3, 3, 4, 4]


@pytest.mark.parametrize(("size", "distribution", "quartile"), [(4, "c", None), (5, "", None), (8, "", 1)])
def test_few_municipalities_have_no_distribution_and_no_quarters(
    world: World, size: int, distribution: str, quartile: int | None
) -> None:
    for number in range(1, size + 1):
        world.add(number, 100 + number)
    world.publish()
    found, lowest = world.benchmark(), world.position(1)
    assert found["distribution_status_code"] == distribution
    assert (found["median"] is None) == (lowest["percentile_rank"] is None) == (distribution == "c")
    assert found["unweighted_mean"] == pytest.approx(100 + (size + 1) / 2)
    assert lowest["quartile_group"] == quartile


def test_what_is_left_out_is_counted_by_reason(world: World) -> None:
    for number in range(1, 6):
        world.add(number, 100 + number, status="e" if number == 5 else "")
    others = {"x": None, "m": None, "c": None, "i": 1, "d": 1, "u": 1, "p": 106, "b": 107}
    for number, (status, value) in enumerate(others.items(), start=6):
        world.add(number, value, status=status)
    world.add(20, 1, status="u", flags="estimated,gate_warning")
    world.publish(kind="final")
    found = world.benchmark()
    names = ("missing", "not_possible", "suppressed", "imputed", "differs", "provisional", "flagged", "unreliable")
    assert {name: found[f"n_{name}"] for name in names} == dict.fromkeys(names, 1)
    assert (found["n"], found["n_excluded"], found["n_estimated"], found["n_members"]) == (6, 8, 1, 14)
    assert found["unweighted_mean"] == pytest.approx((101 + 102 + 103 + 104 + 105 + 107) / 6)


def test_a_provisional_value_counts_in_a_provisional_edition(world: World) -> None:
    world.add(1, 100, status="p")
    world.publish()
    assert (world.benchmark()["n"], world.benchmark()["n_provisional"]) == (1, 0)


def test_an_outlier_on_the_log_scale_is_left_out_and_still_seen(world: World) -> None:
    values = [80, 90, 100, 100, 110, 120, 125, 10]
    for number, value in enumerate(values, start=1):
        world.add(number, value)
    world.add(9, -5)  # has no logarithm: never an outlier by this rule
    world.publish()
    # ln of the eight positive: q1 between 80 and 90 at 0.75, q3 between 110 and 120 at 0.25
    q1, q3 = math.log(80) * 0.25 + math.log(90) * 0.75, math.log(110) * 0.75 + math.log(120) * 0.25
    assert math.log(10) < q1 - 1.5 * (q3 - q1) < math.log(80)
    found = world.benchmark()
    assert (found["n"], found["n_outliers"], found["n_excluded"]) == (8, 1, 1)
    outlier = world.position(8)
    assert (outlier["value"], outlier["excluded_reason"], outlier["percentile_rank"]) == (10, "outlier", None)
    assert world.position(9)["percentile_rank"] == 100 * 0.5 / 8


def test_growth_is_of_those_valid_in_both_years(world: World) -> None:
    for number, (last, now) in enumerate([(100, 110), (200, 210), (None, 900), (500, None)], start=1):
        world.add(number, last, 2024, status="" if last else "x")
        world.add(number, now, 2025, status="" if now else "x")
    world.publish()
    found = world.benchmark()
    assert (found["n"], found["n_growth"]) == (3, 2)
    assert found["growth_pct"] == pytest.approx(100 * (320 / 300 - 1))
    assert world.benchmark(year=2024)["growth_pct"] is None


@pytest.mark.parametrize(("is_break", "growth"), [(False, 10), (True, None)])
def test_growth_across_a_break_is_not_shown(world: World, is_break: bool, growth: float | None) -> None:
    world.execute(
        "insert into register.key_figures select key_figure_code, 2, topic, name_da, name_en, unit, scale, "
        "denominator_constant, direction, levels, bound_low, bound_high, bounds_severity, largest_change_pct, "
        "largest_change_severity, coverage_needed_pct, adoption_state, adopted_on, 2025, null, %s, formula, "
        "definition_source, definition_sha256 from register.key_figures", is_break,
    )  # fmt: skip
    for number in range(1, 4):
        world.add(number, 100, 2024)
        world.add(number, 110, 2025, version=2)
    world.publish()
    found = world.benchmark()["growth_pct"]
    assert found == (None if growth is None else pytest.approx(growth))


def test_a_group_that_one_municipality_dominates_is_suppressed(world: World) -> None:
    for number in range(1, 7):
        world.add(number, 100 + number, weight=95 if number == 6 else 1)
    world.publish()
    found = world.benchmark()
    assert (found["n"], found["status_code"], found["distribution_status_code"]) == (6, "c", "c")
    assert {found[name] for name in ("weighted_mean", "unweighted_mean", "median", "growth_pct")} == {None}
    (group,) = world.read("group_key_figures")
    assert (group["numerator"], group["denominator"], group["value"], group["status_code"]) == (None, None, None, "c")
    assert world.position(1)["percentile_rank"] is None


def test_a_suppressed_group_takes_the_smallest_other_with_it(world: World) -> None:
    sizes = {"910": 3, "920": 6, "930": 7}
    number = 0
    for group, size in sizes.items():
        for place in range(size):
            number += 1
            world.structure(number, 2025, 1000 * number, group)
            world.add(number, 100 + place, weight=50 if group == "910" and place == 0 else 1)
    world.publish()
    status = {row["group_code"]: row["status_code"] for row in world.read("benchmarks", group_type="dst")}
    # 50 of 52 in 910; the country and 930 would otherwise leave 910 and 920 to be told apart
    assert status == {"910": "c", "920": "c", "930": ""}
    assert world.benchmark()["status_code"] == ""


def test_the_nearest_ten_are_found_by_structure_and_frozen(world: World) -> None:
    world.execute("insert into register.peer_variables values (1, 'general', 'inhabitants', 1, true)")
    for number in range(1, 15):
        world.structure(number, 2025, 1000 * 2**number)  # equal steps of the logarithm
        world.add(number, 100 + number)
    world.publish()
    peers = {
        number: [row["municipality_code"] for row in sorted(
            world.read("peer_groups", group_type="nearest", group_code=f"{number:04}"), key=lambda row: row["rank_no"]
        )]
        for number in (1, 7)
    }  # fmt: skip
    assert peers[1] == [f"{number:04}" for number in range(1, 12)]
    assert set(peers[7]) == {f"{number:04}" for number in range(2, 13)}
    assert peers[7][:3] == ["0007", "0006", "0008"]  # itself, then equal distances by code
    found = world.benchmark(group_type="nearest", group_code="0001")
    assert (found["n"], found["median"], found["group_version"]) == (11, 106, "method 1")
    assert world.position(1, group_type="nearest")["percentile_rank"] == pytest.approx(100 * 0.5 / 11)
    world.execute("update audit.dim_municipality_structures set inhabitants = 1 where municipality_code = '0002'")
    world.add(1, 300)
    world.publish()
    again = world.read("peer_groups", group_type="nearest", group_code="0001")
    assert sorted(row["municipality_code"] for row in again) == peers[1]
    assert world.position(1, group_type="nearest")["value"] == 300


def test_groups_of_statistics_denmark_hold_every_level_and_others_the_municipality_only(world: World) -> None:
    world.execute("insert into register.peer_groups values ('coast', '0001', null), ('coast', '0002', 'by the sea')")
    for number in range(1, 6):
        world.structure(number, 2025, 1000, "960")
        world.add(number, 100 + number)
        world.add(number, 50 + number, level="use_category", use="school")
    world.publish()
    found = {(row["group_type"], row["level"]): row["n"] for row in world.read("benchmarks")}
    assert found == {
        ("country", "municipality"): 5, ("country", "use_category"): 5, ("dst", "municipality"): 5,
        ("dst", "use_category"): 5, ("own", "municipality"): 2,
    }  # fmt: skip


def test_a_changed_own_list_is_computed_anew_without_an_edition(world: World) -> None:
    for number in range(1, 4):
        world.add(number, 100 * number)
    world.publish()
    assert world.renew() == 0
    world.execute("insert into register.peer_groups values ('coast', '0001', null), ('coast', '0003', null)")
    assert world.renew() == 1
    found = world.benchmark(group_type="own")
    assert (found["group_code"], found["unweighted_mean"], found["edition_id"]) == ("coast", 200, 1)


def test_only_what_an_edition_changed_and_the_year_after_is_computed(world: World) -> None:
    for topic in ("general", "maintenance"):
        for year in (2023, 2024, 2025):
            world.add(1, 100, year, topic=topic)
            world.add(2, 100, year, topic=topic)
    assert world.publish() == 6
    world.add(1, 110, 2024)
    assert world.publish() == 2
    runs = {
        (row["topic"], row["year"]): row["run_id"]
        for row in _owner_rows("select topic, year, run_id from published.benchmark_pointers")
    }
    assert {place for place, run in runs.items() if run == max(runs.values())} == {("general", 2024), ("general", 2025)}
    assert world.benchmark(topic="general")["growth_pct"] == pytest.approx(100 * (200 / 210 - 1))
    assert len(world.read("positions", topic="general", year=2024)) == 2


def test_positions_of_the_run_before_are_not_shown_and_go_with_the_next_publication(world: World) -> None:
    def runs() -> list[int]:
        return [row["n"] for row in _owner_rows(
            "select count(*) as n from published.positions group by run_id order by run_id"
        )]  # fmt: skip

    for value in (100, 200, 300):
        world.add(1, value)
        world.add(2, value + 1)
        world.publish()
        # two municipalities in the group of the country
        assert [row["value"] for row in world.read("positions", municipality_code="0001")] == [value]
    # the rows of the first went when the third was written
    assert runs() == [2, 2]


def test_earlier_benchmarks_are_kept(world: World) -> None:
    world.add(1, 100)
    world.publish()
    world.add(1, 120)
    world.publish()
    kept = _owner_rows("select weighted_mean from published.benchmarks where group_type = 'country' order by run_id")
    assert [row["weighted_mean"] for row in kept] == [None, None]  # one municipality is all of the denominator
    assert [row["n"] for row in world.read("benchmarks")] == [1]


def _owner_rows(query: str) -> list[dict[str, Decimal]]:
    from psycopg.rows import dict_row

    with connect("owner", row_factory=dict_row) as connection:
        return connection.execute(query.encode()).fetchall()
