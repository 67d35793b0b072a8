"""EK109: several data sets in one file, each with its own columns, to one row per measured value."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from connectors.base import Conversion, Converted
from connectors.errors import EncodingError, Place, UnreadableFileError

COLUMNS = (
    "line_no", "installation_no", "meter_no", "energy_code", "read_at", "valid_from", "art_code", "art_name",
    "type_code", "value", "unit", "is_zero_line",
)  # fmt: skip
FIXED = 6  # installation, meter, kind of energy, read at, valid from, note
TRIPLE = 3
FACTOR = "10"  # the type of a calorific value, which is no reading
NOTICES = ("998", "999")  # arts: bit masks of faults and notices
TIME_FORMS = (
    "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d",
    "%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%d-%m-%Y", "%Y%m%dT%H%M%S",
)  # fmt: skip


@dataclass(frozen=True)
class _Art:
    """A column of a data set: what is measured, and whether as counter, consumption, momentary value ..."""

    code: str
    name: str
    type_code: str


def convert_data_sets(conversion: Conversion) -> Converted:
    """Write one row per value of the file. All-zero lines, which are failed readings, come marked.

    Raises:
        EncodingError, UnreadableFileError: not a file of this format.
    """
    profile, place = conversion.profile, conversion.place
    try:
        with (
            conversion.path.open(newline="", encoding=profile.encoding) as source,
            conversion.target.open("w", newline="", encoding="utf-8") as target,
        ):
            writer = csv.writer(target, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows(_rows(source, profile.delimiter, place))
    except UnicodeDecodeError:
        problem = f"bytes that are not {profile.encoding}"
        raise EncodingError(place, problem, "correct the encoding in sources.yml or ask again") from None
    return Converted(COLUMNS)


def _rows(lines: Iterable[str], delimiter: str, place: Place) -> Iterator[list[str]]:
    """Rows as they are read, so that no data set waits for the next one to begin."""
    arts: list[_Art] | None = None
    for line_no, line in enumerate(lines, start=1):
        here = replace(place, row=line_no)
        fields = [field.strip() for field in line.strip().split(delimiter)]
        if fields == [""]:
            continue
        if fields[0].startswith("#"):
            arts = [_Art(*triple) for triple in _triples(fields, here)]
        elif arts is None:
            raise UnreadableFileError(here, "no line with # opens the first data set", "deliver an EK109 file")
        else:
            yield from _values(line_no, fields, arts, here)


def _values(line_no: int, fields: list[str], arts: list[_Art], place: Place) -> Iterator[list[str]]:
    triples = _triples(fields, place)
    if len(triples) > len(arts):
        raise UnreadableFileError(
            place, f"{len(triples)} values where its data set has {len(arts)}", "ask for it again"
        )
    found = []
    for art, (code, value, unit) in zip(arts, triples, strict=False):
        if not (code or value or unit):
            continue
        if code != art.code:
            raise UnreadableFileError(place, "a value is of another art than its column", "ask for it again")
        found.append((art, value, unit))
    for text in filter(None, fields[3:5]):
        _check_time(text, place)
    is_zero = "1" if _is_zero_line(found) else "0"
    for art, value, unit in found:
        yield [str(line_no), *fields[: FIXED - 1], art.code, art.name, art.type_code, value, unit, is_zero]


def _triples(fields: list[str], place: Place) -> list[list[str]]:
    rest = fields[FIXED:]
    if rest and len(rest) % TRIPLE == 1 and not rest[-1]:
        rest.pop()  # a delimiter at the end of the line
    if len(fields) < FIXED or len(rest) % TRIPLE:
        problem = f"{len(fields)} fields, expected {FIXED} and then triples"
        raise UnreadableFileError(place, problem, "deliver an EK109 file")
    return [rest[start : start + TRIPLE] for start in range(0, len(rest), TRIPLE)]


def _is_zero_line(found: list[tuple[_Art, str, str]]) -> bool:
    readings = [value for art, value, _ in found if art.type_code != FACTOR and art.code not in NOTICES]
    return bool(readings) and not any(value.strip("+-0.") for value in readings)


def _check_time(text: str, place: Place) -> None:
    for form in TIME_FORMS:
        try:
            datetime.strptime(text, form)
        except ValueError:
            continue
        return
    raise UnreadableFileError(place, "a time in none of the known forms", "ask for yyyy-mm-ddThh:mm:ss")
