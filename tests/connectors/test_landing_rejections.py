from __future__ import annotations

import gzip
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.errors import Place, UnreadableFileError
from connectors.landing import Dialect, Limits, land, reject
from tests.connectors.landing_files import HEADING, meters, posting_lines, postings, rows, states
from warehouse.settings import Settings

GOOD = "\n".join([HEADING, *posting_lines(500), ""])
SECRET = "hemmelig"


def packed(content: bytes, *names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return buffer.getvalue()


def text(*lines: str) -> bytes:
    return "\n".join(lines).encode("cp1252")


BAD_FILES = {
    "no bytes": (b"", "EmptyFileError"),
    "only empty lines": (b"\n\n", "EmptyFileError"),
    "a heading and no rows": (text(HEADING, ""), "EmptyFileError"),
    "a heading without an end": (text(HEADING), "EmptyFileError"),
    "an unknown column": (text(HEADING + ";Belob", f"1;1;1;1;05-01-2025;x;{SECRET}"), "UnknownColumnError"),
    "a required column missing": (text("Bilagsnummer;Position", f"{SECRET};1"), "MissingColumnError"),
    "a heading twice": (text(HEADING + ";Beløb", f"1;1;1;1;05-01-2025;{SECRET};1"), "DuplicateHeadingError"),
    "utf-8 where cp1252 is declared": (GOOD.encode(), "EncodingError"),
    "utf-16 where cp1252 is declared": (GOOD.encode("utf-16"), "EncodingError"),
    "a byte that cp1252 does not have": (text(HEADING) + b"\n\x81hemmelig;1;1;1;05-01-2025;x\n", "EncodingError"),
    "a zero byte": (text(HEADING, f"{SECRET}\x00;1;1;1;05-01-2025;x"), "EncodingError"),
    "a web page": (f"<html><body>{SECRET}</body></html>\n\n".encode(), "UnreadableFileError"),
    "json": (f'{{"{SECRET}": 1}}\n\n'.encode(), "UnreadableFileError"),
    "another delimiter": (text(HEADING.replace(";", "|"), SECRET), "UnreadableFileError"),
    "carriage returns only": (text(HEADING, SECRET).replace(b"\n", b"\r"), "UnreadableFileError"),
    "rows of another width": (text(HEADING, SECRET, SECRET), "MalformedRowsError"),
    "a truncated zip": (packed(GOOD.encode("cp1252"), "a.csv")[:-60], "TruncatedArchiveError"),
    "a damaged zip": (packed(GOOD.encode("cp1252"), "a.csv").replace(b"PK\x01", b"PK\x09"), "TruncatedArchiveError"),
    "a truncated gzip": (gzip.compress(GOOD.encode("cp1252"))[:-9], "TruncatedArchiveError"),
    "a gzip with a wrong checksum": (gzip.compress(GOOD.encode("cp1252"))[:-8] + b"\x01" * 8, "TruncatedArchiveError"),
    "a zip of two tables": (packed(GOOD.encode("cp1252"), "a.csv", "b.csv"), "UnreadableFileError"),
    "a zip of none": (packed(b""), "UnreadableFileError"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_rejected_and_leaves_the_warehouse_as_it_was(
    clean_warehouse: Settings, tmp_path: Path, name: str
) -> None:
    content, expected = BAD_FILES[name]
    land(postings(tmp_path, posting_lines(2), "good.csv"), clean_warehouse)
    before = rows("select * from raw_ledger_opus.postings"), rows("select * from ops.current_deliveries")
    bad = postings(tmp_path, content, "bad.csv")
    result = land(bad, clean_warehouse)
    assert (result.outcome, result.error_class) == ("rejected", expected)
    assert (rows("select * from raw_ledger_opus.postings"), rows("select * from ops.current_deliveries")) == before
    ((reason, path),) = rows("select reason, stored_path from ops.deliveries where state = 'rejected'")
    assert reason.startswith("ledger_opus.postings, municipality 0991, file bad.csv")
    assert SECRET not in reason
    assert "\n" not in reason
    assert Path(path).read_bytes() == content


@pytest.mark.parametrize("name", ["a required column missing", "rows of another width", "a truncated zip"])
def test_a_rejected_file_sent_again_is_still_rejected_without_a_new_row(
    clean_warehouse: Settings, tmp_path: Path, name: str
) -> None:
    first = land(postings(tmp_path, BAD_FILES[name][0]), clean_warehouse)
    again = land(postings(tmp_path, BAD_FILES[name][0]), clean_warehouse)
    assert (again.outcome, again.delivery_id, again.reason) == ("still_rejected", first.delivery_id, first.reason)
    assert len(states()) == 1


def test_a_rejected_file_lands_once_its_declaration_is_corrected(clean_warehouse: Settings, tmp_path: Path) -> None:
    bad = postings(tmp_path, text("Bilagsnr;Beløb", "1;2,50"))
    assert land(bad, clean_warehouse).error_class == "UnknownColumnError"
    columns = {"Bilagsnr": "document_no", "Beløb": "amount"}
    assert land(replace(bad, columns=columns, profile_sha256="profile-2"), clean_warehouse).outcome == "landed"


@pytest.mark.parametrize(
    ("content", "row"),
    [(b"meter_no,carrier\nA1,el\nA2,\xe6\n", 2), (b"meter_no,carrier\n\xe6,el\n", 1)],
    ids=["second row", "first row"],
)
@pytest.mark.parametrize("dropped", [False, True], ids=["whole", "a column dropped"])
def test_an_encoding_error_names_the_row(
    clean_warehouse: Settings, tmp_path: Path, content: bytes, row: int, dropped: bool
) -> None:
    columns = {"meter_no": "meter_no"} if dropped else {"meter_no": "meter_no", "carrier": "carrier"}
    delivery = meters(
        tmp_path, content, columns=columns, dropped=frozenset({"carrier"}), required=frozenset({"meter_no"})
    )
    result = land(delivery, clean_warehouse)
    assert result.error_class == "EncodingError"
    assert f"row {row}:" in str(result.reason)


def test_an_unknown_heading_names_the_nearest_known_one(clean_warehouse: Settings, tmp_path: Path) -> None:
    result = land(postings(tmp_path, text("Bilagsnumer;Beløb", "1;1")), clean_warehouse)
    assert "'Bilagsnumer'" in str(result.reason)
    assert "'Bilagsnummer'" in str(result.reason)


@pytest.mark.parametrize(
    "limits",
    [Limits(unpacked_bytes=1000), Limits(ratio=3, ratio_from=1000)],
    ids=["size", "ratio"],
)
@pytest.mark.parametrize("kind", ["zip", "gzip"])
def test_an_archive_that_unfolds_too_far_is_rejected(
    clean_warehouse: Settings, tmp_path: Path, limits: Limits, kind: str
) -> None:
    plain = GOOD.encode("cp1252")
    content = packed(plain, "a.csv") if kind == "zip" else gzip.compress(plain)
    result = land(postings(tmp_path, content, limits=limits), clean_warehouse)
    assert (result.outcome, result.error_class) == ("rejected", "ArchiveTooLargeError")


def test_a_fault_that_the_connector_finds_is_recorded_alike(clean_warehouse: Settings, tmp_path: Path) -> None:
    delivery = meters(tmp_path, b"<xml/>", "header.xml")
    error = UnreadableFileError(Place("energy", "meters", "0991", "header.xml"), "not a meter file", "ask again")
    first, again = (reject(delivery, error, clean_warehouse) for _ in range(2))
    assert (first.outcome, first.error_class, first.reason) == ("rejected", "UnreadableFileError", str(error))
    assert (again.outcome, again.delivery_id) == ("still_rejected", first.delivery_id)


def test_a_good_file_lands_after_a_bad_one_of_the_same_window(clean_warehouse: Settings, tmp_path: Path) -> None:
    land(postings(tmp_path, BAD_FILES["rows of another width"][0], "bad.csv"), clean_warehouse)
    assert land(postings(tmp_path, posting_lines(2), "good.csv"), clean_warehouse).outcome == "landed"


def test_a_wrongly_declared_delimiter_is_named_as_such(clean_warehouse: Settings, tmp_path: Path) -> None:
    delivery = postings(tmp_path, posting_lines(2), dialect=Dialect("cp1252", ","))
    assert land(delivery, clean_warehouse).error_class == "UnreadableFileError"
