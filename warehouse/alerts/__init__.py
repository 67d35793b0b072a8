"""Alerts: something failed, the gate holds a scope, a source has gone quiet. To e-mail and webhook, by `alerts.yml`.

Nothing here ever stops the work it reports on: what cannot be sent is logged and kept in `ops.alerts`.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import psycopg

from connectors.base import Family
from connectors.connections import Resolver
from connectors.errors import SourceError
from warehouse.alerts.channels import Alert, send_email, send_webhook
from warehouse.alerts.configuration import AlertConfiguration, read_alerts
from warehouse.alerts.freshness import find_ages
from warehouse.database import connect
from warehouse.errors import KnownError
from warehouse.settings import Settings

__all__ = ["alert_failure", "alert_holds", "alert_stale", "explain", "failures_alerted", "send"]

log = logging.getLogger("ejendomstal")
NOTHING = "nothing to publish"
SHOWN = 50  # lines of one body
AFTER_FAILURE = """
What was published before is unchanged. What to do: the sentence above says it; more is in `ejendomstal status`, in the
red task's log in Airflow, and in docs/runbook.md.
"""
AFTER_HOLD = """
Readers still see what was published before. What to do: docs/how-to/a-gate-stopped.md. The failing rows, with what was
expected, are in ops.gate_failures and Data Docs.
"""
AFTER_SILENCE = """
What to do: ask the owner of the source whether it still delivers, and try it with
`ejendomstal pull <source> --municipality <code> --dry-run`. Allowed days are set in config/alerts.yml.
"""
HELD = """
select municipality_code, topic, year, rules_failed from ops.gate_results
where candidate_id = (select max(candidate_id) from ops.gate_results) and verdict = 'hold' order by 1, 2, 3
"""
TOLD = """
select exists (
    select from ops.alerts
    where fingerprint = %s and channel = %s and state = 'sent' and at > now() - %s * interval '1 day'
)
"""


def alert_failure(settings: Settings, what: str, reasons: Iterable[str], resolve: Resolver | None = None) -> None:
    """Tell that a command or task failed. `reasons` are sentences that may be read by anybody: see `explain`."""
    body = _body(f"Failed: {what}.", reasons, AFTER_FAILURE)
    _safely(settings, lambda _: Alert("failure", f"{what} failed", body), resolve)


def alert_holds(settings: Settings, resolve: Resolver | None = None) -> None:
    """Tell which scopes the gate holds, if these have not been told lately."""

    def build(_: AlertConfiguration) -> Alert | None:
        with connect("ejd_publisher", settings=settings) as connection:
            held = connection.execute(HELD.encode()).fetchall()
        lines = [
            f"municipality {code}, {topic}, {year}: {', '.join(rules) or NOTHING}" for code, topic, year, rules in held
        ]
        body = _body("The gate holds these scopes, with the rules that failed:", lines, AFTER_HOLD)
        return Alert("hold", f"scopes held: {len(held)}", body, _hash(lines)) if held else None

    _safely(settings, build, resolve)


def alert_stale(settings: Settings, family: Family | None = None, resolve: Resolver | None = None) -> None:
    """Tell which sources have brought nothing for too long, if that has not been told lately."""

    def build(configuration: AlertConfiguration) -> Alert | None:
        stale = [age for age in find_ages(settings, configuration, family) if age.is_stale]
        body = _body("Nothing new for longer than is allowed:", map(str, stale), AFTER_SILENCE)
        places = _hash(f"{age.source} {age.stream} {age.municipality_code}" for age in stale)
        return Alert("freshness", f"streams without a new delivery: {len(stale)}", body, places) if stale else None

    _safely(settings, build, resolve)


@contextmanager
def failures_alerted(settings: Settings, what: str) -> Iterator[None]:
    """Tell when the work inside raises; a person who interrupts it knows."""
    try:
        yield
    except Exception as error:
        alert_failure(settings, what, [explain(error)])
        raise


def explain(error: BaseException | None) -> str:
    """A known fault in its own sentence; of any other its class only: its message may quote a row."""
    if isinstance(error, (KnownError, SourceError)):
        return str(error)
    return f"{type(error).__name__}: read the log" if error is not None else "no reason was given: read the log"


def send(
    settings: Settings, alert: Alert, configuration: AlertConfiguration, resolve: Resolver | None = None
) -> dict[str, str]:
    """Send by every configured channel that wants its kind. Returns what became of it, by channel."""
    channels: dict[str, Callable[[], None]] = {}
    if (email := configuration.email) is not None and alert.kind in email.kinds:
        channels["email"] = lambda: send_email(alert, email, resolve)
    if (webhook := configuration.webhook) is not None and alert.kind in webhook.kinds:
        channels["webhook"] = lambda: send_webhook(alert, webhook, resolve)
    outcomes = {}
    for channel, deliver in channels.items():
        if _is_told(settings, alert, channel, configuration.repeat_days):
            outcomes[channel] = "told before"
            continue
        fault = None
        try:
            deliver()
        except Exception as error:
            fault = type(error).__name__  # the message may hold the address with its key
            log.warning("alert not sent: %s by %s: %s", alert.kind, channel, fault)
        outcomes[channel] = "failed" if fault else "sent"
        _record(settings, alert, channel, fault)
    return outcomes


def _safely(settings: Settings, build: Callable[[AlertConfiguration], Alert | None], resolve: Resolver | None) -> None:
    try:
        configuration = read_alerts(settings)
        if configuration.email is None and configuration.webhook is None:
            return
        alert = build(configuration)
        if alert is not None:
            send(settings, alert, configuration, resolve)
    except Exception as error:
        log.warning("no alert: %s", explain(error))


def _is_told(settings: Settings, alert: Alert, channel: str, repeat_days: int) -> bool:
    if alert.fingerprint is None:
        return False
    with connect("ejd_loader", settings=settings) as connection:
        row = connection.execute(TOLD.encode(), [alert.fingerprint, channel, repeat_days]).fetchone()
    return bool(row and row[0])


def _record(settings: Settings, alert: Alert, channel: str, fault: str | None) -> None:
    try:
        with connect("ejd_loader", settings=settings) as connection:
            connection.execute(
                "insert into ops.alerts (kind, subject, fingerprint, channel, state, error_class) "
                "values (%s, %s, %s, %s, %s, %s)",
                [alert.kind, alert.subject, alert.fingerprint or "", channel, "failed" if fault else "sent", fault],
            )
    except psycopg.Error as error:  # that the database is gone may be what the alert is about
        log.warning("alert not recorded: %s", type(error).__name__)


def _body(head: str, lines: Iterable[str], advice: str) -> str:
    listed = [f"- {line}" for line in lines]
    more = [f"... and {len(listed) - SHOWN} more"] if len(listed) > SHOWN else []
    return "\n".join([head, "", *listed[:SHOWN], *more, advice])


def _hash(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
