"""Every view that a reader may query says what it holds, column by column, where a BI tool looks."""

from __future__ import annotations

import pytest

from warehouse.database import connect, prepare
from warehouse.dictionary import read_dictionary
from warehouse.settings import Settings

COMMENTS = """
select c.relname, a.attname, obj_description(c.oid, 'pg_class'), col_description(c.oid, a.attnum)
from pg_class c
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relnamespace = 'marts'::regnamespace and c.relkind = 'v'
"""


def test_every_view_and_column_has_its_description_as_a_comment(warehouse: Settings) -> None:
    with connect("ejd_analyst", settings=warehouse) as connection:
        rows = connection.execute(COMMENTS).fetchall()
    described = {(relation.name, column): (relation.description, text) for relation in read_dictionary()
                 for column, text in relation.columns.items()}  # fmt: skip
    found = {(view, column): (view_comment, text) for view, column, view_comment, text in rows}
    undescribed = [f"{view}.{column}" for (view, column), texts in found.items() if None in texts]
    assert undescribed == []
    assert found == {place: described[place] for place in found}


def test_a_view_is_described_by_its_grain_first() -> None:
    assert [one.name for one in read_dictionary() if not one.description.startswith("One row per ")] == []


def test_the_dictionary_describes_no_view_or_column_that_is_not_there(warehouse: Settings) -> None:
    with connect("ejd_analyst", settings=warehouse) as connection:
        there = {(row[0], row[1]) for row in connection.execute(COMMENTS)}
    shown = {view for view, _ in there}
    assert {relation.name for relation in read_dictionary()} == shown
    # A view may leave out columns of the model it shows, but no column of its own file.
    assert ("key_figures", "edition_id") in there


@pytest.mark.parametrize("text", ["Another text.", None])
def test_a_comment_is_renewed_when_the_dictionary_has_changed(warehouse: Settings, text: str | None) -> None:
    with connect("owner", settings=warehouse, autocommit=True) as connection:
        connection.execute("comment on schema marts is 'an older dictionary'")
        connection.execute(f"comment on view marts.editions is {'null' if text is None else repr(text)}")
    prepare(warehouse)
    with connect("ejd_analyst", settings=warehouse) as connection:
        row = connection.execute("select obj_description('marts.editions'::regclass)").fetchone()
    (editions,) = [one for one in read_dictionary() if one.name == "editions"]
    assert row == (editions.description,)
