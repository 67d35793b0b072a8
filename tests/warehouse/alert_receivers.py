"""A mail server and a webhook on this machine, which keep what they get."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast


class _Smtp(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a client without extensions needs."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        for line in self.rfile:
            verb = line.split()[0].upper() if line.split() else b""
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = []
                while (text := self.rfile.readline()) != b".\r\n":
                    lines.append(text.removeprefix(b"."))
                mail = message_from_bytes(b"".join(lines), policy=policy.default)
                cast(Any, self.server).mails.append(mail)
            self.wfile.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")
            if verb == b"QUIT":
                return


class _Hook(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server = cast(Any, self.server)
        server.posts.append((self.path, self.headers.get("Authorization"), content))
        self.send_response(server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Quiet."""


class Receivers:
    """Both of them. `status` is what the webhook answers."""

    def __init__(self) -> None:
        self._smtp: Any = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Smtp)
        self._hook: Any = ThreadingHTTPServer(("127.0.0.1", 0), _Hook)
        self._smtp.daemon_threads = self._hook.daemon_threads = True
        self._smtp.mails, self._hook.posts, self._hook.status = [], [], 204
        for server in (self._smtp, self._hook):
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def mails(self) -> list[EmailMessage]:
        return cast(list[EmailMessage], self._smtp.mails)

    @property
    def posts(self) -> list[tuple[str, str | None, dict[str, Any]]]:
        return cast(list[tuple[str, str | None, dict[str, Any]]], self._hook.posts)

    @property
    def smtp_port(self) -> int:
        return int(self._smtp.server_address[1])

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._hook.server_address[1]}"

    def answer(self, status: int) -> None:
        self._hook.status = status

    def stop(self) -> None:
        for server in (self._smtp, self._hook):
            server.shutdown()
            server.server_close()


@contextmanager
def receivers() -> Iterator[Receivers]:
    running = Receivers()
    try:
        yield running
    finally:
        running.stop()
