"""Every registered source keeps the contract: one suite over all."""

from __future__ import annotations

import importlib
import re
from dataclasses import replace

import pytest

from connectors.base import Source, Stream, registered
from connectors.configuration import FileStream
from warehouse.database import connect
from warehouse.settings import Settings

STREAMS = [(source, stream) for source in registered().values() for stream in source.streams]
EACH_STREAM = pytest.mark.parametrize(("source", "stream"), STREAMS, ids=[f"{s.name}.{t.name}" for s, t in STREAMS])


def test_the_sources_of_the_chain_are_registered() -> None:
    assert set(registered()) == {
        "bbr", "energy", "enrolment", "fm_dalux", "fm_files", "fm_openmaint", "ledger_opus",
        "ledger_prisme", "statbank",
    }  # fmt: skip


@EACH_STREAM
def test_a_stream_declares_the_columns_of_its_raw_table_and_no_others(
    warehouse: Settings, source: Source, stream: Stream
) -> None:
    with connect("owner", settings=warehouse) as connection:
        rows = connection.execute(
            "select column_name from information_schema.columns where table_schema = %s and table_name = %s",
            [f"raw_{source.name}", stream.name],
        ).fetchall()
    lineage = {"municipality_code", "delivery_id", "row_no"}
    assert {name for (name,) in rows} - lineage == set(stream.raw_columns)


@EACH_STREAM
def test_a_stream_has_a_key_a_load_kind_and_a_profile_that_is_valid(source: Source, stream: Stream) -> None:
    assert stream.key
    assert stream.load_kind in ("snapshot", "window", "delta")
    FileStream.model_validate({**stream.profile, "files": "*"})


@EACH_STREAM
def test_a_stream_whose_rows_add_up_says_which_period_a_file_covers(source: Source, stream: Stream) -> None:
    if stream.load_kind != "snapshot":
        assert "window" in stream.profile


@pytest.mark.parametrize("source", registered().values(), ids=registered().keys())
def test_a_source_names_its_owner_its_documentation_and_its_licence(source: Source) -> None:
    text = importlib.import_module(f"connectors.{source.name}.source").__doc__ or ""
    for word in ("Owner:", "Documentation:", "Licence:"):
        assert re.search(rf"^{word} \S", text, re.MULTILINE), word


@pytest.mark.parametrize("name", ["ITEM_TEXT", "SERV_REC_NO", "Tekst", "responsibleUserEmail", "byg500Notatlinjer"])
def test_fields_that_can_hold_persons_are_on_no_allow_list(name: str) -> None:
    assert all(name not in stream.columns for _, stream in STREAMS)


def test_a_stream_that_names_a_column_it_does_not_have_cannot_be_declared() -> None:
    with pytest.raises(ValueError, match="columns that it does not have"):
        Stream(name="things", key=("thing_no",), columns={"Name": "name"})


def test_a_source_cannot_have_two_streams_of_one_name() -> None:
    stream = Stream(name="things", key=("name",), columns={"Name": "name"})
    with pytest.raises(ValueError, match="two of one name"):
        Source(name="things", streams=(stream, replace(stream, path="other")))
