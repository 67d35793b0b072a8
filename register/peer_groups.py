"""Peer groups: how the nearest municipalities are found, and the own lists of municipalities."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from register.schema import TOPICS, Declaration, Number, RegisterError, Topic
from register.yaml_file import read_yaml

METHOD = Path(__file__).resolve().parent / "peer_groups.yml"
LISTS = "peer_groups.csv"
HEADING = ("group", "municipality_code", "note")
VariableName = Literal["inhabitants", "share_0_5_pct", "share_6_16_pct", "share_65_plus_pct"]


class Variable(Declaration):
    """One structural variable: a column of dim_municipality_structures."""

    variable: VariableName
    log: bool = False


class Method(Declaration):
    """One version of how the nearest municipalities are found."""

    version: Annotated[int, Field(ge=1)]
    variables: list[Variable] = Field(min_length=1)
    topics: dict[Topic, dict[VariableName, Annotated[Number, Field(ge=0)]]] = Field(default={})

    @model_validator(mode="after")
    def _known(self) -> Method:
        declared = {variable.variable for variable in self.variables}
        for topic, weights in self.topics.items():
            if set(weights) != declared:
                raise ValueError(f"{topic} does not weigh exactly the declared variables: give each a weight")
            if not any(weights.values()):
                raise ValueError(f"every weight of {topic} is 0: give one variable a weight")
        return self

    def rows(self) -> Iterator[tuple[int, str, str, Decimal, bool]]:
        """Version, topic, variable, weight and whether its logarithm is taken; weight 0 is left out."""
        chosen = {str(topic): weights for topic, weights in self.topics.items()}
        for topic in TOPICS:
            weights = chosen.get(topic, {})
            for variable in self.variables:
                weight = weights.get(variable.variable, Decimal(1))
                if weight:
                    yield self.version, topic, variable.variable, weight, variable.log


def read_method(path: Path = METHOD) -> Method:
    """Read how the nearest municipalities are found."""
    return read_yaml(path, "register/peer_groups.yml", Method)


def read_lists(config: Path) -> list[tuple[str, str, str | None]]:
    """Group, municipality and note of every row of `config/peer_groups.csv`; the file may be absent.

    Raises:
        RegisterError: a row is wrong; names row and field.
    """
    path = config / LISTS
    if not path.exists():
        return []
    label = f"config/{LISTS}"
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != HEADING:
            raise RegisterError(label, "has another heading", f"write {','.join(HEADING)} in its first line")
        rows = [_list_row(number, row, label) for number, row in enumerate(reader, start=1)]
    seen: set[tuple[str, str]] = set()
    for number, (group, code, _) in enumerate(rows, start=1):
        if (group, code) in seen:
            raise RegisterError(label, "the municipality is on the list twice", "remove one row", row=number)
        seen.add((group, code))
    return rows


def _list_row(number: int, row: dict[str, str], label: str) -> tuple[str, str, str | None]:
    group = (row["group"] or "").strip()
    if not group:
        raise RegisterError(label, "is empty", "name the list", row=number, field="group")
    code = (row["municipality_code"] or "").strip().zfill(4)
    if not (code.isdecimal() and len(code) == 4):
        raise RegisterError(
            label, "is no municipality code", "write its four digits", row=number, field="municipality_code"
        )
    return group, code, (row["note"] or "").strip() or None
