"""KMD Opus report CJI3 as saved from the spool. Headings as in the real report, a few of them; everything invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.pull import PullResult, pull
from tests.connectors.drops import configure, drop, kept_bytes, select
from warehouse.settings import Settings, get_settings

# The gap of nameless columns is real: what stands after it may be shifted to the left, what stands before it never is.
HEADINGS = (
    "", "Bilagsnummer", "BoL", "PSP-element", "beskrivelse", "", "", "", "     Periode", "Bogføringsdato",
    "Medarbejders navn", "Vrd./CO-områdevaluta", "BilArt", "Bilagsdato", "Bilagstoptekst", "COVal", "Funktionsområde",
    "Modkonto", "MA-nr.", "OAr", "Omk.art", "Partnerobjekt", "RefBilNr", "Registr.", "Kl.", "År", "BoL", "OAr",
)  # fmt: skip
SECOND_HEADINGS = ("", "", "TilbF-Ref.", "TilbF-Org.", "TbF", "TFB", "User Name", "Valørdato")
TITLE = "Projekter: faktiske enkeltposter\tSide 1\r\n\r\n"
HEADING = "\t".join(HEADINGS) + "\r\n" + "\t".join(SECOND_HEADINGS) + "\r\n"
PAGE = TITLE + HEADING
SECRETS = ("Xenia Privatperson", "010190-1234", "0101901234", "XPRIV")


def record(
    number: str = "100000001", line: str = "1", *, amount: str = "1.234,50", psp: str = "XG-0000005285-00006",
    period: str = "3", posted: str = "31.03.2025", registered: str = "01.04.2025", time: str = "08:15:00",
    account: str = "22000000", partner: str = "4010", shift: int = 0, end: int | None = None, second: str | None = None,
) -> str:  # fmt: skip
    """A record of two lines; `shift` takes nameless columns out, `end` cuts the main line as the printer does."""
    head = ["", number, line, psp, "Skole", *[""] * (3 - shift)]
    tail = [period, posted, "Xenia Privatperson", amount, "KR", "30.03.2025", "Til 010190-1234", "DKK", "032201",
            "90540000", "0101901234", "PR", account, partner, "5000", registered, time, "2025", "7", "XX"]  # fmt: skip
    below = second if second is not None else "\t\t\t\t\t\tXPRIV\t"
    return "\t".join([*head, *tail][:end]) + "\r\n" + below + "\r\n"


@pytest.fixture
def folder(clean_warehouse: Settings, config_folder: Path) -> Path:
    streams = {"project_lines": {"files": "CJI3_*.txt", "max_rejected_share": 0.5}}
    path = configure(config_folder, ledger_opus={"folder": "drop", "streams": streams}) / "drop"
    path.mkdir()
    return path


def run(folder: Path, *records: str, name: str = "CJI3_2025-04-07.txt") -> PullResult:
    drop(folder, name, PAGE + "".join(records), encoding="cp1252")
    return {result.file_name: result for result in pull("ledger_opus", "0992", get_settings())}[name]


def lines(settings: Settings, columns: str) -> list[tuple[object, ...]]:
    return select(settings, f"select {columns} from raw_ledger_opus.project_lines order by row_no")


def reasons(settings: Settings) -> list[tuple[object, ...]]:
    return select(settings, "select row_no, reason from raw_ledger_opus.rejected_rows order by row_no")


def test_a_wrapped_record_of_a_printed_list_is_one_row(clean_warehouse: Settings, folder: Path) -> None:
    result = run(folder, record(second="\t\t100000000\tA\tX\t\tXPRIV\t29.03.2025"))
    assert (result.outcome, result.row_count, result.rejected_row_count) == ("landed", 1, 0)
    columns = (
        "document_no, line_no, psp_element, period, posting_date, document_date, registration_date, registration_time, "
        "fiscal_year, cost_element, amount, document_type, function_area, counter_account, partner_object, "
        "reference_document_no, reversal_reference, reversal_origin, reversal_flag, reversed_flag, value_date"
    )
    assert lines(clean_warehouse, columns) == [
        ("100000001", "1", "XG-0000005285-00006", "3", "31.03.2025", "30.03.2025", "01.04.2025", "08:15:00", "2025",
         "22000000", "1234.50", "KR", "032201", "90540000", "4010", "5000", "100000000", "A", "X", None, "29.03.2025"),
    ]  # fmt: skip


def test_page_headers_that_repeat_are_no_rows_even_within_a_record(clean_warehouse: Settings, folder: Path) -> None:
    first, below = record("1", second="\t\t77\t\t\t\tXPRIV\t").split("\r\n")[:2]
    assert run(folder, f"{first}\r\n", HEADING, f"{below}\r\n", PAGE, record("2")).row_count == 2
    assert lines(clean_warehouse, "document_no, reversal_reference") == [("1", "77"), ("2", None)]


def test_the_first_of_two_headings_of_one_name_counts(clean_warehouse: Settings, folder: Path) -> None:
    run(folder, record(line="12"))
    assert lines(clean_warehouse, "line_no") == [("12",)]


def test_rows_of_differing_field_counts_are_read_by_what_stands_where(clean_warehouse: Settings, folder: Path) -> None:
    rows = [record("1"), record("2", shift=1), record("3", shift=1, end=12), record("4", end=-2), record("5", shift=2)]
    assert run(folder, *rows).row_count == 5
    assert lines(clean_warehouse, "document_no, line_no, period, posting_date, amount, cost_element") == [
        ("1", "1", "3", "31.03.2025", "1234.50", "22000000"),
        ("2", "1", "3", "31.03.2025", "1234.50", "22000000"),
        ("3", "1", "3", "31.03.2025", "1234.50", None),
        ("4", "1", "3", "31.03.2025", "1234.50", "22000000"),
        ("5", "1", "3", "31.03.2025", "1234.50", "22000000"),
    ]
    assert "1 records end before" in str(select(clean_warehouse, "select warnings::text from ops.deliveries"))


def test_a_row_whose_offset_cannot_be_decided_is_refused_and_never_guessed(
    clean_warehouse: Settings, folder: Path
) -> None:
    result = run(folder, record("1"), record("2", posted="Xenia Privatperson"), record("3"), record("Xenia", shift=1))
    assert (result.row_count, result.rejected_row_count) == (2, 2)
    assert lines(clean_warehouse, "document_no, row_no") == [("1", 1), ("3", 3)]
    assert reasons(clean_warehouse) == [
        (2, "the columns fit their headings in no place"), (4, "Bilagsnummer is no number"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "landed"),
    [("9.999,99", "9999.99"), ("9.999,99-", "-9999.99"), ("23.350", "23350"), ("0,01-", "-0.01"), ("-5,00", "-5.00")],
)
def test_amounts_with_decimal_comma_thousands_and_trailing_minus(
    clean_warehouse: Settings, folder: Path, written: str, landed: str
) -> None:
    run(folder, record(amount=written))
    assert lines(clean_warehouse, "amount") == [(landed,)]


def test_a_value_date_is_often_empty_and_a_shifted_second_line_stays_out(
    clean_warehouse: Settings, folder: Path
) -> None:
    run(folder, record("1"), record("2", second="\t\t\t\t\tXenia Privatperson\tXPRIV\t"))
    assert lines(clean_warehouse, "value_date, reversed_flag") == [(None, None), (None, None)]
    assert "1 records have a second line" in str(select(clean_warehouse, "select warnings::text from ops.deliveries"))


def test_a_list_saved_without_tabs_is_cut_at_its_bars(clean_warehouse: Settings, folder: Path) -> None:
    streams = {"project_lines": {"files": "CJI3_*.txt", "delimiter": "|"}}
    configure(folder.parents[2], ledger_opus={"folder": "drop", "streams": streams})
    rows = [HEADINGS, SECOND_HEADINGS, *(line.split("\t") for line in record().split("\r\n")[:2])]
    widths = [max(len(row[at]) if at < len(row) else 0 for row in rows) for at in range(len(HEADINGS))]
    printed = "".join("|".join(value.ljust(widths[at]) for at, value in enumerate(row)) + "\r\n" for row in rows)
    printed = printed.replace("Skole", "Sk|le") + "-" * 80
    drop(folder, "CJI3_2025-04-08.txt", printed, encoding="cp1252")
    assert pull("ledger_opus", "0992", get_settings())[0].row_count == 1
    assert lines(clean_warehouse, "psp_element, amount, registration_time") == [
        ("XG-0000005285-00006", "1234.50", "08:15:00")
    ]


def test_a_report_without_its_columns_is_rejected_as_a_whole(clean_warehouse: Settings, folder: Path) -> None:
    drop(folder, "CJI3_2025-04-01.txt", "Bilagsnummer\tBoL\r\n1\t1\r\n", age=0)
    drop(folder, "CJI3_2025-04-02.txt", "Ingen data fundet\r\n", age=1)
    results = pull("ledger_opus", "0992", get_settings())
    assert [result.error_class for result in results] == ["MissingColumnError", "UnreadableFileError"]
    assert lines(clean_warehouse, "*") == []


def test_overlapping_windows_of_registration_days_both_land(clean_warehouse: Settings, folder: Path) -> None:
    run(folder, record("1"), record("2"), name="CJI3_2025-04-07.txt")
    second = run(folder, record("2", registered="07.04.2025"), record("3"), name="CJI3_2025-04-08.txt")
    assert second.outcome == "landed"
    assert run(folder, record("1"), record("2"), name="CJI3_2025-04-09_igen.txt").outcome == "unchanged"
    current = "where delivery_id in (select delivery_id from ops.current_deliveries)"
    assert select(clean_warehouse, f"select count(*) from raw_ledger_opus.project_lines {current}") == [(4,)]


def test_persons_in_texts_names_and_partner_objects_are_kept_nowhere(
    clean_warehouse: Settings, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    run(folder, record("1"), record("2", partner="010190-1234"), record("3", posted="010190-1234"))
    assert lines(clean_warehouse, "partner_object") == [("4010",), (None,)]
    told = [select(clean_warehouse, f"select * from {table}") for table in
            ("raw_ledger_opus.project_lines", "raw_ledger_opus.rejected_rows", "ops.deliveries")]  # fmt: skip
    kept = kept_bytes(clean_warehouse)
    for secret in SECRETS:
        assert secret not in f"{told}{caplog.text}"
        assert secret.encode() not in kept
