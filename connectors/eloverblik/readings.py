"""Readings, a span of months at a time: every batch goes to the span's spool, then each month is a delivery."""

from __future__ import annotations

import csv
import logging
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from connectors.base import Item, Request
from connectors.configuration import FileStream
from connectors.eloverblik.documents import Readings, danish_today, local_day, read_answer, rows_of
from connectors.eloverblik.points import load_points
from connectors.eloverblik.services import NO_ERROR, LeftOut, Service, ask_in_batches, body
from connectors.eloverblik.windows import Month, join_months, list_months
from connectors.errors import Place, SkippableError
from connectors.http import Client
from connectors.profiled import FoundFile, plain_delivery, profile_digest, stream_profile
from connectors.spool import Spool

log = logging.getLogger(__name__)
USUAL = "Month"
SPOOL = {"delimiter": ",", "decimal": ".", "thousands": "", "encoding": "utf-8"}


@dataclass(frozen=True)
class _Pull:
    """What stays the same over the pull of the stream."""

    request: Request
    client: Client
    aggregation: str
    ids: tuple[str, ...]
    profile: FileStream
    digest: str


def fetch_readings(request: Request, service: Service) -> Iterator[Item]:
    """Each month that is due, as a delivery. A pull that was cut off goes on at the batch where it was."""
    aggregation = request.section.aggregation or USUAL
    columns = {column: column for column in request.stream.raw_columns}
    profile = stream_profile(request, f"{request.stream.name}.csv", columns=columns, **SPOOL)
    digest = profile_digest(request, profile)
    known = request.spool.resume(f"{digest} {aggregation} {request.since}", ["span"])
    state = known or {"today": danish_today().isoformat(), "landed": []}
    request.spool.append([], state)
    months = list_months(
        date.fromisoformat(state["today"]), request.section.first_year, request.since,
        lambda month: request.known.find_version(f"{aggregation} {month.version}", digest) is not None,
    )  # fmt: skip
    with request.open_client() as client:
        points = load_points(request, client, service)
        pull = _Pull(request, client, aggregation, points.readable, profile, digest)
        for span in join_months(months, aggregation):
            name = f"{span[0].start:%Y-%m}_{span[-1].start:%Y-%m}"
            if name not in state["landed"]:
                yield from _fetch_span(pull, span, Spool(request.spool.folder / name))
                state["landed"].append(name)
                request.spool.append([], state)


def _fetch_span(pull: _Pull, span: list[Month], spool: Spool) -> Iterator[Item]:
    """Read a span to the end, then hand over its months; what the spool holds goes when they have landed."""
    request = pull.request
    asked_for = sha256(" ".join(pull.ids).encode()).hexdigest()
    columns = request.stream.raw_columns
    state = spool.resume(f"{pull.digest} {pull.aggregation} {span[0].start} {span[-1].until} {asked_for}", columns)
    left_out, outside, position = LeftOut(state.get("left_out", {})), state.get("outside", 0), state.get("done", 0)
    begin, until = span[0].start, span[-1].until
    path = f"meterdata/gettimeseries/{begin}/{until}/{pull.aggregation}"

    def ask(ids: Sequence[str]) -> list[Readings]:
        return read_answer(pull.client.post_bytes(path, body(ids)), request.place())

    for asked, answers in ask_in_batches(pull.ids[position:], ask, left_out, request.place()):
        texts = []
        for answer in answers:
            text, strays = rows_of(answer, lambda day: begin <= day < until, request.place())
            if not text:
                left_out.note(NO_ERROR, answer.metering_point_id)
            texts.append(text)
            outside += strays
        position += asked
        spool.append_text("".join(texts), {"done": position, "left_out": left_out.tails, "outside": outside})
    warnings = left_out.warnings(request.place()) + _stray_warning(outside, request.place())
    for warning in warnings:
        log.warning("%s", warning)
    for month, file in _split(spool.path, span, request):
        yield _delivery(pull, month, file, warnings)
    spool.clear()


def _split(path: Path, span: list[Month], request: Request) -> Iterator[tuple[Month, Path]]:
    """The rows of each month in a file of its own; a month without rows has none."""
    if len(span) == 1:
        with path.open("rb") as spooled:
            if len(spooled.readlines(1 << 16)) > 1:
                yield span[0], path
        return
    files = {month.start: request.scratch / f"{month.start:%Y-%m}.csv" for month in span}
    filled = set()
    with path.open(newline="", encoding="utf-8") as spooled, ExitStack() as stack:
        reader = csv.reader(spooled)
        heading = next(reader)
        begin = heading.index("period_start")
        writers = {}
        for start, file in files.items():
            target = stack.enter_context(file.open("w", newline="", encoding="utf-8"))
            writers[start] = csv.writer(target, lineterminator="\n")
            writers[start].writerow(heading)
        for row in reader:
            start = local_day(row[begin], request.place()).replace(day=1)
            writers[start].writerow(row)
            filled.add(start)
    yield from ((month, files[month.start]) for month in span if month.start in filled)


def _delivery(pull: _Pull, month: Month, path: Path, warnings: tuple[str, ...]) -> Item:
    found = FoundFile(path, (0, path.name), (month.start, month.end))
    version = f"{pull.aggregation} {month.version}"
    delivery = plain_delivery(pull.request, pull.profile, found, pull.digest, version)
    return replace(delivery, file_name=f"{pull.request.stream.name}_{month.start:%Y-%m}.csv", warnings=warnings)


def _stray_warning(count: int, place: Place) -> tuple[str, ...]:
    if not count:
        return ()
    problem = f"{count} readings begin outside the period asked for and were left out"
    return (str(SkippableError(place, problem, "read their years with aggregation Month")),)
