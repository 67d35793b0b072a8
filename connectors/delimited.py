"""Reading a delimited file as a stream of bytes: heading, encoding, line ends. Rows are not looked at here."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace

from connectors.archives import Reader
from connectors.declarations import Dialect
from connectors.errors import EmptyFileError, EncodingError, Place, UnreadableFileError

# Large enough that judging a block in columns costs little for each row, small enough for any memory.
CHUNK = 1024 * 1024
LONGEST_HEADING = 1024 * 1024
UTF_8 = ("utf-8", "utf-8-sig")
# What PostgreSQL decodes itself; the rest goes through Python's codecs.
SERVER_ENCODINGS = {
    "utf-8": "UTF8", "utf-8-sig": "UTF8", "cp1252": "WIN1252", "cp1250": "WIN1250", "cp1251": "WIN1251",
    "cp1257": "WIN1257", "iso8859-1": "LATIN1", "iso8859-2": "LATIN2", "iso8859-15": "LATIN9",
}  # fmt: skip
UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class Table:
    """A file past its heading. `chunks` are bytes in `server_encoding`, without empty lines at the end."""

    headings: list[str]
    server_encoding: str
    chunks: Iterator[bytes]


def open_table(reader: Reader, dialect: Dialect, place: Place) -> Table:
    """Read the heading and hand the rest on unread.

    Raises:
        EmptyFileError, EncodingError, UnreadableFileError.
    """
    codec = codecs.lookup(dialect.encoding).name
    raw = iter(lambda: reader.read(CHUNK), b"")
    start = next(raw, b"")
    _refuse_other_encoding(start, codec, place)
    server_encoding = SERVER_ENCODINGS.get(codec)
    if codec in UTF_8:
        start = start.removeprefix(codecs.BOM_UTF8)
    pieces = _chain(start, raw)
    if server_encoding is None:
        server_encoding, pieces = "UTF8", _recode(pieces, codec, place, -dialect.skip_lines)
    line, rest = _split_heading(pieces, dialect, place)
    text = _decode_heading(line, "utf-8" if server_encoding == "UTF8" else codec, place)
    return Table(_parse_heading(text, dialect, place), server_encoding, _trim(_chain(rest, pieces)))


def open_lines(reader: Reader, encoding: str, place: Place) -> Iterator[str]:
    """The lines of a text file, without their ends, for readers of other forms than delimited text.

    Raises:
        EmptyFileError, EncodingError, UnreadableFileError.
    """
    codec = codecs.lookup(encoding).name
    raw = iter(lambda: reader.read(CHUNK), b"")
    start = next(raw, b"")
    _refuse_other_encoding(start, codec, place)
    if codec in UTF_8:
        start = start.removeprefix(codecs.BOM_UTF8)
    held = b""
    for chunk in _recode(_chain(start, raw), codec, place, 1):
        *whole, held = (held + chunk).split(b"\n")
        if len(held) > LONGEST_HEADING:
            raise UnreadableFileError(place, "a line has no end", "deliver the file in the declared format")
        yield from (line.removesuffix(b"\r").decode() for line in whole)
    if held:
        yield held.removesuffix(b"\r").decode()


def recode(chunks: Iterator[bytes], server_encoding: str, place: Place) -> Iterator[bytes]:
    """The same chunks in UTF-8; an invalid byte raises EncodingError."""
    codec = next(name for name, known in SERVER_ENCODINGS.items() if known == server_encoding)
    return _recode(chunks, codec, place, 1)


def _chain(start: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if start:
        yield start
    yield from rest


def _refuse_other_encoding(start: bytes, codec: str, place: Place) -> None:
    if start.startswith(UTF_16_MARKS) and not codec.startswith(("utf-16", "utf-32")):
        raise _wrong_encoding(place, "UTF-16", codec)
    if codec in UTF_8 or codec.startswith(("utf-16", "utf-32")) or start.isascii():
        return
    # Text of a one-byte encoding is next to never valid UTF-8 once it has a letter outside ASCII.
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return
    raise _wrong_encoding(place, "UTF-8", codec)


def _wrong_encoding(place: Place, seen: str, declared: str) -> EncodingError:
    return EncodingError(place, f"the file is {seen}, declared is {declared}", "correct the encoding in sources.yml")


def _recode(chunks: Iterator[bytes], codec: str, place: Place, row: int) -> Iterator[bytes]:
    """Decode and encode again; `row` is the data row that the first line is, for an error's sake."""
    decoder = codecs.getincrementaldecoder(codec)()
    for chunk in chunks:
        text = _decode(decoder, chunk, False, codec, place, row)
        row += text.count("\n")
        yield text.encode()
    tail = _decode(decoder, b"", True, codec, place, row)
    if tail:
        yield tail.encode()


