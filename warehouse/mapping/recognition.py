"""Tell from an account's text which cost category it is: by the words of cost_categories.yml.

A word that names the category is worth more than one that leaves a doubt, a long one more than a short one; a second
category in the same text makes it less certain. A text with no known word may still be spelled almost like one.
"""

from __future__ import annotations

import difflib
import fnmatch
import re
from collections.abc import Iterable
from dataclasses import dataclass

from register.cost_categories import CostCategory
from register.schema import fold_use

CERTAIN_PCT, DOUBTFUL_PCT, ALIKE_PCT = 90, 50, 50
# How much a second category takes: where both are named clearly, and else.
RIVAL_PCT, HINT_PCT = 30, 10
# Shorter words are like too many others.
SHORTEST_ALIKE, ALIKE = 6, 0.85


@dataclass(frozen=True)
class Recognition:
    """A category, the word that told it, how certain that is, and another category that the text also names."""

    cost_category: str
    word: str
    confidence_pct: int
    rival: str | None = None


@dataclass(frozen=True)
class _Hit:
    cost_category: str
    word: str
    is_certain: bool

    @property
    def weight(self) -> tuple[bool, int]:
        return self.is_certain, len(self.word.replace("*", ""))


def recognise(text: str, categories: Iterable[CostCategory]) -> Recognition | None:
    """The category that an account text tells; None where it tells nothing."""
    tokens = _tokens(text)
    categories = list(categories)
    best: dict[str, _Hit] = {}
    for category in categories:
        hits = [
            _Hit(category.cost_category, word, certain)
            for words, certain in ((category.words, True), (category.weak_words, False))
            for word in words
            if _stands_in(word.split(), tokens)
        ]
        if hits:
            best[category.cost_category] = max(hits, key=lambda hit: hit.weight)
    if not best:
        return _almost(tokens, categories)
    # The first of the file wins between equals, so that the same text always tells the same.
    first, *others = sorted(best.values(), key=lambda hit: hit.weight, reverse=True)
    confidence = CERTAIN_PCT if first.is_certain else DOUBTFUL_PCT
    if others:
        confidence -= RIVAL_PCT if others[0].is_certain else HINT_PCT
    return Recognition(first.cost_category, first.word, max(confidence, 0), others[0].cost_category if others else None)


def _tokens(text: str) -> list[str]:
    return re.findall(r"[a-z0-9-]+", fold_use(text))


def _stands_in(words: list[str], tokens: list[str]) -> bool:
    return any(
        all(fnmatch.fnmatchcase(token, word) for token, word in zip(tokens[start:], words, strict=False))
        for start in range(len(tokens) - len(words) + 1)
    )


def _almost(tokens: list[str], categories: list[CostCategory]) -> Recognition | None:
    known = {
        word.replace("*", ""): category.cost_category
        for category in reversed(categories)
        for word in reversed(category.words)
        if " " not in word and len(word.replace("*", "")) >= SHORTEST_ALIKE
    }
    for token in tokens:
        if len(token) >= SHORTEST_ALIKE:
            for near in difflib.get_close_matches(token, known, n=1, cutoff=ALIKE):
                return Recognition(known[near], near, ALIKE_PCT)
    return None
