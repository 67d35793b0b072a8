"""What the runbook says is done as it says it."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from typer.main import get_command

from tests.audit_candidate import Candidate
from tests.connectors.drops import configure, drop, select
from tests.warehouse.test_cli_sources import COLUMNS, POSTINGS, call, configure_ledger, newest
from warehouse.alerts.configuration import read_alerts
from warehouse.alerts.freshness import find_ages
from warehouse.cli import app
from warehouse.settings import PROJECT, Settings, get_settings

PAGE = PROJECT / "docs" / "runbook.md"
OF_2025 = "where municipality_code = '0993' and year = 2025"
SCHOOLS = f"select verdict from marts.gate_verdicts {OF_2025} and topic = 'schools_daycare'"
FIGURE = f"select value from marts.key_figures {OF_2025} and key_figure_code = 'SKO-03'"
REVISIONS = f"select old_value, new_value from marts.revisions {OF_2025} and key_figure_code = 'SKO-03'"
FIRST_AMOUNT = """
select amount from raw_ledger_opus.postings join ops.current_deliveries using (delivery_id) order by row_no limit 1
"""


def test_every_command_and_link_of_the_page_is_there() -> None:
    text = PAGE.read_text(encoding="utf-8")
    known = get_command(app).commands  # type: ignore[attr-defined]
    named = set(re.findall(r"`ejendomstal ([a-z-]+)", text))
    assert named
    assert named <= known.keys()
    links = re.findall(r"\]\(([^)#]+)\)", text)
    assert links
    assert [link for link in links if not (PAGE.parent / link).exists()] == []


def test_figures_that_the_gate_held_are_published_once_the_source_is_mended(clean_warehouse: Settings) -> None:
    candidate = Candidate(clean_warehouse)
    candidate.multiply(100, "C_RENG", "school", "0993", 2025)
    candidate.finish()
    candidate.judge()
    call("publish")
    assert select(clean_warehouse, SCHOOLS) == [("hold",)]
    assert select(clean_warehouse, FIGURE) == []
    candidate.multiply(0.01, "C_RENG", "school", "0993", 2025)
    candidate.finish()
    candidate.judge()
    call("publish")
    assert select(clean_warehouse, SCHOOLS) == [("publish",)]
    # (150,000 + 80,000 + 100,000) / 1,000 m2
    assert select(clean_warehouse, FIGURE) == [(Decimal(330),)]


@pytest.fixture
def ledger(clean_warehouse: Settings, config_folder: Path, tmp_path: Path) -> Settings:
    """A ledger that has delivered once."""
    drop(tmp_path / "drop", "posteringer_2025-01.csv", POSTINGS)
    configure_ledger(config_folder, tmp_path / "drop", columns=COLUMNS, drops=["Tekst"])
    call("pull")
    return clean_warehouse


def test_a_source_that_changed_its_format_is_read_again_by_a_new_mapping(
    ledger: Settings, config_folder: Path, tmp_path: Path
) -> None:
    renamed = POSTINGS.replace("Beløb", "Beløb i kr.").replace("100,50", "120,50")
    drop(tmp_path / "drop", "posteringer_2025-02.csv", renamed, age=1)
    call("pull")
    listed = call("deliveries", "--state", "rejected")
    assert "posteringer_2025-02.csv" in listed
    rejected = newest(ledger)
    told = call("deliveries", "show", rejected)
    assert "Beløb" in told
    assert select(ledger, FIRST_AMOUNT) == [("100,50",)]
    configure_ledger(config_folder, tmp_path / "drop", columns=COLUMNS | {"Beløb i kr.": "amount"}, drops=["Tekst"])
    call("config", "check", "0992")
    assert "would land" in call("pull", "ledger_opus", "--municipality", "0992", "--dry-run")
    assert "1 landed" in call("deliveries", "reload", rejected)


def test_a_wrong_figure_is_corrected_with_a_note_and_stays_to_be_seen_as_it_was(clean_warehouse: Settings) -> None:
    candidate = Candidate(clean_warehouse)
    candidate.multiply(1.2, "C_RENG", "school", "0993", 2025)
    candidate.finish()
    candidate.judge()
    call("publish")
    assert select(clean_warehouse, FIGURE) == [(Decimal(360),)]
    ((shown_at,),) = select(clean_warehouse, "select clock_timestamp()")
    candidate.multiply(1 / 1.2, "C_RENG", "school", "0993", 2025)
    candidate.execute("update audit.fct_measures set amount = round(amount, 2)")
    candidate.finish()
    candidate.judge()
    call("publish", "--note", "Cleaning was counted a fifth too high.")
    assert select(clean_warehouse, FIGURE) == [(Decimal(330),)]
    assert select(clean_warehouse, REVISIONS) == [(Decimal(360), Decimal(330))]
    as_of = FIGURE.replace("marts.key_figures", f"marts.key_figures_as_of('{shown_at.isoformat()}')")
    assert select(clean_warehouse, as_of) == [(Decimal(360),)]


def test_a_municipality_that_joins_is_begun_and_checked(clean_warehouse: Settings, config_folder: Path) -> None:
    assert "Written" in call("new-municipality", "0994", "--name", "Prøvekøbing Kommune")
    assert "No fault." in call("config", "check", "0994")


def test_a_municipality_that_leaves_is_pulled_no_more_and_what_had_landed_still_counts(
    ledger: Settings, config_folder: Path, tmp_path: Path
) -> None:
    drop(tmp_path / "drop", "posteringer_2025-02.csv", POSTINGS.replace("100,50", "120,50"), age=1)
    configure(config_folder)
    call("pull")
    assert select(ledger, "select count(*) from ops.deliveries") == [(1,)]
    assert select(ledger, "select count(*) from ops.current_deliveries") == [(1,)]
    assert find_ages(get_settings(), read_alerts(get_settings())) == []
