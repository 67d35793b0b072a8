"""A local HTTP server that answers as a test scripts it, and notes what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request as it came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


@dataclass(frozen=True)
class Answer:
    """What to send. `announced` overrides Content-Length; `pause` waits (seconds) before anything is sent."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    announced: int | None = None
    pause: float = 0


def json_answer(content: Any, status: int = 200, **headers: str) -> Answer:
    """An answer in JSON."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, json.dumps(content).encode(), {"Content-Type": "application/json", **named})


@dataclass
class Server:
    """The running server: its address and what it was asked, in order."""

    url: str
    asked: list[Asked]


@contextmanager
def serve(respond: Callable[[Asked, int], Answer]) -> Iterator[Server]:
    """Serve on a free port; `respond` gets each request and its number, from 0."""
    asked: list[Asked] = []
    stopping = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            asked.append(Asked(self.command, parts.path, query, dict(self.headers), body))
            answer = respond(asked[-1], len(asked) - 1)
            stopping.wait(answer.pause)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body) if answer.announced is None else answer.announced))
            self.end_headers()
            self.wfile.write(answer.body)

        do_POST = do_GET  # noqa: N815 - the name http.server looks for

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield Server(f"http://127.0.0.1:{server.server_port}", asked)
    finally:
        stopping.set()
        server.shutdown()
        server.server_close()
