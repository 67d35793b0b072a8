"""eloverblik: what lands of metering points and readings, and what the service's limits and errors do to a pull."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from connectors.errors import AuthenticationError, ConfigError, ServerError
from demo.simulators.eloverblik import THIRD_PARTY, Eloverblik, Limits
from demo.simulators.eloverblik_series import Meter
from tests.connectors.drops import select
from tests.connectors.eloverblik_world import HALL, METERS, SCHOOL, SOLAR, TODAY, months, run, serving
from warehouse.settings import Settings

MANY = tuple(Meter(f"5713131000000{number:05}", "1") for number in range(23))


def quantities(settings: Settings, where: str) -> list[tuple[str, ...]]:
    return select(
        settings,
        "select period_start, quantity from raw_eloverblik.readings join ops.current_deliveries using (delivery_id) "
        f"where {where} order by 1, 2",
    )


def service(meters: tuple[Meter, ...] = METERS, **limits: float) -> Eloverblik:
    return Eloverblik("refresh-key", meters, TODAY, limits=Limits(**{"token_calls": 9, **limits}))  # type: ignore[arg-type]


def test_a_month_begins_at_22_or_23_o_clock_utc_and_has_the_hours_of_its_clock_changes(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(service(), monkeypatch) as noted:
        results = run(config_folder, first_year=2025)
    assert list(months(results)) == [f"2025-{month:02}" for month in range(1, 13)] + ["2026-01", "2026-02", "2026-03"]
    assert set(months(results).values()) == {"landed"}
    # one question for all months, half-open and not a day into the future
    assert [path for path, _ in noted.questions] == ["2025-01-01/2026-03-10/Month"]
    found = dict(quantities(clean_warehouse, f"metering_point_id = '{SCHOOL}'"))
    assert found["2024-12-31T23:00:00Z"] == "744"
    assert found["2025-02-28T23:00:00Z"] == "743"  # March: the hour that is left out
    assert found["2025-09-30T22:00:00Z"] == "745"  # October: the hour that comes twice
    assert found["2026-02-28T23:00:00Z"] == "216"  # nine days of March 2026
    assert len(found) == 15


def test_a_profile_settled_point_has_two_series_and_both_land_by_business_type(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(service(), monkeypatch):
        run(config_folder, first_year=2026)
    rows = select(
        clean_warehouse,
        "select metering_point_id, series_type, quantity from raw_eloverblik.readings "
        "where period_start = '2025-12-31T23:00:00Z' order by 1, 2",
    )
    assert rows == [(SCHOOL, "A04", "744"), (HALL, "A01", "372.0"), (HALL, "A04", "1488"), (SOLAR, "A04", "186.00")]


def test_metering_points_land_with_children_and_without_names_contacts_floors_or_texts(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlinked = Meter("571313100000000042", "1", is_linked=False)
    with serving(service((*METERS, unlinked)), monkeypatch) as noted:
        (points, *_) = run(config_folder, first_year=2026)
    rows = select(
        clean_warehouse,
        "select metering_point_id, parent_metering_point_id, has_relation, child_count, street_name "
        "from raw_eloverblik.metering_points order by 1",
    )
    assert rows == [
        (SCHOOL, None, "true", None, "Prøvevej"),
        (HALL, None, "true", "1", None),
        (SOLAR, HALL, "true", None, None),
        ("571313100000000042", None, "false", None, None),
    ]
    assert all("571313100000000042" not in ids for _, ids in noted.questions)
    ((kept, warnings),) = select(
        clean_warehouse, f"select stored_path, warnings from ops.deliveries where delivery_id = {points.delivery_id}"
    )
    text = Path(kept).read_bytes()
    assert SCHOOL.encode() in text
    assert b"Opdigtet" not in text and b"Kommune" not in text and b"example.org" not in text and b",tv," not in text
    assert "1 metering points of the municipality are not linked" in str(warnings)


@pytest.mark.parametrize("code", ["20008", "20009", "20010", "30007", "30010"])
def test_an_error_of_one_metering_point_under_http_200_is_counted_and_the_others_land(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    broken = Meter("571313100000009876", error=code)
    with serving(service((METERS[0], broken)), monkeypatch):
        results = run(config_folder, first_year=2026)
    assert set(months(results).values()) == {"landed"}
    warnings = select(clean_warehouse, "select warnings from ops.deliveries where stream = 'readings'")
    for (found,) in warnings:
        assert f"1 metering points were left out with code {code}" in str(found)
        assert "ending in 9876" in str(found)
        assert "571313100000009876" not in str(found)


def test_a_point_without_readings_in_the_period_is_counted_too(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = Meter("571313100000005555", "1", first_day=date(2027, 1, 1))
    with serving(service((METERS[0], new)), monkeypatch):
        run(config_folder, first_year=2026)
    ((found,), *_) = select(clean_warehouse, "select warnings from ops.deliveries where stream = 'readings'")
    assert "code 10000 (no readings), ending in 5555" in str(found)


def test_questions_are_for_ten_points_and_halved_where_the_service_says_too_many(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(service(MANY), monkeypatch) as noted:
        run(config_folder, first_year=2026)
    assert [len(ids) for _, ids in noted.questions] == [10, 10, 3]
    with serving(service(MANY, points=4), monkeypatch) as noted:
        results = run(config_folder, first_year=2026)
    assert [len(ids) for _, ids in noted.questions] == [10, 5, 2, 3, 5, 2, 3, 10, 5, 2, 3, 5, 2, 3, 3]
    assert set(months(results).values()) == {"unchanged"}


def test_a_token_is_asked_for_once_and_again_when_it_has_run_out(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(service(MANY), monkeypatch) as noted:
        run(config_folder, first_year=2026)
    assert sum(asked.path.endswith("/token") for asked in noted.asked) == 1
    with serving(service(MANY, token_uses=3), monkeypatch) as noted:
        results = run(config_folder, first_year=2026)
    assert sum(asked.path.endswith("/token") for asked in noted.asked) == 3
    assert set(months(results).values()) == {"unchanged"}


def test_too_many_calls_are_waited_for_although_the_service_does_not_say_how_long(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(service(MANY, calls=4, period=0.3), monkeypatch, busy_pause=0.35):
        results = run(config_folder, first_year=2026)
    assert set(months(results).values()) == {"landed"}


def test_a_wrong_refresh_token_is_said_without_it(config_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        serving(replace(service(), refresh_token="another"), monkeypatch) as noted,
        pytest.raises(AuthenticationError) as caught,
    ):
        noted.inner.refresh_token = "changed"
        run(config_folder)
    assert "another" not in str(caught.value)


def test_late_corrections_of_the_last_thirteen_months_replace_and_older_months_are_not_asked_again(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(service(), monkeypatch):
        run(config_folder, first_year=2025)
    with serving(service((replace(METERS[0], hourly_kwh="3"),)), monkeypatch) as noted:
        results = run(config_folder, first_year=2025)
    assert [path for path, _ in noted.questions] == ["2025-03-01/2026-03-10/Month"]
    assert len(months(results)) == 13
    found = dict(quantities(clean_warehouse, f"metering_point_id = '{SCHOOL}'"))
    assert found["2024-12-31T23:00:00Z"] == "744"
    assert found["2025-02-28T23:00:00Z"] == "2229"


def test_a_changed_aggregation_replaces_month_by_month_and_nothing_counts_twice(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(service(), monkeypatch):
        run(config_folder, first_year=2026)
    with serving(service(), monkeypatch) as noted:
        run(config_folder, first_year=2026, aggregation="Hour")
    assert [path for path, _ in noted.questions] == [
        "2026-01-01/2026-02-01/Hour", "2026-02-01/2026-03-01/Hour", "2026-03-01/2026-03-10/Hour",
    ]  # fmt: skip
    counted = select(
        clean_warehouse,
        "select resolution, count(*), sum(quantity::numeric) from raw_eloverblik.readings "
        f"join ops.current_deliveries using (delivery_id) where metering_point_id = '{SCHOOL}' group by 1",
    )
    assert counted == [("PT1H", 1632, 1632)]  # 68 days


def test_a_pull_that_dies_goes_on_at_the_batch_where_it_was(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(service(MANY), monkeypatch, attempts=1) as noted:
        noted.fail_at = 5  # January: three batches, February: the first, then the fault
        with pytest.raises(ServerError):
            run(config_folder, first_year=2026, aggregation="Hour")
        before = len(noted.questions)
        results = run(config_folder, first_year=2026, aggregation="Hour")
    assert [path[:7] for path, _ in noted.questions[before:]] == ["2026-02"] * 2 + ["2026-03"] * 3
    assert months(results) == {"2026-02": "landed", "2026-03": "landed"}
    counted = select(clean_warehouse, "select count(*), count(distinct metering_point_id) from raw_eloverblik.readings")
    assert counted == [(23 * 68 * 24, 23)]


def test_the_third_party_sees_the_points_of_the_customer_it_names(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(service(), monkeypatch, THIRD_PARTY) as noted:
        results = run(config_folder, first_year=2026, way="third_party_api", customer_cvr="99999999")
    assert set(months(results).values()) == {"landed"}
    assert noted.questions[0][1] == [SCHOOL, HALL, SOLAR]  # the child is known from its parent's details


def test_the_third_party_api_without_a_customer_is_a_fault_of_the_configuration(
    config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(service(), monkeypatch, THIRD_PARTY), pytest.raises(ConfigError, match="customer_cvr"):
        run(config_folder, way="third_party_api")
