"""The data dictionary: what every relation that a reader may query holds, column by column.

The texts stand once, beside the dbt models: `_marts__sources.yml` describes the views of schema marts and names the
model whose rows a view shows; the model's own file describes its columns. From there they go into the database's
comments, where a BI tool shows them, and onto a page.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import yaml
from psycopg import sql

from warehouse.settings import PROJECT

FOLDER = PROJECT / "dbt_project" / "models" / "marts"
VIEWS = FOLDER / "_marts__sources.yml"
# The schema's own comment ends in it: comments are only compared when a text has changed.
BARE = """
select exists (
    select from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = 'marts'::regnamespace and a.attnum > 0 and col_description(a.attrelid, a.attnum) is null
)
"""
SCHEMA_COMMENT = "What readers query. Data dictionary {}."


@dataclass(frozen=True)
class Relation:
    """A view of schema marts: its grain and source, and what each column holds."""

    name: str
    description: str
    columns: dict[str, str]


def read_dictionary() -> list[Relation]:
    """Every described view of schema marts, in the order of the file."""
    models = {model["name"]: model for path in sorted(FOLDER.rglob("*.yml")) for model in _read(path).get("models", [])}
    (declared,) = _read(VIEWS)["sources"]
    return [_relation(table, models) for table in declared["tables"]]


def write_comments(connection: psycopg.Connection) -> None:
    """Put the dictionary on the views of schema marts. Does nothing when it is there already.

    Args:
        connection: as the owner of the views.
    """
    comment = SCHEMA_COMMENT.format(_sha256()[:12])
    row = connection.execute("select obj_description('marts'::regnamespace)").fetchone()
    # A migration that makes a view anew leaves it bare.
    if row == (comment,) and connection.execute(BARE).fetchone() == (False,):
        return
    found = _columns(connection)
    for relation in read_dictionary():
        if relation.name not in found:
            continue
        name = sql.Identifier("marts", relation.name)
        connection.execute(sql.SQL("comment on view {} is {}").format(name, relation.description))
        for column, description in relation.columns.items():
            if column in found[relation.name]:
                place = sql.Identifier("marts", relation.name, column)
                connection.execute(sql.SQL("comment on column {} is {}").format(place, description))
    connection.execute(sql.SQL("comment on schema marts is {}").format(comment))


def _relation(table: dict[str, Any], models: dict[str, dict[str, Any]]) -> Relation:
    shown = table.get("config", {}).get("meta", {}).get("model")
    columns = dict(_described(models[shown])) if shown else {}
    return Relation(table["name"], table["description"], columns | dict(_described(table)))


def _described(declared: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for column in declared.get("columns", []):
        yield column["name"], column["description"]


def _columns(connection: psycopg.Connection) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for table, column in connection.execute(
        "select table_name, column_name from information_schema.columns where table_schema = 'marts'"
    ):
        found.setdefault(table, set()).add(column)
    return found


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    return content


def _sha256() -> str:
    digest = hashlib.sha256()
    for path in sorted(FOLDER.rglob("*.yml")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
