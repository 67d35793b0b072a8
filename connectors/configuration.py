"""What each municipality delivers and how it maps (`sources.yml`), and where its connections lead.

This module and `connections.py` are the only ones of this package that read the environment.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from connectors.base import NATIONAL, Source, Stream, registered
from connectors.columnfiles import with_column_files
from connectors.errors import ConfigError, Place
from connectors.fixed_width import RecordForm
from connectors.headings import fold_heading
from warehouse.settings import Settings

FILE = "sources.yml"
# Ten times as fast where PyYAML was built with it, and this file is read once per source and municipality.
YAML_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


# What staging reads (parse_date and, for months, safe_year): a form it cannot read could stop a build for everyone.
DATE_FORMS = (
    "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%Y%m%d", "%d%m%Y", "%Y-%m", "%m-%Y", "%Y%m", "%d-%m-%Y %H:%M",
    "%d-%m-%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S",
)  # fmt: skip
# A day of Excel's calendar, 45352 for 1 March 2024, as csv files have it that were saved from a workbook.
EXCEL_DAYS = "excel"


def _readable_form(form: str) -> str:
    if form not in (*DATE_FORMS, EXCEL_DAYS):
        raise ValueError(f"only {', '.join((*DATE_FORMS, EXCEL_DAYS))} can be read")
    return form


def _known_encoding(name: str) -> str:
    try:
        "".encode(name)
    except LookupError:
        raise ValueError("no such encoding") from None
    return name


def _valid_pattern(pattern: str) -> str:
    try:
        groups = re.compile(pattern).groupindex
    except re.error:
        raise ValueError("not a regular expression") from None
    if "year" not in groups or ("day" in groups and "month" not in groups):
        raise ValueError("needs the groups year, year and month, or year, month and day")
    return pattern


class Strict(BaseModel):
    """An unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ControlFile(Strict):
    """A small file beside each file: same dialect, a heading and one row. `file` may hold `{stem}` and `{name}`."""

    file: str
    rows: str | None = None
    total: str | None = None
    total_column: str = "amount"
    tolerance: Annotated[Decimal, Field(ge=0)] = Decimal("0.05")


class OneRow(Strict):
    """A sheet of one row beside the stream's own: what it says holds of every row. `columns` as for the stream."""

    sheet: str
    columns: Annotated[dict[str, str], Field(min_length=1)]


class FileStream(Strict):
    """Profile of one stream's files: which they are, how they are written, what their headings mean.

    `columns` maps headings to raw columns; everything below it names raw columns.
    """

    files: str
    encoding: Annotated[str, AfterValidator(_known_encoding)] = "utf-8-sig"
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ";"
    quote: Annotated[str, Field(max_length=1)] = '"'
    skip_lines: Annotated[int, Field(ge=0)] = 0
    decimal: Annotated[str, Field(min_length=1, max_length=1)] = ","
    thousands: Annotated[str, Field(max_length=1)] = "."
    trailing_minus: bool = False
    date_formats: tuple[Annotated[str, AfterValidator(_readable_form)], ...] = ("%d-%m-%Y",)
    columns: dict[str, str] = {}
    drop: frozenset[str] = frozenset()
    window: Annotated[str, AfterValidator(_valid_pattern)] | None = None
    control: ControlFile | None = None
    municipality_in_file: str | None = None
    form: RecordForm | None = None
    max_rejected_share: Annotated[float, Field(ge=0, le=1)] = 0.01
    smallest_share: Annotated[float, Field(ge=0, le=1)] = 0.5  # of the rows that a delivery replaces; 0: any number
    preset: str | None = None  # a ready-made profile of the stream; what is given beside it comes first
    unknown: Literal["warn", "reject"] = "warn"  # what an unknown heading does; the column never lands
    sheet: str | None = None
    header_row: Annotated[int, Field(ge=1)] | None = None  # counted from 1; None: searched for below title rows
    total_rows: Literal["drop", "keep"] | None = None  # None: dropped from workbooks, kept in csv
    fill_down: frozenset[str] = frozenset()
    split: dict[str, Annotated[str, Field(min_length=1)]] = {}
    pad: dict[str, Annotated[int, Field(ge=1, le=40)]] = {}
    nulls: tuple[str, ...] = ()
    constants: dict[str, str] = {}
    one_row: OneRow | None = None

    @property
    def is_reshaped(self) -> bool:
        """Whether rows change on their way in: then even a csv is read row by row."""
        asked = (self.fill_down, self.split, self.pad, self.nulls, self.constants, self.total_rows == "drop")
        return any(asked) or EXCEL_DAYS in self.date_formats

    @property
    def given_columns(self) -> frozenset[str]:
        """Raw columns that are known without the columns of the file."""
        return frozenset(self.constants) | frozenset(self.one_row.columns.values() if self.one_row else ())

    @model_validator(mode="before")
    @classmethod
    def _point_is_one_thing(cls, given: Any) -> Any:
        if isinstance(given, dict) and given.get("decimal") == "." and given.get("thousands", ".") == ".":
            return {**given, "thousands": ""}
        return given


