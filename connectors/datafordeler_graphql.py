"""GraphQL of Datafordeleren, version 3: one entity a call, pages of 1000 by cursor, all of one moment.

Field names are the ASCII ones. The moment, and the place in the lists of ids, stay in the spool: a pull that was cut
off goes on with the same state of the register.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from connectors.base import Item, Request, Stream
from connectors.datafordeler_faults import check_answer
from connectors.errors import ConfigError, RepeatedPageError, UnexpectedContentError
from connectors.http import Client
from connectors.json_records import plain_text
from connectors.profiled import FoundFile, plain_delivery, profile_digest, stream_profile
from connectors.spelling import official_names, to_ascii

PAGE = 1000
LONGEST_LIST = 100  # more values in one filter are refused (DAF-GQL-0016)
PLAIN = {"delimiter": ",", "decimal": ".", "thousands": "", "encoding": "utf-8"}
Filters = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True)
class Reach:
    """How rows are found: by fixed `filters`, or by `field` among what the rows of another entity have as `named`.

    `{code}` is the municipality, `{area}` what sources.yml says under that name.
    """

    filters: Filters = field(default_factory=dict)
    of: str = ""
    field: str = ""
    named: str = "id_lokalId"


@dataclass(frozen=True)
class _Pull:
    request: Request
    register: str
    reaches: Mapping[str, Reach]
    moment: str


def build_query(root: str, nodes: Sequence[str], filters: Filters) -> str:
    """The one query of an entity: a list is asked for by `in`, a value by `eq`; times and cursor are variables."""
    kinds = {name: ("[String!]!", "in") if not isinstance(value, str) else ("String!", "eq")
             for name, value in filters.items()}  # fmt: skip
    variables = "".join(f",${name}:{kind}" for name, (kind, _) in kinds.items())
    where = ",".join(f"{name}:{{{operator}:${name}}}" for name, (_, operator) in kinds.items())
    return (
        f"query($moment:DafDateTime!,$after:String{variables})"
        f"{{{root}(first:{PAGE},after:$after,registreringstid:$moment,virkningstid:$moment,where:{{{where}}})"
        f"{{pageInfo{{hasNextPage endCursor}} nodes{{{' '.join(nodes)}}}}}}}"
    )


def node_fields(stream: Stream) -> list[str]:
    """What to ask of a node, in the order of the raw columns; a point is an object."""
    names = official_names(dict(stream.columns))
    ascii_names = [to_ascii(names[column]) for column in stream.raw_columns]
    return [f"{name}{{wkt}}" if name.endswith("Koordinat") else name for name in ascii_names]


def fetch_graphql(
    request: Request, register: str, reaches: Mapping[str, Reach], municipal: Mapping[str, Reach]
) -> Iterator[Item]:
    """Every row of the entity that is in effect now; with `scope: municipal_property` those of municipal property."""
    if request.section.scope is not None:
        if not municipal:
            raise ConfigError(request.place(), f"{request.source.name} knows no scope", "take scope out")
        reaches = municipal
    if request.stream.path not in reaches:
        return
    profile = stream_profile(request, "rows.csv", **{**request.stream.profile, **PLAIN},
                             columns={column: column for column in request.stream.raw_columns})  # fmt: skip
    digest = profile_digest(request, profile)
    identity = sha256(repr((digest, sorted(reaches.items()), request.section.area)).encode()).hexdigest()
    state = request.spool.resume(identity, request.stream.raw_columns)
    if not state:
        state = {"moment": request.once("moment", _now), "step": 0, "after": None}
        request.spool.append([], state)
    if not state.get("done"):
        _fill(_Pull(request, register, reaches, state["moment"]), state)
    found = FoundFile(request.spool.path, (0, request.spool.path.name), None)
    delivery = plain_delivery(request, profile, found, digest, f"graphql {state['moment']}")
    yield replace(delivery, file_name=f"{register}_{request.stream.path}_graphql.csv")


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000000Z")


def _fill(pull: _Pull, state: dict[str, Any]) -> None:
    """Page by page into the spool, from where it was."""
    stream, spool = pull.request.stream, pull.request.spool
    nodes, step, after, seen = node_fields(stream), state["step"], state["after"], state.get("seen", "")
    names = [name.partition("{")[0] for name in nodes]
    with pull.request.open_client() as client:
        steps = _steps(pull, client, stream.path)
        for number in range(step, len(steps)):
            for rows, cursor in _pages(pull, client, stream.path, nodes, steps[number], after):
                place = {"step": number, "after": cursor} if cursor else {"step": number + 1, "after": None}
                seen = _refuse_repetition(pull, rows, seen)
                texts = [[plain_text(row.get(name)) for name in names] for row in rows]
                spool.append(texts, {"moment": pull.moment, **place, "seen": seen})
            after = None
    spool.append([], {"moment": pull.moment, "step": len(steps), "after": None, "done": True})


def _steps(pull: _Pull, client: Client, entity: str) -> list[Filters]:
    """The filters to ask with, one after the other."""
    reach = pull.reaches[entity]
    if not reach.of:
        return [{name: _filled(pull.request, value) for name, value in reach.filters.items()}]
    ids = _ids(pull, client, reach.of, reach.named)
    return [{reach.field: ids[start : start + LONGEST_LIST]} for start in range(0, len(ids), LONGEST_LIST)]


def _ids(pull: _Pull, client: Client, entity: str, name: str) -> list[str]:
    """What the rows of an entity have as `name`, in a fixed order, asked for once per moment."""

    def ask() -> list[str]:
        found: set[str] = set()
        seen = ""
        nodes = list(dict.fromkeys(("id_lokalId", name)))  # the id tells two pages of the same values apart
        for filters in _steps(pull, client, entity):
            for rows, _ in _pages(pull, client, entity, nodes, filters, None):
                seen = _refuse_repetition(pull, rows, seen)
                found |= {plain_text(row.get(name)) for row in rows}
        return sorted(found - {""})

    return pull.request.once(f"ids {entity}.{name} {pull.moment}", ask)


def _refuse_repetition(pull: _Pull, rows: list[dict[str, Any]], seen: str) -> str:
    """The digest of a page. No object is in two pages or two lists, so an equal page is the answer before once more."""
    digest = sha256(repr(rows).encode()).hexdigest()
    if rows and digest == seen:
        raise RepeatedPageError(pull.request.place(), "the same page came twice", "pull again later")
    return digest


def _filled(request: Request, value: str | Sequence[str]) -> str | Sequence[str]:
    if value == "{area}" and not request.section.area:
        raise ConfigError(
            request.place(), "area is missing", "set it to the municipality's id that the register refers to"
        )
    texts = {"{code}": request.municipality_code, "{area}": request.section.area}
    return (texts.get(value) or value) if isinstance(value, str) else list(value)


def _pages(
    pull: _Pull, client: Client, entity: str, nodes: Sequence[str], filters: Filters, after: str | None
) -> Iterator[tuple[list[dict[str, Any]], str | None]]:
    """Rows of each page, and the cursor of the next one; None after the last."""
    place = pull.request.place()
    root = f"{pull.register}_{to_ascii(entity)}"
    query = build_query(root, nodes, filters)
    while True:
        variables = {"moment": pull.moment, "after": after, **filters}
        answer = client.post_json("", {"query": query, "variables": variables})
        page = check_answer(place, answer, root)
        about = page.get("pageInfo")
        rows = page.get("nodes")
        if not isinstance(about, dict) or not isinstance(rows, list):
            raise UnexpectedContentError(place, "a page has no nodes or no pageInfo", "check the connection's address")
        cursor = about.get("endCursor") if about.get("hasNextPage") else None
        if about.get("hasNextPage") and (not cursor or cursor == after or not rows):
            raise RepeatedPageError(place, "paging does not move on", "pull again, or tell the source's owner")
        yield rows, cursor
        if cursor is None:
            return
        after = cursor
