"""Airflow on this machine: its settings, its database in the warehouse's server, its processes.

For `make demo`, `make up` and tests. The real stack (docker-compose.yml) starts the same components by itself.
"""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL

from warehouse.airflow_api import AirflowApi
from warehouse.database import url
from warehouse.errors import KnownError
from warehouse.processes import Background, free_port, stop
from warehouse.secrets_file import read_or_make
from warehouse.settings import PROJECT, Settings

NAME = "airflow"  # of the role and of its database
USER = "admin"
# What `python -m` runs per component. Task logs are read from the same disk: no log server is needed.
COMPONENTS = {
    "api-server": ["airflow", "api-server"],
    "scheduler": ["warehouse.airflow_scheduler", "--skip-serve-logs"],
    "dag-processor": ["airflow", "dag-processor"],
    "triggerer": ["airflow", "triggerer", "--skip-serve-logs"],
}
# No task of ours defers, so a short-lived Airflow does without a triggerer.
NEEDED = ("api-server", "scheduler", "dag-processor")
# Where lineage events, metrics and traces go is for whoever runs it to say, by Airflow's own variables.
OBSERVING = ("AIRFLOW__OPENLINEAGE__", "AIRFLOW__METRICS__", "AIRFLOW__TRACES__")
START_SECONDS = 120.0
STOP_SECONDS = 15.0


class AirflowError(KnownError):
    """Airflow did not start; the message names the log to read."""


