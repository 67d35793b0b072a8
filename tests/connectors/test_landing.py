from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from connectors.landing import ControlTotal, is_known_version, land
from tests.connectors.landing_files import CHECKS, JANUARY, meters, posting_lines, postings, raw_meters, rows, states
from warehouse.database import connect
from warehouse.settings import Settings

THREE_METERS = b'meter_no,carrier,property_no\nA1,el,7\nA2,varme,\nA3,vand,""\n'


def test_rows_land_as_text_with_lineage_and_empty_values_are_null(clean_warehouse: Settings, tmp_path: Path) -> None:
    result = land(meters(tmp_path, THREE_METERS), clean_warehouse)
    assert (result.outcome, result.row_count, result.rejected_row_count) == ("landed", 3, 0)
    found = rows(
        "select meter_no, property_no, municipality_code, delivery_id, row_no from raw_energy.meters order by row_no"
    )
    assert found == [
        ("A1", "7", "0991", result.delivery_id, 1),
        ("A2", None, "0991", result.delivery_id, 2),
        ("A3", None, "0991", result.delivery_id, 3),
    ]


def test_each_delivery_counts_its_rows_from_one_and_carries_its_own_id(
    clean_warehouse: Settings, tmp_path: Path
) -> None:
    first = land(meters(tmp_path, THREE_METERS), clean_warehouse)
    other = land(meters(tmp_path, THREE_METERS, municipality_code="0992"), clean_warehouse)
    found = rows("select delivery_id, municipality_code, min(row_no), max(row_no) from raw_energy.meters group by 1, 2")
    assert sorted(found) == [(first.delivery_id, "0991", 1, 3), (other.delivery_id, "0992", 1, 3)]


def test_the_same_file_twice_changes_nothing(clean_warehouse: Settings, tmp_path: Path) -> None:
    first = land(postings(tmp_path, posting_lines(3)), clean_warehouse)
    before = rows("select * from raw_ledger_opus.postings"), rows("select * from ops.deliveries")
    again = land(postings(tmp_path, posting_lines(3)), clean_warehouse)
    assert (again.outcome, again.delivery_id, again.row_count) == ("unchanged", first.delivery_id, 3)
    assert (rows("select * from raw_ledger_opus.postings"), rows("select * from ops.deliveries")) == before


def test_a_batch_sent_again_under_another_name_and_window_counts_once(
    clean_warehouse: Settings, tmp_path: Path
) -> None:
    land(postings(tmp_path, posting_lines(3)), clean_warehouse)
    february = (date(2025, 2, 1), date(2025, 3, 1))
    again = land(postings(tmp_path, posting_lines(3), "posteringer_2025-02.csv", window=february), clean_warehouse)
    assert again.outcome == "unchanged"
    assert rows("select count(*) from raw_ledger_opus.postings") == [(3,)]


def test_the_same_file_read_in_another_way_takes_its_own_place(clean_warehouse: Settings, tmp_path: Path) -> None:
    land(postings(tmp_path, posting_lines(3)), clean_warehouse)
    february = (date(2025, 2, 1), date(2025, 3, 1))
    again = land(postings(tmp_path, posting_lines(3), profile_sha256="profile-2", window=february), clean_warehouse)
    assert again.outcome == "landed"
    assert [state for _, state in states()] == ["superseded", "landed"]


def test_a_new_snapshot_retires_the_old_one_of_its_municipality_only(clean_warehouse: Settings, tmp_path: Path) -> None:
    land(meters(tmp_path, THREE_METERS, "old.csv"), clean_warehouse)
    land(meters(tmp_path, THREE_METERS, "other.csv", municipality_code="0992"), clean_warehouse)
    new = land(meters(tmp_path, b"meter_no,carrier,property_no\nB1,el,7\n", "new.csv"), clean_warehouse)
    assert states() == [("old.csv", "superseded"), ("other.csv", "landed"), ("new.csv", "landed")]
    assert rows("select superseded_by from ops.deliveries where file_name = 'old.csv'") == [(new.delivery_id,)]


