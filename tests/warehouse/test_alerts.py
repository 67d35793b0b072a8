"""Whoever is named in alerts.yml hears of failures, held scopes and silent sources; the work itself never suffers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.audit_candidate import Candidate
from tests.connectors.drops import configure, select
from tests.warehouse.alert_receivers import Receivers, receivers
from tests.warehouse.test_cli_sources import POSTINGS, call, configure_ledger, drop
from warehouse.alerts import alert_failure, alert_holds, alert_stale, explain, failures_alerted
from warehouse.alerts.channels import Alert, send_webhook
from warehouse.alerts.configuration import AlertConfigError, Webhook, read_alerts
from warehouse.database import connect
from warehouse.settings import Settings, get_settings

CANARY = "0101901234"


@pytest.fixture
def inbox() -> Iterator[Receivers]:
    with receivers() as running:
        yield running


def write_alerts(config: Path, inbox: Receivers, **further: Any) -> None:
    email = {"host": "127.0.0.1", "port": inbox.smtp_port, "encryption": "none", "sender": "e@example.dk",
             "to": ["drift@example.dk", "vagt@example.dk"]}  # fmt: skip
    content = {"email": email, "webhook": {"connection": "alerts"}, **further}
    (config / "alerts.yml").write_text(yaml.safe_dump(content))


@pytest.fixture
def told(
    clean_warehouse: Settings, config_folder: Path, inbox: Receivers, monkeypatch: pytest.MonkeyPatch
) -> Receivers:
    """Receivers that alerts.yml names, and an empty warehouse."""
    connection = {"conn_type": "http", "host": f"{inbox.address}/hook/t0ken", "password": "bearer-s3cret"}
    monkeypatch.setenv("AIRFLOW_CONN_ALERTS", json.dumps(connection))
    write_alerts(config_folder, inbox)
    return inbox


def recorded(settings: Settings) -> list[tuple[Any, ...]]:
    return select(settings, "select kind, channel, state, error_class from ops.alerts order by alert_id")


def plant_hold(settings: Settings, factor: int = 100) -> Candidate:
    """Cleaning of a school booked in øre."""
    candidate = Candidate(settings)
    candidate.multiply(factor, "C_RENG", "school", "0993", 2025)
    candidate.finish()
    candidate.judge()
    return candidate


def test_a_failure_is_told_by_mail_and_webhook_with_what_where_and_what_to_do(told: Receivers) -> None:
    alert_failure(get_settings(), "ingest_fm.pull_fm", ["fm_dalux, municipality 0992: the key is refused; renew it."])
    (mail,), ((path, authorization, content),) = told.mails, told.posts
    assert mail["Subject"] == "Ejendomstal: ingest_fm.pull_fm failed"
    assert mail["To"] == "drift@example.dk, vagt@example.dk"
    body = mail.get_content().replace("\r\n", "\n")
    assert "- fm_dalux, municipality 0992: the key is refused; renew it." in body
    assert "docs/runbook.md" in body
    assert (path, authorization) == ("/hook/t0ken", "Bearer bearer-s3cret")
    assert (content["kind"], content["subject"]) == ("failure", "ingest_fm.pull_fm failed")
    assert "the key is refused" in content["text"]
    assert recorded(get_settings()) == [("failure", "email", "sent", None), ("failure", "webhook", "sent", None)]


def test_a_command_that_fails_is_told_and_still_fails_as_before(told: Receivers) -> None:
    assert "no candidate to judge" in call("gate", status=1)
    (mail,) = told.mails
    assert mail["Subject"] == "Ejendomstal: ejendomstal gate failed"
    assert "no candidate to judge (there is none): run `ejendomstal build` first." in mail.get_content()


def test_a_pull_that_fails_is_told_and_its_silent_source_too(
    told: Receivers, config_folder: Path, tmp_path: Path
) -> None:
    configure_ledger(config_folder, tmp_path / "nowhere", columns={}, drops=[])
    call("pull", status=1)
    assert [mail["Subject"] for mail in told.mails] == [
        "Ejendomstal: 1 pulls of ejendomstal pull failed", "Ejendomstal: streams without a new delivery: 1",
    ]  # fmt: skip
    assert "the folder of the file drop does not exist" in told.mails[0].get_content()
    assert "ledger_opus, municipality 0992: never delivered, 62 are allowed" in told.mails[1].get_content()


def test_held_scopes_are_told_once_and_again_when_they_change(told: Receivers) -> None:
    settings = get_settings()
    candidate = plant_hold(settings)
    alert_holds(settings)
    alert_holds(settings)
    (mail,) = told.mails
    assert mail["Subject"].startswith("Ejendomstal: scopes held: ")
    body = mail.get_content()
    assert "municipality 0993, schools_daycare, 2025: " in body
    assert "unit_factor" in body
    assert "15000000" not in body.replace(".", "").replace(",", "")
    candidate.multiply(100, "C_RENG", "school", "0991", 2025)
    candidate.finish()
    candidate.judge()
    alert_holds(settings)
    assert len(told.mails) == len(told.posts) == 2


def test_a_standing_condition_is_told_again_after_the_days_of_the_file(told: Receivers) -> None:
    settings = get_settings()
    plant_hold(settings)
    for days in (0, 6, 2):
        with connect("owner") as connection:
            connection.execute("update ops.alerts set at = at - %s * interval '1 day'", [days])
        alert_holds(settings)
    assert len(told.mails) == 2


def test_clean_figures_and_fresh_sources_tell_nobody(told: Receivers) -> None:
    plant_hold(get_settings(), factor=1)
    alert_holds(get_settings())
    alert_stale(get_settings())
    assert (told.mails, told.posts, recorded(get_settings())) == ([], [], [])


def test_a_stream_is_stale_a_day_after_it_may_be(told: Receivers, config_folder: Path, tmp_path: Path) -> None:
    columns = {
        "Bilag": "document_no", "Linje": "line_no", "Konto": "account", "PSP": "psp_element", "D/K": "debit_credit",
        "Beløb": "amount", "Dato": "posting_date", "År": "fiscal_year",
    }  # fmt: skip
    drop(tmp_path / "drop", "posteringer_2025-01.csv", POSTINGS)
    configure_ledger(config_folder, tmp_path / "drop", columns=columns, drops=["Tekst"])
    write_alerts(config_folder, told, freshness={"days": {"ledger_opus": 40, "ledger_opus.postings": 3}})
    call("pull")
    assert told.mails == []
    with connect("owner") as connection:
        connection.execute("update ops.deliveries set landed_at = now() - interval '3 days 23 hours'")
    alert_stale(get_settings())
    assert told.mails == []
    with connect("owner") as connection:
        connection.execute("update ops.deliveries set landed_at = now() - interval '4 days 1 hour'")
    alert_stale(get_settings(), "energy")
    assert told.mails == []
    alert_stale(get_settings(), "ledger")
    (mail,) = told.mails
    assert "ledger_opus.postings, municipality 0992: newest delivery 4 days old, 3 are allowed" in mail.get_content()


def test_receivers_that_are_down_change_nothing_but_the_log(
    told: Receivers, config_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    told.status = 500
    write_alerts(config_folder, told)
    closed = yaml.safe_load((config_folder / "alerts.yml").read_text())
    closed["email"]["port"] = 1
    (config_folder / "alerts.yml").write_text(yaml.safe_dump(closed))
    alert_failure(get_settings(), "a task", ["why"])
    assert recorded(get_settings()) == [
        ("failure", "email", "failed", "ConnectionRefusedError"), ("failure", "webhook", "failed", "HTTPError"),
    ]  # fmt: skip
    assert "alert not sent: failure by email: ConnectionRefusedError" in caplog.text
    assert "t0ken" not in caplog.text
    assert "s3cret" not in caplog.text


def test_a_warehouse_that_is_down_is_still_told(told: Receivers, tmp_path: Path) -> None:
    gone = get_settings().model_copy(update={"home": tmp_path / "no_home"})
    (tmp_path / "no_home" / "pg").mkdir(parents=True)
    (tmp_path / "no_home" / "pg" / "ejendomstal.conf").write_text("port = 1\n")
    with pytest.raises(ZeroDivisionError), failures_alerted(gone, "ejendomstal run"):
        raise ZeroDivisionError(CANARY)
    assert "ZeroDivisionError: read the log" in told.mails[0].get_content()


def test_a_fault_of_unknown_kind_is_named_by_its_class_only(told: Receivers) -> None:
    assert explain(ValueError(f"row {CANARY}")) == "ValueError: read the log"
    with pytest.raises(ValueError, match=CANARY), failures_alerted(get_settings(), "a task"):
        raise ValueError(f"row {CANARY}")
    assert CANARY not in told.mails[0].as_string() + json.dumps(told.posts)


def test_an_interrupted_command_tells_nobody(told: Receivers) -> None:
    with pytest.raises(KeyboardInterrupt), failures_alerted(get_settings(), "a task"):
        raise KeyboardInterrupt
    assert told.mails == []


def test_kinds_choose_what_a_channel_is_told(told: Receivers, config_folder: Path) -> None:
    write_alerts(config_folder, told, webhook={"connection": "alerts", "kinds": ["hold"]})
    alert_failure(get_settings(), "a task", ["why"])
    assert (len(told.mails), len(told.posts)) == (1, 0)


def test_without_the_file_nothing_is_told_and_nothing_fails(told: Receivers, config_folder: Path) -> None:
    (config_folder / "alerts.yml").unlink()
    alert_failure(get_settings(), "a task", ["why"])
    assert (told.mails, recorded(get_settings())) == ([], [])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"mail": {}}, "mail: Extra inputs"),
        ({"email": {"host": "smtp.example.dk", "sender": "e@e.dk", "to": []}}, "email.to: Tuple should have at least"),
        (
            {"email": {"host": "smtp.example.dk", "sender": "e@e.dk", "to": ["a@e.dk"], "encryption": "none"}},
            "email: a mail server elsewhere needs encryption",
        ),
        ({"freshness": {"days": {"fm_dalux.rooms_and": 3}}}, "there is no source or stream fm_dalux.rooms_and"),
        ({"freshness": {"days": {"bbr": 0}}}, "freshness.days.bbr: Input should be greater"),
    ],
)
def test_a_fault_of_the_file_is_one_sentence_and_a_fault_of_the_configuration(
    config_folder: Path, content: dict[str, Any], message: str
) -> None:
    (config_folder / "alerts.yml").write_text(yaml.safe_dump(content))
    with pytest.raises(AlertConfigError, match=message):
        read_alerts(get_settings())
    configure(config_folder)
    assert message in call("config", "check", status=1)


def test_a_webhook_elsewhere_needs_https(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_ALERTS", json.dumps({"conn_type": "http", "host": "http://hooks.example.dk/1"}))
    with pytest.raises(ValueError, match="needs https"):
        send_webhook(Alert("failure", "s", "b"), Webhook(connection="alerts"))
