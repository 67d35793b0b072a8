"""`columns: rooms.columns.yml`: a mapping in a file of its own, strictly read."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.errors import ConfigError
from connectors.pull import pull
from tests.connectors.drops import configure, drop, select
from warehouse.settings import Settings, get_settings

MAPPING = """\
# the list of rooms, as CleanPlan writes it
Bygning: building_no
Rum nr.: room_no
Rumnummer: room_no   # its name until 2024
Nettoareal: area
"""


def write(config: Path, text: str | None, name: str = "rooms.columns.yml") -> Path:
    streams = {"rooms": {"files": "*.csv", "columns": name}}
    folder = configure(config, fm_files={"folder": "drop", "streams": streams})
    if text is not None:
        (folder / "rooms.columns.yml").write_text(text, encoding="utf-8")
    return folder / "drop"


def test_a_mapping_in_a_file_outlives_a_renamed_export(clean_warehouse: Settings, config_folder: Path) -> None:
    folder = write(config_folder, MAPPING)
    for year, heading in ((2024, "Rumnummer"), (2025, "Rum nr.")):
        drop(folder, f"rum_{year}.csv", f"Bygning;{heading};Nettoareal (m²)\n1;R{year};12\n", age=year)
    assert [result.outcome for result in pull("fm_files", "0992", get_settings())] == ["landed", "landed"]
    assert select(clean_warehouse, "select room_no from raw_fm_files.rooms order by delivery_id") == [
        ("R2024",), ("R2025",),
    ]  # fmt: skip


def test_a_changed_mapping_reads_the_same_file_anew(clean_warehouse: Settings, config_folder: Path) -> None:
    folder = write(config_folder, MAPPING)
    drop(folder, "rum.csv", "Bygning;Rumnummer;Rum nr.;Nettoareal\n1;old;new;12\n")
    pull("fm_files", "0992", get_settings())
    write(config_folder, MAPPING.replace("Rum nr.: room_no\n", "") + "Rum nr.: room_no\n")
    assert pull("fm_files", "0992", get_settings())[0].outcome == "landed"
    current = "where delivery_id in (select delivery_id from ops.current_deliveries)"
    assert select(clean_warehouse, f"select room_no from raw_fm_files.rooms {current}") == [("old",)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "the file of columns is missing"),
        ("", "not a list of headings and columns"),
        ("- Bygning\n", "not a list of headings and columns"),
        ("Bygning: [\n", "not readable as YAML in UTF-8"),
        ("Bygning: building_no\nBygning: room_no\n", "the heading 'Bygning' is there twice"),
        ("Areal: area\nAREAL (m²): gross_area\n", r"the heading 'AREAL \(m²\)' is there twice"),
        ("No: room_no\n", "the heading False is not read as text; put it in quotes"),
        ("2024: area\n", "the heading 2024 is not read as text"),
        ("Bygning:\n", "the heading 'Bygning' leads to no column"),
        ("Bygning: bygning\n", "columns leads to bygning, which the stream does not have"),
    ],
)
def test_a_wrong_file_of_columns_is_a_configuration_error_that_names_it(
    clean_warehouse: Settings, config_folder: Path, text: str | None, words: str
) -> None:
    write(config_folder, text)
    with pytest.raises(ConfigError, match=words) as caught:
        pull("fm_files", "0992", get_settings())
    assert "columns" in str(caught.value)


@pytest.mark.parametrize("name", ["../rooms.columns.yml", "/etc/passwd", "rooms.txt"])
def test_a_file_of_columns_lies_beside_sources_yml(config_folder: Path, name: str) -> None:
    write(config_folder, MAPPING, name)
    with pytest.raises(ConfigError, match=r"no \.yml file beside"):
        pull("fm_files", "0992", get_settings())
