"""Days and square metres are neither lost nor made, whatever changes within a year.

Many random properties are one world and one build of the real models. Nothing of the models is repeated here: the test
knows how long each building was had, and that all its uses, tenures and let-out parts must sum to that.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from tests.dbt.conftest import Built, build_world
from tests.dbt.small_world import RawDelivery
from warehouse.settings import Settings

MODELS = ("+int_property_uses__weighted", "+int_areas__measured", "--indirect-selection", "buildable")
CODE = "0996"
YEARS = (2024, 2025)
FIRST, LAST = date(2023, 10, 1), date(2026, 3, 1)
USES = ("school", "daycare", "culture")
PERIOD_HEADING = "property_no,building_no,valid_from,valid_to,use_category,tenure,area_m2,note\n"

days = st.dates(FIRST, LAST)
# A period: its use, its tenure ('' is as registers say, none is not had).
states = st.tuples(st.sampled_from(("", *USES)), st.sampled_from(("", "owned", "leased", "let_out", "none"))).filter(
    any
)
leases = st.tuples(days, days, st.integers(1, 400)).map(lambda one: (*sorted(one[:2]), one[2]))


@dataclass(frozen=True)
class Building:
    """A building and what happens to it; cuts are the days on which its periods follow each other."""

    area: int
    built_year: int | None
    cuts: list[date]
    states: list[tuple[str, str]]
    lets: list[tuple[date, date, int]]
    leases_in: list[tuple[date, date, int]]

    def periods(self) -> list[tuple[date, date, tuple[str, str]]]:
        """First day, first day after, state."""
        return list(zip(self.cuts, self.cuts[1:], self.states, strict=False))


cuts = st.lists(days, min_size=2, max_size=4, unique=True).map(sorted)
ordinary = st.builds(
    Building,
    area=st.integers(1, 3000),
    built_year=st.sampled_from((None, 1980, 2024, 2025, 2026)),
    cuts=cuts,
    states=st.lists(states, min_size=3, max_size=3),
    lets=st.lists(leases, max_size=2),
    leases_in=st.just([]),
)
leased = st.builds(
    Building,
    area=st.integers(1, 3000),
    built_year=st.none(),
    cuts=st.just([]),
    states=st.just([]),
    lets=st.lists(leases, max_size=1),
    leases_in=st.lists(leases, min_size=1, max_size=3),
)
properties = st.tuples(
    st.lists(st.one_of(ordinary, leased), max_size=3),  # none: a property is known by its own days
    st.booleans(),  # one more lease, of the property and no building
    st.tuples(cuts, st.lists(st.sampled_from(USES), min_size=3, max_size=3)),  # periods of the whole property
)


def csv(*values: object) -> str:
    return ",".join("" if value is None else str(value) for value in values) + "\n"


def write(world: list) -> tuple[dict[str, str], list[RawDelivery]]:
    """The files of a municipality that has these properties."""
    periods, bbr, fm, listed, leases_of = PERIOD_HEADING, "", "", "", ""
    for number, (buildings, has_lease, (cut, uses)) in enumerate(world):
        listed += f"P{number}|Skole|Ejet\n"
        for first, after, use in zip(cut, cut[1:], uses, strict=False):
            periods += csv(f"P{number}", None, first, after, use, None, None, None)
        if has_lease:
            leases_of += f"P{number}||udlejet|{20 + number}|1|2024-06-01|2025-03-31\n"
        for building_no, one in enumerate(buildings, start=1):
            key = f"u{number}-{building_no}"
            bbr += f"{key}|6|{building_no}|421|{one.built_year or ''}|{one.area}\n"
            tenure = "Lejet" if one.leases_in else ""
            fm += f"P{number}|{building_no}|{key}|{one.area}|{tenure}|100\n"
            for first, after, (use, held) in one.periods():
                periods += csv(f"P{number}", building_no, first, after, use, held, None, None)
            for role, rows in (("udlejet", one.lets), ("lejet", one.leases_in)):
                for first, last, area in rows:
                    leases_of += f"P{number}|{building_no}|{role}|{area}|1|{first}|{last}\n"
    deliveries = [
        RawDelivery("energy", "readings", CODE, "meter_no|period|quantity|unit\n" + "".join(
            f"M|{year}-01|1|kWh\n" for year in YEARS), load_kind="window", window=(FIRST, LAST)),
        RawDelivery("fm_files", "properties", CODE, "property_no|use|tenure\n" + listed),
        RawDelivery("fm_files", "buildings", CODE,
                    "property_no|building_no|bbr_id|gross_area|tenure|heated_area\n" + fm),
        RawDelivery("fm_files", "leases", CODE,
                    "property_no|building_no|role|area|annual_rent|valid_from|valid_to\n" + leases_of),
        RawDelivery("bbr", "bygning", CODE, "id_lokalid|status|byg007bygningsnummer|byg021bygningensanvendelse|"
                    "byg026opfoerelsesaar|byg038samletbygningsareal\n" + bbr),
    ]  # fmt: skip
    configuration = {
        f"{CODE}/sources.yml": f'municipality_code: "{CODE}"\nname: Opdigtet Kommune (fiktiv)\n',
        f"{CODE}/property_periods.csv": periods,
    }
    return configuration, deliveries


def had(one: Building, year: int) -> tuple[int, int]:
    """Days of a year in which the building stands and is had, and its square metres times those days."""
    day, count, area_days = date(year, 1, 1), 0, 0
    while day.year == year:
        if one.leases_in:
            # had while a lease runs, and as large as the leases of the day
            running = [area for first, last, area in one.leases_in if first <= day <= last]
            count, area_days = count + bool(running), area_days + sum(running)
        elif (one.built_year or 0) <= year and "none" not in [
            held for first, after, (_, held) in one.periods() if first <= day < after
        ]:
            count, area_days = count + 1, area_days + one.area
        day += timedelta(days=1)
    return count, area_days


@given(st.lists(properties, min_size=60, max_size=90))
@settings(max_examples=1, deadline=None, phases=[Phase.generate],
          suppress_health_check=[HealthCheck.function_scoped_fixture, *HealthCheck])  # fmt: skip
def test_all_uses_and_tenures_sum_to_the_days_and_area_a_building_was_had(
    warehouse: Settings, tmp_path_factory: pytest.TempPathFactory, world: list
) -> None:
    assume(sum(len(buildings) for buildings, _, _ in world) > 50)  # the first one tried is the simplest there is
    built = build_world(warehouse, tmp_path_factory.mktemp("conservation"), *write(world), *MODELS)
    rows = defaultdict(list)
    for row in built.tables["int_building_uses__weighted"]:
        rows[row["building_id"], row["year"]].append(row)
    for number, (buildings, _, _) in enumerate(world):
        for building_no, one in enumerate(buildings, start=1):
            for year in YEARS:
                count, area_days = had(one, year)
                found = rows.pop((f"{CODE}-P{number}-{building_no}", year), [])
                assert round(sum(row["days"] for row in found), 9) == count
                assert sum(row["area_days"] for row in found) == area_days
                assert round(sum(row["day_share"] for row in found) * (366 if year == 2024 else 365), 9) == count
    assert not rows, "a building that is in no list"
    check_measures(built)
    check_shares(built, len(world))


def check_measures(built: Built) -> None:
    """A_BDA and A_UDLEJET are all area there is; A_EJET and A_LEJET are all of A_BDA."""
    sums: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for row in built.tables["int_areas__measured"]:
        if row["measure_code"] != "A_RENG":  # not in these files
            sums[row["year"], row["measure_code"]] += row["amount"]
    for year in YEARS:
        uses = built.rows("int_building_uses__weighted", year=year)
        area = sum((row["area_days"] for row in uses), Decimal(0)) / (366 if year == 2024 else 365)
        assert abs(sums[year, "A_BDA"] + sums[year, "A_UDLEJET"] - area) < Decimal("1e-9")
        assert abs(sums[year, "A_EJET"] + sums[year, "A_LEJET"] - sums[year, "A_BDA"]) < Decimal("1e-9")
        heated = 100 * sum((row["day_share"] for row in uses if row["tenure"] != "let_out"), Decimal(0))
        assert abs(sums[year, "A_OPV"] - heated) < Decimal("1e-9")


def check_shares(built: Built, count: int) -> None:
    """Shares of every property sum to exactly one in every year, and none is negative."""
    shares, used = defaultdict(Decimal), defaultdict(Decimal)
    for row in built.tables["int_property_uses__weighted"]:
        assert 0 <= row["share"] <= 1
        assert 0 <= row["used_share"] <= 1
        shares[row["property_id"], row["year"]] += row["share"]
        used[row["property_id"], row["year"]] += row["used_share"]
    assert len(shares) == count * len(YEARS)
    assert {*shares.values()} == {*used.values()} == {1}
