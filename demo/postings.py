"""Splits the year's money into ledger lines, to the oere."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import NamedTuple

from demo.accounts import accounts_for
from demo.levels import HEAT_BY_MONTH, POSTINGS_A_YEAR, WHOLE_KRONER
from demo.model import YEARS, Charge, Municipality, stream_of

Month = tuple[int, int]
REVERSAL_SHARE = 0.003
# Periods above 12 belong to the year that closes; they are posted in January.
SUPPLEMENTARY_PERIOD = 13
UNMAPPED_POSTINGS = 6


class Posting(NamedTuple):
    """One ledger line. `oere` is negative for a credit; `day` is the posting day in the month of its file."""

    key: str
    function: str
    dranst: str
    account: str
    oere: int
    day: int
    fiscal_year: int
    period: int


def postings_by_month(municipality: Municipality, seed: int) -> dict[Month, list[Posting]]:
    """Every posting under the month of the file that carries it, in a stable, mixed order."""
    rng = stream_of(seed, municipality.code, "postings")
    months: dict[Month, list[Posting]] = {(year, month): [] for year in YEARS for month in range(1, 13)}
    tasks = sum(1 for charge in municipality.charges if charge.category == "C_IKKE") // len(YEARS)
    for charge in municipality.charges:
        lines = POSTINGS_A_YEAR.get(charge.category, UNMAPPED_POSTINGS)
        if charge.category == "C_IKKE":
            lines = max(12, municipality.other_postings * 12 // tasks)
        for month, posting in _split(municipality, charge, lines, rng):
            months[month].append(posting)
    for lines_of_month in months.values():
        rng.shuffle(lines_of_month)
    return months


def _split(
    municipality: Municipality, charge: Charge, lines: int, rng: random.Random
) -> Iterator[tuple[Month, Posting]]:
    accounts = accounts_for(municipality.code, municipality.ledger, charge)
    step = 100 if charge.category in WHOLE_KRONER else 1
    months = [1 + line * 12 // lines for line in range(lines)]
    heating = charge.category == "C_VARME"
    weights = [rng.uniform(0.85, 1.15) * (HEAT_BY_MONTH[month - 1] if heating else 1) for month in months]
    for line, (month, oere) in enumerate(zip(months, split_amount(charge.posted, weights, step), strict=True)):
        account = accounts[line % len(accounts)]
        day = 1 + int(28 * rng.random())
        unit = charge.unit
        posting = Posting(unit.key, unit.function, unit.dranst, account, oere, day, charge.year, month)
        is_last = line == lines - 1
        if is_last and charge.category == "C_VEDL_AK" and not charge.part and charge.year < YEARS[-1]:
            yield (charge.year + 1, 1), posting._replace(period=SUPPLEMENTARY_PERIOD)
            continue
        yield (charge.year, month), posting
        if rng.random() < REVERSAL_SHARE:
            yield (charge.year, month), posting
            yield (charge.year, month), posting._replace(oere=-oere)


def split_amount(total: int, weights: list[float], step: int = 1) -> list[int]:
    """Parts that sum to `total` exactly, each but the last a multiple of `step`."""
    whole = sum(weights)
    parts = [step * round(total * weight / whole / step) for weight in weights[:-1]]
    return [*parts, total - sum(parts)]
