"""Cost categories: what each cost measure is called in other standards, and how account texts tell it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from pydantic import Field

from register.schema import Declaration, Measure, RegisterError, Text
from register.yaml_file import read_yaml

FILE = "register/cost_categories.yml"
# What postings get that no rule matched: a rule cannot give it.
UNMAPPED = "C_UMAPPED"
NOT_READ = "ikke læst i standarden"


class StandardItem(Declaration):
    """An item of NS 3454. `read`: whether its number was read in the standard."""

    item: Annotated[str, Field(pattern=r"^[1-9][0-9]*$")]
    name_da: Text
    name_en: Text
    read: bool

    @property
    def text(self) -> str:
        """Number and name, and a word of warning where the number was not read."""
        return f"{self.item} {self.name_da}" + ("" if self.read else f" ({NOT_READ})")


class StandardTerm(Declaration):
    """A term of EN 15221-4. `read`: whether it was read in the standard."""

    term: Text
    read: bool

    @property
    def text(self) -> str:
        """The term, and a word of warning where it was not read."""
        return self.term + ("" if self.read else f" ({NOT_READ})")


class CostCategory(Declaration):
    """One cost measure that an account rule may give."""

    cost_category: Text
    ns3454: list[Text]
    en15221: StandardTerm | None = None
    typical_accounts: Text
    words: list[Text]
    weak_words: list[Text]


class CostCategoryFile(Declaration):
    """The file: items of the standard, and the categories that name them."""

    ns3454_items: list[StandardItem]
    cost_categories: list[CostCategory]

    def items_of(self, category: CostCategory) -> list[StandardItem]:
        """Items of NS 3454 that a category belongs to."""
        return [item for item in self.ns3454_items if item.item in category.ns3454]


def read_cost_categories(folder: Path, measures: dict[str, Measure]) -> CostCategoryFile:
    """Read cost_categories.yml of a register's folder.

    Raises:
        RegisterError: the file is wrong, or does not have exactly one entry per cost measure that a rule may give.
    """
    declared = read_yaml(folder / "cost_categories.yml", FILE, CostCategoryFile)
    known = [item.item for item in declared.ns3454_items]
    _refuse_doubles(known, "ns3454_items.item")
    wanted = rule_categories(measures)
    _refuse_doubles([one.cost_category for one in declared.cost_categories], "cost_categories.cost_category")
    for number, category in enumerate(declared.cost_categories, start=1):
        if category.cost_category not in wanted:
            raise _error(number, "cost_category", "is no base cost measure of measures.yml", "remove the entry")
        if set(category.ns3454) - set(known):
            raise _error(number, "ns3454", "is no item of ns3454_items", "name items that are declared above")
        _refuse_loose_words(category, number)
    missing = [one for one in wanted if one not in {entry.cost_category for entry in declared.cost_categories}]
    if missing:
        raise RegisterError(FILE, f"has no entry for {', '.join(missing)}", "write one", field="cost_category")
    return declared


def rule_categories(measures: dict[str, Measure]) -> list[str]:
    """Cost measures that an account rule may give: base measures, and not what nothing matched."""
    return [
        one.measure for one in measures.values() if one.kind == "cost" and not one.sum_of and one.measure != UNMAPPED
    ]


def _refuse_doubles(values: Iterable[str], field: str) -> None:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise RegisterError(FILE, f"{value} is there twice", "remove one", field=field)
        seen.add(value)


def _refuse_loose_words(category: CostCategory, number: int) -> None:
    for field, words in (("words", category.words), ("weak_words", category.weak_words)):
        for word in words:
            if word != word.lower() or not word.isascii() or len(word.replace("*", "")) < 2:
                advice = "write lower case, ae, oe and aa, at least two letters"
                raise _error(number, field, f"{word} cannot be compared with a folded text", advice)


def _error(row: int, field: str, problem: str, advice: str) -> RegisterError:
    return RegisterError(FILE, problem, advice, row=row, field=field)
