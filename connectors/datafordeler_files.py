"""The file download API of Datafordeleren: totals and deltas, csv and JSON, of one municipality or the whole country.

A total replaces what was there. A delta adds rows; staging takes the highest version of each. Deltas count only from
the total on, without a gap: each generation has its own number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from connectors.base import Item, Passed, Refused, Request
from connectors.configuration import FileStream
from connectors.datafordeler_list import Listed, list_files, read_version
from connectors.declarations import Delivery, Dialect, LoadKind, NumberFormat
from connectors.errors import EmptyFileError, RejectedDeliveryError, UnexpectedContentError
from connectors.extracts import slice_file, warn_missing
from connectors.known import KnownDelivery
from connectors.profiled import FoundFile, downloaded, plain_delivery, profile_digest, stream_profile
from connectors.slicing import Slices

CSV, CURRENT = "csv", "Current"


def fetch_files(request: Request, register: str) -> Iterator[Item]:
    """What is new of the entity for the municipality: the newest total, and with `deltas` what came after it."""
    yield from _fetch(request, register, [request], request.municipality_code)


def fetch_national(request: Request, register: str) -> Iterator[Item]:
    """The same from the files of the whole country, each downloaded once and cut to the configured municipalities."""
    parts = [replace(request, municipality_code=code, known=request.known.of(code)) for code in request.municipalities]
    yield from _fetch(request, register, parts, None)


@dataclass(frozen=True)
class _Plan:
    """Files that one municipality still needs, oldest first; the newest it has; the first generation that is gone."""

    wanted: tuple[Listed, ...]
    known: KnownDelivery | None = None
    lost: int | None = None


def _fetch(request: Request, register: str, parts: Sequence[Request], area: str | None) -> Iterator[Item]:
    profile = stream_profile(request, request.stream.path)
    listed = request.once(f"files {register}", lambda: list_files(request, register))
    files = _choose(request, listed, area)
    plans = [(part, _plan(part, files, profile)) for part in parts]
    for part, plan in plans:
        if not plan.wanted and plan.known:
            name = (plan.known.source_version or "").partition(" ")[0]
            yield Passed(name, plan.known, part.municipality_code)
    for file in sorted({file for _, plan in plans for file in plan.wanted}, key=_age):
        takers = [part for part, plan in plans if file in plan.wanted]
        yield from _take(request, file, takers, profile, is_whole=area is None)
    lost = next((plan.lost for _, plan in plans if plan.lost is not None), None)
    if lost is not None:
        raise UnexpectedContentError(
            request.place(), f"generation {lost} of the deltas is no longer listed, so later ones cannot be applied",
            "take a new total: pull without deltas once, or when the next total is out",
        )  # fmt: skip


def _age(file: Listed) -> tuple[int, bool]:
    return file.generation, file.is_delta


def _choose(request: Request, listed: list[Listed], area: str | None) -> list[Listed]:
    """The files of the entity in the form asked for, of the newest version of the register's model."""
    section = request.section
    kind, form = section.type_of_data or CURRENT, section.file_format or CSV
    found = [
        file for file in listed
        if (file.entity, file.municipality_code, file.type_of_data, file.file_format)
        == (request.stream.name, area, kind, form) and (section.deltas or not file.is_delta)
    ]  # fmt: skip
    newest = max((file.version for file in found if not file.is_delta), default=None)
    if newest is None:
        of = "for the municipality" if area else "of the whole country"
        raise UnexpectedContentError(
            request.place(), f"the list has no {kind.lower()} {form} total of {request.stream.path} {of}",
            "check the municipality code, or pull again after the next weekly total",
        )  # fmt: skip
    return [file for file in found if file.version == newest]


