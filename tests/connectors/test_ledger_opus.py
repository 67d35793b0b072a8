"""KMD Opus: posting files (XML) and re-posting vouchers."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest

from connectors.errors import Place
from connectors.ledger_opus.parse import read_elements
from connectors.pull import PullResult, pull
from tests.connectors.drops import configure, drop, select
from warehouse.settings import Settings, get_settings

LINE = """<LINE><DEB_CRED_IND>{side}</DEB_CRED_IND><AMT_DOCCUR>{amount}</AMT_DOCCUR><ITEM_TEXT>Til Xenia</ITEM_TEXT>
<GL_ACCOUNT>{account}</GL_ACCOUNT><WBS_ELEMENT>XG-1-1</WBS_ELEMENT><SERV_REC_NO>0101010000</SERV_REC_NO></LINE>"""
LINES = LINE.format(side="D", amount="100.10", account="22000000") + LINE.format(
    side="K", amount="-100.10", account="90540000"
)
HEADING = (
    "Artskonto;Omkostningssted;PSP-element;Profitcenter;Ordre;Debet/kredit;Beløb;Næste agent;Tekst;Betalingsart;"
    "Påligningsår;Betalingsmodtagernr.;Betalingsmodtagernr.kode;Ydelsesmodtagernr.;Ydelsesmodtagernr.kode;"
    "Ydelsesperiode fra;Ydelsesperiode til;Oplysningspligtnr.;Oplysningspligtmodtagernr.kode;Oplysningspligtkode;"
    "Netværk;Operation;Mængde;Mængdeenhed;Referencenøgle\r\n"
)


def posting_file(
    *, number: str = "2", debit: str = "100.10", credit: str = "-100.10", municipality: str = "992",
    posted: str = "20240212", lines: str = LINES, name: str = "A",
) -> str:  # fmt: skip
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<n1:FinancePostingRequest xmlns:n1="http://kmd.dk/fir/posting/external">
<CONTROL_FIELDS><FILE_NAME>{name}</FILE_NAME></CONTROL_FIELDS>
<POSTING_DOCUMENT><HEADER><NO_DOC_POSITION>{number}</NO_DOC_POSITION><BALANCE_DEBET>{debit}</BALANCE_DEBET>
<BALANCE_CREDIT>{credit}</BALANCE_CREDIT><MUNICIPALITY>{municipality}</MUNICIPALITY><DOC_DATE>20240210</DOC_DATE>
<PSTNG_DATE>{posted}</PSTNG_DATE></HEADER><LINES>{lines}</LINES></POSTING_DOCUMENT></n1:FinancePostingRequest>"""


@pytest.fixture
def folder(clean_warehouse: Settings, config_folder: Path) -> Path:
    streams = {"posting_files": {"files": "*.xml"}, "vouchers": {"files": "ompostering_*.csv"}}
    path = configure(config_folder, ledger_opus={"folder": "drop", "streams": streams}) / "drop"
    path.mkdir()
    return path


def run() -> list[PullResult]:
    return pull("ledger_opus", "0992", get_settings())


def test_a_posting_file_lands_its_lines_with_the_dates_of_its_header(clean_warehouse: Settings, folder: Path) -> None:
    drop(folder, "IND_992_20240212_120000.xml", posting_file(posted="12022024"))
    (result,) = run()
    assert (result.outcome, result.row_count) == ("landed", 2)
    columns = "document_no, line_no, account, psp_element, debit_credit, amount, posting_date, document_date"
    assert select(clean_warehouse, f"select {columns} from raw_ledger_opus.posting_files order by row_no") == [
        ("1", "1", "22000000", "XG-1-1", "D", "100.10", "12022024", "20240210"),
        ("1", "2", "90540000", "XG-1-1", "K", "-100.10", "12022024", "20240210"),
    ]


def test_texts_and_persons_of_a_posting_file_are_kept_nowhere(clean_warehouse: Settings, folder: Path) -> None:
    drop(folder, "IND_992_2024-02-12.xml", posting_file())
    run()
    kept = [path for path in (clean_warehouse.home / "deliveries").rglob("*") if path.is_file()]
    assert kept
    assert not any(b"Xenia" in path.read_bytes() or b"0101010000" in path.read_bytes() for path in kept)


def test_a_total_one_oere_off_lands_with_a_warning(clean_warehouse: Settings, folder: Path) -> None:
    drop(folder, "IND_992_20240212.xml", posting_file(debit="100.11"))
    assert run()[0].outcome == "landed"
    assert "0.01 off" in select(clean_warehouse, "select warnings::text from ops.deliveries")[0][0]


