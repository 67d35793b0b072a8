"""Threads that work a little ahead, for steps that let go of Python's lock: unpacking, parsing, hashing.

Python 3.14 brings `Executor.map(buffersize=...)`; until then that takes in all its input at once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from connectors.archives import Reader

Item = TypeVar("Item")
Result = TypeVar("Result")

AHEAD = 3
THREADS = 2
CHUNK = 1024 * 1024


def make_ahead(items: Iterator[Item], ahead: int = AHEAD) -> Generator[Item]:
    """The same items in the same order, up to `ahead` of them made in a thread before they are asked for.

    What goes wrong with an item is raised in its place. Close it (`contextlib.closing`) before what `items` uses.
    """
    end = object()
    with ThreadPoolExecutor(1, "ahead") as thread:
        pending: deque[Future[Item | object]] = deque(thread.submit(next, items, end) for _ in range(ahead))
        try:
            while (item := pending.popleft().result()) is not end:
                pending.append(thread.submit(next, items, end))
                yield item  # type: ignore[misc]  # all but `end` are items
        finally:
            _cancel(pending)


def map_ahead(work: Callable[[Item], Result], items: Iterator[Item], ahead: int = AHEAD) -> Generator[Result]:
    """What `work` makes of each item, in their order; of no more than `ahead` items at a time."""
    pending: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(THREADS, "work") as threads:
        try:
            for item in items:
                pending.append(threads.submit(work, item))
                if len(pending) == ahead:
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()
        finally:
            _cancel(pending)


class AheadReader:
    """A reader whose bytes are read in a thread; `close` it before the reader."""

    def __init__(self, reader: Reader, size: int = CHUNK) -> None:
        """Begin to read when the first bytes are asked for, `size` at a time."""
        self._chunks = make_ahead(iter(lambda: reader.read(size), b""))
        self._left = b""

    def read(self, size: int = -1, /) -> bytes:
        """Some bytes, at most `size`; none at the end."""
        chunk = self._left or next(self._chunks, b"")
        if size < 0:
            self._left = b""
            return chunk + b"".join(self._chunks)
        self._left = chunk[size:]
        return chunk[:size]

    def close(self) -> None:
        """Stop reading."""
        self._chunks.close()


def _cancel(pending: deque[Future[Result]]) -> None:
    for future in pending:
        future.cancel()
