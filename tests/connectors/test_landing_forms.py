from __future__ import annotations

import gzip
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.landing import Dialect, land
from tests.connectors.landing_files import meters, posting_lines, postings, raw_meters, rows
from warehouse.settings import Settings

TABLE = "meter_no,carrier,property_no\nÆ1,kød,7\nA2,el,8\n"
LANDED = [("Æ1", "kød", "7"), ("A2", "el", "8")]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "iso-8859-15", "utf-16", "utf-16-le", "cp865", "cp850"]
)
def test_danish_letters_arrive_from_every_encoding(clean_warehouse: Settings, tmp_path: Path, encoding: str) -> None:
    land(meters(tmp_path, TABLE.encode(encoding), dialect=Dialect(encoding)), clean_warehouse)
    assert raw_meters() == LANDED


def test_a_byte_order_mark_is_no_part_of_the_first_heading(clean_warehouse: Settings, tmp_path: Path) -> None:
    land(meters(tmp_path, TABLE.encode("utf-8-sig"), dialect=Dialect("utf-8")), clean_warehouse)
    assert raw_meters() == LANDED


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", ["", "\n", "\r\n\r\n\n"])
def test_line_ends_of_any_kind_make_the_same_rows(
    clean_warehouse: Settings, tmp_path: Path, end: str, last: str
) -> None:
    content = (TABLE.strip().replace("\n", end) + last).encode()
    assert land(meters(tmp_path, content), clean_warehouse).row_count == 2
    assert raw_meters() == LANDED


def test_mixed_line_ends_and_empty_lines_make_the_same_rows(clean_warehouse: Settings, tmp_path: Path) -> None:
    content = "meter_no,carrier,property_no\r\n\nÆ1,kød,7\r\n\r\nA2,el,8\n".encode()
    assert land(meters(tmp_path, content), clean_warehouse).rejected_row_count == 0
    assert raw_meters() == LANDED


@pytest.mark.parametrize(
    ("content", "landed"),
    [
        ('"A,1",el,"7"', ("A,1", "el", "7")),
        ('A1,"say ""el""",7', ("A1", 'say "el"', "7")),
        ('A1,"two\nlines",7', ("A1", "two\nlines", "7")),
        ('A1,5" pipe,7', ("A1", '5" pipe', "7")),
        ('A1,"",7', ("A1", None, "7")),
        ("A1, el ,7", ("A1", " el ", "7")),
        ("A1,\\N,7", ("A1", "\\N", "7")),
        ("A1,NULL,NA", ("A1", "NULL", "NA")),
    ],
    ids=[
        "delimiter",
        "doubled quote",
        "line end",
        "inch mark",
        "quoted empty",
        "blanks",
        "backslash",
        "words for null",
    ],
)
@pytest.mark.parametrize("dropped", [False, True], ids=["whole", "a column dropped"])
def test_quoting_is_read_alike_by_every_path(
    clean_warehouse: Settings, tmp_path: Path, content: str, landed: tuple[str | None, ...], dropped: bool
) -> None:
    heading, more = "meter_no,carrier,property_no", ""
    if dropped:
        heading, more = f"{heading},note", ",secret"
    text = f"{heading}\n{content}{more}\nA9,el,9{more}\n"
    land(meters(tmp_path, text.encode(), dropped=frozenset({"note"})), clean_warehouse)
    assert raw_meters() == [landed, ("A9", "el", "9")]


def test_two_stray_quotes_do_not_swallow_the_rows_between_them(clean_warehouse: Settings, tmp_path: Path) -> None:
    content = b'meter_no,carrier,property_no\nA1,5",7\nA2,el,8\nA3,6",9\n'
    land(meters(tmp_path, content), clean_warehouse)
    assert raw_meters() == [("A1", '5"', "7"), ("A2", "el", "8"), ("A3", '6"', "9")]


