"""The main job on real input: a municipality that has public files of real systems and nothing else.

EJENDOMSTAL_SAMPLE_DATA names the folder of the files (`bbr/`, `accounting/`, `statbank/`). The same with your own
files: docs/how-to/run-against-real-sources.md.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from warehouse.database import connect, prepare
from warehouse.server import Server
from warehouse.settings import Settings

pytestmark = pytest.mark.skipif(
    "EJENDOMSTAL_SAMPLE_DATA" not in os.environ, reason="EJENDOMSTAL_SAMPLE_DATA does not name the sample files"
)

SOURCES = """
municipality_code: "0751"
name: Real files alone
bbr:
  folder: ${EJENDOMSTAL_SAMPLE_DATA}/bbr
  files: {bygning: "*bygning*.[cj]s*"}
ledger_opus:
  folder: ${EJENDOMSTAL_SAMPLE_DATA}/accounting
  streams:
    vouchers: {files: "opus_ompostering_*.csv"}
    posting_files: {files: "opus_posteringer_*.xml", municipality_in_file: "730"}
statbank:
  folder: ${EJENDOMSTAL_SAMPLE_DATA}/statbank
  files: {folk1a: "*.*"}
"""
# Income of schools and clubs is no property cost; everything else stays unmapped.
RULES = """priority,account,function,psp,cost_centre,dranst,cost_category,valid_from,valid_to,note
10,7*,,,,,C_IKKE,,,income
"""
EXPECTED = {
    "aarhus_sikringsrum_bygning_extract.csv": None,
    "rest_bygning_0860_one_record.json": "WrongMunicipalityError",
    "graphql_flexible_jordstykke_bygninger.json": "UnreadableFileError",
    "opus_ompostering_2024-02-02.csv": None,
    "opus_ompostering_2024-02-06.csv": None,
    "opus_posteringer_IND_20241111_132059_redacted.xml": "WrongMunicipalityError",
    "opus_posteringer_IND_20250430_115140_redacted.xml": None,
    "dst_kommunegrupper.csv": "MissingColumnError",
    "statbank_api_responses_2020.json": "UnreadableFileError",
    "statbank_bulk_METROX1_first_rows.csv": "MissingColumnError",
    "statbank_tableinfo_METROX1_en.json": "UnreadableFileError",
}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A warehouse after `ejendomstal run` on the sample files."""
    folder = tmp_path_factory.mktemp("samples")
    municipality = folder / "config" / "municipalities" / "0751"
    municipality.mkdir(parents=True)
    (municipality / "sources.yml").write_text(SOURCES)
    (municipality / "account_rules.csv").write_text(RULES)
    made = Settings(home=folder / "home", config=folder / "config")
    Server(made).start()
    try:
        prepare(made)
        environment = {**os.environ, "EJENDOMSTAL_HOME": str(made.home), "EJENDOMSTAL_CONFIG": str(made.config)}
        subprocess.run([sys.executable, "-m", "warehouse.cli", "run"], env=environment, check=True)
        yield made
    finally:
        Server(made).stop(immediate=True)


def rows(settings: Settings, query: str, role: str = "owner") -> list[tuple[Any, ...]]:
    with connect(role, settings=settings) as connection:
        return connection.execute(query.encode()).fetchall()


def amounts_of_the_files() -> Counter[tuple[int, str]]:
    """Kroner per year and account, debit positive, read here without the pipeline."""
    folder = Path(os.environ["EJENDOMSTAL_SAMPLE_DATA"]) / "accounting"
    found: dict[tuple[int, str], Decimal] = {}
    for path in folder.glob("opus_ompostering_*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for line in csv.DictReader(file, delimiter=";"):
                amount = Decimal(line["Beløb"].replace(".", "").replace(",", "."))
                key = (2024, line["Artskonto"])
                found[key] = found.get(key, Decimal(0)) + (amount if line["Debet/kredit"] == "Debet" else -amount)
    for line in ElementTree.parse(folder / "opus_posteringer_IND_20250430_115140_redacted.xml").iter("LINE"):
        key = (2025, line.findtext("GL_ACCOUNT", ""))
        found[key] = found.get(key, Decimal(0)) + Decimal(line.findtext("AMT_DOCCUR", "0"))
    return Counter(found)


def test_every_file_is_landed_or_rejected_for_the_right_reason(settings: Settings) -> None:
    deliveries = rows(settings, "select file_name, state, error_class, reason from ops.deliveries")
    assert {name: error for name, _, error, _ in deliveries} == EXPECTED
    for name, state, error, reason in deliveries:
        assert state == ("rejected" if error else "landed"), name
        assert error is None or (name in reason and "0751" in reason and reason.endswith(".")), reason


def test_every_krone_of_the_ledger_files_is_accounted_for(settings: Settings) -> None:
    truth = amounts_of_the_files()
    staged = rows(
        settings, "select fiscal_year, account, sum(amount_dkk) from intermediate.int_postings__unioned group by 1, 2"
    )
    assert {(year, account): amount for year, account, amount in staged} == dict(truth)
    measured = dict(
        rows(
            settings,
            "select measure_code, sum(amount) from audit.fct_measures where measure_code like 'C\\_%' group by 1",
        )
    )
    income = sum(amount for (_, account), amount in truth.items() if account.startswith("7"))
    assert income != 0
    assert measured == {"C_IKKE": income, "C_UMAPPED": sum(truth.values()) - income}
    assert rows(settings, "select count(*) from audit.fct_cost_reconciliation where difference_dkk <> 0") == [(0,)]


def test_nothing_is_published_that_the_data_cannot_carry_and_each_says_why(settings: Settings) -> None:
    assert rows(settings, "select count(value) from marts.key_figures", role="ejd_analyst") == [(0,)]
    verdicts = rows(settings, "select topic, year, verdict, reason from marts.gate_verdicts", role="ejd_analyst")
    assert {verdict for _, _, verdict, _ in verdicts} == {"hold"}
    assert {topic for topic, _, _, _ in verdicts} >= {"general", "maintenance", "schools_daycare"}
    assert all(reason for *_, reason in verdicts)
    figures = rows(settings, "select value, status_code, reason from audit.fct_key_figures")
    assert len(figures) >= 26
    assert all(value is None and status == "x" and reason for value, status, reason in figures)
