"""Publishing an edition of the whole country while readers ask: 98 municipalities, 5 years, every key figure changed.

A first edition is there. In the second every key figure has another value, so that every scope is written anew and
every value is a revision; in the third every measure has as well. A process of its own asks 20 queries a second, at
rest and while an edition is published; a query is held against the median of its kind at rest. What the machine itself
does to a query is told beside it: the worst at rest.
"""

from __future__ import annotations

import itertools
import multiprocessing
import statistics
import time
from collections.abc import Callable, Iterator
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event

from bench import country
from bench.country import FULL_PROPERTIES, PROPERTIES, READER_QUERIES, YEARS
from bench.figure import Figure
from bench.landing import open_warehouse
from register.load import load
from warehouse import suppression
from warehouse.database import connect
from warehouse.publish import publish
from warehouse.settings import Settings

SECONDS_LIMIT, RATIO_LIMIT = 20, 2
PER_SECOND, REST_SECONDS = 20, 15
FIGURES_CHANGED = """
update audit.fct_key_figures set numerator = numerator * 1.01, value = value * 1.01 where value is not null
"""
MEASURES_CHANGED = """
update audit.fct_measures set amount = amount * 1.01;
truncate audit.fct_measure_contents;
insert into audit.fct_measure_contents
select municipality_code, topic, year, count(*), sum(hash_record_extended(m, 0))
from audit.fct_measures m group by 1, 2, 3
"""
Taken = tuple[str, float]


def measure(full: bool) -> Iterator[Figure]:
    """Yield seconds of the publication, and how much longer readers waited than at rest."""
    with open_warehouse() as settings:
        (settings.home / "municipalities").mkdir(exist_ok=True)
        load(settings)
        country._make_inputs(settings, FULL_PROPERTIES if full else PROPERTIES)
        country._run_models(settings)
        country._publish(settings)
        _change(settings, FIGURES_CHANGED)
        asked = _while_reading(settings, lambda: time.sleep(REST_SECONDS))
        medians = {name: statistics.median(taken for kind, taken in asked if kind == name) for name in READER_QUERIES}
        yield Figure("publish_readers_worst_at_rest_over_median", _ratios(asked, medians)[-1], "x", RATIO_LIMIT)
        seconds, asked = _publish_while_reading(settings)
        ratios = _ratios(asked, medians)
        yield Figure("publish_country", seconds, "s", SECONDS_LIMIT)
        yield Figure("publish_readers_p95_over_median", ratios[int(len(ratios) * 0.95)], "x", RATIO_LIMIT)
        yield Figure("publish_readers_worst_over_median", ratios[-1], "x", RATIO_LIMIT)
        _change(settings, FIGURES_CHANGED, MEASURES_CHANGED)
        seconds, _ = _publish_while_reading(settings)
        yield Figure("publish_country_with_its_measures", seconds, "s", SECONDS_LIMIT)


def _change(settings: Settings, *statements: str) -> None:
    """A candidate of what is in audit, changed."""
    with connect("owner", settings=settings, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())
        connection.execute("vacuum analyze audit.fct_key_figures, audit.fct_measures")
        connection.execute(country.CANDIDATE.encode())
        suppression.decide_newest(settings)
        connection.execute("checkpoint")


def _publish_while_reading(settings: Settings) -> tuple[float, list[Taken]]:
    """Seconds of the publication, and what readers waited meanwhile."""
    seconds = 0.0

    def publication() -> None:
        nonlocal seconds
        start = time.perf_counter()
        report = publish(settings)
        seconds = round(time.perf_counter() - start, 1)
        if report.scopes_written < country.MUNICIPALITIES * (YEARS[1] - YEARS[0] + 1):
            raise RuntimeError(f"only {report.scopes_written} scopes were written")

    asked = _while_reading(settings, publication)
    return seconds, asked


def _while_reading(settings: Settings, work: Callable[[], None]) -> list[Taken]:
    """What readers waited for each query while `work` ran."""
    context = multiprocessing.get_context("spawn")
    done, found = context.Event(), context.Queue()
    reader = context.Process(target=_read, args=(settings, done, found))
    reader.start()
    found.get()  # the reader has connected and asked each query once
    work()
    done.set()
    taken: list[Taken] = found.get()
    reader.join()
    return taken


def _read(settings: Settings, done: Event, found: Queue) -> None:
    """Ask the queries in turn, 20 a second, until it is done."""
    names = itertools.cycle(READER_QUERIES)
    taken: list[Taken] = []
    with connect("ejd_analyst", settings=settings, autocommit=True) as connection:
        for number, name in enumerate(READER_QUERIES):
            connection.execute(_query(name, number).encode()).fetchall()
        found.put("ready")
        next_at = time.perf_counter()
        for number in itertools.count():
            if done.is_set():
                break
            name = next(names)
            time.sleep(max(0.0, next_at - time.perf_counter()))
            next_at += 1 / PER_SECOND
            start = time.perf_counter()
            connection.execute(_query(name, number).encode()).fetchall()
            taken.append((name, time.perf_counter() - start))
    found.put(taken)


def _query(name: str, number: int) -> str:
    return READER_QUERIES[name].format(municipality=f"{100 + number % 90:04}", year=YEARS[0] + number % 5)


def _ratios(asked: list[Taken], medians: dict[str, float]) -> list[float]:
    return sorted(taken / medians[name] for name, taken in asked)
