"""Ledgers in staging: pulled from files by their connectors, staged by one dbt process, compared with rows by hand."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.pull import pull
from tests.connectors.drops import configure, drop
from tests.staging.staged import Rows, stage
from warehouse.settings import Settings, get_settings

CODE = "0994"
DATES = ["%d.%m.%Y", "%d%m%Y", "%Y%m%d"]
ERP = {"files": "poster_*.csv", "trailing_minus": True, "date_formats": DATES,
       "drop": ["Tekst"], "form": {"unit": "oere"}, "pad": {"function": 5}}  # fmt: skip
PLACES = {"municipality_no": [1, 3], "function": [4, 5], "dranst": [9, 1], "ownership": [10, 1], "place_code": [11, 4],
          "grouping": [15, 3], "art": [18, 2], "amount": [20, 8], "name": [28, 30]}  # fmt: skip
SECTIONS: dict[str, dict[str, Any]] = {
    "ledger_opus": {
        "project_lines": {"files": "CJI3_*.txt"}, "posting_files": {"files": "IND_*.xml"},
        "vouchers": {"files": "ompostering_*.csv"}, "accounts": {"files": "artskonti.csv"},
        "cost_centres": {"files": "steder.csv"},
    },
    "ledger_prisme": {"g69_postings": {"files": "G69_*.txt"}},
    "ledger_files": {
        "postings": ERP, "registered_postings": {**ERP, "files": "reg_*.csv"}, "accounts": {"files": "kontoplan.csv"},
        "dimensions": {"files": "dimensioner.csv"},
    },
    "dst_accounts": {
        "specification": {"files": "regnskab_*.txt"}, "balance": {"files": "balance_*.txt"},
        "cost_centre_specification": {"files": "steder_*.txt", "form": {"fixed": PLACES}},
    },
}  # fmt: skip
SPOOL_HEADING = (
    "\tBilagsnummer\tBoL\tPSP-element\tbeskrivelse\t\t\tPeriode\tBogføringsdato\tVrd./CO-områdevaluta\tBilArt\t"
    "Bilagsdato\tOmk.art\tPartnerobjekt\tRegistr.\tKl.\tÅr\n\t\tTilbF-Ref.\tTbF\tTFB\tUser Name\tValørdato\n"
)
XML_LINE = (
    "<LINE><DEB_CRED_IND>{}</DEB_CRED_IND><AMT_DOCCUR>{}</AMT_DOCCUR><GL_ACCOUNT>{}</GL_ACCOUNT>"
    "<WBS_ELEMENT>{}</WBS_ELEMENT></LINE>"
)


def spool(*records: tuple[str, str, str, str, str, str]) -> str:
    """Of document, PSP element, period, amount, account and registration day with time."""
    text = SPOOL_HEADING
    for document, psp, period, amount, account, registered in records:
        line = ("", document, "1", psp, "Skole", "", "", period, "31.12.2024", amount, "KR", "30.12.2024", account, "")
        text += "\t".join((*line, *registered.split(" "), "2024")) + "\n\t\t\t\t\tXPRIV\t\n"
    return text


def g69(number: int, amount: str, mark: str, kind: str, fiscal_year: str) -> str:
    year = f"&114{fiscal_year}" if fiscal_year else ""
    return (f"001G69{number:05}099401{kind}FLYD&10300012&1040000007&11020250115&111000000005010450"
            f"&112{amount}&113{mark}{year}&180T10\r\n")  # fmt: skip


FILES = {
    "ledger_opus/CJI3_2025-01-07.txt": spool(
        ("1", "XG-0000005285-00006", "12", "1.000,00", "22000000", "02.01.2025 08:00:00"),
        ("2", "XG-0000005285-00006", "13", "500,00-", "91407008", "02.01.2025 08:00:00"),
        ("3", "5285", "12", "7,00", "S2200000", "02.01.2025 08:00:00"),
    ),
    "ledger_opus/CJI3_2025-01-12.txt": spool(
        ("1", "XG-0000005285-00006", "12", "1.100,00", "22000000", "08.01.2025 07:30:00"),
        ("4", "XG-0000005285-", "12", "1,00", "29505050", "08.01.2025 07:30:00"),
    ),
    # an older extract that comes late
    "ledger_opus/CJI3_2025-01-13.txt": spool(
        ("1", "XG-0000005285-00006", "12", "900,00", "22000000", "08.01.2025 07:00:00"),
    ),
    "ledger_opus/IND_994_2025-01-10.xml": (
        "<n:FinancePostingRequest xmlns:n='http://kmd.dk/fir/posting/external'><POSTING_DOCUMENT><HEADER>"
        "<NO_DOC_POSITION>3</NO_DOC_POSITION><BALANCE_DEBET>10.00</BALANCE_DEBET><BALANCE_CREDIT>-10.01</BALANCE_CREDIT>"
        "<MUNICIPALITY>994</MUNICIPALITY><DOC_DATE>20250110</DOC_DATE><PSTNG_DATE>12022025</PSTNG_DATE></HEADER><LINES>"
        + XML_LINE.format("D", "10.00", "40000000", "XG-1-1") + XML_LINE.format("K", "-12.00", "90540000", "")
        + XML_LINE.format("K", "2.00", "95990009", "") + "</LINES></POSTING_DOCUMENT></n:FinancePostingRequest>"
    ),
    "ledger_opus/ompostering_2025-01-11.csv": (
        "Artskonto;PSP-element;Debet/kredit;Beløb\n72000000;XG-1-1;Kredit;23.350\n90540000;;Debet;23.350\n"
    ),
    "ledger_opus/artskonti.csv": (
        "account;name;account_class;art\n40000000;Tjenester;;\n91407008;Mellemregning;;\n94000000;Intern;drift;9.4\n"
        "29505050;Varer;Drift;29\n97000000;Andet;;\n"
    ),
    "ledger_opus/steder.csv": "cost_centre;name;function;property_no\n0101;Skolen;3.22.01;77\n",
    "ledger_prisme/G69_20250131.txt": (
        g69(1, "0000000123450 ", "D", "NOR", "") + g69(2, "0000000123450 ", "K", "NOR", "")
        + g69(3, "0000000000100-", "D", "SUP", "2024") + g69(4, "0000000000100-", "K", "SUP", "")
        + g69(5, "0000000000000 ", "D", "PRI", "2025")
    ),
    "ledger_files/poster_2025-03.csv": (
        "municipality_no;document_no;line_no;posting_date;period;fiscal_year;account;authorised_account;function;art;"
        "psp_element;debit_credit;amount;Tekst\n"
        "994;1;1;31.03.2025;3;2025;4010;6 45 50 1 1 0123 001 4 5;;;XG-1-1;D;12345;Xenia\n"
        "994;1;2;14022025;13;2024;4011;;2201;4.5;;K;1.000;Xenia\n"
        "994;1;3;20250331;3;;9999;;;;;D;200-;Xenia\n"
    ),
    "ledger_files/reg_2025-04-07.csv": (
        "document_no;line_no;posting_date;registration_date;amount\n"
        "1;1;31.03.2025;07.04.2025;0\n2;1;31.03.2025;01.04.2025;5\n"
    ),
    # drawn earlier, landed later: the reversal above stays
    "ledger_files/reg_2025-04-08.csv": (
        "document_no;line_no;posting_date;registration_date;amount\n1;1;31.03.2025;01.04.2025;1000\n"
    ),
    "ledger_files/kontoplan.csv": "account;name;function;art\n4010;Varme;03.22.01;2.3\n9999;Uden match;;\n",
    "ledger_files/dimensioner.csv": "dimension;code;name;function;grouping;property_no\nsted;T10;Skolen;32201;1;77\n",
    "dst_accounts/regnskab_2024.txt": (
        "municipality_no;function;dranst;ownership;grouping;art;amount\n994;2201;1;1;1;4.5;1.234\n0994;32201;1;1;001;45;-5\n"
    ),
    "dst_accounts/balance_2024.txt": (
        "municipality_no;function;dranst;ownership;grouping;art;opening_amount;closing_amount\n"
        "994;92205;8;0;001;;100;-20\n"
    ),
    "dst_accounts/steder_2024.txt": "9943220111010100145   12345Øvelsesskolen\n",
}  # fmt: skip


@pytest.fixture(scope="module")
def staged(warehouse: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Rows]]:
    """Every staging table of the four ledgers, the rows of one municipality."""
    folder = tmp_path_factory.mktemp("ledgers")
    sections = {name: {"folder": name, "streams": streams} for name, streams in SECTIONS.items()}
    home = configure(folder, CODE, **sections)
    for age, (name, text) in enumerate(FILES.items()):
        encoding = "cp1252" if name.endswith(".txt") else "utf-8"
        path = home / name
        drop(path.parent, path.name, text, age=age, encoding=encoding)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EJENDOMSTAL_CONFIG", str(folder))
        for name in SECTIONS:
            assert {result.outcome for result in pull(name, CODE, get_settings())} == {"landed"}, name
    tables = stage(warehouse, tmp_path_factory.mktemp("dbt"), *SECTIONS)
    yield {name: [row for row in rows if row["municipality_code"] == CODE] for name, rows in tables.items()}


def pick(rows: Rows, *columns: str) -> list[tuple[Any, ...]]:
    return sorted((tuple(row[column] for column in columns) for row in rows), key=str)


def test_of_a_line_in_overlapping_windows_the_one_registered_last_counts(staged: dict[str, Rows]) -> None:
    columns = ("document_no", "amount_dkk", "registration_date", "fiscal_year", "period", "is_supplementary")
    assert pick(staged["stg_ledger_opus__project_lines"], *columns) == [
        ("1", Decimal("1100.00"), date(2025, 1, 8), 2024, 12, False),
        ("2", Decimal("-500.00"), date(2025, 1, 2), 2024, 13, True),
        ("3", Decimal("7.00"), date(2025, 1, 2), 2024, 12, False),
        ("4", Decimal("1.00"), date(2025, 1, 8), 2024, 12, False),
    ]


def test_an_account_that_starts_with_91_is_a_balance_account_and_no_internal_art(staged: dict[str, Rows]) -> None:
    lines = staged["stg_ledger_opus__project_lines"]
    assert pick(lines, "account", "account_class", "art_code", "balance_function") == [
        ("22000000", "profit_and_loss", "22", None), ("29505050", "profit_and_loss", "29", None),
        ("91407008", "balance", None, "14"), ("S2200000", None, None, None),
    ]  # fmt: skip
    assert pick(staged["stg_ledger_opus__accounts"], "account", "account_class", "art_code") == [
        ("29505050", "profit_and_loss", "29"), ("40000000", "profit_and_loss", "40"), ("91407008", "balance", None),
        ("94000000", "profit_and_loss", "94"), ("97000000", "balance", None),
    ]  # fmt: skip


def test_a_psp_with_a_missing_digit_or_a_plain_number_is_told_apart(staged: dict[str, Rows]) -> None:
    assert pick(staged["stg_ledger_opus__project_lines"], "document_no", "is_psp_well_formed") == [
        ("1", True), ("2", True), ("3", False), ("4", False),
    ]  # fmt: skip


def test_posting_files_keep_the_signs_they_have_and_read_dates_of_both_forms(staged: dict[str, Rows]) -> None:
    lines = staged["stg_ledger_opus__posting_files"]
    assert pick(lines, "line_no", "debit_credit", "amount_dkk", "posting_date", "document_date", "art_code") == [
        ("1", "D", Decimal("10.00"), date(2025, 2, 12), date(2025, 1, 10), "40"),
        ("2", "K", Decimal("-12.00"), date(2025, 2, 12), date(2025, 1, 10), None),
        ("3", "K", Decimal("2.00"), date(2025, 2, 12), date(2025, 1, 10), None),
    ]


def test_23_350_of_a_voucher_is_23350_kroner(staged: dict[str, Rows]) -> None:
    assert pick(staged["stg_ledger_opus__vouchers"], "account", "amount_dkk", "art_code") == [
        ("72000000", Decimal(-23350), "72"), ("90540000", Decimal(23350), None),
    ]  # fmt: skip


def test_masters_give_authorised_codes(staged: dict[str, Rows]) -> None:
    assert pick(staged["stg_ledger_opus__cost_centres"], "cost_centre", "function_code", "property_no") == [
        ("0101", "32201", "77")
    ]
    dimensions = staged["stg_ledger_files__dimensions"]
    assert pick(dimensions, "dimension", "code", "function_code", "grouping_code") == [("sted", "T10", "32201", "001")]


def test_g69_amounts_are_kroner_and_a_supplementary_posting_stays_in_its_year(staged: dict[str, Rows]) -> None:
    columns = ("file_line_no", "amount_dkk", "fiscal_year", "is_supplementary", "is_opening_balance", "posting_date")
    assert pick(staged["stg_ledger_prisme__g69_postings"], *columns) == [
        ("00001", Decimal("1234.50"), 2025, False, False, date(2025, 1, 15)),
        ("00002", Decimal("-1234.50"), 2025, False, False, date(2025, 1, 15)),
        ("00003", Decimal("-1.00"), 2024, True, False, date(2025, 1, 15)),
        ("00004", Decimal("1.00"), None, True, False, date(2025, 1, 15)),
        ("00005", Decimal(0), 2025, False, True, date(2025, 1, 15)),
    ]


def test_any_ledger_has_kroner_both_coordinates_and_the_year_it_posts_into(staged: dict[str, Rows]) -> None:
    rows = staged["stg_ledger_files__postings"]
    amounts = ("line_no", "delivered_amount", "amount_dkk", "fiscal_year", "period", "is_supplementary", "posting_date")
    assert pick(rows, *amounts) == [
        ("1", Decimal(12345), Decimal("123.45"), 2025, 3, False, date(2025, 3, 31)),
        ("2", Decimal(-1000), Decimal(-10), 2024, 13, True, date(2025, 2, 14)),
        ("3", Decimal(-200), Decimal(-2), 2025, 3, False, date(2025, 3, 31)),
    ]
    codes = (
        "account",
        "function_code",
        "dranst",
        "ownership_code",
        "authorised_cost_centre",
        "grouping_code",
        "art_code",
    )
    assert pick(rows, *codes) == [
        ("4010", "64550", "1", "1", "0123", "001", "45"),
        ("4011", "02201", None, None, None, None, "45"),
        ("9999", None, None, None, None, None, None),
    ]


def test_a_reversal_as_an_update_stays_when_an_older_extract_lands_late(staged: dict[str, Rows]) -> None:
    assert pick(staged["stg_ledger_files__registered_postings"], "document_no", "amount_dkk") == [
        ("1", Decimal(0)), ("2", Decimal("0.05")),
    ]  # fmt: skip


def test_a_local_account_with_no_authorised_match_says_so(staged: dict[str, Rows]) -> None:
    columns = ("account", "function_code", "art_code", "has_authorised_match")
    assert pick(staged["stg_ledger_files__accounts"], *columns) == [
        ("4010", "32201", "23", True), ("9999", None, None, False),
    ]  # fmt: skip


def test_annual_accounts_in_thousands_are_kroner_beside_the_original(staged: dict[str, Rows]) -> None:
    columns = ("fiscal_year", "function_code", "grouping_code", "art_code")
    amounts = ("amount_thousand_dkk", "amount_dkk")
    assert pick(staged["stg_dst_accounts__specifications"], *columns, *amounts) == [
        (2024, "02201", "001", "45", Decimal(1234), Decimal(1234000)),
        (2024, "32201", "001", "45", Decimal(-5), Decimal(-5000)),
    ]
    assert pick(staged["stg_dst_accounts__cost_centre_specifications"], *columns, "place_code", "name", *amounts) == [
        (2024, "32201", "001", "45", "0101", "Øvelsesskolen", Decimal(12345), Decimal(12345000)),
    ]
    balance = ("function_code", "opening_amount_dkk", "closing_amount_thousand_dkk", "closing_amount_dkk")
    assert pick(staged["stg_dst_accounts__balances"], *balance) == [
        ("92205", Decimal(100000), Decimal(-20), Decimal(-20000))
    ]


@pytest.mark.skipif(
    "EJENDOMSTAL_SAMPLE_DATA" not in os.environ, reason="EJENDOMSTAL_SAMPLE_DATA does not name the sample files"
)
def test_the_real_opus_files_pass_to_staging(clean_warehouse: Settings, config_folder: Path, tmp_path: Path) -> None:
    streams = {"posting_files": {"files": "opus_posteringer_*.xml"}, "vouchers": {"files": "opus_ompostering_*.csv"}}
    configure(
        config_folder, "0730", ledger_opus={"folder": "${EJENDOMSTAL_SAMPLE_DATA}/accounting", "streams": streams}
    )
    pull("ledger_opus", "0730", get_settings())
    tables = stage(clean_warehouse, tmp_path, "ledger_opus")
    lines = tables["stg_ledger_opus__posting_files"]
    assert len(lines) == 490
    assert sum(line["amount_dkk"] for line in lines) == 0
    assert sum(line["amount_dkk"] for line in lines if line["debit_credit"] == "D") == Decimal("1854813.99")
    assert all(line["posting_date"] is not None and line["account_class"] is not None for line in lines)
    vouchers = tables["stg_ledger_opus__vouchers"]
    assert sum(voucher["amount_dkk"] for voucher in vouchers) == 0
    assert Decimal(23350) in {voucher["amount_dkk"] for voucher in vouchers}
