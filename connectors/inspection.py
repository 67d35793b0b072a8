"""Judging values in columns while they pass. It only ever says "all good"; which rows are bad is `rowchecks`' work."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from connectors.declarations import ControlTotal, Delivery, NumberFormat
from connectors.values import date_judge, number_pattern, spellings

# Digits after the point that a control total may need; more of them are left to the database.
PRECISION = pa.decimal128(38, 6)


class Inspector:
    """Gathers over all blocks how many lines there are, whether every check holds, and the control total."""

    def __init__(self, delivery: Delivery, present: frozenset[str]) -> None:
        """Plan the checks of the columns that are `present`."""
        checks = delivery.checks
        self._control = checks.control if checks.control and checks.control.column in present else None
        self._numbers = {**({self._control.column: NumberFormat()} if self._control else {}), **checks.numbers}
        tests: list[tuple[str, Callable[[pa.ChunkedArray], bool]]] = []
        if checks.municipality_column is not None:
            tests.append((checks.municipality_column, _is_among(spellings(delivery.municipality_code))))
        tests += [(column, _is_filled) for column in sorted(checks.required_values)]
        tests += [(column, _has_form(number)) for column, number in self._numbers.items()]
        tests += [(column, _has_dates(formats)) for column, formats in checks.dates.items()]
        self._tests = [(column, test) for column, test in tests if column in present]
        signs = {self._control.sign_column} if self._control and self._control.sign_column else set()
        self.columns = frozenset({column for column, _ in self._tests} | signs) & present
        self.is_clean = not any(_is_beyond_ascii(number) for number in self._numbers.values())
        self.lines = 0
        self.control_total = None if self._control is None else Decimal(0)

    def see(self, table: pa.Table) -> None:
        """Judge one block of whole lines; after the first doubt values are no longer looked at."""
        self.lines += table.num_rows
        if not self.is_clean:
            return
        try:
            self.is_clean = self.finds_good(table)
            if self.is_clean and self._control is not None and self.control_total is not None:
                self.control_total += self._sum(table, self._control)
        except (pa.ArrowInvalid, KeyError):
            self.is_clean = False

    def finds_good(self, table: pa.Table) -> bool:
        """Judge the values of one block and remember nothing: blocks may be judged in several threads."""
        try:
            return self.is_clean and all(test(table[column]) for column, test in self._tests)
        except (pa.ArrowInvalid, KeyError):
            return False

    def _sum(self, table: pa.Table, control: ControlTotal) -> Decimal:
        number = self._numbers[control.column]
        text = pc.utf8_trim(table[control.column].cast(pa.string()), " ")
        if number.thousands:
            text = pc.replace_substring(text, number.thousands, "")
        if number.decimal != ".":
            text = pc.replace_substring(text, number.decimal, ".")
        if number.trailing_minus:
            text = pc.replace_substring_regex(text, r"^(.*)-$", r"-\1")
        amounts = pc.cast(text, PRECISION)
        total = _total(amounts)
        if control.sign_column is None:
            return total
        signs = pc.utf8_lower(pc.utf8_trim(table[control.sign_column].cast(pa.string()), " "))
        negative = pc.is_in(signs, pa.array(sorted(control.negative_values)))
        return total - 2 * _total(pc.filter(amounts, negative))


def _total(amounts: pa.ChunkedArray) -> Decimal:
    return pc.sum(amounts).as_py() or Decimal(0)


def _is_beyond_ascii(number: NumberFormat) -> bool:
    # Bytes are judged before they are decoded.
    return not (number.decimal + number.thousands).isascii()


def _is_among(known: list[str]) -> Callable[[pa.ChunkedArray], bool]:
    return lambda values: pc.all(pc.is_in(values, pa.array(known, values.type))).as_py() is not False


def _is_filled(values: pa.ChunkedArray) -> bool:
    return values.null_count == 0 and not pc.any(pc.starts_with(values, " ")).as_py()


def _has_form(number: NumberFormat) -> Callable[[pa.ChunkedArray], bool]:
    pattern = f"^(?:{number_pattern(number, '[0-9]')})$"

    def test(values: pa.ChunkedArray) -> bool:
        # Digits alone are most numbers, and told four times as fast as by the pattern.
        plain = pc.ascii_is_decimal(values.cast(pa.string()))
        if pc.all(plain).as_py() is not False:
            return True
        rest = pc.filter(values, pc.invert(plain))
        return pc.all(pc.match_substring_regex(rest, pattern)).as_py() is not False

    return test


def _has_dates(formats: tuple[str, ...]) -> Callable[[pa.ChunkedArray], bool]:
    judge = date_judge(formats)

    def test(values: pa.ChunkedArray) -> bool:
        texts = pc.unique(values).cast(pa.string()).to_pylist()
        return all(text is None or judge(text) for text in texts)

    return test
