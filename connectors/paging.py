"""The two kinds of paging in use: numbered pages and opaque bookmarks. A page that comes twice ends the pull."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

from connectors.errors import IncompleteResponseError, Place, RepeatedPageError, UnexpectedContentError

MOST_PAGES = 10_000
NO_BOOKMARK = ("", "0")


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


def by_bookmark(fetch: Callable[[str | None], Any], place: Place, *, limit: int) -> Iterator[Any]:
    """Items of pages that each name the next one's bookmark, until none is named or a page is not full.

    The bookmark is echoed, never computed: some services count pages in it, others do not.
    """
    bookmarks: set[str] = set()
    seen: set[str] = set()
    bookmark: str | None = None
    count = 0
    for _ in range(MOST_PAGES):
        page = fetch(bookmark)
        rows = _list(page, "items", place)
        about = _object(page, "metadata", place)
        _refuse_repetition(rows, seen, place)
        yield from rows
        count += len(rows)
        bookmark = about.get("nextBookmark")
        if bookmark is None or bookmark in NO_BOOKMARK or len(rows) < limit:
            break
        if bookmark in bookmarks:
            raise RepeatedPageError(place, "a bookmark came twice", "tell the source's owner")
        bookmarks.add(bookmark)
    else:
        raise RepeatedPageError(place, f"more than {MOST_PAGES} pages", "tell the source's owner")
    if count < _integer(about, "totalItems", 0, place):
        problem = f"{count} items came where {about['totalItems']} are declared"
        raise IncompleteResponseError(place, problem, "pull again later")


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
