"""Every way of writing an amount, a date, a function or a number that reference and sample files show."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.dbt.conftest import Built, Macros

DANISH, POINT, ENGLISH = ",.", ".", ".,"
AMOUNTS = [
    # text, debit/credit, decimal and thousands mark of the delivery, kroner
    ("1.234,50", "Debet", DANISH, "1234.50"),
    ("1.234.567,89", "D", DANISH, "1234567.89"),
    ("1234,5", "Debet", DANISH, "1234.5"),
    ("10", "Debet", DANISH, "10"),
    ("23.350", "Debet", DANISH, "23350"),
    ("1.357", "Kredit", DANISH, "-1357"),
    ("1.234.567", "K", DANISH, "-1234567"),
    ("1639.65", "D", POINT, "1639.65"),
    ("-5855.00", "K", POINT, "-5855.00"),
    ("5855.00", "K", POINT, "-5855.00"),
    ("-100,00", "Debet", DANISH, "-100.00"),
    ("500,00-", "", DANISH, "-500.00"),
    ("12.500-", "", DANISH, "-12500"),
    (" 77,77 ", "", DANISH, "77.77"),
    ("1 234,50", "", DANISH, "1234.50"),
    ("1\u00a0234,50", "", DANISH, "1234.50"),
    ("1'234.50", "", POINT, "1234.50"),
    ("1,234.50", "", ENGLISH, "1234.50"),
    ("1,234", "", ENGLISH, "1234"),
    ("1,234", "", DANISH, "1.234"),
    ("1.234", "", DANISH, "1234"),
    ("1.234", "", POINT, "1.234"),
    ("0", "K", DANISH, "0"),
    ("0,05", "Kredit", DANISH, "-0.05"),
]
NUMBERS = [
    *((text, marks, kroner) for text, side, marks, kroner in AMOUNTS if not side),
    ("", DANISH, None),
    ("ukendt", DANISH, None),
    ("1.2.3", POINT, None),
    ("1,5", POINT, None),
]
DATES = [
    ("31-12-2025", date(2025, 12, 31)),
    ("31.12.2025", date(2025, 12, 31)),
    ("2025-12-31", date(2025, 12, 31)),
    ("2025-12-31T23:59:59Z", date(2025, 12, 31)),
    ("31-12-2025 23:59", date(2025, 12, 31)),
    ("31.12.2025 23:59:59", date(2025, 12, 31)),
    ("20251231", date(2025, 12, 31)),
    ("12022024", date(2024, 2, 12)),
    ("20122019", date(2019, 12, 20)),
    ("20191220", date(2019, 12, 20)),
    ("", None),
]
YEARS = [
    ("2025-01", 2025),
    ("01-2025", 2025),
    ("202501", 2025),
    ("05-09-2024", 2024),
    ("05.09.2024", 2024),
    ("05092024", 2024),
    ("1824", None),
    ("sidste år", None),
    ("", None),
]
FUNCTIONS = [
    ("3.22.01", "32201"),
    ("32201", "32201"),
    ("032201", "32201"),
    ("0.25.10", "02510"),
    ("2510", "02510"),
    ("2201.0", "02201"),
    ("6.45.50", "64550"),
    ("", None),
]
INTEGERS = [("1990", 1990), ("1990.0", 1990), ("-3", -3), ("n/a", None), ("99999999999", None), ("", None)]
TENURES = [
    ("Ejet", "owned"),
    (" LEJET ", "leased"),
    ("udlejet", "let_out"),
    ("true", "owned"),
    ("false", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "side", "marks", "kroner"), AMOUNTS)
def test_an_amount_of_a_ledger_is_read_with_its_sign(
    macros: Macros, text: str, side: str, marks: str, kroner: str
) -> None:
    assert macros.call("parse_posting_amount", text, side, marks) == Decimal(kroner)


@pytest.mark.parametrize(("text", "marks", "number"), NUMBERS)
def test_a_number_is_read_and_nonsense_is_no_value(macros: Macros, text: str, marks: str, number: str | None) -> None:
    assert macros.call("parse_amount", text, "", marks) == (None if number is None else Decimal(number))


@pytest.mark.parametrize(("text", "day"), DATES)
def test_a_date_is_read_in_every_form(macros: Macros, text: str, day: date | None) -> None:
    assert macros.call("parse_date", text) == day


@pytest.mark.parametrize(("text", "year"), YEARS)
def test_the_year_of_a_period_is_read(macros: Macros, text: str, year: int | None) -> None:
    assert macros.call("safe_year", text) == year


@pytest.mark.parametrize(("text", "year"), [("2025", 2025), ("", None), ("0025", None), ("2025.0", None)])
def test_a_fiscal_year_has_four_digits(macros: Macros, text: str, year: int | None) -> None:
    assert macros.call("parse_year", text) == year


@pytest.mark.parametrize(("text", "code"), FUNCTIONS)
def test_a_function_has_five_digits(macros: Macros, text: str, code: str | None) -> None:
    assert macros.call("function_code", text) == code


@pytest.mark.parametrize(("text", "number"), INTEGERS)
def test_a_whole_number_is_read_and_nonsense_is_no_value(macros: Macros, text: str, number: int | None) -> None:
    assert macros.call("safe_integer", text) == number


@pytest.mark.parametrize(("text", "tenure"), TENURES)
def test_tenure_is_folded_and_false_is_unknown(macros: Macros, text: str, tenure: str | None) -> None:
    assert macros.call("fold_tenure", text) == tenure


def test_dates_of_five_forms_in_one_file_are_read(built: Built) -> None:
    postings = built.rows("stg_ledger_opus__postings", municipality_code="0998", fiscal_year=2025)
    read = {row["document_no"]: row["posting_date"] for row in postings}
    assert read == {
        "1": date(2025, 12, 31),
        "2": date(2026, 1, 5),
        "3": date(2025, 6, 30),
        "4": date(2025, 6, 30),
        "5": date(2025, 6, 30),
        "6": None,
        "7": None,
        "8": None,
    }
