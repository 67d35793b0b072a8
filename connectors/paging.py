"""The kinds of paging in use: numbered pages, opaque bookmarks, offsets. A page that comes twice ends the pull."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from connectors.errors import IncompleteResponseError, Place, RepeatedPageError, UnexpectedContentError

MOST_PAGES = 10_000
NO_BOOKMARK = ("", "0")


@dataclass(frozen=True)
class Page:
    """Items of one page, how to ask for the next one (None: there is none), and how many are declared in all."""

    items: list[Any]
    following: str | None
    total: int


def by_number(fetch: Callable[[int], Any], place: Place, *, items: str, totals: str) -> Iterator[Any]:
    """Items of numbered pages, from 1, until the declared total is there.

    Args:
        fetch: gets one page.
        place: named in errors.
        items: key of the list in a page.
        totals: key of the object that holds `totalPages` or `totalCount`.
    """
    seen: set[str] = set()
    count = 0
    for number in range(1, MOST_PAGES + 1):
        page = fetch(number)
        rows = _list(page, items, place)
        about = _object(page, totals, place)
        _refuse_repetition(rows, seen, place)
        yield from rows
        count += len(rows)
        if number >= _integer(about, "totalPages", 1, place) and count >= _integer(about, "totalCount", 0, place):
            return
        if not rows:
            problem = f"page {number} is empty before the declared {about.get('totalCount')} items were there"
            raise IncompleteResponseError(place, problem, "pull again later")
    raise RepeatedPageError(place, f"more than {MOST_PAGES} pages", "tell the source's owner")


def bookmark_page(answer: Any, place: Place, *, limit: int) -> Page:
    """One page of a service that names the next one by a bookmark: none, "" or "0", or a page that is not full, ends.

    The bookmark is echoed, never computed: some services count pages in it, others do not.
    """
    rows = _list(answer, "items", place)
    about = _object(answer, "metadata", place)
    bookmark = about.get("nextBookmark")
    is_last = bookmark is None or bookmark in NO_BOOKMARK or len(rows) < limit
    return Page(rows, None if is_last else str(bookmark), _integer(about, "totalItems", len(rows), place))


def offset_page(answer: Any, place: Place, *, start: int) -> Page:
    """One page of a service that is asked by `start` and `limit` and says how many there are in all."""
    rows = _list(answer, "data", place)
    total = _integer(_object(answer, "meta", place), "total", start + len(rows), place)
    is_last = not rows or start + len(rows) >= total
    return Page(rows, None if is_last else str(start + len(rows)), total)


def _refuse_repetition(rows: list[Any], seen: set[str], place: Place) -> None:
    digest = sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()
    if rows and digest in seen:
        raise RepeatedPageError(place, "the same page came twice", "tell the source's owner")
    seen.add(digest)


def _list(page: Any, key: str, place: Place) -> list[Any]:
    rows = page.get(key) if isinstance(page, dict) else None
    if not isinstance(rows, list):
        raise UnexpectedContentError(place, f"the answer has no list {key}", "check the address of the connection")
    return rows


def _object(page: Any, key: str, place: Place) -> dict[str, Any]:
    about = page.get(key)
    if not isinstance(about, dict):
        raise UnexpectedContentError(place, f"the answer has no {key}", "check the address of the connection")
    return about


def _integer(about: dict[str, Any], key: str, default: int, place: Place) -> int:
    value = about.get(key)
    if value is None:
        return default
    if not str(value).isdigit():
        raise UnexpectedContentError(place, f"{key} is not a number", "check the address of the connection")
    return int(value)
