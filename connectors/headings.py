"""Headings as people write them: folded, so that one name is one name, and found below title rows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence

# How far down a heading may stand below title rows.
SEARCHED_ROWS = 30
_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
# Only units go: "Areal (brutto)" and "Areal (netto)" are two columns, "Areal (m²)" and "Areal" are one.
_UNIT = (
    r"(?:[kmc]?m[²³23]?|kvm|ha|[kmg]wh|gj|kr\.?|dkk|t\.?\s?kr\.?|1\.?000\s?kr\.?|%|pct\.?|stk\.?|min\.?|minutter|timer|"
    r"t|h|år|mdr\.?|måneder|liter|l|ton|°c|kwh/m[²2])"
)
_BRACKETED = re.compile(rf"[(\[]\s*{_UNIT}\s*[)\]]")
_AFTER_COMMA = re.compile(rf",\s*{_UNIT}\s*$")
_BLANKS = re.compile(r"[.\s]+")


def fold_heading(heading: str) -> str:
    """One spelling of a heading: lower case, ASCII letters for Danish ones, no unit, dots and blanks as one blank."""
    # A name typed on one system may hold its ring above the a as a letter of its own.
    text = unicodedata.normalize("NFC", heading.replace("\ufeff", "")).casefold().strip()
    text = _AFTER_COMMA.sub("", _BRACKETED.sub(" ", text))
    return _BLANKS.sub(" ", text).strip().translate(_LETTERS)


def find_heading(rows: Iterable[Sequence[str]], known: Collection[str]) -> int | None:
    """Position of the heading among the first rows: the first of those with the most known headings; None: no row has.

    Below the first row one known word is no heading.

    Args:
        rows: cells of each row as text.
        known: folded headings.
    """
    best, most = None, 0
    for position, row in enumerate(rows):
        if position >= SEARCHED_ROWS:
            break
        count = len({fold_heading(cell) for cell in row} & set(known))
        if count > most and (count > 1 or position == 0 or len(known) == 1):
            best, most = position, count
    return best
