"""A paged pull of records that have an id: each page goes to the spool, the whole becomes one snapshot.

Services that page by position move records while they are read. One that changes goes to the front: the page after it
repeats an id, and what moved to the front is missed. One that is removed pulls an unread one into the part that was
read. So ids are counted against the declared total, the front is read again where some are missing, and a total that
falls ends the pull: only a clean one may take rows away.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from connectors.base import Item, Passed, Request
from connectors.errors import (
    IncompleteResponseError,
    RepeatedPageError,
    RequestRefusedError,
    UnexpectedContentError,
)
from connectors.paging import MOST_PAGES, Page
from connectors.profiled import FoundFile, plain_delivery, profile_digest, stream_profile

# How the spool is written, whatever the source writes.
SPOOL = {"delimiter": ",", "decimal": ".", "thousands": "", "encoding": "utf-8"}
Row = Sequence[str]
# Pages are written at most so often, for each writing is synced: what a kill loses is read again in as long.
SECONDS_BETWEEN_WRITES = 1.0


@dataclass(frozen=True)
class _State:
    """Where the pull is. `following` asks for the next page; None before the first and after the last."""

    following: str | None = None
    pages: int = 0
    items: int = 0
    total: int = 0
    done: bool = False

    @property
    def is_read(self) -> bool:
        return self.pages > 0 and self.following is None


class PagedPull:
    """One stream of one municipality, page by page."""

    def __init__(self, request: Request, fetch: Callable[[str | None], Page], read: Callable[[Any], Row]) -> None:
        """Nothing is asked before `run`.

        Args:
            request: what to pull.
            fetch: asks for a page: the first by None, each further one by `following` of the one before.
            read: an item as texts in the order of the stream's raw columns.
        """
        self._request = request
        self._fetch = fetch
        self._read = read
        columns = request.stream.raw_columns
        self._key = [columns.index(column) for column in request.stream.key]
        self._seen: set[tuple[str, ...]] = set()
        self._pages: set[tuple[tuple[str, ...], ...]] = set()
        self._marks: set[str] = set()
        self._pending: list[Row] = []
        self._written_at = 0.0

    def run(self, setting: object = None, warnings: tuple[str, ...] = ()) -> Iterator[Item]:
        """The whole stream as one delivery. `setting`: what else decides how records read; a change starts anew."""
        profile = stream_profile(
            self._request, f"{self._request.stream.name}.csv", columns={c: c for c in self._request.stream.raw_columns}
        )
        digest = profile_digest(self._request, profile)
        state = self._complete(f"{digest} {self._request.section.connection} {setting!r}")
        path = self._request.scratch / f"{self._request.stream.name}.csv"
        if self._write_sorted(path) == 0 and not any(row.state == "landed" for row in self._request.known.rows):
            yield Passed(path.name)  # a resource that the installation does not use
            return
        delivery = plain_delivery(self._request, profile, FoundFile(path, (0, path.name), None), digest, None)
        # Only allow-listed columns have come this far: the file is no original that has to be hidden.
        yield replace(delivery, holds_personal_data=False, warnings=(*warnings, *self._warnings(state)))

    def _complete(self, identity: str) -> _State:
        """Read what the spool does not have yet."""
        state = self._resume(identity)
        is_resumed = state.pages > 0
        try:
            state = self._read_pages(state)
        except RequestRefusedError:
            if not is_resumed:
                raise
            self._forget()  # the place is no longer known over there
            state = self._read_pages(self._resume(identity))
        if not state.done:
            self._check_complete(state)
            state = self._read_front_again(state)
        return state

    def _resume(self, identity: str) -> _State:
        state = _State(**self._request.spool.resume(identity, self._request.stream.raw_columns))
        self._marks = {state.following} if state.following else set()
        self._pages = set()
        self._written_at = time.monotonic()
        self._seen = {self._key_of(row) for row in self._spooled()}
        return state

    def _read_pages(self, state: _State) -> _State:
        try:
            while not state.is_read:
                if state.pages >= MOST_PAGES:
                    raise RepeatedPageError(self._request.place(), f"more than {MOST_PAGES} pages", "tell the owner")
                state = self._read_page(state)
        except BaseException:
            self._write(state)
            raise
        return state

    def _read_page(self, state: _State) -> _State:
        page = self._fetch(state.following)
        rows = self._rows_of(page)
        self._refuse_repetition(page, rows)
        if page.total < state.total:
            self._give_up("records were removed while the pages were read")
        self._pending += self._unseen(rows)
        state = _State(page.following, state.pages + 1, state.items + len(page.items), page.total)
        if time.monotonic() - self._written_at >= SECONDS_BETWEEN_WRITES:
            self._write(state)
        return state

    def _write(self, state: _State) -> None:
        """Note the rows that are pending and the place behind them; without rows there is no place to note."""
        if self._pending or state.done:
            self._request.spool.append(self._pending, asdict(state))
        self._pending, self._written_at = [], time.monotonic()

    def _forget(self) -> None:
        self._pending = []
        self._request.spool.clear()

    def _read_front_again(self, state: _State) -> _State:
        """Records that were changed while the pages were read have moved to the front."""
        mark: str | None = None
        while len(self._seen) < state.total:
            page = self._fetch(mark)
            fresh = self._unseen(self._rows_of(page))
            self._pending += fresh
            mark = page.following
            if not fresh or mark is None:
                break
        state = replace(state, done=True)
        self._write(state)
        return state

    def _rows_of(self, page: Page) -> list[Row]:
        rows = [self._read(item) for item in page.items]
        if rows and not any(any(self._key_of(row)) for row in rows):
            problem = f"no record of a page has the field {self._request.stream.key[0]}"
            raise UnexpectedContentError(self._request.place(), problem, "check the address of the connection")
        return rows

    def _unseen(self, rows: list[Row]) -> list[Row]:
        """Rows whose id has not come before: of two, the first is the newer one."""
        fresh = {key: row for row in reversed(rows) if (key := self._key_of(row)) not in self._seen}
        self._seen |= fresh.keys()
        return list(fresh.values())

    def _refuse_repetition(self, page: Page, rows: list[Row]) -> None:
        ids = tuple(self._key_of(row) for row in rows)
        if rows and ids in self._pages:
            raise RepeatedPageError(self._request.place(), "the same page came twice", "pull again later")
        if page.following in self._marks:
            raise RepeatedPageError(self._request.place(), "a bookmark came twice", "pull again later")
        self._pages.add(ids)
        self._marks |= {page.following} if page.following else set()

    def _check_complete(self, state: _State) -> None:
        if state.items < state.total:
            self._give_up(f"{state.items} records came where {state.total} are declared")

    def _give_up(self, problem: str) -> None:
        """What was read is of no use: the next pull begins anew."""
        self._forget()
        raise IncompleteResponseError(self._request.place(), problem, "pull again later")

    def _warnings(self, state: _State) -> tuple[str, ...]:
        if len(self._seen) >= state.total:
            return ()
        return (f"{self._request.place()}: {len(self._seen)} different records where {state.total} are declared",)

    def _key_of(self, row: Row) -> tuple[str, ...]:
        return tuple(row[position] for position in self._key)

    def _spooled(self) -> list[list[str]]:
        with self._request.spool.path.open(newline="", encoding="utf-8") as file:
            return list(csv.reader(file))[1:]

    def _write_sorted(self, path: Path) -> int:
        """In the order of ids: the order of a service says when something changed, not what."""
        rows = sorted(self._spooled(), key=self._key_of)
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(self._request.stream.raw_columns)
            writer.writerows(rows)
        return len(rows)