def test_a_wider_window_retires_the_windows_inside_it(clean_warehouse: Settings, tmp_path: Path) -> None:
    year = (date(2025, 1, 1), date(2026, 1, 1))
    land(postings(tmp_path, posting_lines(1), "january.csv"), clean_warehouse)
    land(postings(tmp_path, posting_lines(2), "2024.csv", window=(date(2024, 1, 1), JANUARY[0])), clean_warehouse)
    land(postings(tmp_path, posting_lines(3), "2025.csv", window=year), clean_warehouse)
    assert states() == [("january.csv", "superseded"), ("2024.csv", "landed"), ("2025.csv", "landed")]


@pytest.mark.parametrize(
    "window",
    [(date(2025, 1, 15), date(2025, 2, 15)), (date(2025, 1, 10), date(2025, 1, 11))],
    ids=["half outside", "a part of it"],
)
def test_a_window_that_covers_a_part_of_another_is_rejected(
    clean_warehouse: Settings, tmp_path: Path, window: tuple[date, date]
) -> None:
    land(postings(tmp_path, posting_lines(1), "january.csv"), clean_warehouse)
    result = land(postings(tmp_path, posting_lines(2), "part.csv", window=window), clean_warehouse)
    assert (result.outcome, result.error_class) == ("rejected", "OverlappingWindowError")
    assert states() == [("january.csv", "landed"), ("part.csv", "rejected")]


def test_a_file_rejected_for_its_window_lands_once_the_window_is_free(
    clean_warehouse: Settings, tmp_path: Path
) -> None:
    half = (date(2025, 1, 15), date(2025, 2, 15))
    land(postings(tmp_path, posting_lines(1), "january.csv"), clean_warehouse)
    overlapping = postings(tmp_path, posting_lines(2), "half.csv", window=half)
    assert [land(overlapping, clean_warehouse).outcome for _ in range(2)] == ["rejected", "still_rejected"]
    with connect("owner") as connection:
        connection.execute("update ops.deliveries set state = 'superseded' where file_name = 'january.csv'")
    assert land(overlapping, clean_warehouse).outcome == "landed"


def test_a_delta_retires_nothing(clean_warehouse: Settings, tmp_path: Path) -> None:
    for number in (1, 2):
        delivery = postings(tmp_path, posting_lines(1, number), f"{number}.csv", load_kind="delta", window=None)
        land(delivery, clean_warehouse)
    assert [state for _, state in states()] == ["landed", "landed"]


