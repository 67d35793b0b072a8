"""`config/alerts.yml`: who is told what, and how old a source's newest delivery may be. Without it nobody is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from connectors.base import Family, Source, registered
from warehouse.database import is_loopback_host
from warehouse.errors import KnownError
from warehouse.settings import Settings

FILE = "alerts.yml"
Kind = Literal["failure", "hold", "freshness"]
Days = Annotated[int, Field(ge=1, le=3660)]
# Days without anything new after which a person should look: a source is pulled more often than it changes.
DEFAULT_DAYS: Mapping[Family, int] = {"bbr": 35, "fm": 35, "ledger": 62, "energy": 62, "statistics": 400}


class AlertConfigError(KnownError):
    """alerts.yml is wrong; the message names the key, never a value."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Email(_Strict):
    """A mail server. Login and password are those of `connection` (`AIRFLOW_CONN_<NAME>`), if it asks for them."""

    host: str
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    encryption: Literal["starttls", "tls", "none"] = "starttls"
    sender: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")]
    to: Annotated[tuple[Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")], ...], Field(min_length=1)]
    connection: str | None = None
    kinds: tuple[Kind, ...] = ("failure", "hold", "freshness")

    @model_validator(mode="after")
    def _encrypted_elsewhere(self) -> Email:
        if self.encryption == "none" and not is_loopback_host(self.host):
            raise ValueError("a mail server elsewhere needs encryption starttls or tls")
        return self


class Webhook(_Strict):
    """An address that takes a POST of JSON: the host of `connection`; its password is sent as a bearer token."""

    connection: str
    kinds: tuple[Kind, ...] = ("failure", "hold", "freshness")


class Freshness(_Strict):
    """Days by source (`bbr`) or stream (`ledger_opus.postings`); others have what their family has."""

    days: dict[str, Days] = {}

    @model_validator(mode="after")
    def _known(self) -> Freshness:
        known = {source.name for source in registered().values()}
        known |= {f"{source.name}.{stream.name}" for source in registered().values() for stream in source.streams}
        strange = sorted(self.days.keys() - known)
        if strange:
            raise ValueError(f"there is no source or stream {strange[0]}")
        return self

    def allowed(self, source: Source, stream: str | None) -> int:
        """Days that the newest delivery of a stream may be old."""
        return self.days.get(f"{source.name}.{stream}", self.days.get(source.name, DEFAULT_DAYS[source.family]))


class AlertConfiguration(_Strict):
    """The whole file. A standing condition is told again after `repeat_days`."""

    email: Email | None = None
    webhook: Webhook | None = None
    freshness: Freshness = Freshness()
    repeat_days: Days = 7


def read_alerts(settings: Settings) -> AlertConfiguration:
    """Read and check the file; a missing one is an empty one.

    Raises:
        AlertConfigError: it is wrong.
    """
    path = settings.config / FILE
    try:
        content: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        content = None
    except (yaml.YAMLError, UnicodeDecodeError):
        raise AlertConfigError(f"{FILE} is not readable as YAML in UTF-8: correct it.") from None
    try:
        return AlertConfiguration.model_validate({} if content is None else content)
    except ValidationError as error:
        one = error.errors(include_input=False, include_url=False)[0]
        key = ".".join(str(part) for part in one["loc"]) or "the file"
        raise AlertConfigError(f"{FILE}: {key}: {one['msg'].removeprefix('Value error, ')}: correct it.") from None
