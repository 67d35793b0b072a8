"""Ledgers of any system by declared profiles: every trap of data like theirs, one test each. Everything invented."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connectors.errors import ConfigError
from connectors.pull import PullResult, pull
from tests.connectors.drops import configure, drop, kept_bytes, select
from warehouse.settings import Settings, get_settings

HEADING = "Kommune;Bilag;Linje;Dato;Konto;PSP;Beløb"
COLUMNS = {
    "Kommune": "municipality_no", "Bilag": "document_no", "Linje": "line_no", "Dato": "posting_date",
    "Konto": "account", "PSP": "psp_element", "Beløb": "amount", "D/K": "debit_credit", "Periode": "period",
    "År": "fiscal_year", "Funktion": "function", "Gruppering": "grouping", "Art": "art",
}  # fmt: skip
PROFILE: dict[str, Any] = {
    "files": "*", "columns": COLUMNS, "drop": ["Tekst", "Ydelsesmodtager"], "max_rejected_share": 0.7,
    "trailing_minus": True, "date_formats": ["%d.%m.%Y", "%d%m%Y", "%Y%m%d"],
}  # fmt: skip
SECRETS = ("Xenia Privatperson", "010190-1234", "0101901234")


class Drop:
    """The folder of one municipality's ledger and its profile."""

    def __init__(self, config: Path, settings: Settings) -> None:
        self.config, self.settings, self.age = config, settings, 0
        self.declare()

    def declare(self, stream: str = "postings", **more: Any) -> None:
        self.stream = stream
        section = {"folder": "drop", "streams": {stream: {**PROFILE, **more}}}
        self.folder = configure(self.config, ledger_files=section) / "drop"
        self.folder.mkdir(exist_ok=True)

    def deliver(
        self, *lines: str, heading: str = HEADING, name: str = "poster_2025-03.csv", encoding: str = "utf-8"
    ) -> PullResult:
        self.age += 1
        text = "\r\n".join(([heading] if heading else []) + [*lines, ""])
        drop(self.folder, name, text, age=self.age, encoding=encoding)
        return {result.file_name: result for result in pull("ledger_files", "0992", get_settings())}[name]

    def rows(self, columns: str) -> list[tuple[Any, ...]]:
        return select(
            self.settings,
            f"select {columns} from raw_ledger_files.{self.stream} join ops.current_deliveries using (delivery_id) "
            f"order by delivery_id, row_no",
        )

    def reasons(self) -> list[str]:
        return [reason for (reason,) in select(self.settings, "select reason from raw_ledger_files.rejected_rows")]


@pytest.fixture
def ledger(clean_warehouse: Settings, config_folder: Path) -> Drop:
    return Drop(config_folder, clean_warehouse)


@pytest.mark.parametrize(
    ("written", "landed"),
    [("1.234,50", "1234.50"), ("23.350", "23350"), ("12,5", "12.5"), ("1.234,50-", "-1234.50"), ("-7", "-7")],
    ids=["decimal comma", "thousands dot without decimals", "comma alone", "trailing minus", "leading minus"],
)
def test_decimal_comma_thousands_dot_without_decimals_and_trailing_minus(
    ledger: Drop, written: str, landed: str
) -> None:
    ledger.deliver(f"992;1;1;31.03.2025;4010;XG-1-1;{written}")
    assert ledger.rows("amount, amount_unit") == [(landed, "kroner")]


def test_a_number_written_otherwise_than_declared_is_a_refused_row(ledger: Drop) -> None:
    result = ledger.deliver("992;1;1;31.03.2025;4010;;12.5", "992;2;1;31.03.2025;4010;;", "992;3;1;31.03.2025;4010;;1")
    assert (result.row_count, result.rejected_row_count) == (1, 2)
    assert ledger.reasons() == ["amount is no number as declared", "amount is empty"]


@pytest.mark.parametrize("unit", ["oere", "kroner", "thousands"])
def test_the_unit_oere_kroner_or_thousands_is_declared_and_lands_beside_the_amount(ledger: Drop, unit: str) -> None:
    ledger.declare(form={"unit": unit})
    ledger.deliver("992;1;1;31.03.2025;4010;XG-1-1;12345-")
    assert ledger.rows("amount, amount_unit") == [("-12345", unit)]


