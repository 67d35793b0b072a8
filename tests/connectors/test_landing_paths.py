"""The bulk path and the careful path read the same rows wherever the bulk path dares to read at all."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from connectors.bulk import IllFormedRowsError, cut_blocks, filter_blocks
from connectors.columns import Layout
from connectors.declarations import Dialect, NumberFormat
from connectors.errors import Place
from connectors.inspection import Inspector
from connectors.landing import land
from connectors.rowwise import BadRow, split_rows
from connectors.values import date_judge, number_judge
from tests.connectors.landing_files import meters, raw_meters
from warehouse.settings import Settings

LAYOUT = Layout(("a", "b", "c"), ("a", None, "c"))
DIALECT = Dialect("utf-8", ";")
PLACE = Place("test")
VALUES = st.text(alphabet='ab æ";,\n\r.-1\\', max_size=6)
TABLES = st.lists(st.tuples(VALUES, VALUES, VALUES).filter(lambda row: any(row)), min_size=1, max_size=8)


def in_pieces(content: bytes, size: int) -> Iterator[bytes]:
    return (content[start : start + size] for start in range(0, len(content), size))


def read_in_bulk(content: bytes, size: int, tmp_path: Path) -> list[list[str]] | None:
    inspector = Inspector(meters(tmp_path, b""), frozenset({"a", "c"}))
    blocks = filter_blocks(cut_blocks(in_pieces(content, size), PLACE), LAYOUT, DIALECT, inspector)
    try:
        text = b"".join(blocks).decode()
    except IllFormedRowsError:
        return None
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True))


def read_row_by_row(content: bytes, size: int) -> list[list[str]]:
    rows = split_rows(in_pieces(content, size), LAYOUT, DIALECT)
    return [values for _, values in (row for row in rows if not isinstance(row, BadRow))]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("paths")


@given(TABLES, st.integers(1, 40))
@example([("", "", "\r\r\n")], 1)
def test_the_careful_path_reads_back_whatever_a_csv_writer_writes(table: list[tuple[str, str, str]], size: int) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=";", lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(table)
    # Line ends inside a value arrive as line feeds, whatever the file's own are.
    expected = [[value.replace("\r\n", "\n") for value in (row[0], row[2])] for row in table]
    assert read_row_by_row(buffer.getvalue().encode(), size) == expected


@given(st.text(alphabet='ab æ";\n1', max_size=60), st.integers(1, 40))
@example('""1;;', 1)
@example('x;"a"b;y', 7)
@example('"";"1"2;', 40)
def test_the_bulk_path_reads_as_the_careful_path_does_or_not_at_all(folder: Path, text: str, size: int) -> None:
    content = (text + "\n").encode()
    in_bulk = read_in_bulk(content, size, folder)
    if in_bulk is not None:
        assert in_bulk == read_row_by_row(content, size)


@given(TABLES, st.integers(1, 40))
def test_the_bulk_path_dares_to_read_every_well_formed_table_without_line_ends(
    folder: Path, table: list[tuple[str, str, str]], size: int
) -> None:
    flat = [[value.replace("\n", "").replace("\r", "") for value in row] for row in table]
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=";", lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(flat)
    assert read_in_bulk(buffer.getvalue().encode(), size, folder) == [[row[0], row[2]] for row in flat]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(VALUES, VALUES, VALUES).filter(lambda row: row[0].strip()), min_size=1, max_size=4))
def test_the_table_holds_what_a_csv_writer_wrote(
    clean_warehouse: Settings, tmp_path: Path, table: list[tuple[str, str, str]]
) -> None:
    clean = [tuple(value.replace("\r", "") for value in row) for row in table]
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerows([("meter_no", "carrier", "property_no"), *clean])
    result = land(meters(tmp_path, buffer.getvalue().encode()), clean_warehouse)
    assert result.outcome in ("landed", "unchanged")
    assert raw_meters()[-len(clean) :] == [tuple(value or None for value in row) for row in clean]


@pytest.mark.parametrize(
    ("number", "good", "bad"),
    [
        (NumberFormat(), ["9", "-9.99", "+9", ".9", "9.", " 9 "], ["9,9", "9.9.9", "", "9-", "NaN", "9e9", "9 9"]),
        (
            NumberFormat(",", "."),
            ["9", "9.999,99", "9999,9", "99.999", "-9,9"],
            ["9.9", "9.9999", ".999", "9,9.9", "99.99"],
        ),
        (NumberFormat(",", "", True), ["9,9-", "9-", "-9"], ["9.9-", "-9-", "9--", "-"]),
    ],
    ids=["points", "danish", "sap"],
)
def test_a_number_is_read_as_declared_or_not_at_all(number: NumberFormat, good: list[str], bad: list[str]) -> None:
    judge = number_judge(number)
    assert [shape for shape in good if not judge(shape)] == []
    assert [shape for shape in bad if judge(shape)] == []


def test_a_date_is_read_in_one_of_its_declared_forms_or_not_at_all() -> None:
    judge = date_judge(("%d-%m-%Y", "%Y%m%d"))
    assert [judge(text) for text in ("31-12-2025", "20251231")] == [True, True]
    assert [judge(text) for text in ("31-02-2025", "12-31-2025", "2025-12-31", "")] == [False] * 4
