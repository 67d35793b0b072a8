"""Cost categories: one entry per cost measure, strict, loaded, and shown to an analyst."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from register.load import load
from register.read import read_register
from register.schema import RegisterError
from warehouse.database import connect
from warehouse.settings import Settings

FILE = "cost_categories.yml"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("- cost_category: C_EL\n", "- cost_category: C_DRIFT\n",
         r"cost_categories.yml, row 1, field cost_category: is no base cost measure of measures.yml; remove the entry"),
        ("- cost_category: C_EL\n", "- cost_category: C_UMAPPED\n", "row 1, field cost_category: is no base cost"),
        ("- cost_category: C_EL\n", "- cost_category: C_VARME\n", "C_VARME is there twice; remove one"),
        ('ns3454: ["22"]', 'ns3454: ["24"]', "row 12, field ns3454: is no item of ns3454_items"),
        ("words: [fjernkoel*", "words: [Fjernkøl*", "row 3, field words: Fjernkøl. cannot be compared"),
        ("words: [fjernkoel*", "words: ['*'", "row 3, field words: . cannot be compared"),
        ("words: [fjernkoel*", "word: [x]\n    words: [fjernkoel*", "word: is not a known key; did you mean words?"),
    ],
)  # fmt: skip
def test_a_fault_is_one_sentence(own_register: Path, change: Callable, old: str, new: str, message: str) -> None:
    change(own_register / FILE, old, new)
    with pytest.raises(RegisterError, match=message):
        read_register(own_register)


def test_a_cost_measure_without_an_entry_is_named(own_register: Path) -> None:
    text = (own_register / FILE).read_text(encoding="utf-8")
    (own_register / FILE).write_text(text[: text.index("  - cost_category: C_ANLAEG")], encoding="utf-8")
    with pytest.raises(RegisterError, match="has no entry for C_IKKE, C_ANLAEG; write one"):
        read_register(own_register)


def test_an_analyst_reads_what_each_category_is_called_elsewhere(
    clean_warehouse: Settings, config_folder: Path
) -> None:
    load(clean_warehouse.model_copy(update={"config": config_folder}))
    with connect("ejd_analyst") as connection:
        rows = connection.execute(
            "select cost_category, name_da, ns3454_items, ns3454_text, en15221_text from marts.dim_cost_categories "
            "where cost_category in ('C_SKAT', 'C_RENG', 'C_LEJE') order by 1 desc"
        ).fetchall()
        count = connection.execute("select count(*) from marts.dim_cost_categories").fetchone()
    assert rows == [
        ("C_SKAT", "Skatter og afgifter", "21", "21 Skatter og afgifter", None),
        ("C_RENG", "Udgift til rengøring", "3", "3 Drift (ikke læst i standarden)",
         "Cleaning (ikke læst i standarden)"),
        ("C_LEJE", "Lejeudgift", "", None,
         "Space (accommodation): renting of space; rent itself is no product of the standard"),
    ]  # fmt: skip
    assert count == (17,)  # 18 base cost measures without C_UMAPPED


def test_every_column_of_the_view_is_described(warehouse: Settings) -> None:
    with connect("owner") as connection:
        bare = connection.execute(
            "select a.attname from pg_attribute a where a.attrelid = 'marts.dim_cost_categories'::regclass "
            "and a.attnum > 0 and col_description(a.attrelid, a.attnum) is null"
        ).fetchall()
    assert bare == []
