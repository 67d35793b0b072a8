"""What StatBank says a table is (`tableinfo`), held against what we ask for: nothing is summed or guessed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from connectors.errors import Place, UnexpectedContentError
from connectors.statbank.tables import EVERY, GEOGRAPHY, Table


@dataclass(frozen=True)
class Variable:
    """One variable. `is_eliminable`: other formats than BULK sum over it where it is left out."""

    name: str
    is_time: bool
    is_eliminable: bool
    values: Mapping[str, str]  # code -> text


@dataclass(frozen=True)
class Description:
    """One table, as it is today."""

    table_id: str
    updated: str
    is_active: bool
    variables: Mapping[str, Variable]

    @property
    def geography(self) -> str | None:
        """The geography variable, under whichever of its names."""
        return next((name for name in self.variables if name.upper() in GEOGRAPHY), None)

    @property
    def time(self) -> Variable:
        """The time variable: `read_description` has seen that there is one."""
        return next(variable for variable in self.variables.values() if variable.is_time)


def read_description(answer: Any, place: Place) -> Description:
    """Read the answer of `tableinfo`.

    Raises:
        UnexpectedContentError: something else, or a table without periods.
    """
    try:
        variables = [_variable(given) for given in answer["variables"]]
        found = Description(
            str(answer["id"]), str(answer["updated"]), answer.get("active") is not False,
            {variable.name: variable for variable in variables},
        )  # fmt: skip
    except (KeyError, TypeError, AttributeError):
        raise UnexpectedContentError(
            place, "the answer does not describe a table", "check the address of the connection"
        ) from None
    if not any(variable.is_time and variable.values for variable in variables):
        raise UnexpectedContentError(
            place, "the description of the table names no periods", "check the address of the connection"
        )
    return found


def _variable(given: Any) -> Variable:
    name = str(given["id"])
    values = {str(value["id"]): str(value.get("text", "")) for value in given["values"]}
    is_time = given.get("time") is True or name.upper() == "TID"
    return Variable(name, is_time, given.get("elimination") is True, values)


def choose(table: Table, about: Description, areas: tuple[str, ...], place: Place) -> dict[str, list[str]]:
    """Values per variable, time left out, in the order of the table.

    Raises:
        UnexpectedContentError: a variable or value is no longer there, or is new; names the nearest ones.
    """
    wanted = dict(table.values)
    if table.has_areas:
        if about.geography is None:
            raise _moved(table, place, "no geography variable", about.variables)
        wanted[about.geography] = areas
    _refuse_other_variables(table, about, wanted, place)
    for name, values in wanted.items():
        known = about.variables[name].values
        gone = [value for value in values if value not in known and values != EVERY]
        if gone:
            nearest = [f"{code} {known[code]}" for code in _nearest(gone[0], known)]
            raise _moved(table, replace(place, field=name), f"no value {gone[0]} of variable {name}", nearest)
    return {name: list(wanted[name]) for name in about.variables if name in wanted}


def _refuse_other_variables(
    table: Table, about: Description, wanted: Mapping[str, tuple[str, ...]], place: Place
) -> None:
    for name in wanted:
        if name not in about.variables:
            raise _moved(table, place, f"no variable {name}", _nearest(name, about.variables))
    for name, variable in about.variables.items():
        if not variable.is_time and name not in wanted:
            kind = "may be summed away elsewhere, but BULK does no sums" if variable.is_eliminable else "must be chosen"
            problem = f"a variable {name} that is not declared; it {kind}"
            raise _moved(table, replace(place, field=name), problem, variable.values)


def _nearest(name: str, known: Iterable[str]) -> list[str]:
    names = list(known)
    return difflib.get_close_matches(name, names, 3, 0.4) or names[:3]


def _moved(table: Table, place: Place, problem: str, nearest: Iterable[str]) -> UnexpectedContentError:
    shown = ", ".join(list(nearest)[:5]) or "none"
    return UnexpectedContentError(
        place, f"table {table.table_id} has {problem}; nearest are: {shown}",
        "correct the table's declaration, or the municipality's code",
    )  # fmt: skip