class Section(Strict):
    """What one source delivers for a municipality: `connection` for its API, `folder` for a file drop, or both.

    With both, the streams that have files come from the folder and the others by the API. `way` names one of the
    source's ways in; without it the usual one is taken. `without` names streams of an API that are left out: the key
    may not read them, or nobody wants them.
    """

    connection: str | None = None
    way: str | None = None
    folder: str | None = None
    files: dict[str, str] = {}
    streams: dict[str, dict[str, Any]] = {}
    user_fields: dict[str, str] = {}
    only: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    first_year: Annotated[int, Field(ge=1900, le=2100)] | None = None
    name_in_source: str | None = None
    aggregation: Literal["Actual", "Quarter", "Hour", "Day", "Month"] | None = None
    customer_cvr: Annotated[str, Field(pattern=r"^\d{8}$")] | None = None
    file_format: Literal["csv", "json"] | None = None
    type_of_data: Literal["Current", "Temporal", "Bitemporal"] | None = None
    deltas: bool = False
    scope: Literal["municipal_property"] | None = None
    area: str | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Section:
        if self.folder is not None and self.has_api and not (self.files or self.streams):
            raise ValueError("has a connection, and a folder of which no stream has files")
        if self.folder is None and (self.files or self.streams):
            raise ValueError("has files but no folder")
        return self

    @property
    def has_api(self) -> bool:
        """Whether an API is named; without a folder it is asked in any case."""
        return (self.connection or self.way) is not None

    def is_dropped(self, stream: str) -> bool:
        """Whether the stream comes from the folder, not by an API."""
        return self.folder is not None and (not self.has_api or stream in self.files or stream in self.streams)


class Municipality(Strict):
    """One municipality's `sources.yml`. `folder` is where the file lies."""

    municipality_code: Annotated[str, Field(pattern=r"^\d{4}$")]
    name: str
    folder: Path
    sections: dict[str, Section]


def configured_municipalities(settings: Settings) -> list[str]:
    """Codes of the municipalities that have a `sources.yml`, in order. NATIONAL is none of them."""
    return [code for code in _configured_codes(settings) if code != NATIONAL]


def _configured_codes(settings: Settings) -> list[str]:
    return sorted(path.parent.name for path in settings.municipalities.glob(f"*/{FILE}"))


def configured_sources(settings: Settings) -> list[tuple[str, str]]:
    """Pairs of source and municipality that have something to pull, what is the same for all municipalities first.

    A municipality whose file cannot be read comes with every source: each pull then says what is wrong, and the
    other municipalities go on.
    """
    pairs: list[tuple[str, str]] = []
    for code in _configured_codes(settings):
        try:
            names = set(load_municipality(settings, code).sections)
        except ConfigError:
            names = set(registered())
        pairs.extend((source, code) for source in registered() if source in names)
    return pairs


def load_municipality(settings: Settings, code: str) -> Municipality:
    """Read and check one municipality's file.

    Raises:
        ConfigError: the file is missing or wrong; the message names the key, never a value.
    """
    place = Place("configuration", municipality_code=code, file=FILE)
    municipality = validated(read_content(settings, code), settings.municipalities / code, place)
    if municipality.municipality_code != code:
        raise ConfigError(place, "municipality_code is not the name of its folder", "make them the same")
    return municipality