def test_an_unsigned_amount_takes_its_sign_from_the_debit_credit_flag(ledger: Drop) -> None:
    heading = "Kommune;Bilag;Linje;Dato;Konto;D/K;Beløb"
    marks = ("D", "Debet", "S", "K", "kredit", "H", "?")
    lines = [f"992;{number};1;31.03.2025;4010;{mark};10,00" for number, mark in enumerate(marks)]
    assert ledger.deliver(*lines, heading=heading).rejected_row_count == 1
    assert ledger.rows("debit_credit, amount") == [("D", "10.00")] * 3 + [("K", "-10.00")] * 3
    assert ledger.reasons() == ["debit_credit is none of the known marks"]


@pytest.mark.parametrize(("minus", "landed"), [("repeats", "-10.00"), ("reverses", "10.00"), (None, None)])
def test_a_minus_beside_a_credit_mark_is_read_as_declared_and_never_guessed(
    ledger: Drop, minus: str | None, landed: str | None
) -> None:
    ledger.declare(form={"minus": minus})
    heading = "Kommune;Bilag;Linje;Dato;Konto;D/K;Beløb"
    ledger.deliver("992;1;1;31.03.2025;4010;D;10,00-", "992;2;1;31.03.2025;4010;K;10,00-", heading=heading)
    assert ledger.rows("amount") == [("-10.00",)] + ([(landed,)] if landed else [])
    assert len(ledger.reasons()) == (0 if landed else 1)


def test_dates_of_three_forms_in_one_file_land_and_another_form_is_a_refused_row(ledger: Drop) -> None:
    dates = ("31.03.2025", "31032025", "20250331", "2025-03-31")
    ledger.deliver(*(f"992;{number};1;{date};4010;;1" for number, date in enumerate(dates)))
    assert ledger.rows("posting_date") == [("31.03.2025",), ("31032025",), ("20250331",)]


@pytest.mark.parametrize(
    ("written", "declared"),
    [("cp1252", "cp1252"), ("iso-8859-1", "iso-8859-1"), ("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"),
     ("utf-8-sig", "utf-8"), ("cp1252", "utf-8"), ("utf-8", "cp1252")],
)  # fmt: skip
def test_encodings_cp1252_latin_1_and_utf_8_with_or_without_bom(ledger: Drop, written: str, declared: str) -> None:
    ledger.declare(encoding=declared)
    result = ledger.deliver("992;1;1;31.03.2025;Åse;XG-1-1;1", encoding=written)
    if written.split("-")[0] == declared.split("-")[0]:
        assert ledger.rows("account") == [("Åse",)]
    else:
        assert result.error_class == "EncodingError"


def test_lost_leading_zeros_come_back_by_the_declared_width(ledger: Drop) -> None:
    ledger.declare(pad={"function": 5, "grouping": 3, "municipality_no": 4})
    heading = "Kommune;Bilag;Linje;Dato;Funktion;Gruppering;Beløb"
    ledger.deliver("992;1;1;31.03.2025;2201;1;1", "0992;2;1;31.03.2025;02201;081;1", heading=heading)
    assert ledger.rows("municipality_no, function, grouping") == [("0992", "02201", "001"), ("0992", "02201", "081")]


def test_codes_that_a_spreadsheet_made_floats_of_are_codes_again(ledger: Drop) -> None:
    ledger.declare(pad={"function": 5})
    heading = "Kommune;Bilag;Linje;Dato;Funktion;Periode;År;Konto;Art;Beløb"
    ledger.deliver("992.0;100.0;1.0;31.03.2025;2201.0;3.0;2025.0;40000000.0;4.0;1", heading=heading)
    assert ledger.rows("municipality_no, document_no, line_no, function, period, fiscal_year, account, art") == [
        ("992", "100", "1", "02201", "3", "2025", "40000000", "4.0")
    ]


