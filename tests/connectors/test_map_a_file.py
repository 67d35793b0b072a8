"""The page docs/how-to/map-a-file.md, done from nothing."""

from __future__ import annotations

import re
from pathlib import Path

from connectors.configuration import FileStream
from connectors.pull import pull
from tests.connectors.drops import select
from tests.connectors.workbook import book
from warehouse.settings import Settings, get_settings

PAGE = (Path(__file__).parents[2] / "docs/how-to/map-a-file.md").read_text(encoding="utf-8")


def test_the_page_maps_its_workbook(clean_warehouse: Settings, config_folder: Path) -> None:
    columns, sources, *_ = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    folder = config_folder / "municipalities" / "0999"
    folder.mkdir()
    (folder / "rooms.columns.yml").write_text(columns, encoding="utf-8")
    (folder / "sources.yml").write_text(sources, encoding="utf-8")
    cells = [line.split("|")[2:-1] for line in PAGE.splitlines() if re.match(r"\| \d \|", line)]
    rows = [[cell.strip().strip("*") for cell in line] for line in cells]
    rows[3][0] = 1234
    book(folder / "drop", "rum_2026.xlsx", {"Rum": rows}, merged=["A4:A6"])

    (result,) = pull("fm_files", "0999", get_settings())

    assert result.outcome == "landed", result.reason
    query = "select property_no, building_no, room_no, area, cleaning_code from raw_fm_files.rooms order by row_no"
    assert select(clean_warehouse, query) == [
        ("001234", "001", "A1", "52,5", "512"), ("001234", "001", "A2", None, "512"),
        ("001234", "001", "A3", "1.020", "311"),
    ]  # fmt: skip
    (warnings,) = select(clean_warehouse, "select warnings from ops.deliveries")[0]
    assert [warning.partition(": ")[2] for warning in warnings] == [
        "row 7, at the end, has no key: left out as a total"
    ]


def test_the_page_names_every_key_of_a_profile() -> None:
    named = set(re.findall(r"`(\w+)`", " ".join(re.findall(r"(?m)^\| (`.*?) \|", PAGE))))
    assert FileStream.model_fields.keys() - named <= {"trailing_minus", "municipality_in_file"}
