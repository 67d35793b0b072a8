"""Blocks of a file, each parsed once: to the columns that are let in, by municipality, packed anew.

A block needs nothing of another, and Arrow lets go of Python's lock: blocks can be cut in several threads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from connectors.bulk import LONGEST_LINE, pack
from connectors.columns import Layout
from connectors.declarations import Delivery, Dialect, NumberFormat
from connectors.errors import MalformedRowsError, Place
from connectors.inspection import Inspector

# Larger ones cost page faults, and memory for each of those that are worked on.
BLOCK = 2 * 1024 * 1024
CODE_DIGITS = 4
PLAIN = Dialect("utf-8")


@dataclass(frozen=True)
class Part:
    """Rows of one municipality (None: of all) from one block."""

    code: str | None
    content: bytes
    rows: int


@dataclass(frozen=True)
class Cut:
    """What a block was cut to. `ill_formed` rows were left out; `is_clean`: every check holds of the others."""

    parts: list[Part]
    ill_formed: int
    is_clean: bool


def whole_rows(chunks: Iterator[bytes], quote: bytes, place: Place) -> Iterator[bytes]:
    """Blocks that end where a row ends: at a line end with an even number of quotes before it.

    Raises:
        MalformedRowsError: a row is longer than any row is.
    """
    held = b""
    for chunk in chunks:
        held += chunk
        if len(held) < BLOCK:
            continue
        end = held.rfind(b"\n") + 1
        is_inside = quote and held.count(quote, 0, end) % 2
        while is_inside and end:
            earlier = held.rfind(b"\n", 0, end - 1) + 1
            is_inside = (is_inside + held.count(quote, earlier, end)) % 2
            end = earlier
        if end:
            yield held[:end]
            held = held[end:]
        if len(held) > BLOCK + LONGEST_LINE:
            raise _unreadable(place)
    if held:
        yield held if held.endswith(b"\n") else held + b"\n"


class Cutter:
    """Cuts tables of text to the municipalities of `codes`; none: every row is kept, whosever it is."""

    def __init__(self, form: Delivery, columns: Sequence[str], codes: Sequence[str]) -> None:
        """Plan for a file of this form that has these raw columns."""
        self._code_column = form.checks.municipality_column if codes else None
        self._codes = pa.array(codes, pa.string())
        self._inspector = Inspector(_as_written(form, is_routed=bool(codes)), frozenset(columns))

    def cut(self, rows: pa.Table, ill_formed: int = 0) -> Cut:
        """The parts of a block."""
        if self._code_column is None:
            part = Part(None, pack(rows, PLAIN), rows.num_rows)
            return Cut([part], ill_formed, self._inspector.finds_good(rows))
        # An extract may have lost the code's leading zero.
        written = pc.ascii_lpad(pc.ascii_trim_whitespace(rows[self._code_column]), CODE_DIGITS, "0")
        found = pc.index_in(written, self._codes).combine_chunks()
        if found.null_count:
            rows, found = rows.filter(pc.is_valid(found)), found.drop_null()
        return Cut(list(self._by_code(rows, found)), ill_formed, self._inspector.finds_good(rows))

    def _by_code(self, rows: pa.Table, found: pa.Array) -> Iterator[Part]:
        order = pc.array_sort_indices(found)  # keeps the order of the file within a municipality
        lines: list[bytes] = pack(rows, PLAIN).split(b"\n")[:-1]
        places = order.to_pylist() if len(lines) == rows.num_rows else None
        start = 0
        counts = {pair["values"]: pair["counts"] for pair in pc.value_counts(found).to_pylist()}
        for index in sorted(counts):
            count = counts[index]
            if places is not None:
                content = b"\n".join([lines[at] for at in places[start : start + count]]) + b"\n"
            else:  # some value has a line end inside
                content = pack(rows.take(order.slice(start, count)), PLAIN)
            yield Part(self._codes[index].as_py(), content, count)
            start += count


class CsvCutter(Cutter):
    """Cuts blocks of whole rows of a delimited file."""

    def __init__(self, form: Delivery, layout: Layout, codes: Sequence[str], place: Place) -> None:
        """Plan for a file of this form and layout."""
        super().__init__(form, layout.columns, codes)
        self._columns, self._dialect, self._place = layout.columns, form.dialect, place
        self._names = [column or str(index) for index, column in enumerate(layout.positions)]

    def cut_block(self, block: bytes) -> Cut:
        """The parts of a block of whole rows."""
        return self.cut(*self._parse(block))

    def _parse(self, block: bytes) -> tuple[pa.Table, int]:
        ill_formed = 0

        def skip(_: object) -> str:
            nonlocal ill_formed
            ill_formed += 1
            return "skip"

        table = None
        try:
            table = pacsv.read_csv(
                pa.BufferReader(block),
                read_options=pacsv.ReadOptions(
                    use_threads=False, block_size=len(block) + 1, column_names=self._names
                ),
                parse_options=pacsv.ParseOptions(
                    delimiter=self._dialect.delimiter, quote_char=self._dialect.quote or False,
                    invalid_row_handler=skip,
                ),
                convert_options=pacsv.ConvertOptions(
                    check_utf8=False, column_types=dict.fromkeys(self._columns, pa.string()),
                    include_columns=list(self._columns), strings_can_be_null=True, null_values=[""],
                ),
            )  # fmt: skip
        except pa.ArrowInvalid:
            table = None
        # Raised outside the handler: the parser's own message quotes the row.
        if table is None:
            raise _unreadable(self._place)
        return table, ill_formed


def _as_written(form: Delivery, *, is_routed: bool) -> Delivery:
    """The form of the parts: numbers with a point; what was routed by its municipality is of that municipality."""
    numbers = dict.fromkeys(form.checks.numbers, NumberFormat())
    column = None if is_routed else form.checks.municipality_column
    return replace(form, checks=replace(form.checks, numbers=numbers, municipality_column=column))


def _unreadable(place: Place) -> MalformedRowsError:
    return MalformedRowsError(place, "a quote is not closed, or a row has no end", "ask for the file again")
