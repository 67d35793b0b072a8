"""How patient the HTTP client is, and what a connection may change of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from connectors.errors import ConfigError, Place


@dataclass(frozen=True)
class Policy:
    """How patient the client is; a connection's `extra` may override each field. Seconds and bytes."""

    connect_timeout: float = 10
    read_timeout: float = 120
    attempts: float = 5
    backoff: float = 1  # doubles at each attempt, with jitter of up to as much again
    longest_wait: float = 120  # of one pause; a source that asks for more gets an error instead
    longest_turn: float = 1800  # that one call waits for its turn under the limits of the service
    calls_per_minute: float = 0  # fewer than the service allows; 0: as it allows
    at_once: float = 0  # likewise, over all tasks and processes
    busy_pause: float = 0  # after 429 or 5xx without Retry-After; 0: as any other fault
    largest_json: float = 64 * 1000**2
    largest_file: float = 10 * 1000**3


def read_policy(options: Mapping[str, Any], place: Place, *, busy_pause: float = 0) -> Policy:
    """The policy that a connection's `extra` asks for, where the way in declares its `busy_pause`.

    Raises:
        ConfigError: a value is no number.
    """
    known = {known.name for known in fields(Policy)}
    try:
        asked = {name: float(value) for name, value in options.items() if name in known}
    except (TypeError, ValueError):
        raise ConfigError(place, "extra of the connection has a value that is no number", "correct it") from None
    return replace(Policy(busy_pause=busy_pause), **asked)
