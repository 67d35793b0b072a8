"""No log of the server holds a row's content, whatever goes wrong."""

from __future__ import annotations

import psycopg
import pytest

from warehouse.database import connect
from warehouse.settings import Settings

CANARY = "0101701234"  # the form of a person number


@pytest.mark.parametrize(
    "statement",
    [
        f"select cast('{CANARY}x' as integer)",
        f"insert into published.editions (edition_id, kind) values (default, '{CANARY}')",
        f"do $$ begin raise warning '{CANARY}'; end $$",
    ],
)
def test_a_failing_statement_leaves_nothing_of_the_row_in_the_servers_log(warehouse: Settings, statement: str) -> None:
    with connect("owner") as connection, connection.cursor() as cursor:
        try:
            cursor.execute(statement.encode())
        except psycopg.Error:
            connection.rollback()
    assert CANARY not in (warehouse.logs / "postgres.log").read_text()


def test_a_failing_copy_leaves_nothing_of_the_row_in_the_servers_log(warehouse: Settings) -> None:
    with connect("owner") as connection, connection.cursor() as cursor:
        cursor.execute("create temporary table two (one integer, two integer)")
        with pytest.raises(psycopg.Error), cursor.copy("copy two from stdin (format csv)") as copy:
            copy.write(f"1,{CANARY}y\n")
    assert CANARY not in (warehouse.logs / "postgres.log").read_text()
