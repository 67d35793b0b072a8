"""A mail server and a webhook on this machine, which keep what they get."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from tests.connectors.scripted import Answer, Server, serve


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


class Receivers:
    """Both of them. `status` is what the webhook answers."""

    def __init__(self, smtp: Any, hook: Server) -> None:
        self._smtp, self._hook = smtp, hook
        self.address = hook.url
        self.status = 204

    @property
    def mails(self) -> list[EmailMessage]:
        return cast(list[EmailMessage], self._smtp.mails)

    @property
    def smtp_port(self) -> int:
        return int(self._smtp.server_address[1])

    @property
    def posts(self) -> list[tuple[str, str | None, dict[str, Any]]]:
        """Path, authorization and content of each."""
        return [(one.path, one.headers.get("Authorization"), one.body) for one in self._hook.asked]


@contextmanager
def receivers() -> Iterator[Receivers]:
    """Run both."""
    smtp: Any = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Smtp)
    smtp.daemon_threads, smtp.mails = True, []
    threading.Thread(target=smtp.serve_forever, args=(0.02,), daemon=True).start()
    try:
        with serve(lambda *_: Answer(running.status)) as hook:
            running = Receivers(smtp, hook)
            yield running
    finally:
        smtp.shutdown()
        smtp.server_close()
