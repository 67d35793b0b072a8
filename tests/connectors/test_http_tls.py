"""A key is sent only to a host that can show who it is."""

from __future__ import annotations

import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from connectors.base import Way
from connectors.connections import Connection
from connectors.errors import Place, RequestRefusedError
from connectors.http import Client

WAY = Way("api", lambda request: iter(()), auth="header", auth_name="X-Key")


def self_signed(folder: Path) -> Path:
    """Key and certificate of 127.0.0.1, which nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    form = serialization.Encoding.PEM
    text = key.private_bytes(form, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "server.pem"
    path.write_bytes(text + certificate.public_bytes(form))
    return path


def test_a_host_whose_certificate_nobody_vouches_for_gets_no_request(tmp_path: Path) -> None:
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)

    server = HTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        with (
            Client(Connection(f"https://127.0.0.1:{server.server_port}", "secret-key"), Place("bbr"), WAY) as client,
            pytest.raises(RequestRefusedError, match="certificate of the host cannot be verified") as caught,
        ):
            client.get_json("things")
    finally:
        server.shutdown()
        server.server_close()
    assert seen == []
    assert "secret-key" not in str(caught.value)