def test_the_bytes_are_kept_as_received(clean_warehouse: Settings, tmp_path: Path) -> None:
    delivery = postings(tmp_path, posting_lines(3))
    land(delivery, clean_warehouse)
    ((path, sha256, size),) = rows("select stored_path, content_sha256, byte_size from ops.deliveries")
    content = delivery.path.read_bytes()
    assert Path(path).read_bytes() == content
    assert (sha256, size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert list((clean_warehouse.home / "deliveries").rglob("*.tmp")) == []


def test_bad_rows_are_left_out_with_number_field_and_reason(clean_warehouse: Settings, tmp_path: Path) -> None:
    lines = posting_lines(1000)
    lines[1] = "2;1;40450000;12.5;05-01-2025;x"  # a thousands dot with one digit after it
    lines[2] = "3;1;40450000;1,50;2025-01-05;x"
    lines[3] = ";1;40450000;1,50;05-01-2025;x"
    lines[4] = "5;1;40450000;1,50;05-01-2025"  # a field short
    result = land(postings(tmp_path, lines), clean_warehouse)
    assert (result.outcome, result.row_count, result.rejected_row_count) == ("landed", 996, 4)
    assert rows("select row_no, field, reason from raw_ledger_opus.rejected_rows order by row_no") == [
        (2, "amount", "the value is no number as declared"),
        (3, "posting_date", "the value is no date of the form %d-%m-%Y"),
        (4, "document_no", "the value is missing"),
        (5, None, "5 fields where the heading has 6"),
    ]
    assert rows("select document_no from raw_ledger_opus.postings where row_no in (1, 2, 6) order by row_no") == [
        ("1",),
        ("6",),
    ]


def test_more_bad_rows_than_allowed_reject_the_delivery(clean_warehouse: Settings, tmp_path: Path) -> None:
    lines = [*posting_lines(98), "99;1;40450000;en krone;05-01-2025;x", "100;1;40450000;to kroner;05-01-2025;x"]
    result = land(postings(tmp_path, lines), clean_warehouse)
    assert (result.outcome, result.error_class) == ("rejected", "MalformedRowsError")
    assert "amount" in str(result.reason)
    assert "krone" not in str(result.reason)
    assert rows("select count(*) from raw_ledger_opus.postings") == [(0,)]


@pytest.mark.parametrize("code", ["0991", "991", "991.0", " 0991"])
def test_a_municipality_may_be_written_in_several_ways(clean_warehouse: Settings, tmp_path: Path, code: str) -> None:
    content = f"meter_no,carrier,property_no\nA1,{code},7\n".encode()
    checks = replace(CHECKS, municipality_column="carrier", numbers={}, dates={}, required_values=frozenset())
    assert land(meters(tmp_path, content, checks=checks), clean_warehouse).outcome == "landed"


def test_rows_of_another_municipality_reject_the_delivery(clean_warehouse: Settings, tmp_path: Path) -> None:
    content = b"meter_no,carrier,property_no\nA1,0992,7\nA2,0992,7\nA3,0991,7\n"
    checks = replace(CHECKS, municipality_column="carrier", numbers={}, dates={}, required_values=frozenset())
    result = land(meters(tmp_path, content, checks=checks), clean_warehouse)
    assert (result.outcome, result.error_class) == ("rejected", "WrongMunicipalityError")


@pytest.mark.parametrize(
    ("total", "outcome", "warnings"),
    [("4.50", "landed", 0), ("4.51", "landed", 1), ("4.60", "rejected", 0)],
    ids=["equal", "within the tolerance", "beyond it"],
)
def test_a_control_total_is_held_against_the_sum_of_the_rows(
    clean_warehouse: Settings, tmp_path: Path, total: str, outcome: str, warnings: int
) -> None:
    control = ControlTotal("amount", Decimal(total), Decimal("0.05"))
    result = land(postings(tmp_path, posting_lines(3), checks=replace(CHECKS, control=control)), clean_warehouse)
    assert result.outcome == outcome
    assert result.error_class == (None if outcome == "landed" else "ControlTotalError")
    ((totals, noted),) = rows("select control_totals, warnings from ops.deliveries")
    assert len(noted) == warnings
    if outcome == "landed":
        assert Decimal(totals["amount"]["declared"]) == Decimal(total)
        assert Decimal(totals["amount"]["found"]) == Decimal("4.5")


def test_a_control_total_leaves_bad_rows_out_and_takes_the_sign_from_its_column(
    clean_warehouse: Settings, tmp_path: Path
) -> None:
    heading = "Bilagsnummer;Beløb;Dk"
    lines = [heading, *[f"{number};1.000,25;Debet" for number in range(200)], "200;1.000,25;Kredit", "201;x;Debet"]
    control = ControlTotal("amount", Decimal("199049.75"), sign_column="debit_credit")
    delivery = postings(
        tmp_path,
        "\n".join(lines).encode("cp1252"),
        columns={"Bilagsnummer": "document_no", "Beløb": "amount", "Dk": "debit_credit"},
        checks=replace(CHECKS, control=control),
    )
    result = land(delivery, clean_warehouse)
    assert (result.outcome, result.reason, result.row_count, result.rejected_row_count) == ("landed", None, 201, 1)


def test_fewer_rows_than_declared_reject_the_delivery(clean_warehouse: Settings, tmp_path: Path) -> None:
    result = land(postings(tmp_path, posting_lines(3), checks=replace(CHECKS, declared_rows=4)), clean_warehouse)
    assert (result.outcome, result.error_class) == ("rejected", "RowCountError")


def test_a_version_is_known_once_it_is_current(clean_warehouse: Settings, tmp_path: Path) -> None:
    assert not is_known_version("energy", "meters", "0991", "v7", clean_warehouse)
    land(meters(tmp_path, THREE_METERS, source_version="v7"), clean_warehouse)
    assert is_known_version("energy", "meters", "0991", "v7", clean_warehouse)
    assert not is_known_version("energy", "meters", "0992", "v7", clean_warehouse)
    land(meters(tmp_path, THREE_METERS + b"A4,el,1\n", source_version="v8"), clean_warehouse)
    assert not is_known_version("energy", "meters", "0991", "v7", clean_warehouse)


def test_the_municipality_column_order_of_a_file_does_not_matter(clean_warehouse: Settings, tmp_path: Path) -> None:
    land(meters(tmp_path, b"property_no,meter_no,carrier\n7,A1,el\n"), clean_warehouse)
    assert raw_meters() == [("A1", "el", "7")]
