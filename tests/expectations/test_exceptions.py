"""Exceptions of the gate: what they change, when they end, and what is wrong with a file of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from expectations.exceptions import FILE, ExpiredExceptionError, GateException, read_exceptions
from expectations.gate import run
from register.schema import RegisterError
from tests.audit_candidate import Candidate
from tests.connectors.drops import configure
from tests.warehouse.test_cli_sources import call
from warehouse.database import connect
from warehouse.settings import Settings, get_settings

HEADING = "rule,municipality_code,topic,year,key,reason,owner,until\n"
RULES = ("bounds", "unit_factor", "largest_change")
ROW = "bounds,0991,schools_daycare,2025,SKO-01 municipality,a new school opens in August,Property office,2026-06-30\n"


def read(folder: Path, rows: str, today: str = "2026-06-30") -> list[GateException]:
    (folder / FILE).write_text(HEADING + rows, encoding="utf-8")
    return read_exceptions(Settings(config=folder), RULES, date.fromisoformat(today))


def test_without_a_file_there_is_no_exception(tmp_path: Path) -> None:
    assert read_exceptions(Settings(config=tmp_path), RULES) == []


def test_an_exception_counts_up_to_and_including_its_last_day(tmp_path: Path) -> None:
    (exception,) = read(tmp_path, ROW, "2026-06-30")
    assert (exception.rule, exception.key, exception.until) == ("bounds", "SKO-01 municipality", date(2026, 6, 30))
    with pytest.raises(ExpiredExceptionError, match=r"gate_exceptions.csv, row 2: expired"):
        read(tmp_path, ROW.replace("2026-06-30", "2026-07-01") + ROW, "2026-07-01")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        (("bounds", "bound"), "rule"),
        (("0991", "991"), "municipality_code"),
        (("schools_daycare", "schools"), "topic"),
        ((",2025,", ",this year,"), "year"),
        (("a new school opens in August", ""), "reason"),
        (("Property office", ""), "owner"),
        (("2026-06-30", "30-06-2026"), "until"),
        (("2026-06-30", ""), "until"),
    ],
)
def test_a_wrong_row_is_named_by_its_field_and_not_quoted(tmp_path: Path, changed: tuple[str, str], field: str) -> None:
    with pytest.raises(RegisterError, match=f"row 1, field {field}:") as caught:
        read(tmp_path, ROW.replace(*changed))
    assert "new school" not in str(caught.value)


def test_an_excepted_row_is_info_keeps_its_reason_and_lets_the_rest_be_judged(clean_warehouse: Settings) -> None:
    candidate = Candidate(clean_warehouse)
    for municipality in ("0991", "0993"):
        candidate.multiply(0.4, "N_ELEV", "school", municipality, 2025)
    candidate.finish()
    row = GateException("bounds", "0991", "schools_daycare", "*", "*", "a new school", "office", date(2099, 1, 1))
    change = GateException("largest_change", "0991", "*", "2025", "SKO-01 municipality", "same", "office", row.until)
    verdicts = {(v.municipality_code, v.topic, v.year): v.verdict for v in candidate.judge(exceptions=[row, change])}
    assert verdicts["0991", "schools_daycare", 2025] == "publish"
    assert verdicts["0993", "schools_daycare", 2025] == "hold"
    with connect("ejd_analyst") as connection:
        shown = connection.execute(
            "select municipality_code, severity, exception_reason from marts.data_quality where rule = 'bounds' "
            "order by 1"
        ).fetchall()
    assert shown == [("0991", "info", "a new school (office, until 2099-01-01)"), ("0993", "hold", None)]


def test_an_excepted_input_is_not_withheld_from_figures(clean_warehouse: Settings) -> None:
    candidate = Candidate(clean_warehouse)
    candidate.multiply(100, "C_RENG", "school", "0993", 2025)
    candidate.finish()
    candidate.judge(
        exceptions=[GateException("unit_factor", "0993", "*", "*", "*", "so it is", "office", date(2099, 1, 1))]
    )
    with connect("ejd_publisher") as connection:
        assert connection.execute("select count(*) from ops.withheld_inputs").fetchone() == (0,)
        (rules,) = connection.execute("select array_agg(distinct rule) from ops.gate_failures").fetchone() or ([],)
    assert "withheld" not in rules


def test_the_whole_gate_takes_exceptions_and_fails_on_an_expired_one(
    clean_warehouse: Settings, config_folder: Path
) -> None:
    candidate = Candidate(clean_warehouse)
    candidate.multiply(0.4, "N_ELEV", "school", "0991", 2025)
    candidate.finish()
    rows = ROW.replace("2026-06-30", "2099-12-31")
    (config_folder / FILE).write_text(HEADING + rows + rows.replace("bounds", "largest_change"), encoding="utf-8")
    report = run(get_settings())
    assert {v.verdict for v in report.verdicts} == {"publish"}
    assert all(outcome.is_met == (outcome.rows_failed == 0) for outcome in report.outcomes)
    (config_folder / FILE).write_text(HEADING + rows.replace("2099", "2020"), encoding="utf-8")
    assert "row 1: expired" in call("gate", status=1)
    configure(config_folder, "0991")
    assert "row 1: expired" in call("config", "check", status=1)
