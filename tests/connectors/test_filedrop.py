"""File drops: which files are taken, how they are read, what happens to them the second time."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import ConfigError
from connectors.pull import PullResult, pull
from tests.connectors.drops import configure, drop, select
from warehouse.settings import Settings, get_settings

READINGS = {"files": "forbrug_*.csv", "decimal": ","}
PSP = "PSP-element;Navn;Funktion;Sagsbehandler\nXG-1-1;Skolen;32201;A\n"


@pytest.fixture
def energy(clean_warehouse: Settings, config_folder: Path) -> Path:
    folder = configure(config_folder, energy={"folder": "drop", "streams": {"readings": READINGS}}) / "drop"
    folder.mkdir()
    return folder


def readings(*quantities: str) -> str:
    return "meter_no;period;quantity;unit\n" + "".join(f"M1;2024-01;{quantity};kWh\n" for quantity in quantities)


def run(source: str = "energy") -> list[PullResult]:
    return pull(source, "0992", get_settings())


def outcomes(results: list[PullResult]) -> list[tuple[str, str]]:
    return [(result.file_name, result.outcome) for result in results]


def quantities(settings: Settings) -> list[str]:
    current = "where delivery_id in (select delivery_id from ops.current_deliveries) order by delivery_id, row_no"
    return [quantity for (quantity,) in select(settings, f"select quantity from raw_energy.readings {current}")]


def test_a_file_lands_by_its_mapping_in_its_own_encoding(clean_warehouse: Settings, config_folder: Path) -> None:
    profile = {
        "files": "posteringer_*.csv", "encoding": "cp1252", "date_formats": ["%d-%m-%Y", "%Y%m%d"],
        "columns": {"Bilag": "document_no", "Pos": "line_no", "Konto": "account", "PSP": "psp_element",
                    "D/K": "debit_credit", "Beløb": "amount", "Dato": "posting_date", "År": "fiscal_year"},
        "drop": ["Tekst"], "control": {"file": "{stem}.kontrol.csv", "rows": "Antal", "total": "Sum"},
    }  # fmt: skip
    folder = configure(config_folder, ledger_opus={"folder": "drop", "streams": {"postings": profile}}) / "drop"
    drop(folder, "posteringer_2024-03.csv",
         "Bilag;Pos;Konto;PSP;D/K;Beløb;Dato;År;Tekst\r\n1;1;22000000;XG-1-1;Debet;1.200,50;31-03-2024;2024;Åse\r\n"
         "1;2;90540000;;Kredit;200,50;20240331;2024;\r\n", encoding="cp1252")  # fmt: skip
    drop(folder, "posteringer_2024-03.kontrol.csv", "Antal;Sum\r\n2;1.000,00\r\n", encoding="cp1252")

    results = run("ledger_opus")

    assert outcomes(results) == [("posteringer_2024-03.csv", "landed")]
    rows = select(
        clean_warehouse, "select amount, debit_credit, posting_date from raw_ledger_opus.postings order by row_no"
    )
    assert rows == [("1.200,50", "Debet", "31-03-2024"), ("200,50", "Kredit", "20240331")]
    assert select(clean_warehouse, "select window_from::text, window_to::text from ops.deliveries") == [
        ("2024-03-01", "2024-04-01")
    ]


def test_a_total_that_is_not_the_declared_one_rejects_the_file(clean_warehouse: Settings, energy: Path) -> None:
    control = {"file": "{stem}.sum.csv", "total": "sum", "total_column": "quantity", "tolerance": 0.05}
    configure(energy.parents[2], energy={"folder": "drop", "streams": {"readings": {**READINGS, "control": control}}})
    drop(energy, "forbrug_2024-01.csv", readings("10,0", "20,5"))
    drop(energy, "forbrug_2024-01.sum.csv", "sum\n30,60\n")

    assert run()[0].error_class == "ControlTotalError"
    assert quantities(clean_warehouse) == []

    drop(energy, "forbrug_2024-01.sum.csv", "sum\n30,52\n")  # a corrected control file, within the tolerance
    assert run()[0].outcome == "landed"
    assert "0.02" in select(clean_warehouse, "select warnings::text from ops.deliveries where state = 'landed'")[0][0]


def test_a_file_whose_control_file_is_not_there_lands_with_a_warning(clean_warehouse: Settings, energy: Path) -> None:
    control = {"file": "{stem}.sum.csv", "total": "sum", "total_column": "quantity"}
    configure(energy.parents[2], energy={"folder": "drop", "streams": {"readings": {**READINGS, "control": control}}})
    drop(energy, "forbrug_2024-01.csv", readings("10,0"))
    assert run()[0].outcome == "landed"
    assert "no control file" in select(clean_warehouse, "select warnings::text from ops.deliveries")[0][0]


def test_hidden_and_unfinished_files_are_left_alone(energy: Path) -> None:
    for name in (".forbrug_2024-01.csv", "forbrug_2024-02.csv.part", "forbrug_2024-03.csv.tmp"):
        drop(energy, name, readings("1"))
    configure(energy.parents[2], energy={"folder": "drop", "streams": {"readings": {"files": "*forbrug_*"}}})
    assert run() == []


def test_files_land_in_order_of_window_then_age(energy: Path) -> None:
    drop(energy, "forbrug_2024-02.csv", readings("2"), age=0)
    drop(energy, "forbrug_2024-01_b.csv", readings("1,5"), age=1)
    drop(energy, "forbrug_2024-01_a.csv", readings("1"), age=2)
    assert [name for name, _ in outcomes(run())] == [
        "forbrug_2024-01_b.csv", "forbrug_2024-01_a.csv", "forbrug_2024-02.csv",
    ]  # fmt: skip


def test_a_second_pull_changes_nothing_although_one_file_replaced_another(
    clean_warehouse: Settings, energy: Path
) -> None:
    drop(energy, "forbrug_2024-01.csv", readings("1"), age=0)
    drop(energy, "forbrug_2024-01_rettet.csv", readings("1,5"), age=1)
    run()
    before = select(clean_warehouse, "select * from ops.deliveries order by delivery_id")
    assert {outcome for _, outcome in outcomes(run())} == {"unchanged"}
    assert select(clean_warehouse, "select * from ops.deliveries order by delivery_id") == before
    assert quantities(clean_warehouse) == ["1,5"]


def test_an_older_file_counts_again_when_it_is_delivered_again(clean_warehouse: Settings, energy: Path) -> None:
    drop(energy, "forbrug_2024-01.csv", readings("1"), age=0)
    drop(energy, "forbrug_2024-01_rettet.csv", readings("1,5"), age=1)
    run()
    drop(energy, "forbrug_2024-01_igen.csv", readings("1"), age=2)
    run()
    assert quantities(clean_warehouse) == ["1"]
    assert {outcome for _, outcome in outcomes(run())} == {"unchanged"}


def test_the_same_batch_under_a_new_name_changes_nothing(clean_warehouse: Settings, energy: Path) -> None:
    drop(energy, "forbrug_2024-01.csv", readings("1"), age=0)
    drop(energy, "forbrug_2024-07_gensendt.csv", readings("1"), age=1)
    assert outcomes(run()) == [("forbrug_2024-01.csv", "landed"), ("forbrug_2024-07_gensendt.csv", "unchanged")]
    assert quantities(clean_warehouse) == ["1"]


def test_a_rejected_file_does_not_stop_the_next_and_stays_rejected(clean_warehouse: Settings, energy: Path) -> None:
    strict = {"folder": "drop", "streams": {"readings": {**READINGS, "unknown": "reject"}}}
    configure(energy.parents[2], energy=strict)
    drop(energy, "forbrug_2024-01.csv", "meter_no;period;quantity;unit;Ejer\nM1;2024-01;1;kWh;x\n")
    drop(energy, "forbrug_2024-02.csv", readings("2"))
    first = run()
    assert [result.outcome for result in first] == ["rejected", "landed"]
    assert first[0].error_class == "UnknownColumnError"
    assert [result.outcome for result in run()] == ["still_rejected", "unchanged"]
    assert select(clean_warehouse, "select count(*) from ops.deliveries") == [(2,)]


@pytest.mark.parametrize(
    ("name", "content", "error_class"),
    [
        ("forbrug_2024-01.csv", b"", "EmptyFileError"),
        ("forbrug_2024-01.csv", b'{"errorTypeCode": "EXTRACT-NOTFOUND"}', "UnreadableFileError"),
        ("forbrug_2024-01.csv", b"<!doctype html><p>Log in</p>", "UnreadableFileError"),
        ("forbrug_nyeste.csv", b"meter_no;period;quantity;unit\nM1;2024-01;1;kWh\n", "UnreadableFileError"),
        ("forbrug_2024-01.csv", "meter_no;period;quantity;unit\nå;2024-01;1;kWh\n".encode("cp1252"), "EncodingError"),
        ("forbrug_2024-01.csv", b"meter_no;period;quantity\nM1;2024-01;1\n", "MissingColumnError"),
    ],
    ids=["empty", "json", "html", "no period in the name", "other encoding", "column missing"],
)  # fmt: skip
def test_a_bad_file_is_rejected_with_its_reason_and_lands_no_row(
    clean_warehouse: Settings, energy: Path, name: str, content: bytes, error_class: str
) -> None:
    drop(energy, name, content)
    (result,) = run()
    assert (result.outcome, result.error_class) == ("rejected", error_class)
    assert result.reason is not None
    assert result.reason.startswith(f"energy.readings, municipality 0992, file {name}")
    assert quantities(clean_warehouse) == []


def test_a_file_of_the_neighbour_is_rejected(clean_warehouse: Settings, config_folder: Path) -> None:
    profile = {"files": "*.csv", "columns": {"Kommune": "municipality_no", "Nr": "property_no", "Brug": "use",
                                             "Ejer": "tenure"}}  # fmt: skip
    folder = configure(config_folder, fm_files={"folder": "drop", "streams": {"properties": profile}}) / "drop"
    drop(folder, "ejendomme_a.csv", "Kommune;Nr;Brug;Ejer\n992;1;Skole;Ejet\n", age=0)
    drop(folder, "ejendomme_b.csv", "Kommune;Nr;Brug;Ejer\n994;7;Skole;Ejet\n", age=1)
    results = run("fm_files")
    assert [(result.outcome, result.error_class) for result in results] == [
        ("landed", None), ("rejected", "WrongMunicipalityError"),
    ]  # fmt: skip
    assert select(clean_warehouse, "select property_no from raw_fm_files.properties") == [("1",)]
    assert {result.outcome for result in run("fm_files")} == {"unchanged", "still_rejected"}


def test_a_column_that_is_not_let_in_reaches_neither_rows_nor_kept_bytes(
    clean_warehouse: Settings, config_folder: Path
) -> None:
    profile = {"files": "psp.csv", "drop": ["Sagsbehandler"],
               "columns": {"PSP-element": "psp_element", "Navn": "name", "Funktion": "function"}}  # fmt: skip
    folder = configure(config_folder, ledger_opus={"folder": "drop", "streams": {"psp_elements": profile}}) / "drop"
    drop(folder, "psp.csv", PSP.replace(";A\n", ";Xenia Privatperson\n"))
    assert run("ledger_opus")[0].outcome == "landed"
    kept = [path for path in clean_warehouse.home.rglob("*") if path.is_file() and "pg" not in path.parts]
    assert not any(b"Privatperson" in path.read_bytes() for path in kept)


def test_a_hundred_landed_files_are_passed_over_within_two_seconds(energy: Path) -> None:
    for number in range(100):
        drop(energy, f"forbrug_{2000 + number // 12}-{number % 12 + 1:02}.csv", readings(str(number)), age=number)
    run()
    started = time.monotonic()
    results = run()
    assert time.monotonic() - started < 2
    assert {result.outcome for result in results} == {"unchanged"}


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ({"folder": "nowhere", "streams": {"readings": READINGS}}, "folder of the file drop does not exist"),
        ({"folder": "drop", "streams": {"reedings": READINGS}}, "no stream reedings"),
        ({"folder": "drop", "streams": {"readings": {**READINGS, "decimal_sign": ","}}}, "decimal_sign"),
        ({"folder": "drop", "streams": {"readings": {**READINGS, "encoding": "utf-9"}}}, "no such encoding"),
        ({"folder": "drop", "streams": {"readings": {**READINGS, "columns": {"a": "meter"}}}}, "leads to meter"),
        ({"folder": "${NOT_SET_ANYWHERE}/x", "streams": {"readings": READINGS}}, "NOT_SET_ANYWHERE"),
    ],
)
def test_a_wrong_profile_is_a_configuration_error_that_names_the_key(
    energy: Path, section: dict[str, Any], words: str
) -> None:
    configure(energy.parents[2], energy=section)
    with pytest.raises(ConfigError, match=words.replace("${", r"\${")):
        run()
