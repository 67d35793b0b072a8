"""Headings: one spelling for many, and where they stand in an untidy table."""

from __future__ import annotations

import pytest

from connectors.headings import find_heading, fold_heading

SAME = [
    ("Ejendomsnr.", "EJENDOMSNR"),
    ("  Areal (m²) ", "areal"),
    ("Areal [m2]", "Areal"),
    ("Areal, m²", "Areal"),
    ("Areal\n(m2)", "areal"),
    ("Årlig  leje", "Aarlig leje"),
    ("Målernr.", "maalernr"),
    ("Rengøringsareal", "RENGOERINGSAREAL"),
    ("Ændret", "Aendret"),
    ("Postnr.\u00a0by", "postnr by"),
    ("Ma\u030aler", "Måler"),
    ("\ufeffNavn", "navn"),
    ("Forbrug (kWh)", "forbrug"),
    ("Beløb (1.000 kr.)", "beløb"),
]
DIFFERENT = [
    ("Areal (brutto)", "Areal (netto)"),
    ("Areal, brutto", "Areal, netto"),
    ("Opvarmet areal", "Areal"),
    ("Navn 1", "Navn 2"),
]
TABLE = [
    ["Lejemål 2026"],
    [],
    ["Areal"],
    ["Navn", "Areal (m²)", "Nr."],
    ["Skolen", "12", "1"],
]  # fmt: skip
KNOWN = {"navn", "areal", "nr"}


@pytest.mark.parametrize(("one", "other"), SAME)
def test_headings_are_the_same_whatever_their_case_danish_letters_units_dots_and_blanks(one: str, other: str) -> None:
    assert fold_heading(one) == fold_heading(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_headings_that_mean_two_things_stay_two(one: str, other: str) -> None:
    assert fold_heading(one) != fold_heading(other)


def test_the_heading_is_the_row_with_the_most_known_names() -> None:
    assert find_heading(TABLE, KNOWN) == 3


def test_one_known_word_in_a_row_further_down_is_no_heading() -> None:
    assert find_heading([["Titel"], ["Navn", "Xenia"]], KNOWN) is None


def test_a_heading_below_thirty_rows_is_not_searched_for() -> None:
    assert find_heading([*([["x"]] * 30), ["Navn", "Areal"]], KNOWN) is None
