"""Records of a JSON file of any size, some megabytes at a time: an array, or a named list in the old file extract.

A block is cut where one record seems to end and the next to begin, and decoded whole by msgspec into the columns that
are wanted. If it does not decode (the cut lay in a text, a value is nested or a fraction), that block is read record
by record instead. A prefix that decodes ends between two records: a wrong cut cannot pass.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from connectors.archives import Reader
from connectors.errors import Place, UnreadableFileError

BLOCK = 4 * 1024 * 1024
LONGEST_RECORD = 16 * 1024 * 1024
END = re.compile(rb"\}\s*\]")
BETWEEN = re.compile(r"[\s,]*")
CUTS_TRIED = 50
# Numbers come as the text the source wrote, so that 0.0 stays 0.0.
DECODER = json.JSONDecoder(parse_float=str, parse_int=str)
Row = Sequence[Any]  # texts, whole numbers, None


def plain_text(value: Any) -> str:
    """A value as the source wrote it; of a nested object what it points to: its WKT or its id. A list is not ours."""
    if isinstance(value, dict):
        value = value.get("wkt", value.get("id_lokalId"))
    if value is None or isinstance(value, dict | list):
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


class Records:
    """The records of one file as rows of `columns`. `missing` are those that no record had, once all are read."""

    def __init__(self, reader: Reader, spellings: Mapping[str, str], lists: Sequence[str], place: Place) -> None:
        """`spellings` leads from the names of fields to columns; `lists` are names that the list may go by."""
        self.columns = tuple(dict.fromkeys(spellings.values()))
        self.missing = set(self.columns)
        self._spellings, self._lists, self._place = spellings, lists, place
        self._reader = reader
        self._buffer = b""
        self._is_all = False
        self._decoder: msgspec.json.Decoder[Any] | None = None

    def __iter__(self) -> Iterator[list[Row]]:
        """Rows, some thousands at a time.

        Raises:
            UnreadableFileError: not JSON in UTF-8, or not the records that were expected.
        """
        self._enter()
        is_over = False
        while not is_over:
            rows, is_over = self._read_fast() or self._read_carefully()
            if rows:
                yield rows
            if not is_over:
                self._fill()

    def _fill(self) -> None:
        parts = [self._buffer]
        size = 0
        while size < BLOCK and not self._is_all:
            chunk = self._reader.read(BLOCK - size)
            self._is_all = not chunk
            parts.append(chunk)
            size += len(chunk)
        self._buffer = b"".join(parts)

    def _enter(self) -> None:
        """Go to the first record."""
        self._fill()
        start = self._buffer.removeprefix(codecs.BOM_UTF8).lstrip()
        if start.startswith(b"["):
            self._buffer = start[1:]
            return
        names = "|".join(re.escape(json.dumps(name, ensure_ascii=ascii_)[1:-1]) for name in self._lists
                         for ascii_ in (True, False))  # fmt: skip
        # A text cannot hold a quote followed by a colon: the first match is the key itself.
        key = re.compile(rf'"(?:{names})"\s*:\s*\['.encode())
        while start.startswith(b"{"):
            match = key.search(self._buffer)
            if match:
                self._buffer = self._buffer[match.end() :]
                return
            if self._is_all:
                break
            self._buffer = self._buffer[-4096:]
            self._fill()
        raise self._fault("not an array of records, as the file extract and the REST service write it")

    def _read_fast(self) -> tuple[list[Row], bool] | None:
        if self._decoder is None:
            return None
        end = END.search(self._buffer) if b"]" in self._buffer else None
        stop = end.start() + 1 if end else self._last_cut()
        if not stop:
            return None
        try:
            records = self._decoder.decode(b"[%b]" % self._buffer[:stop])
        except (msgspec.DecodeError, UnicodeDecodeError):
            return None
        self._buffer = b"" if end else self._buffer[stop:].lstrip(b" \t\r\n,")
        rows: list[Row] = list(map(msgspec.structs.astuple, records))
        for column in list(self.missing):
            index = self.columns.index(column)
            if any(row[index] is not None for row in rows):
                self.missing.discard(column)
        return rows, end is not None

    def _last_cut(self) -> int:
        """The place after the last record that seems to be whole; 0: none found."""
        start = len(self._buffer)
        for _ in range(CUTS_TRIED):
            start = self._buffer.rfind(b"{", 0, start)
            if start < 0:
                break
            before = self._buffer[max(0, start - 64) : start].rstrip()
            if before.endswith(b",") and before[:-1].rstrip().endswith(b"}"):
                return self._buffer.rfind(b"}", 0, start) + 1
        return 0

    def _read_carefully(self) -> tuple[list[Row], bool]:
        text, place, is_over = self._decode(), 0, False
        rows: list[Row] = []
        names: dict[str, str] = {}
        while not is_over:
            blank = BETWEEN.match(text, place)
            place = blank.end() if blank else place
            if place == len(text):
                break
            is_over = text[place] == "]"
            if not is_over:
                if text[place] != "{":
                    raise self._fault("not an array of records, as the file extract and the REST service write it")
                try:
                    record, place = DECODER.raw_decode(text, place)
                except (ValueError, RecursionError):
                    break
                rows.append(self._row(record, names))
        self._buffer = b"" if is_over else self._buffer[len(text[:place].encode()) :]
        if not rows and not is_over and (self._is_all or len(self._buffer) > LONGEST_RECORD):
            raise self._fault("not JSON to its end")
        self._learn(names)
        return rows, is_over

    def _decode(self) -> str:
        try:
            return codecs.getincrementaldecoder("utf-8")().decode(self._buffer)
        except UnicodeDecodeError:
            raise self._fault("not JSON in UTF-8") from None

    def _row(self, record: dict[str, Any], names: dict[str, str]) -> Row:
        texts = {}
        for name, value in record.items():
            column = self._spellings.get(name)
            if column is not None:
                names[column] = name
                texts[column] = plain_text(value)
                if not texts[column].isascii():
                    self._refuse_half_characters(texts[column])
        self.missing.difference_update(texts)
        return [texts.get(column, "") for column in self.columns]

    def _refuse_half_characters(self, text: str) -> None:
        """An escape such as `\\ud800` alone is no character."""
        try:
            text.encode()
        except UnicodeEncodeError:
            raise self._fault("not JSON in UTF-8") from None

    def _learn(self, names: dict[str, str]) -> None:
        """From the spelling of the first records make the decoder of all others."""
        if self._decoder is not None or not names:
            return
        for spelling, column in self._spellings.items():
            names.setdefault(column, spelling)
        fields = [(column, str | int | None, None) for column in self.columns]
        row: Any = msgspec.defstruct("Row", fields, rename=names, gc=False)
        self._decoder = msgspec.json.Decoder(list[row])

    def _fault(self, problem: str) -> UnreadableFileError:
        return UnreadableFileError(self._place, problem, "deliver one entity's records per file, in UTF-8")
