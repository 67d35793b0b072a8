"""Settings of a running Ejendomstal, read from `EJENDOMSTAL_*` environment variables. One place, one name each."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Everything a process needs to know about where it runs.

    Source passwords and keys are not here: they belong to connections (`AIRFLOW_CONN_<ID>`), see
    `connectors/configuration.py`.
    """

    model_config = SettingsConfigDict(env_prefix="EJENDOMSTAL_", extra="ignore")

    home: Path = Field(default=PROJECT / "var", description="where servers, kept bytes, logs and secrets live")
    config: Path = Field(default=PROJECT / "config", description="what each municipality delivers and how it maps")
    store_url: str | None = Field(default=None, description="fsspec URL of the kept bytes; default <home>/deliveries")
    database_url: SecretStr | None = Field(
        default=None, description="owner's URL of a PostgreSQL server to use instead of the embedded one"
    )
    role_password: SecretStr | None = Field(
        default=None, description="password of the ejd_* roles; default: generated into <home>/secrets.json"
    )
    allow_unverified_server: bool = Field(
        default=False, description="talk to a server elsewhere without checking its certificate, or in plain text"
    )
    wal_archive: Path | None = Field(
        default=None, description="folder for the embedded server's archived WAL: makes point-in-time restore possible"
    )
    backup_passphrase: SecretStr | None = Field(
        default=None, description="encrypts secrets.json in backups; without it secrets are left out of them"
    )

    @property
    def secrets_file(self) -> Path:
        """JSON of generated passwords, mode 0600."""
        return self.home / "secrets.json"

    @property
    def kept_bytes_url(self) -> str:
        """fsspec URL under which the bytes of deliveries are kept."""
        return self.store_url or f"file://{(self.home / 'deliveries').absolute()}"

    @property
    def quarantine(self) -> Path:
        """The one folder where originals with personal data may lie, mode 0700, emptied by age."""
        return self.home / "quarantine"

    @property
    def data_docs(self) -> Path:
        """Folder of the pages Great Expectations writes."""
        return self.home / "data_docs"

    @property
    def logs(self) -> Path:
        """Folder of server and pipeline logs."""
        return self.home / "logs"

    @property
    def municipalities(self) -> Path:
        """Folder with one folder per municipality code."""
        return self.config / "municipalities"


def get_settings() -> Settings:
    """Read the settings of this process; relative folders count from the current directory."""
    settings = Settings()
    return settings.model_copy(
        update={"home": settings.home.expanduser().absolute(), "config": settings.config.expanduser().absolute()}
    )
