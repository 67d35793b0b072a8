"""A source that suddenly has far fewer rows is held until somebody says that it is right."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from connectors.landing import land
from connectors.pull import pull
from tests.connectors.drops import configure, drop, select
from tests.connectors.landing_files import meters, posting_lines, postings, rows
from warehouse.cli import app
from warehouse.settings import Settings, get_settings

HEADING = "meter_no,carrier,unit\n"


def some_meters(count: int) -> bytes:
    return (HEADING + "".join(f"M{number},el,kWh\n" for number in range(count))).encode()


@pytest.mark.parametrize(
    ("before", "after", "outcome"),
    [(200, 20, "rejected"), (200, 99, "rejected"), (200, 100, "landed"), (19, 1, "landed")],
    ids=["a tenth", "just under half", "half", "a short list"],
)
def test_fewer_than_half_of_the_rows_that_would_go_are_held(
    clean_warehouse: Settings, tmp_path: Path, before: int, after: int, outcome: str
) -> None:
    land(meters(tmp_path, some_meters(before), "before.csv"), clean_warehouse)
    result = land(meters(tmp_path, some_meters(after), "after.csv"), clean_warehouse)
    assert result.outcome == outcome
    counting = rows("select count(*) from raw_energy.meters join ops.current_deliveries using (delivery_id)")
    assert counting == [(after if outcome == "landed" else before,)]
    if outcome == "rejected":
        assert result.error_class == "ShrunkenDeliveryError"
        assert f"{after} rows would replace {before}" in str(result.reason)


def test_a_month_delivered_again_is_held_against_itself_only(clean_warehouse: Settings, tmp_path: Path) -> None:
    land(postings(tmp_path, posting_lines(300), "january.csv"), clean_warehouse)
    again = land(postings(tmp_path, posting_lines(30), "january2.csv"), clean_warehouse)
    assert again.error_class == "ShrunkenDeliveryError"
    delta = postings(tmp_path, posting_lines(1, 900), "delta.csv", load_kind="delta", window=None)
    assert land(delta, clean_warehouse).outcome == "landed"


def test_what_was_held_is_landed_by_a_person_and_by_nothing_else(
    clean_warehouse: Settings, config_folder: Path
) -> None:
    columns = {name: name for name in ("meter_no", "carrier", "unit")}
    profile = {"files": "m*.csv", "delimiter": ",", "columns": columns}
    municipality = configure(config_folder, "0991", energy={"folder": "energy", "streams": {"meters": profile}})
    drop(municipality / "energy", "m1.csv", some_meters(200))
    settings = get_settings()
    assert [result.outcome for result in pull("energy", "0991", settings)] == ["landed"]
    drop(municipality / "energy", "m2.csv", some_meters(20), age=1)
    outcomes = [[result.outcome for result in pull("energy", "0991", settings)] for _ in range(2)]
    assert outcomes == [["unchanged", "rejected"], ["unchanged", "still_rejected"]]
    ((held,),) = select(settings, "select delivery_id from ops.deliveries where state = 'rejected'")

    runner = CliRunner()
    assert runner.invoke(app, ["deliveries", "reload", str(held)]).exit_code == 1
    assert runner.invoke(app, ["deliveries", "reload", str(held), "--fewer-rows"]).exit_code == 0

    states = select(
        settings, "select file_name, state, row_count from ops.deliveries where state <> 'rejected' order by 1"
    )
    assert states == [("m1.csv", "superseded", 200), ("m2.csv", "landed", 20)]
    assert {result.outcome for result in pull("energy", "0991", settings)} == {"unchanged"}
