"""Real answers of StatBank, where the folder with them is at hand: EJENDOMSTAL_SAMPLE_DATA names it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from connectors.columns import match_columns
from connectors.declarations import Delivery, Dialect
from connectors.delimited import open_table
from connectors.errors import Place, UnexpectedContentError
from connectors.pull import pull
from connectors.statbank.description import choose, read_description
from connectors.statbank.tables import EVERY, Table
from tests.connectors.drops import configure, select
from warehouse.settings import Settings, get_settings

pytestmark = pytest.mark.skipif(
    "EJENDOMSTAL_SAMPLE_DATA" not in os.environ, reason="EJENDOMSTAL_SAMPLE_DATA does not name the sample files"
)
PLACE = Place("statbank", "metrox1")
METRO = Table("METROX1", {"SÆSON": ("10",)}, has_areas=False)


def sample(name: str) -> Path:
    return Path(os.environ["EJENDOMSTAL_SAMPLE_DATA"]) / "statbank" / name


def answers(name: str) -> Any:
    return json.loads(sample(name).read_text(encoding="utf-8"))


def test_a_real_description_is_read_and_chosen_from() -> None:
    about = read_description(answers("statbank_tableinfo_METROX1_en.json"), PLACE)
    assert (about.table_id, about.updated, about.is_active, about.geography) == (
        "METROX1", "2021-12-23T08:00:00", True, None,
    )  # fmt: skip
    assert [*about.time.values][:3] == ["2020U01", "2020U08", "2020U09"]
    assert choose(METRO, about, (), PLACE) == {"SÆSON": ["10"]}
    with pytest.raises(UnexpectedContentError, match=r"no value 12 of variable SÆSON; nearest are: 1\d"):
        choose(Table("METROX1", {"SÆSON": ("12",)}, has_areas=False), about, (), PLACE)
    with pytest.raises(UnexpectedContentError, match="table METROX1 has no geography variable"):
        choose(Table("METROX1", {"SÆSON": EVERY}), about, ("992",), PLACE)


def test_a_real_description_without_periods_is_refused() -> None:
    with pytest.raises(UnexpectedContentError, match="names no periods"):
        read_description(answers("statbank_api_responses_2020.json")["mock_tableinfo_resp"], PLACE)


def test_the_heading_of_a_real_bulk_answer_is_that_of_the_declared_table() -> None:
    stream, path = METRO.as_stream(), sample("statbank_bulk_METROX1_first_rows.csv")
    delivery = Delivery(
        "statbank", stream.name, "0000", stream.load_kind, path, path.name, stream.columns, stream.required_columns, "",
        dialect=Dialect(delimiter=";"), extra_columns="ignore",
    )  # fmt: skip
    with path.open("rb") as reader:
        table = open_table(reader, delivery.dialect, PLACE)
        assert match_columns(table.headings, delivery, PLACE).columns == ("saeson", "tid", "indhold")
        assert b"".join(table.chunks).decode().splitlines()[0] == "Sæsonkorrigeret;2020U01;37,7"


def test_the_five_real_groups_land_with_every_municipality(clean_warehouse: Settings, config_folder: Path) -> None:
    section = {
        "folder": "${EJENDOMSTAL_SAMPLE_DATA}/statbank", "files": {"municipality_groups": "dst_kommunegrupper.csv"},
    }  # fmt: skip
    configure(config_folder, "0000", statbank=section)
    (result,) = pull("statbank", "0000", get_settings())
    assert (result.outcome, result.row_count) == ("landed", 103)
    query = "select niveau, count(*) from raw_statbank.municipality_groups group by niveau order by niveau"
    assert select(clean_warehouse, query) == [("1", 5), ("2", 98)]
