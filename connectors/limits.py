"""Limits of a service, obeyed over all threads and processes of a machine: so many calls in so long, so many at once.

Rates are pyrate-limiter's, in a SQLite file under a file lock; calls at once are file locks of numbered slots, which
the operating system frees however their process ends. A source without limits never comes here.
"""

from __future__ import annotations

import hmac
import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from pyrate_limiter import Limiter, Rate, SingleBucketFactory, SQLiteBucket

from connectors.base import RateLimit
from connectors.errors import Place, RateLimitedError
from connectors.policy import Policy

log = logging.getLogger(__name__)

LOOK_AGAIN = 0.05  # seconds between two looks for a free slot
WORTH_A_LINE = 1.0  # a shorter wait is not logged


class Turns:
    """Turns of one service and key. `folder` is shared by every process that asks the service with that key."""

    def __init__(
        self, folder: Path, limits: tuple[RateLimit, ...], place: Place, longest: float, at_once: int | None = None
    ) -> None:
        """Nothing is made before the first turn. `longest`: seconds that a call waits for its turn."""
        self._folder = folder
        self._rates = binding(limits)
        declared = (limit.at_once for limit in limits)
        self._slots = min((slots for slots in (*declared, at_once) if slots), default=None)
        self._place = place
        self._longest = longest
        self._limiter: Limiter | None = None

    @contextmanager
    def take(self) -> Iterator[None]:
        """Wait for a turn; whoever asks at once counts until the end of the block.

        Raises:
            RateLimitedError: no turn came in the longest time that is worth waiting.
        """
        began = time.monotonic()
        with ExitStack() as held:
            if self._slots is not None:
                held.enter_context(self._free_slot(began))
            if self._rates:
                left = max(0.0, self._longest - (time.monotonic() - began))
                if not self._open().try_acquire("call", timeout=left):
                    raise self._no_turn()
            waited = time.monotonic() - began
            if waited > WORTH_A_LINE:
                log.info("%s: waited %.0f s for a turn within the limits of the service", self._place, waited)
            yield

    def close(self) -> None:
        """Close the file of the rates."""
        if self._limiter is not None:
            self._limiter.close()
            self._limiter = None

    def _open(self) -> Limiter:
        if self._limiter is None:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            rates = [Rate(limit.calls, round(limit.seconds * 1000)) for limit in self._rates]
            # Another limit after an update is another table: its turns are counted anew.
            name = "_".join(f"{rate.limit}_{rate.interval}" for rate in rates)
            bucket = SQLiteBucket.init_from_file(
                rates, f"calls_{name}", str(self._folder / "calls.sqlite"), use_file_lock=True
            )
            bucket.leak(bucket.now())  # once is enough: no thread that cleans up
            self._limiter = Limiter(SingleBucketFactory(bucket, schedule_leak=False), buffer_ms=5)
            self._limiter.lock = (bucket.lock, self._limiter.lock)
        return self._limiter

    @contextmanager
    def _free_slot(self, began: float) -> Iterator[None]:
        assert self._slots is not None  # asked by the caller
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        slots = [FileLock(self._folder / f"slot-{number}.lock", timeout=0) for number in range(self._slots)]
        while True:
            for slot in slots:
                try:
                    slot.acquire()
                except Timeout:
                    continue
                try:
                    yield
                finally:
                    slot.release()
                return
            if time.monotonic() - began > self._longest:
                raise self._no_turn()
            time.sleep(LOOK_AGAIN)

    def _no_turn(self) -> RateLimitedError:
        problem = f"no turn within the limits of the service came in {self._longest:.0f} s"
        error = RateLimitedError(self._place, problem, "pull again later, or fewer municipalities at once")
        error.retry_after = float("inf")  # it has waited long enough already
        return error


def open_turns(limits: tuple[RateLimit, ...], policy: Policy, folder: Path | None, place: Place) -> Turns | None:
    """Turns under the declared limits and those that a connection sets itself; None where there are none."""
    own = (RateLimit(int(policy.calls_per_minute), 60),) if policy.calls_per_minute else ()
    if folder is None or not (limits or own or policy.at_once):
        return None
    return Turns(folder, (*limits, *own), place, policy.longest_turn, int(policy.at_once) or None)


def binding(limits: Iterable[RateLimit]) -> list[RateLimit]:
    """Those limits that can be met before another one is, from the shortest period to the longest."""
    kept: list[RateLimit] = []
    for limit in sorted(limits, key=lambda limit: limit.seconds):
        while kept and kept[-1].calls >= limit.calls:
            kept.pop()
        if not kept or limit.calls / limit.seconds <= kept[-1].calls / kept[-1].seconds:
            kept.append(limit)
    return kept


def shared_name(salt: str, *parts: str | None) -> str:
    """Folder name of a service and key, the same in every process, from which neither can be read."""
    return hmac.digest(salt.encode(), repr(parts).encode(), "sha256").hex()[:24]
