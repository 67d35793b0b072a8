"""What the simulators share: a threaded HTTP server on a free loopback port, and a 429 once in a while."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

LONGEST_BODY = 1_000_000


@dataclass(frozen=True)
class Asked:
    """One request. Header names in lower case."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    """One answer."""

    status: int
    body: bytes
    content_type: str = "application/json; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


Answer = Callable[[Asked], Reply]


def as_json(status: int, content: Any, **headers: str) -> Reply:
    """An answer in JSON; an underscore in a header's name stands for a hyphen."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, json.dumps(content, ensure_ascii=False).encode(), headers=named)


class Throttle:
    """Says "too many" at every `every`-th request; 0 = never."""

    def __init__(self, every: int) -> None:
        """Start counting."""
        self._every = every
        self._count = 0
        self._lock = threading.Lock()

    def is_over(self) -> bool:
        """Count one request."""
        with self._lock:
            self._count += 1
            return self._every > 0 and self._count % self._every == 0


class Service:
    """An HTTP server around one answering function. Use as a context manager, or `start` and `stop`."""

    def __init__(self, answer: Answer) -> None:
        """Take a free port; nothing is answered before `start`."""
        self._server = _Server(("127.0.0.1", 0), _handler(answer))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def address(self) -> str:
        """`http://127.0.0.1:<port>`."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> Service:
        """Begin to answer."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop answering and close the port."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Service:
        """Start."""
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news."""


def _asked(method: str, target: str, headers: dict[str, str], body: bytes) -> Asked:
    parts = urlsplit(target)
    return Asked(method, parts.path, dict(parse_qsl(parts.query)), headers, body)


def _handler(answer: Answer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30
        # Head and body leave in one packet; without it each small answer waits 40 ms for an acknowledgement.
        wbufsize = -1
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._reply("GET")

        def do_POST(self) -> None:
            self._reply("POST")

        def do_DELETE(self) -> None:
            self._reply("DELETE")

        def _reply(self, method: str) -> None:
            length = min(int(self.headers.get("Content-Length") or 0), LONGEST_BODY)
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = answer(_asked(method, self.path, headers, self.rfile.read(length)))
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(len(reply.body)))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base class names it
            """Say nothing: the request line holds the key."""

    return Handler
