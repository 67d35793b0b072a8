"""Delimited files as people and spreadsheets leave them, and columns that come and go."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connectors.errors import ConfigError
from connectors.pull import PullResult, pull
from tests.connectors.drops import configure, drop, select
from warehouse.settings import Settings, get_settings

ROOMS = {
    "files": "rum_*.csv",
    "columns": {"Bygning": "building_no", "Rumnr.": "room_no", "Etage": "floor", "Areal": "area", "Navn": "name"},
}
PROPERTIES = {
    "files": "ejd_*.csv",
    "columns": {"Kommunenr": "municipality_no", "Ejendomsnr.": "property_no", "BFE-nr.": "bfe_no", "Anvendelse": "use",
                "Ejerforhold": "tenure"},
}  # fmt: skip


@pytest.fixture
def folder(clean_warehouse: Settings, config_folder: Path) -> Path:
    return declare(config_folder)


def declare(config: Path, code: str = "0992", stream: str = "rooms", base: dict[str, Any] = ROOMS, **more: Any) -> Path:
    streams = {stream: {**base, **more}}
    return configure(config, code, fm_files={"folder": "drop", "streams": streams}) / "drop"


def one(code: str = "0992") -> PullResult:
    (result,) = pull("fm_files", code, get_settings())
    return result


def rooms(settings: Settings, columns: str = "building_no, room_no, area") -> list[tuple[Any, ...]]:
    current = "where delivery_id in (select delivery_id from ops.current_deliveries)"
    return select(settings, f"select {columns} from raw_fm_files.rooms {current} order by row_no")


def warnings(settings: Settings) -> str:
    return str(
        select(settings, "select string_agg(warnings::text, ' ') from ops.deliveries where state = 'landed'")[0][0]
    )


def test_headings_are_matched_whatever_their_case_danish_letters_and_units(
    clean_warehouse: Settings, folder: Path
) -> None:
    drop(folder, "rum_1.csv", "BYGNING ;rumnr;Areal (m²)\n1;A1;12,5\n")
    assert one().outcome == "landed"
    assert rooms(clean_warehouse) == [("1", "A1", "12,5")]


def test_an_added_column_is_a_warning_and_reaches_neither_rows_nor_kept_bytes(
    clean_warehouse: Settings, folder: Path
) -> None:
    drop(folder, "rum_1.csv", "Bygning;Rumnr.;Areal;Bruger\n1;A1;12;Xenia Privatperson\n")
    assert one().outcome == "landed"
    assert "not known and left out: 'Bruger'" in warnings(clean_warehouse)
    kept = [path for path in (clean_warehouse.home / "deliveries").rglob("*") if path.is_file()]
    assert kept
    assert not any(b"Privatperson" in path.read_bytes() for path in kept)


def test_an_added_column_of_a_stream_without_persons_reaches_no_kept_bytes_either(
    clean_warehouse: Settings, config_folder: Path
) -> None:
    folder = declare(config_folder, stream="properties", base=PROPERTIES)
    drop(folder, "ejd_1.csv", "Ejendomsnr.;Anvendelse;Ejerforhold;Kontakt\nP1;Skole;Ejet;Xenia Privatperson\n")
    assert one().outcome == "landed"
    kept = [path for path in (clean_warehouse.home / "deliveries").rglob("*") if path.is_file()]
    assert not any(b"Privatperson" in path.read_bytes() for path in kept)


def test_an_added_column_rejects_the_file_where_the_profile_says_so(config_folder: Path, folder: Path) -> None:
    declare(config_folder, unknown="reject")
    drop(folder, "rum_1.csv", "Bygning;Rumnr.;Areal;Bruger\n1;A1;12;x\n")
    assert one().error_class == "UnknownColumnError"


@pytest.mark.parametrize("name", ["Rum nummer", "Rumnumer", "Rumnr-kode"])
def test_a_renamed_required_column_rejects_the_file_with_the_nearest_heading(folder: Path, name: str) -> None:
    drop(folder, "rum_1.csv", f"Bygning;{name};Areal;Bem\n1;A1;12;\n")
    result = one()
    assert result.error_class == "MissingColumnError"
    assert f"the heading lacks 'Rumnr.'; the nearest in the file is '{name}'" in str(result.reason)


def test_a_missing_required_column_rejects_the_file(folder: Path) -> None:
    drop(folder, "rum_1.csv", "Bygning;Areal\n1;12\n")
    assert one().error_class == "MissingColumnError"


def test_a_file_without_a_heading_is_rejected_without_a_word_of_its_rows(folder: Path) -> None:
    drop(folder, "rum_1.csv", "1;A1;12;Xenia Privatperson\n1;A2;13;Yrsa Privatperson\n")
    result = one()
    assert result.error_class == "MissingColumnError"
    assert "Privatperson" not in str(result.reason)


def test_two_headings_that_fold_to_one_reject_the_file(folder: Path) -> None:
    drop(folder, "rum_1.csv", "Bygning;Rumnr.;Areal;AREAL (m2)\n1;A1;12;13\n")
    assert one().error_class == "DuplicateHeadingError"


def test_of_two_headings_for_one_column_the_first_declared_fills_it(
    clean_warehouse: Settings, config_folder: Path, folder: Path
) -> None:
    columns = {"Nettoareal": "area", "Bruttoareal": "area", "Bygning": "building_no", "Rumnr.": "room_no"}
    declare(config_folder, columns=columns)
    drop(folder, "rum_1.csv", "Bruttoareal;Nettoareal;Bygning;Rumnr.\n15;12;1;A1\n")
    assert one().outcome == "landed"
    assert rooms(clean_warehouse) == [("1", "A1", "12")]
    assert "left out beside another: 'Bruttoareal'" in warnings(clean_warehouse)
    drop(folder, "rum_2.csv", "Bruttoareal;Bygning;Rumnr.\n15;1;A1\n", age=1)
    assert "landed" in [result.outcome for result in pull("fm_files", "0992", get_settings())]
    assert rooms(clean_warehouse) == [("1", "A1", "15")]


def test_title_rows_above_the_heading_of_a_csv_are_passed_over(clean_warehouse: Settings, folder: Path) -> None:
    drop(folder, "rum_1.csv", "Rumliste\nUdskrevet 5. januar\n\nBygning;Rumnr.;Areal\n1;A1;12\n")
    assert one().outcome == "landed"
    assert rooms(clean_warehouse) == [("1", "A1", "12")]


def test_a_total_row_of_a_csv_is_left_out_where_declared(
    clean_warehouse: Settings, config_folder: Path, folder: Path
) -> None:
    declare(config_folder, total_rows="drop")
    drop(folder, "rum_1.csv", "Bygning;Rumnr.;Areal\n1;A1;12\n1;A2;13\nI alt:;;4321\n")
    assert one().row_count == 2
    assert "row 3, at the end" in warnings(clean_warehouse)
    assert "4321" not in warnings(clean_warehouse)


def test_values_are_filled_down_and_null_markers_are_no_values(
    clean_warehouse: Settings, config_folder: Path, folder: Path
) -> None:
    declare(config_folder, fill_down=["building_no"], nulls=["n/a", "-"])
    drop(folder, "rum_1.csv", "Bygning;Rumnr.;Areal;Navn\n7;A1;12;N/A\n;A2;-;Sal\n8;B1;5;\n")
    assert one().outcome == "landed"
    assert rooms(clean_warehouse, "building_no, room_no, area, name") == [
        ("7", "A1", "12", None), ("7", "A2", None, "Sal"), ("8", "B1", "5", None),
    ]  # fmt: skip


def test_several_values_in_one_cell_become_a_row_each(clean_warehouse: Settings, config_folder: Path) -> None:
    folder = declare(config_folder, stream="properties", base=PROPERTIES, split={"bfe_no": ",;"})
    drop(
        folder, "ejd_1.csv", 'Ejendomsnr.;BFE-nr.;Anvendelse;Ejerforhold\nP1;"100; 200,300";Skole;Ejet\nP2;;Bad;Ejet\n'
    )
    assert one().row_count == 4
    assert select(clean_warehouse, "select property_no, bfe_no from raw_fm_files.properties order by row_no") == [
        ("P1", "100"), ("P1", "200"), ("P1", "300"), ("P2", None),
    ]  # fmt: skip


def test_several_numbers_in_one_cell_cannot_be_declared(config_folder: Path, folder: Path) -> None:
    declare(config_folder, split={"area": ";"})
    with pytest.raises(ConfigError, match="split names area, which is a number or a date"):
        one()


def test_lost_leading_zeros_are_given_back(clean_warehouse: Settings, config_folder: Path) -> None:
    folder = declare(config_folder, "0101", "properties", PROPERTIES, pad={"municipality_no": 4, "property_no": 6})
    drop(folder, "ejd_1.csv", "Kommunenr;Ejendomsnr.;Anvendelse;Ejerforhold\n101;1234;Skole;Ejet\n0101;A-1;Bad;Ejet\n")
    assert one("0101").row_count == 2
    query = "select municipality_no, property_no from raw_fm_files.properties order by row_no"
    assert select(clean_warehouse, query) == [
        ("0101", "001234"), ("0101", "A-1"),
    ]  # fmt: skip


def test_a_value_that_holds_of_the_whole_file_can_be_given(clean_warehouse: Settings, config_folder: Path) -> None:
    folder = declare(config_folder, stream="properties", base=PROPERTIES, constants={"tenure": "Lejet"})
    drop(folder, "ejd_1.csv", "Ejendomsnr.;Anvendelse\nP1;Skole\n")
    assert one().outcome == "landed"
    assert select(clean_warehouse, "select property_no, tenure from raw_fm_files.properties") == [("P1", "Lejet")]


def test_excel_serial_dates_in_a_csv_are_read_where_declared(clean_warehouse: Settings, config_folder: Path) -> None:
    base = {
        "files": "*.csv",
        "columns": {"Nr": "lease_no", "Leje": "annual_rent", "Rolle": "role", "Fra": "valid_from"},
    }
    folder = declare(config_folder, stream="leases", base=base, date_formats=["%d-%m-%Y", "excel"])
    drop(folder, "a.csv", "Nr;Leje;Rolle;Fra\n1;45352;Lejet;45352\n2;1;Lejet;01-03-2024\n")
    assert one().outcome == "landed"
    assert select(clean_warehouse, "select annual_rent, valid_from from raw_fm_files.leases order by row_no") == [
        ("45352", "2024-03-01"), ("1", "01-03-2024"),
    ]  # fmt: skip


def test_a_row_of_another_width_is_counted_although_rows_are_reshaped(
    clean_warehouse: Settings, config_folder: Path, folder: Path
) -> None:
    declare(config_folder, nulls=["-"], max_rejected_share=0.5)
    drop(folder, "rum_1.csv", "Bygning;Rumnr.;Areal\n1;A1;12\n1;A2;13;Xenia Privatperson\n1;A3;14\n")
    assert (one().row_count, one().outcome) == (2, "unchanged")
    assert select(clean_warehouse, "select row_no from raw_fm_files.rejected_rows") == [(2,)]
    assert "row 2: 4 fields where the heading has 3" in warnings(clean_warehouse)


@pytest.mark.parametrize(
    ("text", "encoding", "more"),
    [
        ("Bygning;Rumnr.;Areal;Navn\n1;A1;1.234,5;Sløjd\n", "cp1252", {"encoding": "cp1252"}),
        ("Bygning;Rumnr.;Areal;Navn\n1;A1;1.234,5;Sløjd\n", "utf-8-sig", {}),
        ("Bygning,Rumnr.,Areal,Navn\n1,A1,1234.5,Sløjd\n", "utf-8", {"delimiter": ",", "decimal": "."}),
    ],
    ids=["cp1252", "utf-8 with BOM", "comma and point"],
)
@pytest.mark.parametrize("nulls", [[], ["-"]], ids=["as it lies there", "reshaped"])
def test_encodings_and_number_marks_are_read_as_declared(
    clean_warehouse: Settings, config_folder: Path, text: str, encoding: str, more: dict[str, Any], nulls: list[str]
) -> None:
    folder = declare(config_folder, nulls=nulls, **more)
    drop(folder, "rum_1.csv", text, encoding=encoding)
    assert one().outcome == "landed"
    assert rooms(clean_warehouse, "replace(replace(area, '.', ''), ',', ''), name") == [("12345", "Sløjd")]
    assert select(clean_warehouse, "select decimal_mark from ops.deliveries") == [(more.get("decimal", ","),)]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"fill_down": ["etage"]}, "fill_down leads to etage"),
        ({"pad": {"nummer": 4}}, "pad leads to nummer"),
        ({"constants": {"scale": "TG"}}, "constants leads to scale"),
        ({"preset": "ifc"}, "the stream has no preset ifc; it has cobie"),
        ({"header_row": 0}, "header_row"),
        ({"unknown": "ignore"}, "unknown"),
        ({"columns": {"Areal": "area", "AREAL (m2)": "gross_area"}}, "twice, written otherwise"),
    ],
)
def test_a_wrong_way_of_tidying_is_a_configuration_error(
    config_folder: Path, folder: Path, more: dict[str, Any], words: str
) -> None:
    declare(config_folder, **more)
    with pytest.raises(ConfigError, match=words.replace("(", r"\(")):
        one()
