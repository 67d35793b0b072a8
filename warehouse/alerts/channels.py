"""The two ways an alert goes out: e-mail and webhook. Both raise what went wrong; the caller only logs its class."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import urlsplit

import requests

from connectors.connections import ConnectionLike, Resolver, from_environment
from warehouse.alerts.configuration import Email, Kind, Webhook
from warehouse.database import is_loopback_host

SECONDS = 10


@dataclass(frozen=True)
class Alert:
    """What is told: one line, and a text that says what, where and what to do. Never a row's content.

    A condition that stands has a `fingerprint`, so that it is not told every night; a failure has none.
    """

    kind: Kind
    subject: str
    body: str
    fingerprint: str | None = None


def send_email(alert: Alert, to: Email, resolve: Resolver | None = None) -> None:
    """One plain-text message to all."""
    message = EmailMessage()
    message["Subject"] = f"Ejendomstal: {alert.subject}"
    message["From"] = to.sender
    message["To"] = ", ".join(to.to)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(alert.body)
    context = ssl.create_default_context()
    if to.encryption == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(to.host, to.port, timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(to.host, to.port, timeout=SECONDS)
    with server:
        if to.encryption == "starttls":
            server.starttls(context=context)
        if to.connection is not None:
            stored = (resolve or from_environment)(to.connection)
            server.login(str(stored.login), str(stored.password))
        server.send_message(message)


def send_webhook(alert: Alert, to: Webhook, resolve: Resolver | None = None) -> None:
    """One POST; `text` is what chat programs show, the other keys are for machines."""
    stored = (resolve or from_environment)(to.connection)
    headers = {"Authorization": f"Bearer {stored.password}"} if stored.password else {}
    content = {"kind": alert.kind, "subject": alert.subject, "text": f"{alert.subject}\n\n{alert.body}"}
    with requests.Session() as session:
        session.auth = lambda request: request  # otherwise requests looks into ~/.netrc
        answer = session.post(_address(stored), json=content, headers=headers, timeout=SECONDS, allow_redirects=False)
    if not answer.ok or answer.is_redirect:
        raise requests.HTTPError(f"status {answer.status_code}")


def _address(stored: ConnectionLike) -> str:
    host = str(stored.host or "")
    if "://" not in host:
        host = f"https://{host}"
    address = urlsplit(host)
    if address.scheme != "https" and not is_loopback_host(address.hostname or ""):
        raise ValueError("a webhook elsewhere needs https")
    return host
