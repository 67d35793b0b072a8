"""Cutting a csv file of many blocks: order, allow-list, rows that span lines, rows that are none."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from connectors import cutting
from connectors.bulk import LONGEST_LINE
from connectors.cutting import whole_rows
from connectors.declarations import Checks, Delivery, Dialect
from connectors.errors import EncodingError, MalformedRowsError, Place
from connectors.slicing import Slices, slice_csv

HEADING = "id,kommunekode,note,area\n"
COLUMNS = {"id": "row_id", "kommunekode": "code", "area": "area_m2"}
PLACE = Place("bbr", "bygning")


def form(dialect: Dialect, columns: dict[str, str]) -> Delivery:
    checks = Checks(municipality_column="code", max_rejected_share=0.01)
    return Delivery(
        "bbr", "bygning", "0000", "snapshot", Path("x"), "x.csv", columns, frozenset({"code"}), "", dialect, checks,
        extra_columns="ignore",
    )  # fmt: skip


def cut(
    text: str | bytes, folder: Path, *codes: str, dialect: Dialect | None = None, columns: dict[str, str] | None = None
) -> tuple[Slices, dict[str | None, list[list[str]]]]:
    slices = Slices({code: folder / f"{code}.csv" for code in codes or [None]})
    content = text.encode() if isinstance(text, str) else text
    slice_csv(io.BytesIO(content), form(dialect or Dialect(), columns or COLUMNS), slices, PLACE)
    found = {}
    for code, path in slices.paths.items():
        with path.open(encoding="utf-8", newline="") as file:
            found[code] = list(csv.reader(file))
    return slices, found


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut after so few bytes that a short file has many blocks."""
    monkeypatch.setattr(cutting, "BLOCK", 1)
    monkeypatch.setattr("connectors.delimited.CHUNK", 100)


@pytest.mark.usefixtures("small_blocks")
def test_rows_of_a_municipality_keep_the_order_of_the_file_over_all_blocks(tmp_path: Path) -> None:
    codes = ["0101", "157", "0992", "101"]
    text = HEADING + "".join(f"r{n},{codes[n % 4]},n,{n}\n" for n in range(800))
    slices, found = cut(text, tmp_path, "0101", "0157")
    assert found["0101"][1:] == [[f"r{n}", codes[n % 4], str(n)] for n in range(800) if n % 4 in (0, 3)]
    assert found["0157"][1:] == [[f"r{n}", "157", str(n)] for n in range(1, 800, 4)]
    assert slices.rows == {"0101": 400, "0157": 200}


def test_what_is_not_on_the_allow_list_is_in_no_slice(tmp_path: Path) -> None:
    _, found = cut(HEADING + 'a,0101,"Maren Prøve, 2. sal",7\nb,0157,Maren,8\n', tmp_path, "0101", "0157")
    assert found == {
        "0101": [["row_id", "code", "area_m2"], ["a", "0101", "7"]],
        "0157": [["row_id", "code", "area_m2"], ["b", "0157", "8"]],
    }


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("length", range(60, 76))
def test_a_quoted_line_end_at_the_end_of_a_block_does_not_split_its_row(tmp_path: Path, length: int) -> None:
    rows = [("a", "0101", "x" * length, "1"), ("b", "0101", 'two\nlines, "quoted"\n', "2"), ("c", "0101", "", "3")]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    columns = {**COLUMNS, "note": "note"}
    _, found = cut(HEADING + text.getvalue(), tmp_path, "0101", columns=columns)
    assert [tuple(row) for row in found["0101"][1:]] == rows


def test_rows_of_several_municipalities_with_line_ends_inside_keep_their_municipality_and_order(tmp_path: Path) -> None:
    rows = [[f"r{n}", ("0101", "0157", "0992")[n % 3], "one\ntwo" if n % 5 == 0 else "one", str(n)] for n in range(30)]
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    _, found = cut(HEADING + text.getvalue(), tmp_path, "0101", "0157", columns={**COLUMNS, "note": "note"})
    assert found["0101"][1:] == rows[::3]
    assert found["0157"][1:] == rows[1::3]


@pytest.mark.usefixtures("small_blocks")
def test_ill_formed_rows_of_all_blocks_are_counted_and_more_than_a_delivery_may_have_reject_the_file(
    tmp_path: Path,
) -> None:
    good = "".join(f"r{n},0101,,{n}\n" for n in range(200))
    slices, found = cut(HEADING + "a,0101\n" + good + "b,0101,,1,2\n", tmp_path, "0101")
    assert (slices.ill_formed, len(found["0101"])) == (2, 201)
    with pytest.raises(MalformedRowsError, match="3 rows have another number of fields"):
        cut(HEADING + "a,0101\n" + good + "b,0101,,1,2\nc\n", tmp_path, "0101")


def test_slices_of_a_file_in_another_encoding_are_utf_8(tmp_path: Path) -> None:
    text = HEADING + "a,0101,,Æblevej\n"
    _, found = cut(text.encode("cp1252"), tmp_path, "0101", dialect=Dialect("cp1252"))
    assert found["0101"][1] == ["a", "0101", "Æblevej"]
    with pytest.raises(EncodingError):
        cut(HEADING.encode() + b"a,0101,,\x81\n", tmp_path, "0101", dialect=Dialect("cp1252"))


def test_a_byte_that_is_no_utf_8_in_a_code_leaves_only_its_row_out(tmp_path: Path) -> None:
    slices, _ = cut(HEADING.encode() + b"a,\xe6,,1\nb,101,,2\n", tmp_path, "0101")
    assert slices.rows == {"0101": 1}


def test_a_quote_that_is_never_closed_stops_the_cutting_before_the_file_is_in_memory() -> None:
    taken = []

    def chunks() -> object:
        yield b'a,0101,"open,1\n'
        for number in range(1000):
            taken.append(number)
            yield b"b,0101,,1\n" * 100_000

    with pytest.raises(MalformedRowsError, match="a quote is not closed"):
        list(whole_rows(chunks(), b'"', PLACE))  # type: ignore[arg-type]
    assert len(taken) <= (cutting.BLOCK + LONGEST_LINE) // 1_000_000 + 2
