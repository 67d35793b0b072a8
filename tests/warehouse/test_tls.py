"""A server elsewhere is verified before it gets a password. Tried against an installed PostgreSQL with TLS."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import SecretStr
from sqlalchemy import create_engine, make_url, text

from warehouse import server as server_module
from warehouse.airflow import Airflow
from warehouse.build import dbt_environment
from warehouse.database import UnverifiedServerError, connect, is_on_loopback, prepare, url
from warehouse.server import Server
from warehouse.settings import PROJECT, Settings

NAME = "warehouse.example.test"
ENCRYPTED = "select ssl, version from pg_stat_ssl where pid = pg_backend_pid()"
DBT = """
import sys
from dbt.cli.main import dbtRunner
folders = ["--project-dir", sys.argv[1], "--profiles-dir", sys.argv[2]]
query = "select ssl from pg_stat_ssl where pid = pg_backend_pid()"
done = dbtRunner().invoke(["--quiet", "show", "--inline", query, *folders])
sys.exit(not done.success)
"""
ELSEWHERE = "postgresql://owner:secret@db.example.dk/ejendomstal"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("postgresql://o:s@127.0.0.1/e", True), ("postgresql://o:s@localhost/e", True), ("postgresql:///e", True),
        ("postgresql://o:s@[::1]/e", True), ("postgresql:///e?host=/var/run/postgresql", True),
        ("postgresql://o:s@127.8.8.8/e", True), ("postgresql://o:s@10.0.0.1/e", False),
        ("postgresql://o:s@localhost.example.dk/e", False), ("postgresql:///e?host=db.example.dk", False),
        ("postgresql:///e?host=localhost,db.example.dk", False),
        ("postgresql:///e?host=localhost&host=db.example.dk", False),
        ("postgresql://o:s@db.example.dk/e?hostaddr=127.0.0.1", False),
    ],
)  # fmt: skip
def test_only_this_machine_is_loopback(address: str, expected: bool) -> None:
    assert is_on_loopback(make_url(address)) is expected


@pytest.mark.parametrize("mode", ["", "?sslmode=disable", "?sslmode=prefer", "?sslmode=require"])
def test_a_server_elsewhere_without_verification_is_refused_in_one_sentence(tmp_path: Path, mode: str) -> None:
    given = Settings(home=tmp_path, database_url=SecretStr(ELSEWHERE + mode))
    with pytest.raises(UnverifiedServerError, match=r"add .sslmode=verify-full") as refused:
        url("ejd_loader", settings=given)
    assert "secret" not in str(refused.value)
    assert "db.example.dk" not in str(refused.value)
    allowed = given.model_copy(update={"allow_unverified_server": True})
    assert url("owner", settings=allowed).host == "db.example.dk"


def test_every_user_of_the_address_gets_what_verifies_the_server(tmp_path: Path) -> None:
    given = f"{ELSEWHERE}?sslmode=verify-full&sslrootcert=/etc/ssl/our.pem"
    settings = Settings(home=tmp_path, database_url=SecretStr(given))
    for role in ("owner", "ejd_loader"):
        query = url(role, settings=settings).query
        assert (query["sslmode"], query["sslrootcert"], query["require_auth"]) == (
            "verify-full", "/etc/ssl/our.pem", "scram-sha-256",
        )  # fmt: skip
    environment = dbt_environment(settings, tmp_path)
    assert (environment["PGSSLMODE"], environment["PGSSLROOTCERT"], environment["PGREQUIREAUTH"]) == (
        "verify-full", "/etc/ssl/our.pem", "scram-sha-256",
    )  # fmt: skip
    airflow = Airflow(settings).environment()
    for name in ("SQL_ALCHEMY_CONN", "SQL_ALCHEMY_CONN_ASYNC"):
        assert make_url(airflow[f"AIRFLOW__DATABASE__{name}"]).query["sslmode"] == "verify-full"
    chosen = settings.model_copy(update={"database_url": SecretStr(f"{given}&require_auth=gss")})
    assert url("owner", settings=chosen).query["require_auth"] == "gss"


@dataclass
class Elsewhere:
    """A TLS server, by its name; `trusted` is the authority that signed its certificate, `strange` another."""

    settings: Settings
    port: int
    password: str
    trusted: Path
    strange: Path

    def given(self, *, host: str = NAME, mode: str = "verify-full", authority: Path | None = None) -> Settings:
        address = (
            f"postgresql://ejd_owner:{self.password}@{host}:{self.port}/ejendomstal?hostaddr=127.0.0.1"
            f"&sslmode={mode}&sslrootcert={authority or self.trusted}"
        )
        return self.settings.model_copy(update={"database_url": SecretStr(address)})


def write_certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate that signed itself; returns it and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    public, private = folder / f"{name}.crt", folder / f"{name}.key"
    public.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )  # fmt: skip
    return public, private


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Elsewhere]:
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not installed:
        pytest.skip("the wheel's PostgreSQL has no TLS, and none is installed")
    folder = tmp_path_factory.mktemp("tls")
    settings = Settings(home=folder / "home", config=folder / "config")
    trusted, key = write_certificate(folder, NAME)
    strange, _ = write_certificate(folder, "strange.example.test")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server_module, "binaries", lambda: installed[-1].parent)
        server = Server(settings)
        server.data.parent.mkdir(parents=True)
        server._make_cluster()
        for source, name in ((trusted, "server.crt"), (key, "server.key")):
            shutil.copyfile(source, server.data / name)
            (server.data / name).chmod(0o600)
            server.hand_over(server.data / name)
        # Plain text finds no line; one role is asked for an md5.
        (server.data / "pg_hba.conf").write_text(
            "hostssl all old_tool 127.0.0.1/32 password\nhostssl all all 127.0.0.1/32 scram-sha-256\n"
        )
        address = server.start("ssl = on")
        yield Elsewhere(settings, address.port, server.password(), trusted, strange)
        server.stop(immediate=True)


def test_a_verified_server_is_used_over_tls_by_commands_great_expectations_and_dbt(
    elsewhere: Elsewhere, tmp_path: Path
) -> None:
    given = elsewhere.given()
    prepare(given)
    for role in ("owner", "ejd_analyst"):
        with connect(role, settings=given) as connection:
            assert connection.execute(ENCRYPTED).fetchone() == (True, "TLSv1.3")
    engine = create_engine(url("ejd_publisher", settings=given))  # as Great Expectations is given it
    with engine.connect() as connected:
        assert connected.execute(text(ENCRYPTED)).one()[0] is True
    engine.dispose()
    (tmp_path / "dbt_project.yml").write_text("name: empty\nprofile: ejendomstal\n")  # ours takes seconds to read
    done = subprocess.run(
        [sys.executable, "-c", DBT, str(tmp_path), str(PROJECT / "dbt_project")], env=dbt_environment(given, tmp_path),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "True" in done.stdout


def test_passwords_are_stored_as_scram_whatever_the_server_prefers(elsewhere: Elsewhere) -> None:
    given = elsewhere.given()
    with connect("owner", settings=given, autocommit=True) as connection:
        connection.execute("alter role ejd_owner set password_encryption = 'md5'")
        try:
            prepare(given)
            stored = connection.execute(
                "select rolpassword from pg_authid where rolname like 'ejd%' and rolcanlogin"
            ).fetchall()
        finally:
            connection.execute("alter role ejd_owner reset password_encryption")
    assert len(stored) >= 5
    assert {password.split("$")[0] for (password,) in stored} == {"SCRAM-SHA-256"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"host": "other.example.test"}, "does not match host name"),
        ({"authority": "strange"}, "certificate verify failed"),
    ],
)
def test_a_server_that_is_not_the_one_it_should_be_gets_no_password(
    elsewhere: Elsewhere, change: dict[str, str], message: str
) -> None:
    given = elsewhere.given(
        **{name: elsewhere.strange if name == "authority" else value for name, value in change.items()}
    )
    with pytest.raises(psycopg.OperationalError, match=message):
        connect("owner", settings=given)


def test_the_server_has_no_line_for_plain_text(elsewhere: Elsewhere) -> None:
    plain = elsewhere.given(mode="disable").model_copy(update={"allow_unverified_server": True})
    with pytest.raises(psycopg.OperationalError, match="no encryption"):
        connect("owner", settings=plain)


def test_a_server_that_wants_the_password_itself_gets_no_answer(elsewhere: Elsewhere) -> None:
    given = elsewhere.given()
    with connect("owner", settings=given, autocommit=True) as connection:
        connection.execute("create role old_tool login password 'old'")
    address = make_url(given.database_url.get_secret_value()).set(username="old_tool", password="old")  # type: ignore[union-attr]
    asked = given.model_copy(update={"database_url": SecretStr(address.render_as_string(hide_password=False))})
    with pytest.raises(psycopg.OperationalError, match=r"authentication method requirement .scram-sha-256. failed"):
        connect("owner", settings=asked)
