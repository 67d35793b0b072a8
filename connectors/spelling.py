"""Spellings of Danish field names: raw columns hold the official name in lower case with ASCII letters."""

from __future__ import annotations

LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa"})


def to_ascii(name: str) -> str:
    """The GraphQL spelling of a register's field: `byg026Opførelsesår` to `byg026Opfoerelsesaar`."""
    return name.translate(LETTERS)


def both_spellings(names: str) -> dict[str, str]:
    """Columns of a register's entity from its official names: each is known with Danish and with ASCII letters.

    The official name comes first. Readers of extracts have met names in lower and in upper case too.
    """
    columns: dict[str, str] = {}
    for name in names.split():
        for spelling in (name, to_ascii(name)):
            for known in (spelling, spelling.lower(), spelling.upper()):
                columns[known] = to_ascii(name).lower()
    return columns


def official_names(columns: dict[str, str]) -> dict[str, str]:
    """The official name of each raw column of `both_spellings`."""
    official: dict[str, str] = {}
    for name, column in columns.items():
        official.setdefault(column, name)
    return official