def _plan(part: Request, files: list[Listed], profile: FileStream) -> _Plan:
    digest = profile_digest(part, profile)
    settled = {row.source_version: row for row in reversed(part.known.rows)
               if row.profile_sha256 == digest and row.state in ("landed", "rejected")}  # fmt: skip
    total = max((file for file in files if not file.is_delta), key=_age)
    landed = [read_version(version) for version, row in settled.items() if version and row.state == "landed"]
    has_total = any(not file.is_delta for file in landed if file)
    last = max((file.generation for file in landed if file), default=None) if has_total else None
    if not part.section.deltas or last is None:
        known = settled.get(total.label)
        later, lost = _after(total.generation, files) if part.section.deltas else ((), None)
        return _Plan((*(() if known else (total,)), *later), known, lost)
    later, lost = _after(last, files)
    if lost is not None and total.generation > last:
        later, lost = _after(total.generation, files)
        later = (total, *later)
    newest = next((row for row in part.known.rows if row.state == "landed"), None)
    return _Plan(later, newest, lost)


def _after(generation: int, files: list[Listed]) -> tuple[tuple[Listed, ...], int | None]:
    """Deltas that follow on a generation without a gap, and the first missing generation if there is a later one."""
    deltas = {file.generation: file for file in files if file.is_delta and file.generation > generation}
    following = []
    while generation + 1 in deltas:
        generation += 1
        following.append(deltas[generation])
    return tuple(following), generation + 1 if len(following) < len(deltas) else None


def _take(
    request: Request, file: Listed, takers: list[Request], profile: FileStream, *, is_whole: bool
) -> Iterator[Item]:
    path = request.scratch / file.name
    with request.open_client() as client:
        client.download("GetFile", path, {"Filename": file.name}, md5_hash=file.md5_hash)
    if file.file_format == CSV and not file.is_delta and not is_whole:
        yield downloaded(takers[0], profile, path, file.label)
        return
    yield from _cut(request, path, file, takers, profile, is_whole=is_whole)
    path.unlink(missing_ok=True)


def _cut(
    request: Request, path: Path, file: Listed, takers: list[Request], profile: FileStream, *, is_whole: bool
) -> Iterator[Item]:
    """One delivery for each of the takers from one pass over the file."""
    whole = [_delivery(taker, file, profile, path) for taker in takers]
    codes = [taker.municipality_code if is_whole else None for taker in takers]
    slices = Slices({code: path.with_name(f"{code or 'all'}_{path.stem}.csv") for code in codes})
    place = request.place(file.name)
    try:
        _slice(path, file, whole[0], request, slices)
    except RejectedDeliveryError as error:
        # Once, for who pulled it: the bytes of a national file are not kept a hundred times.
        yield Refused(replace(whole[0], municipality_code=request.municipality_code), error)
        return
    notes = warn_missing(slices, place)
    for code, delivery in zip(codes, whole, strict=True):
        part = replace(
            delivery, path=slices.paths[code], file_name=f"{path.stem}.csv", warnings=notes,
            checks=replace(delivery.checks, declared_rows=slices.rows[code]),
            judged_rows=slices.rows[code] if slices.is_clean else None,
        )  # fmt: skip
        yield _of_raw_columns(part)


def _of_raw_columns(part: Delivery) -> Delivery:
    """A part that was written anew: UTF-8, commas, headed by raw columns."""
    with part.path.open(encoding="utf-8") as file:
        columns = file.readline().rstrip("\n").split(",")
    numbers = dict.fromkeys(part.checks.numbers, NumberFormat())
    return replace(
        part, columns={column: column for column in columns}, dialect=Dialect("utf-8"),
        checks=replace(part.checks, numbers=numbers),
    )  # fmt: skip


def _slice(path: Path, file: Listed, form: Delivery, request: Request, slices: Slices) -> None:
    try:
        slice_file(path, form, request.stream.path, slices, request.place(file.name))
    except EmptyFileError:
        if not file.is_delta:
            raise
        # A delta of a day on which nothing changed has a heading only, or not even that.
        for code, target in slices.paths.items():
            target.write_text(",".join(request.stream.raw_columns) + "\n", encoding="utf-8")
            slices.rows[code] = 0


def _delivery(taker: Request, file: Listed, profile: FileStream, path: Path) -> Delivery:
    digest = profile_digest(taker, profile)
    delivery = plain_delivery(taker, profile, FoundFile(path, (0, path.name), None), digest, file.label)
    kind: LoadKind = "delta" if file.is_delta else "snapshot"
    return replace(delivery, load_kind=kind)
