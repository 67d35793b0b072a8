"""What of the models a build makes again: what changed streams reach, or everything."""

from __future__ import annotations

import pytest

from warehouse import candidate_inputs
from warehouse.changes import changed_streams, note_declared, years_of_whole
from warehouse.database import connect
from warehouse.settings import Settings

DELIVER = """
insert into ops.deliveries (source, stream, municipality_code, load_kind, state, file_name, content_sha256,
    profile_sha256, byte_size, stored_path)
values ('energy', %s, '0992', 'delta', 'landed', 'a', 'a', 'a', 0, 'a') returning delivery_id
"""


def deliver(stream: str) -> int:
    with connect("owner") as connection:
        row = connection.execute(DELIVER, [stream]).fetchone()
    assert row is not None
    return int(row[0])


def supersede(delivery_id: int) -> None:
    with connect("owner") as connection:
        connection.execute("update ops.deliveries set state = 'superseded' where delivery_id = %s", [delivery_id])


def start(register: str = "r", project: str = "p") -> int:
    """A candidate of what is current."""
    with connect("ejd_transformer") as connection:
        row = connection.execute(
            "insert into ops.candidates (fingerprint, state) values ('f', 'building') returning candidate_id"
        ).fetchone()
        assert row is not None
        note_declared(connection, row[0], register, project)
        connection.execute(candidate_inputs.RECORD.encode(), [row[0]])
    return int(row[0])


def finish(candidate_id: int) -> None:
    with connect("ejd_transformer") as connection:
        connection.execute("update ops.candidates set built_at = now() where candidate_id = %s", [candidate_id])


def changed() -> list[str] | None:
    with connect("ejd_transformer") as connection:
        return changed_streams(connection)


@pytest.fixture
def built(clean_warehouse: Settings) -> Settings:
    """Meters and readings have been delivered, and everything was built of them."""
    deliver("meters")
    deliver("readings")
    finish(start())
    return clean_warehouse


def test_the_first_build_makes_everything(clean_warehouse: Settings) -> None:
    assert changed() is None
    deliver("meters")
    start()
    assert changed() is None


def test_a_build_makes_what_new_and_superseded_deliveries_reach(built: Settings) -> None:
    start()
    assert changed() == []
    supersede(deliver("prices"))
    deliver("readings")
    start()
    assert changed() == ["energy.readings"]


def test_a_stream_without_a_current_delivery_any_more_has_changed(built: Settings) -> None:
    gone = deliver("prices")
    finish(start())
    supersede(gone)
    start()
    assert changed() == ["energy.prices"]


@pytest.mark.parametrize("other", [{"register": "other"}, {"project": "other"}])
def test_another_register_or_project_makes_everything(built: Settings, other: dict[str, str]) -> None:
    start(**other)
    assert changed() is None


def test_what_an_unfinished_build_may_have_made_is_made_again(built: Settings) -> None:
    gone = deliver("prices")
    start()  # never finished: some models may hold the prices
    supersede(gone)
    candidate = start()
    assert changed() == ["energy.prices"]
    finish(candidate)
    start()
    assert changed() == []


def test_a_register_that_was_taken_back_makes_everything_again(built: Settings) -> None:
    start(register="other")
    candidate = start()
    assert changed() is None
    finish(candidate)
    start()
    assert changed() == []


def test_everything_is_made_after_a_crash_of_the_server(built: Settings) -> None:
    with connect("owner") as connection:
        row = connection.execute(
            "select relpersistence from pg_class where oid = 'ops.build_marks'::regclass"
        ).fetchone()
        assert row == ("u",)
        connection.execute("truncate ops.build_marks")  # as a crash does with what is unlogged
    start()
    assert changed() is None


def test_the_years_of_the_last_build_are_known_unless_one_was_given_up_since(built: Settings) -> None:
    def years() -> str | None:
        with connect("ejd_transformer") as connection:
            return years_of_whole(connection)

    first = start()
    assert years() is None  # the one before told none
    with connect("ejd_transformer") as connection:
        connection.execute("update ops.candidates set observed_years = 'y' where candidate_id = %s", [first])
    finish(first)
    start()
    assert years() == "y"
    start()
    assert years() is None
