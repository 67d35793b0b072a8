"""The statistics of benchmarks against numpy and scipy, on random figures through the real SQL."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from tests.warehouse.benchmark_world import World
from warehouse.settings import Settings

YEARS = (2023, 2024, 2025)
GROUPS = ("910", "920", "930", "940", "960")
MUNICIPALITIES = range(101, 161)
EXCLUDING = ("i", "d", "u", "x", "m")


class Reference:
    """What is to be expected of one year and group, from the rows that were published and nothing else."""

    def __init__(self, rows: dict[tuple[int, int], dict[str, Any]], year: int, members: list[int]) -> None:
        self.rows, self.year, self.members = rows, year, members

    def outliers(self, year: int) -> set[int]:
        """The log-Tukey rule over the country; scipy's interquartile range, numpy's quartiles."""
        usable = {m: row for (m, of), row in self.rows.items() if of == year and row["status"] not in EXCLUDING}
        positive = {m: float(row["value"]) for m, row in usable.items() if row["value"] > 0}
        logs = np.log(list(positive.values()))
        reach = 1.5 * stats.iqr(logs)
        low, high = np.quantile(logs, 0.25) - reach, np.quantile(logs, 0.75) + reach
        return {m for m, value in positive.items() if not low <= np.log(value) <= high}

    def valid(self, year: int) -> dict[int, dict[str, Any]]:
        """Members whose value counts in a year."""
        outliers = self.outliers(year)
        return {
            m: row for m in self.members
            if (row := self.rows.get((m, year))) and row["status"] not in EXCLUDING and m not in outliers
        }  # fmt: skip

    def values(self) -> np.ndarray:
        """The values that count."""
        return np.array([float(row["value"]) for row in self.valid(self.year).values()])

    def ratio(self, year: int, members: set[int]) -> float:
        """Sum over sum."""
        rows = [self.rows[m, year] for m in members]
        return sum(row["value"] * row["weight"] for row in rows) / sum(row["weight"] for row in rows)

    def growth(self) -> tuple[int, float | None]:
        """Of those valid in both years."""
        if self.year == YEARS[0]:
            return 0, None
        panel = set(self.valid(self.year)) & set(self.valid(self.year - 1))
        if not panel:
            return 0, None
        return len(panel), 100 * (self.ratio(self.year, panel) / self.ratio(self.year - 1, panel) - 1)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_statistic_is_that_of_numpy_and_scipy(clean_warehouse: Settings, seed: int) -> None:
    world, chance = World(), np.random.default_rng(seed)
    rows = _publish_random(world, chance)
    checked = 0
    for found in world.read("benchmarks"):
        members = [m for m in MUNICIPALITIES if found["group_code"] in ("0000", _group(m))]
        expected = Reference(rows, found["year"], members)
        values = expected.values()
        assert found["n"] == len(values)
        assert found["n_outliers"] == len(expected.outliers(found["year"]) & set(members))
        n_growth, growth = expected.growth()
        assert found["n_growth"] == n_growth
        if found["status_code"] == "c":
            continue
        assert float(found["weighted_mean"]) == pytest.approx(
            expected.ratio(found["year"], set(expected.valid(found["year"])))
        )
        assert found["unweighted_mean"] == pytest.approx(np.mean(values))
        assert found["growth_pct"] == (None if growth is None else pytest.approx(growth))
        if len(values) >= 5:
            shown = [found[name] for name in ("p10", "p25", "median", "p75", "p90")]
            assert shown == pytest.approx(np.quantile(values, [0.1, 0.25, 0.5, 0.75, 0.9], method="linear"))
            checked += 1
    assert checked >= 15


@pytest.mark.parametrize("seed", [4, 5])
def test_every_position_is_that_of_scipy(clean_warehouse: Settings, seed: int) -> None:
    world, chance = World(), np.random.default_rng(seed)
    rows = _publish_random(world, chance)
    positions = world.read("positions")
    assert len(positions) == 2 * sum(row["value"] is not None for row in rows.values())
    for found in positions:
        municipality = int(found["municipality_code"])
        members = [m for m in MUNICIPALITIES if found["group_code"] in ("0000", _group(m))]
        expected = Reference(rows, found["year"], members)
        values = expected.values()
        if municipality not in expected.valid(found["year"]):
            assert found["excluded_reason"] and found["percentile_rank"] is None
            continue
        if found["percentile_rank"] is None:
            assert len(values) < 5 or world.read(
                "benchmarks", year=found["year"], group_code=found["group_code"], distribution_status_code="c"
            )
            continue
        rank = stats.percentileofscore(values, float(found["value"]), kind="mean")
        assert found["percentile_rank"] == pytest.approx(rank)
        if len(values) >= 8:
            quartiles = np.quantile(values, [0.25, 0.5, 0.75])
            assert found["quartile_group"] == 1 + np.searchsorted(quartiles, float(found["value"]), side="left")


def _group(municipality: int) -> str:
    return GROUPS[municipality % 7 % 5]


def _publish_random(world: World, chance: np.random.Generator) -> dict[tuple[int, int], dict[str, Any]]:
    """Log-normal values with ties, faults of both tails, some negative, some with a status, some missing."""
    rows: dict[tuple[int, int], dict[str, Any]] = {}
    for municipality in MUNICIPALITIES:
        for year in YEARS:
            world.structure(municipality, year, 10_000 + municipality, _group(municipality))
            if chance.random() < 0.08:
                continue
            value = round(float(chance.lognormal(5, 0.3)), int(chance.integers(0, 2)))
            value *= float(chance.choice([1, 100, 0.01, -1], p=[0.94, 0.02, 0.03, 0.01]))
            status = str(chance.choice(["", "e", *EXCLUDING], p=[0.7, 0.1, *[0.04] * 5]))
            shown = None if status in ("x", "m") else round(value, 4)
            rows[municipality, year] = {"value": shown, "status": status, "weight": int(chance.integers(1, 1000))}
            world.add(municipality, shown, year, weight=rows[municipality, year]["weight"], status=status)
    world.publish()
    return rows
