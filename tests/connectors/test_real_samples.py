"""Real public files, where the folder with them is at hand: EJENDOMSTAL_SAMPLE_DATA names it."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest

from connectors.pull import PullResult, pull
from tests.connectors.drops import configure, select
from warehouse.settings import Settings, get_settings

pytestmark = pytest.mark.skipif(
    "EJENDOMSTAL_SAMPLE_DATA" not in os.environ, reason="EJENDOMSTAL_SAMPLE_DATA does not name the sample files"
)


def run(source: str, code: str) -> dict[str, PullResult]:
    return {result.file_name: result for result in pull(source, code, get_settings())}


def test_the_posting_files_and_vouchers_land_to_the_oere(clean_warehouse: Settings, config_folder: Path) -> None:
    streams = {"posting_files": {"files": "opus_posteringer_*.xml"}, "vouchers": {"files": "opus_ompostering_*.csv"}}
    section = {"folder": "${EJENDOMSTAL_SAMPLE_DATA}/accounting", "streams": streams}
    configure(config_folder, "0730", ledger_opus=section)
    results = run("ledger_opus", "0730")
    assert {name: result.error_class for name, result in results.items()} == {
        "opus_ompostering_2024-02-02.csv": None,
        "opus_ompostering_2024-02-06.csv": None,
        "opus_posteringer_IND_20241111_132059_redacted.xml": "WrongMunicipalityError",
        "opus_posteringer_IND_20250430_115140_redacted.xml": None,
    }
    assert results["opus_posteringer_IND_20250430_115140_redacted.xml"].row_count == 490
    (debit,) = select(
        clean_warehouse,
        "select sum(amount::numeric) from raw_ledger_opus.posting_files where debit_credit = 'D'",
    )[0]
    assert debit == Decimal("1854813.99")
    assert {result.outcome for result in run("ledger_opus", "0730").values()} == {"unchanged", "still_rejected"}


def test_the_building_extract_lands_whole(clean_warehouse: Settings, config_folder: Path) -> None:
    section = {"folder": "${EJENDOMSTAL_SAMPLE_DATA}/bbr", "files": {"bygning": "aarhus_*.csv"}}
    configure(config_folder, "0751", bbr=section)
    (result,) = run("bbr", "0751").values()
    assert (result.outcome, result.row_count) == ("landed", 1895)


def test_the_record_of_the_rest_service_lands_for_its_municipality_only(
    clean_warehouse: Settings, config_folder: Path
) -> None:
    section = {"folder": "${EJENDOMSTAL_SAMPLE_DATA}/bbr", "files": {"bygning": "rest_bygning_*.json"}}
    for code in ("0860", "0751"):
        configure(config_folder, code, bbr=section)
    assert [result.outcome for result in run("bbr", "0860").values()] == ["landed"]
    assert [result.error_class for result in run("bbr", "0751").values()] == ["WrongMunicipalityError"]


def test_other_answers_of_the_statbank_are_refused(clean_warehouse: Settings, config_folder: Path) -> None:
    section = {"folder": "${EJENDOMSTAL_SAMPLE_DATA}/statbank", "files": {"folk1a": "*.*"}}
    configure(config_folder, "0751", statbank=section)
    assert {name: result.error_class for name, result in run("statbank", "0751").items()} == {
        "dst_kommunegrupper.csv": "MissingColumnError",
        "statbank_api_responses_2020.json": "UnreadableFileError",
        "statbank_bulk_METROX1_first_rows.csv": "MissingColumnError",
        "statbank_tableinfo_METROX1_en.json": "UnreadableFileError",
    }