def test_repeated_page_headers_and_wrapped_lines_of_a_printed_list(ledger: Drop) -> None:
    ledger.declare(skip_lines=2, form={"skip_pattern": r"^(Side \d+|-+$)", "skip": ["I alt"], "record_lines": 2})
    page = ["Side 2", "Kommune;Bilag;Linje;Dato", "Konto;PSP;Beløb", "-------"]
    ledger.deliver(
        "", "Side 1", "Kommune;Bilag;Linje;Dato", "Konto;PSP;Beløb", "992;1;1;31.03.2025", "4010;XG-1-1;1", *page,
        "992;2;1;31.03.2025", "4010;;2", "I alt;;3", heading="Finansposter",
    )  # fmt: skip
    assert ledger.rows("document_no, psp_element, amount") == [("1", "XG-1-1", "1"), ("2", None, "2")]


def test_a_record_that_lost_its_second_line_does_not_take_another_ones(ledger: Drop) -> None:
    ledger.declare(form={"record_lines": 2})
    heading = "Kommune;Bilag;Linje;Dato\r\nKonto;PSP;Beløb"
    result = ledger.deliver("992;1;1;31.03.2025", "4010;XG-1-1;1", "992;2;1;31.03.2025", heading=heading)
    assert (result.row_count, result.rejected_row_count) == (1, 1)


def test_a_file_sent_again_under_a_new_name_changes_nothing(ledger: Drop) -> None:
    row = "992;1;1;31.03.2025;4010;XG-1-1;1"
    ledger.deliver(row)
    assert ledger.deliver(row, name="poster_2025-07_gensendt.csv").outcome == "unchanged"
    assert len(ledger.rows("amount")) == 1


@pytest.mark.parametrize(("declared", "outcome"), [("10,01", "landed"), ("10,06", "rejected"), ("10,00", "landed")])
def test_a_control_total_off_by_one_oere_is_a_warning_and_more_a_rejection(
    ledger: Drop, declared: str, outcome: str
) -> None:
    ledger.declare(control={"file": "{stem}.kontrol", "rows": "Antal", "total": "Sum"}, files="*.csv")
    drop(ledger.folder, "poster_2025-03.kontrol", f"Antal;Sum\n2;{declared}\n")
    result = ledger.deliver("992;1;1;31.03.2025;4010;;30,00", "992;1;2;31.03.2025;4010;;20,00-")
    assert result.outcome == outcome
    warned = "off the declared total" in str(select(ledger.settings, "select warnings::text from ops.deliveries"))
    assert warned == (declared == "10,01")


def test_reversals_as_a_negative_line_or_as_the_opposite_mark_both_come_to_nothing(ledger: Drop) -> None:
    ledger.declare(form={"minus": "reverses"})
    heading = "Kommune;Bilag;Linje;Dato;Konto;D/K;Beløb"
    pairs = ("D;10,00", "D;10,00-", "D;7,00", "K;7,00", "K;5,00", "K;5,00-")
    lines = [f"992;{number};1;31.03.2025;4010;{pair}" for number, pair in enumerate(pairs)]
    ledger.deliver(*lines, heading=heading)
    assert ledger.rows("sum(amount::numeric) over (order by row_no) = 0") == [(False,), (True,)] * 3


def test_a_reversal_as_an_update_comes_in_a_window_that_overlaps(ledger: Drop) -> None:
    ledger.declare("registered_postings", columns={**COLUMNS, "Registreret": "registration_date"})
    heading = f"{HEADING};Registreret"
    first = ledger.deliver("992;1;1;31.03.2025;4010;;10;01.04.2025", heading=heading, name="reg_2025-04-07.csv")
    again = ledger.deliver("992;1;1;31.03.2025;4010;;0;07.04.2025", heading=heading, name="reg_2025-04-08.csv")
    assert (first.outcome, again.outcome) == ("landed", "landed")
    assert ledger.rows("amount, registration_date") == [("10", "01.04.2025"), ("0", "07.04.2025")]


def test_a_posting_into_a_closed_year_and_period_13_land_as_they_are(ledger: Drop) -> None:
    ledger.deliver("992;1;1;14.02.2025;4010;13;2024;1", heading="Kommune;Bilag;Linje;Dato;Konto;Periode;År;Beløb")
    assert ledger.rows("posting_date, period, fiscal_year") == [("14.02.2025", "13", "2024")]


