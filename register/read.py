"""Read the whole register and check that its files fit together."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from register.cost_categories import CostCategoryFile, read_cost_categories
from register.schema import NOT_TIED, TOPICS, KeyFigure, Measure, RegisterError, UseCategory, fold_use
from register.yaml_file import read_yaml

REGISTER = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Register:
    """Everything the files declare. Measures and use categories by code, in the order of their file."""

    measures: dict[str, Measure]
    use_categories: dict[str, UseCategory]
    cost_categories: CostCategoryFile
    key_figures: list[KeyFigure] = field(default_factory=list)

    def versions(self, code: str) -> list[KeyFigure]:
        """Versions of one key figure, oldest first."""
        return sorted((entry for entry in self.key_figures if entry.code == code), key=lambda entry: entry.version)

    def components(self, measure: str) -> list[str]:
        """Base measures that a measure sums."""
        return self.measures[measure].components


def read_register(folder: Path = REGISTER) -> Register:
    """Read every file of the register.

    Raises:
        RegisterError: a file is wrong, or two do not fit together; names the file and the field.
    """
    register, faults = read_all(folder)
    if faults:
        raise faults[0]
    return register


def read_all(folder: Path = REGISTER) -> tuple[Register, list[RegisterError]]:
    """Read every file of the register; a faulty key figure is left out and its fault is told.

    Raises:
        RegisterError: measures, use categories or cost categories are wrong: nothing can be read without them.
    """
    measures = _by_code(read_yaml(folder / "measures.yml", "register/measures.yml", list[Measure]))
    uses = _use_categories(read_yaml(folder / "use_categories.yml", "register/use_categories.yml", list[UseCategory]))
    register = Register(measures, uses, read_cost_categories(folder, measures))
    faults: list[RegisterError] = []
    for path in _definition_files(folder):
        try:
            register.key_figures.append(_read_key_figure(path, register))
        except RegisterError as fault:
            faults.append(fault)
    register.key_figures.sort(key=lambda entry: (TOPICS.index(entry.topic), entry.code, entry.version))
    return register, [*faults, *_find_overlaps(register)]


def label_of(entry: KeyFigure) -> str:
    """What messages call the file of a key figure."""
    return f"register/{entry.topic}/{entry.file_name}"


def _read_key_figure(path: Path, register: Register) -> KeyFigure:
    label = f"register/{path.parent.name}/{path.name}"
    entry = read_yaml(path, label, KeyFigure)
    _check_place(entry, path, label)
    _check_known(entry, register, label)
    return entry


def _definition_files(folder: Path) -> Iterator[Path]:
    for topic in TOPICS:
        yield from sorted((folder / topic).glob("*.y*ml"))


def _by_code(measures: list[Measure]) -> dict[str, Measure]:
    file = "register/measures.yml"
    known: dict[str, Measure] = {}
    for number, measure in enumerate(measures, start=1):
        if measure.measure in known:
            raise RegisterError(file, f"{measure.measure} is there twice", "remove one", row=number, field="measure")
        known[measure.measure] = measure
    for number, measure in enumerate(measures, start=1):
        for component in measure.sum_of:
            if component not in known or known[component].sum_of:
                raise RegisterError(
                    file, f"{component} is not a base measure", "name base measures only", row=number, field="sum_of"
                )
        for origin in measure.derived_from:
            if origin not in known:
                raise RegisterError(
                    file, f"{origin} is not known", "name a measure of this file", row=number, field="derived_from"
                )
    return known


def _use_categories(categories: list[UseCategory]) -> dict[str, UseCategory]:
    file = "register/use_categories.yml"
    known: dict[str, UseCategory] = {}
    spellings: set[str] = set()
    for number, category in enumerate(categories, start=1):
        if category.use_category in known:
            raise RegisterError(file, "a use category is there twice", "remove one", row=number, field="use_category")
        known[category.use_category] = category
        for spelling in category.fm_uses:
            if fold_use(spelling) in spellings:
                raise RegisterError(
                    file, f"{spelling} is there twice", "keep it in one use category", row=number, field="fm_uses"
                )
            spellings.add(fold_use(spelling))
    if NOT_TIED not in known:
        raise RegisterError(file, f"use category {NOT_TIED} is missing", "add it: it holds what has no property")
    return known


def _check_place(entry: KeyFigure, path: Path, label: str) -> None:
    if path.name != entry.file_name:
        raise RegisterError(label, f"is the file of {entry.code} version {entry.version}", f"call it {entry.file_name}")
    if path.parent.name != entry.topic:
        raise RegisterError(label, f"has topic {entry.topic}", f"move it to register/{entry.topic}/", field="topic")


def _check_known(entry: KeyFigure, register: Register, label: str) -> None:
    for part, terms in entry.parts.items():
        _require_known(label, f"{part}.measure", [term.measure for term in terms], register.measures)
    _require_known(label, "filter.use_categories", entry.filter.use_categories or [], register.use_categories)
    if entry.suppression:
        _check_persons(entry.suppression.persons_measure, register, label)
    rows = entry.example.rows
    _require_known(label, "example.rows.measure", [row.measure for row in rows], register.measures)
    _require_known(label, "example.rows.use_category", [row.use_category for row in rows], register.use_categories)
    for row in rows:
        if register.measures[row.measure].sum_of:
            raise RegisterError(
                label, f"{row.measure} is a sum", "give the measures it sums, as they are booked", field="example.rows"
            )


def _check_persons(measure: str, register: Register, label: str) -> None:
    name = "suppression.persons_measure"
    _require_known(label, name, [measure], register.measures)
    if register.measures[measure].kind != "users" or register.measures[measure].sum_of:
        raise RegisterError(label, f"{measure} does not count persons", "name a measure of kind users", field=name)


def _require_known(label: str, name: str, given: Iterable[str], known: Iterable[str]) -> None:
    for value in given:
        if value not in known:
            near = difflib.get_close_matches(value, list(known), n=1, cutoff=0.5)
            advice = f"did you mean {near[0]}?" if near else "declare it first"
            raise RegisterError(label, f"{value} is not known", advice, field=name)


def _find_overlaps(register: Register) -> Iterator[RegisterError]:
    for code in dict.fromkeys(entry.code for entry in register.key_figures):
        for earlier, later in pairwise(register.versions(code)):
            if earlier.valid_to is None or earlier.valid_to >= later.valid_from:
                yield RegisterError(
                    label_of(earlier),
                    f"version {earlier.version} of {code} is valid in years of version {later.version}",
                    f"end it with {later.valid_from - 1}",
                    field="valid_to",
                )
