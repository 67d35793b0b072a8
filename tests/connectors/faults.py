"""A proxy that misbehaves once, at the n-th request, in front of any simulator; and pulls made through it.

subject = Subject("fm_dalux", "0992", lambda: DaluxTenant.of(tenant()), BASE, {"password": KEY}, {"user_fields": {}})
wanted = undisturbed(subject, settings)
for at in range(1, wanted.requests + 1):
    assert disturbed(subject, "500", at, settings) == wanted.rows
"""

from __future__ import annotations

import http.client
import json
import multiprocessing
import os
import shutil
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest

from connectors.base import Stream, registered
from connectors.errors import SourceError
from connectors.pull import pull
from demo.simulators.service import Answer, Service
from tests.connectors.drops import configure
from warehouse.database import connect
from warehouse.settings import Settings, get_settings

FAULTS = (
    "timeout",
    "429",
    "500",
    "truncated body",
    "HTML",
    "expired token",
    "duplicate page",
    "dropped connection",
    "kill",
)
HASTY = {"attempts": 1, "read_timeout": 0.5, "backoff": 0.01, "longest_wait": 0}
PATIENT = {"attempts": 3, "backoff": 0.01}
Rows = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Subject:
    """A pull to be disturbed: a fresh simulator each time, where it is, who asks, what `sources.yml` says."""

    source: str
    municipality_code: str
    simulator: Callable[[], Answer]
    base: str
    connection: dict[str, Any]
    section: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Undisturbed:
    """What should come out, and how many requests that takes."""

    rows: Rows
    requests: int


@dataclass
class Proxy:
    """Passes requests on to `target`; the `at`-th one (from 1; 0 = none) goes wrong as `fault` says."""

    target: str
    fault: str = ""
    at: int = 0
    victim: int = 0  # process to kill
    count: int = 0
    url: str = ""
    last: dict[str, tuple[int, list[tuple[str, str]], bytes]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def is_due(self) -> bool:
        with self.lock:
            self.count += 1
            return self.count == self.at


def undisturbed(subject: Subject, settings: Settings) -> Undisturbed:
    """Pull into an empty warehouse and leave it empty."""
    with _world(subject) as proxy:
        _pull(subject, proxy, PATIENT)
        found = Undisturbed(landed(subject, settings), proxy.count)
    forget(subject, settings)
    return found


def disturbed(subject: Subject, fault: str, at: int, settings: Settings) -> tuple[Rows, Rows]:
    """What is there after a pull that was disturbed at its `at`-th request, and after one more pull."""
    with _world(subject) as proxy:
        proxy.fault, proxy.at = fault, at
        if fault == "kill":
            _pull_to_be_killed(subject, proxy)
        else:
            with suppress(SourceError):
                _pull(subject, proxy, HASTY)
        between = landed(subject, settings)
        proxy.at = 0
        _pull(subject, proxy, PATIENT)
        after = landed(subject, settings)
    forget(subject, settings)
    return between, after


def landed(subject: Subject, settings: Settings) -> Rows:
    """The current rows of each stream, without lineage."""
    found: Rows = {}
    with connect("owner", settings=settings) as connection:
        for stream in _streams(subject):
            table = f"raw_{subject.source}.{stream.name}"
            query = (
                f"select {', '.join(stream.raw_columns)} from {table} join ops.current_deliveries using (delivery_id)"
            )
            found[stream.name] = sorted(connection.execute(query).fetchall(), key=repr)
    return found


def forget(subject: Subject, settings: Settings) -> None:
    """Empty what the subject fills."""
    names = [
        *(f"raw_{subject.source}.{stream.name}" for stream in _streams(subject)),
        f"raw_{subject.source}.rejected_rows",
    ]
    with connect("owner", settings=settings) as connection:
        for name in (*names, "ops.deliveries"):  # faster than truncate, for a few rows
            connection.execute(f"delete from {name}")
    for folder in ("deliveries", "pulls"):
        shutil.rmtree(settings.home / folder / subject.source, ignore_errors=True)


def _streams(subject: Subject) -> list[Stream]:
    left_out = subject.section.get("without", ())
    return [stream for stream in registered()[subject.source].streams if stream.name not in left_out]


@contextmanager
def _world(subject: Subject) -> Iterator[Proxy]:
    """The simulator with a proxy in front of it."""
    with Service(subject.simulator()) as service:
        proxy = Proxy(service.address)
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(proxy))
        proxy.url = f"http://127.0.0.1:{server.server_port}"
        server.daemon_threads, server.block_on_close = True, False
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield proxy
        finally:
            server.shutdown()
            server.server_close()