def read_content(settings: Settings, code: str) -> dict[str, Any]:
    """What a municipality's file says, before any check of it.

    Raises:
        ConfigError: the file is missing or no YAML.
    """
    path = settings.municipalities / code / FILE
    place = Place("configuration", municipality_code=code, file=FILE)
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=YAML_LOADER)  # noqa: S506 - both are safe loaders
    except FileNotFoundError:
        raise ConfigError(place, "the file is missing", f"make {code}/{FILE}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        where = "" if line is None else f" near line {line + 1}"
        raise ConfigError(place, f"not readable as YAML in UTF-8{where}", "correct it") from None
    if not isinstance(content, dict):
        raise ConfigError(place, "not a list of keys and values", "begin with municipality_code and name")
    return content


def validated(content: Mapping[str, Any], folder: Path, place: Place) -> Municipality:
    """The content of a `sources.yml` by its schema.

    Raises:
        ConfigError: a key is wrong; further ones of the same section are its `others`.
    """
    sections = {name: value or {} for name, value in content.items() if name in registered()}
    others = {name: value for name, value in content.items() if name not in registered()}
    for name, section in sections.items():
        if isinstance(section, dict) and "streams" in section:
            given = with_column_files(section["streams"], folder, replace(place, source=name))
            sections[name] = {**section, "streams": given}
    with _named(place):
        municipality = Municipality.model_validate({**others, "folder": folder, "sections": sections})
    for name, section in municipality.sections.items():
        strange = section.model_fields_set - registered()[name].section_keys
        if strange:
            raise ConfigError(place, f"{name} has no use for the key {sorted(strange)[0]}", "take it out")
        if registered()[name].scope == ("municipal" if municipality.municipality_code == NATIONAL else "national"):
            raise ConfigError(place, f"{name} is not a source of {_scope_in_words(municipality)}", "move it")
        ways = [way.name for way in registered()[name].ways]
        if section.way is not None and section.way not in ways:
            raise ConfigError(place, f"{name} has no way {section.way}", f"it has {', '.join(ways)}")
        streams = [stream.name for stream in registered()[name].streams]
        unknown = (section.only | section.without).difference(streams)
        if unknown:
            raise ConfigError(place, f"{name} has no stream {min(unknown)}", f"it has {', '.join(streams)}")
    return municipality


def _scope_in_words(municipality: Municipality) -> str:
    return "the whole country" if municipality.municipality_code == NATIONAL else f"one municipality, but of {NATIONAL}"


@contextmanager
def _named(place: Place) -> Iterator[None]:
    """Turn pydantic's complaint into ours: the key and the rule, without the value."""
    try:
        yield
    except ValidationError as error:
        faults = []
        for one in error.errors(include_input=False, include_url=False):
            key = ".".join(str(part) for part in one["loc"] if part != "sections") or "the file"
            problem = f"{key}: {one['msg'].removeprefix('Value error, ')}"
            faults.append(ConfigError(place, problem, "correct the key"))
        faults[0].others = tuple(faults[1:])
        raise faults[0] from None


def file_profile(source: Source, stream: str, section: Section, place: Place) -> FileStream | None:
    """The profile of a stream's files: the source's own, then the municipality's. None: not delivered.

    Raises:
        ConfigError: a stream, column or key that does not exist.
    """
    declared = {known.name: known for known in source.streams}
    unknown = (section.files.keys() | section.streams.keys()) - declared.keys()
    if unknown:
        raise ConfigError(place, f"{source.name} has no stream {sorted(unknown)[0]}", f"it has {', '.join(declared)}")
    given = dict(section.streams.get(stream, {}))
    if stream in section.files:
        given["files"] = section.files[stream]
    if not given:
        return None
    preset = _preset(declared[stream], given.get("preset"), place)
    if isinstance(given.get("constants"), Mapping) and isinstance(preset.get("constants"), Mapping):
        given["constants"] = {**preset["constants"], **given["constants"]}
    with _named(place):
        profile = FileStream.model_validate({**declared[stream].profile, **preset, **given})
    _refuse_strange_columns(declared[stream], profile, place)
    return profile


def _preset(stream: Stream, name: Any, place: Place) -> Mapping[str, Any]:
    if name is None:
        return {}
    if name not in stream.presets:
        known = f"it has {', '.join(stream.presets)}" if stream.presets else "map its columns"
        raise ConfigError(place, f"the stream has no preset {name}", known)
    return stream.presets[name]


def _refuse_strange_columns(stream: Stream, profile: FileStream, place: Place) -> None:
    """Every raw column that a profile names is the stream's, and can be treated so."""
    named = {
        "columns": (profile.columns or stream.columns).values(), "fill_down": profile.fill_down,
        "split": profile.split, "pad": profile.pad, "constants": profile.constants,
        "one_row": profile.one_row.columns.values() if profile.one_row else (),
    }  # fmt: skip
    for key, columns in named.items():
        strange = sorted(set(columns) - set(stream.raw_columns))
        if strange:
            raise ConfigError(place, f"{key} leads to {strange[0]}, which the stream does not have",
                              f"it has {', '.join(stream.raw_columns)}")  # fmt: skip
    numbers = sorted(profile.split.keys() & {*stream.numbers, *stream.dates, *stream.years})
    if numbers:
        raise ConfigError(place, f"split names {numbers[0]}, which is a number or a date",
                          "several of them in one cell cannot be told apart: ask for one a row")  # fmt: skip
    _refuse_folded_twice(profile, place)


def _refuse_folded_twice(profile: FileStream, place: Place) -> None:
    leads: dict[str, str] = {}
    for heading, column in profile.columns.items():
        if leads.setdefault(fold_heading(heading), column) != column:
            raise ConfigError(place, f"columns has the heading {heading!r} twice, written otherwise", "take one out")


def resolve_folder(municipality: Municipality, folder: str, place: Place) -> Path:
    """Folder of a file drop: absolute or relative to `sources.yml`; `${NAME}` is read from the environment."""

    def expand(match: re.Match[str]) -> str:
        if match[1] not in os.environ:
            raise ConfigError(place, f"folder names the variable {match[1]}, which is not set", "set it")
        return os.environ[match[1]]

    path = municipality.folder / Path(re.sub(r"\$\{(\w+)\}", expand, folder)).expanduser()
    if not path.is_dir():
        raise ConfigError(place, "the folder of the file drop does not exist", "make it or correct folder")
    return path