def test_an_unclosed_quote_spoils_its_own_row_only(clean_warehouse: Settings, tmp_path: Path) -> None:
    lines = [f"A{number},el,7" for number in range(1, 201)]
    lines[100] = 'A101,"el,7'
    result = land(meters(tmp_path, "\n".join(["meter_no,carrier,property_no", *lines]).encode()), clean_warehouse)
    assert (result.row_count, result.rejected_row_count) == (199, 1)
    assert rows("select row_no, reason from raw_energy.rejected_rows") == [
        (101, "a quote is not closed or stands inside a value")
    ]


def test_a_source_that_never_quotes_keeps_its_quotes(clean_warehouse: Settings, tmp_path: Path) -> None:
    content = b'meter_no\tcarrier\tproperty_no\n"A1\tel\t7\n'
    land(meters(tmp_path, content, dialect=Dialect(delimiter="\t", quote="")), clean_warehouse)
    assert raw_meters() == [('"A1', "el", "7")]


def test_lines_before_the_heading_are_skipped(clean_warehouse: Settings, tmp_path: Path) -> None:
    content = b"Udtraek af maalere\n\n" + TABLE.encode()
    land(meters(tmp_path, content, dialect=Dialect(skip_lines=2)), clean_warehouse)
    assert raw_meters() == LANDED


def test_a_delimiter_at_the_end_of_each_line_makes_no_column(clean_warehouse: Settings, tmp_path: Path) -> None:
    land(meters(tmp_path, TABLE.replace("\n", ",\n").encode()), clean_warehouse)
    assert raw_meters() == LANDED


def test_unknown_headings_stay_out_where_a_stream_says_so(clean_warehouse: Settings, tmp_path: Path) -> None:
    content = b"meter_no,other,carrier,property_no\nA1,x,el,7\n"
    land(meters(tmp_path, content, extra_columns="ignore"), clean_warehouse)
    assert raw_meters() == [("A1", "el", "7")]


def test_a_ring_typed_apart_from_its_letter_is_the_same_heading(clean_warehouse: Settings, tmp_path: Path) -> None:
    content = "Ma\u030aler,carrier\nA1,el\n".encode()
    columns = {"Måler": "meter_no", "carrier": "carrier"}
    land(meters(tmp_path, content, columns=columns), clean_warehouse)
    assert raw_meters() == [("A1", "el", None)]


def test_a_gzip_file_lands_like_the_file_inside(clean_warehouse: Settings, tmp_path: Path) -> None:
    land(meters(tmp_path, gzip.compress(TABLE.encode()), "meters.csv.gz"), clean_warehouse)
    assert raw_meters() == LANDED


def test_a_zip_file_lands_like_the_one_table_inside_and_is_kept_packed(
    clean_warehouse: Settings, tmp_path: Path
) -> None:
    delivery = meters(tmp_path, b"", "meters.zip")
    with zipfile.ZipFile(delivery.path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("__MACOSX/._meters.csv", b"x")
        archive.writestr("meters.csv", TABLE)
    land(delivery, clean_warehouse)
    assert raw_meters() == LANDED
    ((path,),) = rows("select stored_path from ops.deliveries")
    assert Path(path).read_bytes() == delivery.path.read_bytes()


def test_a_file_of_many_blocks_lands_every_row_once_in_order(clean_warehouse: Settings, tmp_path: Path) -> None:
    count = 30_000
    dropped = postings(tmp_path, posting_lines(count))
    columns = {**dropped.columns, "Tekst": "document_type"}
    whole = replace(dropped, columns=columns, dropped=frozenset(), municipality_code="0992")
    assert [land(delivery, clean_warehouse).row_count for delivery in (dropped, whole)] == [count, count]
    assert rows(
        "select municipality_code, count(*), bool_and(document_no::bigint = row_no), "
        "sum(replace(amount, ',', '.')::numeric) from raw_ledger_opus.postings group by 1 order by 1"
    ) == [("0991", count, True, count * 3 / 2), ("0992", count, True, count * 3 / 2)]


def test_a_quoted_heading_may_hold_a_line_end(clean_warehouse: Settings, tmp_path: Path) -> None:
    content = b'"meter\nno",carrier\nA1,el\n'
    land(meters(tmp_path, content, columns={"meter\nno": "meter_no", "carrier": "carrier"}), clean_warehouse)
    assert raw_meters() == [("A1", "el", None)]
