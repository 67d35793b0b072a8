"""Write the configuration folder of a municipality, as comments made from what the sources declare."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path

from connectors.base import NATIONAL, Source, Stream, registered
from connectors.configuration import FILE
from register.account_rules import RULE_HEADING
from register.property_links import LINK_HEADING, LINKS_FILE, PERIOD_HEADING, PERIODS_FILE
from warehouse.errors import KnownError
from warehouse.settings import Settings

BEGINNING = """\
# What {name} delivers, and how its files are read. One section per source: take the `#` away before those that the
# municipality has. A source is pulled from its API (`connection`) or read from a folder (`folder`), never both.
# Keys and passwords never stand here: a connection is named, and its key is in AIRFLOW_CONN_<NAME> or in Airflow.
# `ejendomstal config check {code}` says what is wrong, `ejendomstal sources` what there is.
municipality_code: "{code}"
name: {quoted}
"""


class FolderExistsError(KnownError):
    """The municipality has a configuration already; nothing was written."""


def write_municipality(settings: Settings, code: str, name: str) -> Path:
    """Write the folder and return it.

    Raises:
        FolderExistsError: there is one.
    """
    folder = settings.municipalities / code
    if folder.exists():
        raise FolderExistsError(f"{folder} exists already: change its files, or remove it first.")
    folder.mkdir(parents=True)
    quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    parts = [BEGINNING.format(name=name, code=code, quoted=quoted)]
    for source in offered(code):
        parts.append("".join(f"# {line}".rstrip() + "\n" for line in section(source, code)))
    (folder / FILE).write_text("\n".join(parts), encoding="utf-8")
    if code != NATIONAL:
        (folder / "account_rules.csv").write_text(",".join(RULE_HEADING) + "\n", encoding="utf-8")
        (folder / LINKS_FILE).write_text(",".join(LINK_HEADING) + "\n", encoding="utf-8")
        (folder / PERIODS_FILE).write_text(",".join(PERIOD_HEADING) + "\n", encoding="utf-8")
    return folder


def offered(code: str) -> list[Source]:
    """The sources that a municipality, or the whole country, may have."""
    other = "municipal" if code == NATIONAL else "national"
    return [source for source in registered().values() if source.scope != other]


def section(source: Source, code: str) -> Iterator[str]:
    """Lines of one source's section; `#` begins what is an explanation or another choice."""
    about = (importlib.import_module(f"connectors.{source.name}.source").__doc__ or "").split("\n")[0]
    yield f"# {about}"
    yield f"{source.name}:"
    if source.ways:
        name = source.name if source.ways[0].base_url else f"{source.name}_{code}"
        yield f"  connection: {name}  # AIRFLOW_CONN_{name.upper()}" if _needs_connection(source) else "  {}"
        for way in source.ways[1:]:
            yield f"  # way: {way.name}{'  # ' + way.note if way.note else ''}"
        yield "  # or, instead of a connection, files:"
    mark = "  # " if source.ways else "  "
    for line in _drop(source):
        yield mark + line


def _needs_connection(source: Source) -> bool:
    return source.ways[0].auth != "none" or not source.ways[0].base_url


def _drop(source: Source) -> Iterator[str]:
    yield f"folder: ${{DROP}}/{source.name}  # ${{DROP}} is read from the environment"
    yield "streams:"
    for stream in source.streams:
        yield f"  {stream.name}:"
        yield f'    files: "{stream.name}*.csv"'
        if all(heading == column for heading, column in stream.columns.items()):  # no headings of its own
            yield "    columns:  # heading in the file: our column"
            yield from (f'      "{column}": {column}{_role(stream, column)}' for column in stream.raw_columns)


def _role(stream: Stream, column: str) -> str:
    if column in stream.key:
        return "  # key"
    return "  # required" if column in stream.required else ""