def test_a_psp_with_a_missing_digit_a_plain_number_or_none_does_not_lose_the_money(ledger: Drop) -> None:
    psp = ("XG-0000005285-00006", "XG-0000005285-", "5285", "")
    ledger.deliver(*(f"992;{number};1;31.03.2025;4010;{text};1" for number, text in enumerate(psp)))
    assert ledger.rows("psp_element") == [("XG-0000005285-00006",), ("XG-0000005285-",), ("5285",), (None,)]


def test_a_fixed_width_file_is_cut_at_its_declared_positions(ledger: Drop) -> None:
    fixed = {"municipality_no": [3, 4], "document_no": [7, 6], "posting_date": [13, 8], "authorised_account": [21, 16],
             "amount": [37, 10], "debit_credit": [47, 1]}  # fmt: skip
    ledger.declare(encoding="cp1252", form={"fixed": fixed, "keep": ["20"], "unit": "oere"})
    lines = ("10START", "2009920000013103202564550110123001450000012345DXenia Privatperson",
             "2009920000023103202564550110123001450000012345K",
             "20099200000331032025645501101230014500000", "99SLUT0002")  # fmt: skip
    result = ledger.deliver(*lines, heading="", name="FINANS_202503.DAT", encoding="cp1252")
    assert (result.row_count, result.rejected_row_count) == (2, 1)
    assert ledger.rows("document_no, line_no, posting_date, authorised_account, amount, amount_unit") == [
        ("000001", "1", "31032025", "6455011012300145", "0000012345", "oere"),
        ("000002", "2", "31032025", "6455011012300145", "-0000012345", "oere"),
    ]


def test_a_quote_that_is_not_closed_spoils_its_own_line_only(ledger: Drop) -> None:
    lines = ['992;1;1;31.03.2025;"4010;;1', "992;2;1;31.03.2025;4010;;1", '992;3;1;31.03.2025;"40;10";;1']
    assert ledger.deliver(*lines).rejected_row_count == 1
    assert ledger.rows("document_no, account") == [("2", "4010"), ("3", "40;10")]


def test_the_neighbours_rows_and_an_undeclared_heading_are_refused(ledger: Drop) -> None:
    assert ledger.deliver("994;1;1;31.03.2025;4010;;1").error_class == "WrongMunicipalityError"
    result = ledger.deliver("992;1", heading="Kommune;Sagsbehandler")
    assert result.error_class == "UnknownColumnError"


def test_a_form_that_names_a_column_which_is_not_there_is_a_configuration_error(ledger: Drop) -> None:
    ledger.declare(pad={"funktion": 5})
    with pytest.raises(ConfigError, match="pad leads to funktion"):
        ledger.deliver("992;1;1;31.03.2025;4010;;1")


def test_person_numbers_and_names_in_texts_are_kept_nowhere(ledger: Drop, caplog: pytest.LogCaptureFixture) -> None:
    heading = f"{HEADING};Tekst;Ydelsesmodtager"
    ledger.deliver(
        "992;1;1;31.03.2025;4010;;1;Til Xenia Privatperson 010190-1234;0101901234",
        "992;2;1;31.03.2025;4010;;Xenia Privatperson;010190-1234;0101901234", heading=heading,
    )  # fmt: skip
    ledger.declare("dimensions", columns={"Sted": "code", "Navn": "name"}, constants={"dimension": "sted"})
    ledger.deliver("S1;Skolen", "S2;Dagplejer 010190-1234", heading="Sted;Navn", name="steder.csv")
    assert ledger.rows("code, name") == [("S1", "Skolen"), ("S2", None)]
    told = [select(ledger.settings, f"select * from {table}") for table in (
        "raw_ledger_files.postings", "raw_ledger_files.rejected_rows", "raw_ledger_files.dimensions", "ops.deliveries",
    )]  # fmt: skip
    kept = kept_bytes(ledger.settings)
    for secret in SECRETS:
        assert secret not in f"{told}{caplog.text}"
        assert secret.encode() not in kept