@dataclass(frozen=True)
class Airflow:
    """The Airflow of one home folder. Its warehouse server must run before anything here is called."""

    settings: Settings

    @property
    def home(self) -> Path:
        """Airflow's own folder."""
        return self.settings.home / "airflow"

    @property
    def port(self) -> int:
        """Port of the API and the page, chosen once per home and kept while it is in use."""
        chosen = self.home / "port"
        if not chosen.exists():
            self.home.mkdir(parents=True, exist_ok=True)
            chosen.write_text(str(free_port()))
        return int(chosen.read_text())

    @property
    def address(self) -> str:
        """Address of the page."""
        return f"http://127.0.0.1:{self.port}"

    def password(self) -> str:
        """Generated password of the page's only user."""
        return read_or_make(self.settings.secrets_file, "airflow_admin")["airflow_admin"]

    def api(self) -> AirflowApi:
        """A client of the REST API."""
        return AirflowApi(self.address, USER, self.password())

    def initialise(self) -> subprocess.Popen[bytes]:
        """Start making or migrating the database (see `warehouse.airflow_init`); the caller waits for it."""
        if not self.is_running():
            (self.home / "port").unlink(missing_ok=True)  # another program may have taken it since
        self.settings.logs.mkdir(parents=True, exist_ok=True)
        with (self.settings.logs / "airflow-init.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "warehouse.airflow_init"], stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, env=self.environment(), cwd=PROJECT,
            )  # fmt: skip

    def start(self, connections: Mapping[str, str], components: Iterable[str] = NEEDED) -> None:
        """Start components that do not run yet; returns at once. `connections` are `AIRFLOW_CONN_<ID>` variables."""
        for name in components:
            self._background(name).start(
                [sys.executable, "-m", *COMPONENTS[name]],
                log=self.settings.logs / f"airflow-{name}.log",
                environment=self.environment() | dict(connections),
                cwd=self.home,
            )

    def wait_until_ready(self, seconds: float = START_SECONDS) -> AirflowApi:
        """Wait for the API, the scheduler and the DAG processor to say that they are healthy.

        Raises:
            AirflowError: a component ended, or the time is up.
        """
        api = self.api()
        deadline = time.monotonic() + seconds
        while not api.is_healthy():
            ended = [name for name in NEEDED if self._background(name).process() is None]
            if ended or time.monotonic() > deadline:
                names = ", ".join(ended or NEEDED)
                raise AirflowError(f"Airflow did not start ({names}): read {self.settings.logs}/airflow-*.log.")
            time.sleep(0.5)
        return api

    def stop(self) -> None:
        """Stop every component and the tasks they run."""
        stop([self._background(name) for name in COMPONENTS], STOP_SECONDS)

    def is_running(self) -> bool:
        """Whether any component runs."""
        return any(self._background(name).process() for name in COMPONENTS)

    def environment(self) -> dict[str, str]:
        """Environment of every Airflow process. Holds secrets: never print it."""
        own = {f"AIRFLOW__{name}": value for name, value in (self._options() | self._secret_options()).items()}
        local = "127.0.0.1,localhost"
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW__")}
        observing = {name: value for name, value in os.environ.items() if name.startswith(OBSERVING)}
        return {
            **inherited,
            **own,
            **observing,
            "AIRFLOW_HOME": str(self.home),
            "EJENDOMSTAL_HOME": str(self.settings.home),
            "EJENDOMSTAL_CONFIG": str(self.settings.config),
            "PYTHONPATH": _joined(os.pathsep, str(PROJECT), os.environ.get("PYTHONPATH")),
            "NO_PROXY": _joined(",", os.environ.get("NO_PROXY"), local),
            "no_proxy": _joined(",", os.environ.get("no_proxy"), local),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            "DO_NOT_TRACK": "1",
            "GX_ANALYTICS_ENABLED": "false",
            "SCARF_ANALYTICS": "false",
        }

    def _options(self) -> dict[str, str]:
        return {
            "API__BASE_URL": self.address,
            "API__HOST": "127.0.0.1",
            "API__PORT": str(self.port),
            "CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
            "CORE__DAGS_FOLDER": str(PROJECT / "dags"),
            "CORE__EXECUTION_API_SERVER_URL": f"{self.address}/execution/",
            "CORE__EXECUTOR": "LocalExecutor",
            # The full name would ask a name server, which a closed network may not have.
            "CORE__HOSTNAME_CALLABLE": "socket.gethostname",
            "CORE__LOAD_EXAMPLES": "False",
            "CORE__PARALLELISM": str(max(4, min(os.cpu_count() or 1, 16))),
            "CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(self.home / "passwords.json"),
            "CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
            "LOGGING__BASE_LOG_FOLDER": str(self.home / "logs"),
            "LOGGING__COLORED_CONSOLE_LOG": "False",
            # Lineage names tasks and assets; the text of a task is nobody's business.
            "OPENLINEAGE__DISABLE_SOURCE_CODE": "True",
            "OPENLINEAGE__NAMESPACE": "ejendomstal",
            "DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "120",
            # One machine, few tasks: react soon rather than save a poll.
            "SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.5",
            # A busy small machine answers late; giving up would cost a retry.
            "WORKERS__EXECUTION_API_TIMEOUT": "60",
        }

    def _secret_options(self) -> dict[str, str]:
        secrets = read_or_make(self.settings.secrets_file, "airflow_fernet", "airflow_jwt", "airflow_session")
        address = self._database()
        return {
            "API__SECRET_KEY": secrets["airflow_session"],
            "API_AUTH__JWT_SECRET": secrets["airflow_jwt"],
            "CORE__FERNET_KEY": _fernet_key(secrets["airflow_fernet"]),
            "DATABASE__SQL_ALCHEMY_CONN": address.render_as_string(hide_password=False),
            "DATABASE__SQL_ALCHEMY_CONN_ASYNC": address.set(drivername="postgresql+psycopg_async").render_as_string(
                hide_password=False
            ),
        }

    def _database(self) -> URL:
        """Airflow's own database, with a role that can enter no other."""
        password = read_or_make(self.settings.secrets_file, NAME)[NAME]
        return url("owner", NAME, self.settings).set(username=NAME, password=password)

    def _background(self, name: str) -> Background:
        return Background(name, self.home)


def _fernet_key(secret: str) -> str:
    """A Fernet key is 32 bytes in URL-safe base64."""
    return base64.urlsafe_b64encode(hashlib.sha256(secret.encode()).digest()).decode()


def _joined(separator: str, *parts: str | None) -> str:
    return separator.join(part for part in parts if part)
