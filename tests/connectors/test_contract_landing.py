"""Every registered stream keeps the contract at the door: files made from its own declaration, landed for real."""

from __future__ import annotations

import csv
import io
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fsspec
import pytest

from connectors.base import NATIONAL, Source, Stream, registered
from connectors.ledger_records import convert_records
from connectors.pull import PullResult, pull
from tests.connectors.drops import configure, drop, select
from warehouse.database import connect
from warehouse.settings import Settings, get_settings

# Files of a format of their own (a printed spool, G69) are not made here: the source's own tests have them.
STREAMS = [
    (source, stream)
    for source in registered().values()
    for stream in source.streams
    if stream.converters.get("*", convert_records) is convert_records
]
OF_A_MUNICIPALITY = [pair for pair in STREAMS if pair[1].municipality_column and pair[0].scope != "national"]
CODE, OTHER_CODE = "0981", "0982"
PERSON = "Hans Hansen 010190-1234"
# A profile that any stream can be read by, whatever its own: the municipality's comes last.
PROFILE = {
    "files": "*.csv", "encoding": "utf-8", "delimiter": ";", "quote": '"', "skip_lines": 0, "decimal": ".",
    "thousands": "", "date_formats": ["%Y-%m-%d"], "window": r"(?P<year>\d{4})-(?P<month>\d{2})", "drop": ["Navn"],
    "max_rejected_share": 0.6,
}  # fmt: skip


@dataclass(frozen=True)
class Drop:
    """A folder with files of one stream, and what was made of them."""

    source: Source
    stream: Stream
    config: Path
    folder: Path

    @property
    def code(self) -> str:
        """Whose files they are."""
        return NATIONAL if self.source.scope == "national" else CODE

    def write(self, name: str, rows: list[Mapping[str, str]], *more: str) -> Path:
        """A file with every column of the stream, and more headings."""
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, [*self.stream.raw_columns, *more], delimiter=";", restval=PERSON)
        writer.writeheader()
        writer.writerows(rows)
        return drop(self.folder, name, text.getvalue())

    def row(self, number: int, **values: str) -> dict[str, str]:
        """Values that the declaration allows; those of the key differ from row to row."""
        stream = self.stream
        row = {column: f"{column}{number}" for column in stream.raw_columns}
        row |= dict.fromkeys(stream.numbers, str(number))
        row |= dict.fromkeys(stream.dates, f"2025-01-0{number}")
        row |= dict.fromkeys(stream.years, str(2020 + number))
        row |= {name: "D" for name in ("debit_credit",) if name in row}
        if stream.municipality_column:
            row[stream.municipality_column] = self.code
        return row | values

    def pull(self) -> list[PullResult]:
        """Land what lies in the folder."""
        columns = {column: column for column in self.stream.raw_columns}
        profile: dict[str, Any] = {**PROFILE, "columns": columns}
        section = {"folder": str(self.folder), "streams": {self.stream.name: profile}}
        configure(self.config, self.code, **{self.source.name: section})
        return pull(self.source.name, self.code, get_settings())

    def raw(self, settings: Settings) -> list[tuple[Any, ...]]:
        """Keys in the raw table."""
        keys, table = ", ".join(self.stream.key), f"raw_{self.source.name}.{self.stream.name}"
        return select(settings, f"select {keys} from {table} where municipality_code = '{self.code}' order by 1")


@pytest.fixture(params=STREAMS, ids=[f"{source.name}.{stream.name}" for source, stream in STREAMS])
def files(request: pytest.FixtureRequest, warehouse: Settings, config_folder: Path, tmp_path: Path) -> Iterator[Drop]:
    source, stream = request.param
    made = Drop(source, stream, config_folder, tmp_path / "drop")
    yield made
    with connect("owner", settings=warehouse) as connection:
        connection.execute(f"delete from raw_{source.name}.{stream.name} where municipality_code = '{made.code}'")
        connection.execute(f"delete from raw_{source.name}.rejected_rows where stream = %s", [stream.name])
        connection.execute("delete from ops.deliveries where municipality_code = %s", [made.code])


def test_a_stream_lands_once_with_filled_keys_and_without_persons(
    files: Drop, warehouse: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    empty_key = dict.fromkeys(files.stream.key[:1], "")
    files.write("a_2025-01.csv", [files.row(1), files.row(2), files.row(3, **empty_key)], "Navn")
    (first,) = files.pull()
    assert (first.outcome, first.reason) == ("landed", None)
    # The third row lacks a part of its key: it is left out and counted.
    assert (first.row_count, first.rejected_row_count) == (2, 1)
    keys = files.raw(warehouse)
    assert len(set(keys)) == len(keys) == 2
    assert all(value for key in keys for value in key)
    (stored,) = select(warehouse, f"select stored_path from ops.deliveries where delivery_id = {first.delivery_id}")[0]
    kept = fsspec.core.url_to_fs(warehouse.kept_bytes_url)[0].cat_file(stored).decode()
    assert (PERSON in kept) is not files.stream.holds_personal_data
    assert PERSON not in caplog.text

    (again,) = files.pull()
    assert again.outcome == "unchanged"
    (files.folder / "a_2025-01.csv").rename(files.folder / "b_2025-01.csv")
    (renamed,) = files.pull()
    assert renamed.outcome == "unchanged"
    assert files.raw(warehouse) == keys


@pytest.mark.parametrize(
    "files", OF_A_MUNICIPALITY, indirect=True, ids=[f"{s.name}.{t.name}" for s, t in OF_A_MUNICIPALITY]
)
def test_rows_of_another_municipality_are_stopped(files: Drop, warehouse: Settings) -> None:
    assert files.stream.municipality_column is not None
    elsewhere = {files.stream.municipality_column: OTHER_CODE}
    files.write("a_2025-01.csv", [files.row(1, **elsewhere), files.row(2, **elsewhere)])
    (result,) = files.pull()
    assert (result.outcome, result.error_class) == ("rejected", "WrongMunicipalityError")
    assert files.code in str(result.reason)
    assert files.raw(warehouse) == []


def test_drift_is_seen_at_the_door(files: Drop, warehouse: Settings) -> None:
    """A heading that nobody declared never brings its values in; a key that is gone rejects the file."""
    files.write("a_2025-01.csv", [files.row(1)], "Nyt felt")
    (added,) = files.pull()
    if added.outcome == "rejected":
        assert added.error_class == "UnknownColumnError"
        assert "Nyt felt" in str(added.reason)
    lost = files.stream.key[0]
    heading = [column for column in files.stream.raw_columns if column != lost]
    text = ";".join(heading) + "\n" + ";".join(files.row(1)[column] for column in heading) + "\n"
    drop(files.folder, "a_2025-01.csv", text, age=1)
    (missing,) = files.pull()
    assert (missing.outcome, missing.error_class) == ("rejected", "MissingColumnError")
    assert lost in str(missing.reason)