@pytest.mark.parametrize(
    ("content", "error_class"),
    [
        (posting_file(debit="101.10"), "ControlTotalError"),
        (posting_file(number="3"), "RowCountError"),
        (posting_file(municipality="730"), "WrongMunicipalityError"),
        (posting_file()[:-40], "UnreadableFileError"),
        ("<html><body>Log in</body></html>", "UnreadableFileError"),
        ("no xml at all", "UnreadableFileError"),
        (posting_file(number="0", debit="0", credit="0", lines=""), "EmptyFileError"),
        (posting_file(lines=LINE.format(side="D", amount="1,10", account="1")), "UnreadableFileError"),
        (posting_file().replace("<n1:Fin", '<!DOCTYPE x [<!ENTITY e "boom">]><n1:Fin', 1), "UnreadableFileError"),
        (posting_file().replace("<n1:Fin", '<!DOCTYPE x SYSTEM "file:///etc/hosts"><n1:Fin', 1), "UnreadableFileError"),
        (posting_file().replace(">K<", ">H<"), "UnreadableFileError"),
        (posting_file(credit="100.10", lines=LINES.replace("-100.10", "100.10")), "ControlTotalError"),
        (
            posting_file(posted="", lines="").replace("<HEADER>", f"<LINES>{LINES}</LINES><HEADER>"),
            "UnreadableFileError",
        ),
    ],
    ids=[
        "total",
        "lines",
        "municipality",
        "cut off",
        "html",
        "text",
        "empty",
        "comma",
        "entity",
        "doctype",
        "mark",
        "credit without sign",
        "lines before their header",
    ],
)
def test_a_posting_file_that_cannot_be_trusted_is_rejected_and_quarantined(
    clean_warehouse: Settings, folder: Path, content: str, error_class: str
) -> None:
    drop(folder, "IND_992_20240212.xml", content)
    (result,) = run()
    assert (result.outcome, result.error_class) == ("rejected", error_class)
    assert "Xenia" not in (result.reason or "")
    assert select(clean_warehouse, "select count(*) from raw_ledger_opus.posting_files") == [(0,)]
    assert select(clean_warehouse, "select is_quarantined from ops.deliveries") == [(True,)]
    assert run()[0].outcome == "still_rejected"


def test_a_large_posting_file_is_read_line_by_line_and_each_is_freed() -> None:
    pairs = 5_000
    content = posting_file(number=str(2 * pairs), lines=LINES * pairs).encode()
    reader, held, seen = BytesIO(content), 0, 0
    for element in read_elements(reader, Place("ledger_opus")):
        parent = element.getparent()
        held = max(held, 0 if parent is None else len(parent))
        seen += element.tag == "LINE"
        assert seen != 1 or reader.tell() < len(content) / 10
    assert seen == 2 * pairs
    assert held < pairs / 10  # the parser reads some lines ahead


def test_a_minus_on_a_debit_and_a_plus_on_a_credit_are_reversals_that_keep_their_sign(
    clean_warehouse: Settings, folder: Path
) -> None:
    lines = LINE.format(side="D", amount="-5.00", account="22000000") + LINE.format(
        side="K", amount="5.00", account="90540000"
    )
    drop(folder, "IND_992_20240212.xml", posting_file(debit="-5.00", credit="5.00", lines=lines))
    assert run()[0].outcome == "landed"
    assert select(clean_warehouse, "select amount from raw_ledger_opus.posting_files order by row_no") == [
        ("-5.00",), ("5.00",),
    ]  # fmt: skip


def test_a_batch_sent_again_in_another_wrapping_counts_once(clean_warehouse: Settings, folder: Path) -> None:
    drop(folder, "IND_992_20240212_120000.xml", posting_file(name="A"), age=0)
    drop(folder, "IND_992_20240213_080000.xml", posting_file(name="B"), age=1)
    assert [result.outcome for result in run()] == ["landed", "unchanged"]
    assert [result.outcome for result in run()] == ["unchanged", "unchanged"]
    assert select(clean_warehouse, "select count(*) from raw_ledger_opus.posting_files") == [(2,)]


def test_two_different_posting_files_of_one_day_both_count(clean_warehouse: Settings, folder: Path) -> None:
    other = posting_file(lines=LINES.replace("100.10", "7.00"), debit="7.00", credit="-7.00")
    drop(folder, "IND_992_20240212_120000.xml", posting_file(), age=0)
    drop(folder, "IND_992_20240212_130000.xml", other, age=1)
    assert [result.outcome for result in run()] == ["landed", "landed"]
    current = "where delivery_id in (select delivery_id from ops.current_deliveries)"
    assert select(clean_warehouse, f"select count(*) from raw_ledger_opus.posting_files {current}") == [(4,)]


def test_the_municipalitys_own_number_in_the_file_can_be_configured(clean_warehouse: Settings, folder: Path) -> None:
    streams = {"posting_files": {"files": "*.xml", "municipality_in_file": "730"}}
    configure(folder.parents[2], ledger_opus={"folder": "drop", "streams": streams})
    drop(folder, "IND_730_20240212.xml", posting_file(municipality="730"))
    assert run()[0].outcome == "landed"


def test_a_voucher_lands_without_configuration_of_its_columns(clean_warehouse: Settings, folder: Path) -> None:
    tail = ";" * 16
    rows = f"79000000;;XG-1-1;;;Kredit;23.350;;MP Xenia{tail}\r\n90510000;;;;;Debet;23.350;;MP Xenia{tail}\n"
    drop(folder, "ompostering_2024-02-02.csv", HEADING + rows)
    (result,) = run()
    assert (result.outcome, result.row_count) == ("landed", 2)
    columns = "account, psp_element, debit_credit, amount"
    assert select(clean_warehouse, f"select {columns} from raw_ledger_opus.vouchers order by row_no") == [
        ("79000000", "XG-1-1", "Kredit", "23.350"), ("90510000", None, "Debet", "23.350"),
    ]  # fmt: skip
