"""Working ahead: the same items in the same order, never more than a few at a time."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from connectors.ahead import AHEAD, AheadReader, make_ahead, map_ahead

WAYS: list[Callable[[Iterator[int]], Any]] = [make_ahead, lambda items: map_ahead(lambda item: item, items)]
IDS = ["made ahead", "worked on ahead"]


class Numbers:
    """Counts what was taken of it; `breaks_at` raises instead of giving that number."""

    def __init__(self, count: int, breaks_at: int = -1) -> None:
        self.count, self.breaks_at, self.taken = count, breaks_at, 0

    def __iter__(self) -> Iterator[int]:
        for number in range(self.count):
            if number == self.breaks_at:
                raise ValueError("number three is bad")
            self.taken += 1
            yield number


@pytest.mark.parametrize("way", WAYS, ids=IDS)
def test_items_come_in_their_order_and_no_more_than_a_few_are_taken_before_they_are_asked_for(
    way: Callable[[Iterator[int]], Any],
) -> None:
    numbers = Numbers(50)
    most = 0
    with closing(way(iter(numbers))) as items:
        for asked_for, item in enumerate(items, 1):
            assert item == asked_for - 1
            time.sleep(0.002)
            most = max(most, numbers.taken - asked_for)
    assert 0 < most <= AHEAD


def test_results_keep_the_order_of_the_items_when_a_later_one_is_done_first() -> None:
    is_second_done = threading.Event()

    def work(item: int) -> int:
        if item == 0:
            assert is_second_done.wait(10)
        elif item == 1:
            is_second_done.set()
        return item

    assert list(map_ahead(work, iter(range(6)))) == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("way", WAYS, ids=IDS)
def test_an_error_among_the_items_is_raised_and_nothing_is_taken_after_it(
    way: Callable[[Iterator[int]], Any],
) -> None:
    numbers = Numbers(50, breaks_at=3)
    with pytest.raises(ValueError, match="number three is bad"):
        list(way(iter(numbers)))
    assert numbers.taken == 3


def test_an_error_of_the_work_is_raised_in_the_place_of_its_result() -> None:
    seen = []
    with pytest.raises(ZeroDivisionError):
        seen.extend(map_ahead(lambda item: 6 // (2 - item), iter(range(9))))
    items = map_ahead(lambda item: 6 // (2 - item), iter(range(9)))
    assert [next(items), next(items)] == [3, 6]


@pytest.mark.parametrize("way", WAYS, ids=IDS)
def test_who_stops_early_leaves_no_thread_behind(way: Callable[[Iterator[int]], Any]) -> None:
    numbers, before = Numbers(50), threading.active_count()
    with closing(way(iter(numbers))) as items:
        assert next(items) == 0
    taken = numbers.taken
    assert threading.active_count() == before
    assert taken <= 1 + AHEAD


@pytest.mark.parametrize("size", [1, 7, 1 << 20, 3 << 20])
def test_a_reader_that_reads_ahead_gives_the_same_bytes_whatever_is_asked_for(size: int) -> None:
    content = bytes(range(256)) * (1 if size < 100 else 9000)
    with closing(AheadReader(io.BytesIO(content))) as reader:
        assert b"".join(iter(lambda: reader.read(size), b"")) == content
        assert reader.read() == b""
    with closing(AheadReader(io.BytesIO(content))) as reader:
        assert reader.read(3) + reader.read() == content
