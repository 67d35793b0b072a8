"""A paged pull of records that have an id: each page goes to the spool, the whole becomes one snapshot.

Services that page by position move records while they are read. One that changes goes to the front: the page after it
repeats an id, and what moved to the front is missed. One that is removed pulls an unread one into the part that was
read. So ids are counted against the declared total, the front is read again where some are missing, and a total that
falls ends the pull: only a clean one may take rows away.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
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
from connectors.paging import MOST_PAGES, Page, refuse_repetition
from connectors.profiled import FoundFile, plain_delivery, profile_digest, stream_profile

# How the spool is written, whatever the source writes.
SPOOL = {"delimiter": ",", "decimal": ".", "thousands": "", "encoding": "utf-8"}
Row = Sequence[str]


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
        self._digests: set[str] = set()
        self._marks: set[str] = set()

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
            self._request.spool.clear()  # the place is no longer known over there
            state = self._read_pages(self._resume(identity))
        if not state.done:
            self._check_complete(state)
            state = self._read_front_again(state)
        return state

    def _resume(self, identity: str) -> _State:
        state = _State(**self._request.spool.resume(identity, self._request.stream.raw_columns))
        self._marks = {state.following} if state.following else set()
        self._digests = set()
        self._seen = {self._key_of(row) for row in self._spooled()}
        return state

    def _read_pages(self, state: _State) -> _State:
        while not state.is_read:
            if state.pages >= MOST_PAGES:
                raise RepeatedPageError(self._request.place(), f"more than {MOST_PAGES} pages", "tell the owner")
            page = self._fetch(state.following)
            refuse_repetition(page.items, self._digests, self._request.place())
            self._refuse_old_mark(page)
            if page.total < state.total:
                self._give_up("records were removed while the pages were read")
            state = _State(page.following, state.pages + 1, state.items + len(page.items), page.total)
            self._request.spool.append(self._unseen(page.items), asdict(state))
        return state

    def _read_front_again(self, state: _State) -> _State:
        """Records that were changed while the pages were read have moved to the front."""
        mark: str | None = None
        while len(self._seen) < state.total:
            page = self._fetch(mark)
            fresh = list(self._unseen(page.items))
            self._request.spool.append(fresh, asdict(state))
            mark = page.following
            if not fresh or mark is None:
                break
        state = replace(state, done=True)
        self._request.spool.append([], asdict(state))
        return state

    def _unseen(self, items: Iterable[Any]) -> list[Row]:
        """Rows whose id has not come before: of two, the first is the newer one."""
        read = [self._read(item) for item in items]
        if read and not any(any(self._key_of(row)) for row in read):
            problem = f"no record of a page has the field {self._request.stream.key[0]}"
            raise UnexpectedContentError(self._request.place(), problem, "check the address of the connection")
        fresh = []
        for row in read:
            key = self._key_of(row)
            if key not in self._seen:
                fresh.append(row)
                self._seen.add(key)
        return fresh

    def _refuse_old_mark(self, page: Page) -> None:
        if page.following is None:
            return
        if page.following in self._marks:
            raise RepeatedPageError(self._request.place(), "a bookmark came twice", "pull again later")
        self._marks.add(page.following)

    def _check_complete(self, state: _State) -> None:
        if state.items < state.total:
            self._give_up(f"{state.items} records came where {state.total} are declared")

    def _give_up(self, problem: str) -> None:
        """What was read is of no use: the next pull begins anew."""
        self._request.spool.clear()
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