def _pull(subject: Subject, proxy: Proxy, extra: dict[str, Any]) -> None:
    stored = {"host": proxy.url + subject.base, **subject.connection, "extra": extra}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIRFLOW_CONN_FAULTY", json.dumps(stored))
        settings = get_settings()
        configure(
            settings.config, subject.municipality_code, **{subject.source: {"connection": "faulty", **subject.section}}
        )
        pull(subject.source, subject.municipality_code, settings)


def _pull_to_be_killed(subject: Subject, proxy: Proxy) -> None:
    """In a process of its own, which the proxy kills before it answers."""
    child = multiprocessing.get_context("fork").Process(target=_pull, args=(subject, proxy, PATIENT))
    child.start()
    proxy.victim = child.pid or 0
    child.join(60)
    assert child.exitcode == -signal.SIGKILL or proxy.count < proxy.at


def _handler(proxy: Proxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            fault = proxy.fault if proxy.is_due() else ""
            if fault == "kill":
                _wait_for(lambda: proxy.victim)
                os.kill(proxy.victim, signal.SIGKILL)
            path = urlsplit(self.path).path
            if fault in ("kill", "timeout", "dropped connection"):
                if fault == "timeout":
                    threading.Event().wait(HASTY["read_timeout"] + 0.2)
                with suppress(OSError):
                    self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            before = proxy.last.get(path)
            status, headers, body = self._pass_on()
            proxy.last[path] = (status, headers, body)
            if fault == "duplicate page" and before is not None:
                status, headers, body = before
            elif fault:
                status, headers, body = _spoil(fault, status, headers, body)
            self._send(status, headers, body, len(body) * (2 if fault == "truncated body" else 1))

        do_POST = do_DELETE = do_GET  # noqa: N815 - the names http.server looks for

        def _pass_on(self) -> tuple[int, list[tuple[str, str]], bytes]:
            length = int(self.headers.get("Content-Length") or 0)
            target = http.client.HTTPConnection(urlsplit(proxy.target).netloc, timeout=10)
            kept = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
            target.request(self.command, self.path, self.rfile.read(length) if length else None, kept)
            answer = target.getresponse()
            found = answer.status, answer.getheaders(), answer.read()
            target.close()
            return found

        def _send(self, status: int, headers: list[tuple[str, str]], body: bytes, announced: int) -> None:
            self.send_response(status)
            for name, value in headers:
                if name.lower() in ("content-type", "retry-after", "content-disposition"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(announced))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


def _spoil(
    fault: str, status: int, headers: list[tuple[str, str]], body: bytes
) -> tuple[int, list[tuple[str, str]], bytes]:
    if fault == "truncated body":
        return status, headers, body[: len(body) // 2]
    if fault == "HTML":
        return 200, [("Content-Type", "text/html")], b"<html><body>Log in, please</body></html>"
    wrong = {"429": 429, "500": 500, "expired token": 401}
    if fault in wrong:
        return wrong[fault], [("Content-Type", "application/json"), ("Retry-After", "1")], b"{}"
    return status, headers, body


def _wait_for(condition: Callable[[], Any]) -> None:
    for _ in range(500):
        if condition():
            return
        threading.Event().wait(0.01)
