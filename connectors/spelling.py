"""Spellings of Danish field names: raw columns hold the official name in lower case with ASCII letters."""

from __future__ import annotations

LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa"})


def to_ascii(name: str) -> str:
    """The GraphQL spelling of a register's field: `byg026Opførelsesår` to `byg026Opfoerelsesaar`."""
    return name.translate(LETTERS)


def both_spellings(names: str) -> dict[str, str]:
    """Columns of a register's entity from its official names: each is known with Danish and with ASCII letters."""
    return {spelling: to_ascii(name).lower() for name in names.split() for spelling in (name, to_ascii(name))}
