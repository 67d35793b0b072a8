"""Prisme's G69 files: header, numbered fields, amounts in oere. Everything invented."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connectors.pull import PullResult, pull
from tests.connectors.drops import configure, drop, kept_bytes, select
from warehouse.settings import Settings, get_settings

SECRETS = ("Xenia Privatperson", "010190-1234", "0101901234")


def line(
    number: int, amount: str, mark: str = "D", *, kind: str = "NOR", machine: str = "00012", day: str = "20250331",
    organisation: str = "0992", year: str = "2025", more: str = "",
) -> str:  # fmt: skip
    person = "&132" + "02&1330101901234&153Faktura & Søn Xenia Privatperson 010190-1234"
    return (
        f"001G69{number:05}{organisation}01{kind}FLYD&101Xenia Priv&103{machine}&1040000007&110{day}"
        f"&111000000005010450&112{amount}&113{mark}&114{year}{person}&180T10&181ADM&182F1{more}"
    )


BALANCED = (line(1, "0000000123450 "), line(2, "0000000123450 ", "K"))


@pytest.fixture
def folder(clean_warehouse: Settings, config_folder: Path) -> Path:
    return prepare(config_folder, {"files": "G69_*"})


def prepare(config: Path, profile: dict[str, Any]) -> Path:
    path = configure(config, ledger_prisme={"folder": "drop", "streams": {"g69_postings": profile}}) / "drop"
    path.mkdir(exist_ok=True)
    return path


def run(folder: Path, *lines: str, name: str = "G69_20250401.txt", end: str = "\r\n") -> PullResult:
    drop(folder, name, end.join([*lines, ""]), encoding="cp1252")
    return {result.file_name: result for result in pull("ledger_prisme", "0992", get_settings())}[name]


def rows(settings: Settings, columns: str) -> list[tuple[object, ...]]:
    return select(settings, f"select {columns} from raw_ledger_prisme.g69_postings order by row_no")


def test_a_floating_line_lands_its_fields_with_the_amount_in_oere(clean_warehouse: Settings, folder: Path) -> None:
    assert run(folder, *BALANCED).row_count == 2
    columns = (
        "file_line_no, organisation_no, posting_type, machine_no, batch_no, posting_date, account, amount_oere, "
        "debit_credit, fiscal_year, department, carrier, purpose"
    )
    assert rows(clean_warehouse, columns)[0] == (
        "00001", "0992", "NOR", "00012", "0000007", "20250331", "000000005010450", "0000000123450", "D", "2025",
        "ADM", "T10", "F1",
    )  # fmt: skip


def test_a_sign_stands_last_and_a_minus_takes_a_debit_back(clean_warehouse: Settings, folder: Path) -> None:
    pair = (line(1, "0000000000100-"), line(2, "0000000000100-", "K"))
    crossed = (line(3, "0000000000250-"), line(4, "0000000000250 ", "D"))
    assert run(folder, *pair, *crossed).outcome == "landed"
    assert rows(clean_warehouse, "debit_credit, amount_oere") == [
        ("D", "-0000000000100"), ("K", "-0000000000100"), ("D", "-0000000000250"), ("D", "0000000000250"),
    ]  # fmt: skip


def test_a_file_that_does_not_balance_is_rejected_with_machine_number_and_date(
    clean_warehouse: Settings, folder: Path
) -> None:
    other = (line(3, "0000000000500 ", machine="00099", day="20250401"),
             line(4, "0000000000499 ", "K", machine="00099", day="20250401"))  # fmt: skip
    result = run(folder, *BALANCED, *other)
    assert (result.outcome, result.error_class) == ("rejected", "ControlTotalError")
    assert "the 2 lines of machine number 00099 and date 20250401 do not balance: they are 0.01 kr. off" in str(
        result.reason
    )
    assert rows(clean_warehouse, "*") == []


def test_lines_balance_per_day_not_over_the_file(folder: Path) -> None:
    result = run(folder, line(1, "0000000000500 "), line(2, "0000000000500 ", "K", day="20250401"))
    assert result.error_class == "ControlTotalError"
    assert "date 20250331 and 1 more do not balance" in str(result.reason)


def test_supplementary_and_opening_postings_keep_their_type(clean_warehouse: Settings, folder: Path) -> None:
    supplementary = [line(number, "0000000000100 ", mark, kind="SUP", year="2024", day="20250115")
                     for number, mark in ((1, "D"), (2, "K"))]  # fmt: skip
    opening = [line(number, "0000000000100 ", mark, kind="PRI") for number, mark in ((3, "D"), (4, "K"))]
    assert run(folder, *supplementary, *opening).row_count == 4
    assert rows(clean_warehouse, "posting_type, fiscal_year") == [("SUP", "2024")] * 2 + [("PRI", "2025")] * 2


@pytest.mark.parametrize(
    ("lines", "error_class", "words"),
    [
        ([BALANCED[0], line(3, "0000000123450 ", "K")], "RowCountError", "row 2"),
        ([line(1, "0000000000000 ", organisation="0817")], "WrongMunicipalityError", "row 1"),
        ([line(1, "12,50")], "UnreadableFileError", "field amount_oere"),
        ([line(1, "0000000000100 ", "X")], "UnreadableFileError", "field debit_credit"),
        ([line(1, "0000000000100 ", day="31032025")], "UnreadableFileError", "field posting_date"),
        ([line(1, "0000000000100 ", more="&1040000008")], "UnreadableFileError", "do not ascend"),
        (["001G6900001099201NORFAST000120000007"], "UnreadableFileError", "positions of the fixed form"),
        (["Bilag;Beløb"], "UnreadableFileError", "does not begin as a G69 posting"),
        (["Z300 start", "SLUTD"], "EmptyFileError", "no posting lines"),
    ],
    ids=["line lost", "other municipality", "no oere", "no mark", "date", "order", "undeclared fixed", "csv", "empty"],
)
def test_a_g69_file_that_cannot_be_trusted_is_rejected_whole(
    clean_warehouse: Settings, folder: Path, lines: list[str], error_class: str, words: str
) -> None:
    result = run(folder, *lines)
    assert (result.outcome, result.error_class) == ("rejected", error_class)
    assert words in str(result.reason)
    assert not any(secret in str(result.reason) for secret in SECRETS)
    assert rows(clean_warehouse, "*") == []


def test_the_fixed_form_is_read_by_declared_positions(clean_warehouse: Settings, config_folder: Path) -> None:
    fixed = {"machine_no": [25, 5], "batch_no": [30, 7], "posting_date": [37, 8], "account": [45, 15],
             "amount_oere": [60, 14], "debit_credit": [74, 1]}  # fmt: skip
    folder = prepare(config_folder, {"files": "G69_*", "form": {"fixed": fixed}})
    lines = [f"001G690000{number}099201SUPFAST00012000000720250331000000005010450{amount}{mark}Xenia Privatperson"
             for number, amount, mark in ((1, "0000000012345-", "D"), (2, "0000000012345 ", "D"))]  # fmt: skip
    assert run(folder, "Z300", *lines, "SLUTD").row_count == 2
    assert rows(clean_warehouse, "account, amount_oere, posting_type, carrier") == [
        ("000000005010450", "-0000000012345", "SUP", None), ("000000005010450", "0000000012345", "SUP", None),
    ]  # fmt: skip


def test_two_batches_of_a_day_both_count_and_one_sent_again_counts_once(
    clean_warehouse: Settings, folder: Path
) -> None:
    run(folder, *BALANCED, name="G69_20250401_a.txt")
    run(folder, line(1, "0000000000700 "), line(2, "0000000000700 ", "K"), name="G69_20250401_b.txt")
    assert run(folder, *BALANCED, name="G69_20250402_gensendt.txt").outcome == "unchanged"
    assert run(folder, *BALANCED, name="G69_20250403_unix.txt", end="\n").outcome == "unchanged"
    assert select(clean_warehouse, "select count(*) from raw_ledger_prisme.g69_postings") == [(4,)]


def test_persons_of_a_g69_file_are_kept_nowhere(
    clean_warehouse: Settings, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    run(folder, *BALANCED)
    told = [select(clean_warehouse, f"select * from {table}") for table in
            ("raw_ledger_prisme.g69_postings", "raw_ledger_prisme.rejected_rows", "ops.deliveries")]  # fmt: skip
    kept = kept_bytes(clean_warehouse)
    for secret in (*SECRETS, "Xenia"):
        assert secret not in f"{told}{caplog.text}"
        assert secret.encode() not in kept
