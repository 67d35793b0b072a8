"""Which key figures no configured municipality can have, because nobody delivers one of their inputs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from register.account_rules import TAGS
from register.municipality import Municipality
from register.read import Register
from register.schema import KeyFigure
from register.yaml_file import read_yaml

# The cadastre gives it as well, so it is not known from the configuration alone that nobody has it.
ALSO_FROM_A_REGISTER = ("A_TERRAEN",)


def find_undelivered(register: Register, municipalities: list[Municipality], folder: Path) -> dict[str, list[str]]:
    """Key figures with the inputs that nobody delivers, by code.

    Looked at are costs, which need an account rule, and what a municipality hands in itself, which needs the stream
    of observations. Nothing is said without a configured municipality.
    """
    if not municipalities:
        return {}
    lacking = set(_lacking(register, municipalities, folder))
    found = {}
    for entry in register.key_figures:
        missing = list(dict.fromkeys(_missing(entry, register, lacking)))
        if missing and entry.valid_to is None:
            found[entry.code] = missing
    return found


def _lacking(register: Register, municipalities: list[Municipality], folder: Path) -> Iterator[str]:
    rules = [rule for one in municipalities for rule in one.rules]
    given = {rule.cost_category for rule in rules} | {TAGS[tag] for rule in rules for tag in rule.tags}
    has_observations = any(_hands_in_observations(folder / one.code) for one in municipalities)
    for measure in register.measures.values():
        if measure.measure in TAGS.values() or (measure.kind == "cost" and not measure.sum_of):
            is_lacking = measure.measure not in given
        elif measure.is_delivered and measure.measure not in ALSO_FROM_A_REGISTER:
            is_lacking = not has_observations
        else:
            costs = [origin for origin in measure.derived_from if register.measures[origin].kind == "cost"]
            is_lacking = bool(costs) and given.isdisjoint(costs)
        if is_lacking:
            yield measure.measure


def _hands_in_observations(folder: Path) -> bool:
    """Whether the municipality's sources name a stream of observations; faults of the file are told elsewhere."""
    declared: dict[str, Any] = read_yaml(folder / "sources.yml", f"municipality {folder.name}", dict[str, Any])
    files = declared.get("fm_files")
    return isinstance(files, dict) and "observations" in (files.get("streams") or {})


def _missing(entry: KeyFigure, register: Register, lacking: set[str]) -> Iterator[str]:
    """Required terms of which not one base measure is delivered."""
    for term in (*entry.numerator, *entry.denominator):
        if term.required and all(base in lacking for base in register.components(term.measure)):
            yield term.measure