def _decode(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool, codec: str, place: Place, row: int) -> str:
    try:
        return decoder.decode(chunk, final)
    except UnicodeDecodeError as error:
        good = error.object[: error.start].decode(codec, "ignore")
    raise invalid_bytes(place, codec, row + good.count("\n"))


def invalid_bytes(place: Place, encoding: str, row: int | None) -> EncodingError:
    """The error for bytes that the declared encoding does not have; `row` counts data rows from 1."""
    there = place if row is None else replace(place, row=max(row, 1))
    return EncodingError(there, f"bytes that are not {encoding}", "correct the encoding in sources.yml or ask again")


def _split_heading(pieces: Iterator[bytes], dialect: Dialect, place: Place) -> tuple[bytes, bytes]:
    """The heading's line and what was read past it."""
    held, quote, skipped = b"", dialect.quote.encode(), dialect.skip_lines
    end, ended = -1, False
    while True:
        end = held.find(b"\n", end + 1)
        if end < 0:
            piece = next(pieces, b"")
            end = len(held) - 1
            held += piece
            if not piece or len(held) > LONGEST_HEADING:
                ended = not piece
                break
        elif skipped:
            held, end, skipped = held[end + 1 :], -1, skipped - 1
        elif not quote or held.count(quote, 0, end) % 2 == 0:
            return held[:end].removesuffix(b"\r"), held[end + 1 :]
    if not held.strip() or skipped:
        raise EmptyFileError(place, "the file has no heading", "ask for it again")
    if ended and b"\r" in held.strip():
        raise UnreadableFileError(place, "its lines end in carriage returns only", "deliver it with usual line ends")
    if ended:
        raise EmptyFileError(place, "the file has a heading and no rows", "ask for it again")
    raise UnreadableFileError(place, "the first line has no end", "deliver the file in the declared format")


def _decode_heading(line: bytes, codec: str, place: Place) -> str:
    try:
        text = line.decode(codec)
    except UnicodeDecodeError:
        text = None
    if text is None or "\x00" in text:
        raise EncodingError(place, f"the heading is not {codec}", "correct the encoding in sources.yml")
    return text


def _parse_heading(text: str, dialect: Dialect, place: Place) -> list[str]:
    if text.lstrip("\ufeff \t").startswith(("<", "{", "[")):
        raise UnreadableFileError(place, "the file is not delimited text", "deliver it in the declared format")
    if dialect.quote:
        fields = next(csv.reader([text], delimiter=dialect.delimiter, quotechar=dialect.quote), [])
    else:
        fields = text.split(dialect.delimiter)
    if not any(field.strip() for field in fields):
        raise EmptyFileError(place, "the file has no heading", "ask for it again")
    return fields


def _trim(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes without empty lines at the end."""
    held = b""
    for piece in pieces:
        joined = held + piece
        text = joined.rstrip(b"\r\n")
        held = joined[len(text) :]
        if len(held) > CHUNK:
            held = held[:2]  # a file of empty lines must not gather in memory
        if text:
            yield text
    if held:
        yield b"\r\n" if held.startswith(b"\r\n") else b"\n"
