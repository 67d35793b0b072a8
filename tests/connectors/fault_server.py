"""A server in front of any simulator that misbehaves once, at the n-th request."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from demo.simulators.service import Answer, Asked, Reply

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
STATUSES = {"429": 429, "500": 500, "expired token": 401}
# What in an address asks for a page of a list, and is not of the list itself.
PAGING = frozenset({"page", "PageNumber", "bookmark", "start"})


@dataclass
class Misbehaving:
    """Answers as `simulator` does; the `at`-th request (from 1; 0 = none) goes wrong as `fault` says.

    A "duplicate page" is the answer to the request before of the same list. `lists` has the list of each request.
    """

    url: str = ""
    simulator: Answer = lambda _: Reply(503, b"")
    fault: str = ""
    at: int = 0
    victim: int = 0  # process to kill
    has_struck: bool = False
    lists: list[str] = field(default_factory=list)
    _last: dict[str, Reply] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start_anew(self, simulator: Answer, fault: str = "", at: int = 0) -> None:
        """Another simulator, of which nothing has been asked."""
        self.simulator, self.fault, self.at, self.victim, self.has_struck = simulator, fault, at, 0, False
        self.lists, self._last = [], {}

    def next_fault(self, asked: Asked) -> str:
        """Note a request; the fault, if it is its turn."""
        with self._lock:
            self.lists.append(list_of(asked))
            is_due = len(self.lists) == self.at
            self.has_struck |= is_due
            return self.fault if is_due else ""

    def answer(self, asked: Asked, fault: str) -> Reply:
        """The simulator's answer, or what the fault makes of it."""
        before, reply = self._last.get(list_of(asked)), self.simulator(asked)
        self._last[list_of(asked)] = reply
        if fault == "duplicate page":
            assert before is not None, "nothing to repeat"
            return before
        if fault == "HTML":
            return Reply(200, b"<html><body>Log in, please</body></html>", "text/html")
        if fault in STATUSES:
            return Reply(STATUSES[fault], b"{}", headers={"Retry-After": "1"})
        return reply


def list_of(asked: Asked) -> str:
    """What pages of one list have in common."""
    return repr((asked.method, asked.path, sorted(item for item in asked.query.items() if item[0] not in PAGING)))


@contextmanager
def misbehaving() -> Iterator[Misbehaving]:
    """The server, running; nothing is wrong with it yet."""
    served = Misbehaving()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(served))
    served.url = f"http://127.0.0.1:{server.server_port}"
    server.daemon_threads, server.block_on_close = True, False
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()


def _handler(served: Misbehaving) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        wbufsize = -1

        def do_GET(self) -> None:
            asked = self._read()
            fault = served.next_fault(asked)
            if fault == "kill":
                _wait_for(lambda: served.victim)
                os.kill(served.victim, signal.SIGKILL)
            if fault == "timeout":
                threading.Event().wait(2)  # longer than anyone here waits
            if fault in ("kill", "timeout", "dropped connection"):
                with suppress(OSError):
                    self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            self._send(served.answer(asked, fault), is_cut=fault == "truncated body")

        do_POST = do_DELETE = do_GET  # noqa: N815 - the names http.server looks for

        def _read(self) -> Asked:
            parts = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length") or 0))
            return Asked(self.command, parts.path, dict(parse_qsl(parts.query)), headers, body)

        def _send(self, reply: Reply, *, is_cut: bool) -> None:
            self.send_response(reply.status)
            for name, value in {"Content-Type": reply.content_type, **reply.headers}.items():
                self.send_header(name, value)
            announced = max(len(reply.body), 2)
            self.send_header("Content-Length", str(announced if is_cut else len(reply.body)))
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(reply.body[: len(reply.body) // 2] if is_cut else reply.body)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


def _wait_for(condition: Callable[[], Any]) -> None:
    for _ in range(500):
        if condition():
            return
        threading.Event().wait(0.01)
