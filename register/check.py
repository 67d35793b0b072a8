"""Whether the register holds together: what the schema cannot say of one file, and the examples worked out."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from register.formula import counts_in, plain
from register.read import REGISTER, Register, label_of, read_all
from register.schema import TOPICS, KeyFigure, RegisterError


def check_register(folder: Path = REGISTER) -> tuple[Register, list[RegisterError]]:
    """Read everything and work out every example. Returns what could be read, and every fault.

    Raises:
        RegisterError: measures, use categories or cost categories are wrong: nothing can be read without them.
    """
    register, faults = read_all(folder)
    faults += _find_strays(folder)
    for entry in register.key_figures:
        faults += _find_faults(entry, register)
    return register, faults


def work_out(entry: KeyFigure, register: Register) -> tuple[Fraction, Fraction]:
    """Numerator and denominator of a key figure's example, from its rows."""
    sums = {part: Fraction(0) for part in entry.parts}
    for row in entry.example.rows:
        for part, weight in counts_in(row, entry, register):
            sums[part] += Fraction(weight) * Fraction(row.amount)
    if entry.denominator_constant is not None:
        return sums["numerator"], Fraction(entry.denominator_constant)
    return sums["numerator"], sums["denominator"]


def _find_strays(folder: Path) -> Iterator[RegisterError]:
    """Key figures where nobody would find them: in a folder that is no topic."""
    for path in sorted(folder.glob("*/*.y*ml")):
        if path.parent.name not in TOPICS:
            label = f"register/{path.parent.name}/{path.name}"
            yield RegisterError(label, "lies in a folder that is no topic", f"move it to one of {', '.join(TOPICS)}")


def _find_faults(entry: KeyFigure, register: Register) -> Iterator[RegisterError]:
    label, example = label_of(entry), entry.example
    numerator, denominator = work_out(entry, register)
    for name, worked, written in (
        ("numerator", numerator, example.numerator),
        ("denominator", denominator, example.denominator),
    ):
        if worked != Fraction(written):
            problem = f"the rows come to {_shown(worked)}, not {plain(written)}"
            yield RegisterError(label, problem, "correct the example or the definition", field=f"example.{name}")
    if example.denominator == 0:
        yield RegisterError(label, "is 0", "take an example that has a value", field="example.denominator")
        return
    value = Fraction(entry.scale) * Fraction(example.numerator) / Fraction(example.denominator)
    if value != Fraction(example.value):
        ratio = f"{plain(entry.scale)} * {plain(example.numerator)} / {plain(example.denominator)}"
        problem = f"{ratio} is {_shown(value)}, not {plain(example.value)}"
        yield RegisterError(label, problem, "correct it, or take numbers that come out even", field="example.value")
    if not entry.bounds.low <= example.value <= entry.bounds.high:
        problem = f"is outside the bounds {plain(entry.bounds.low)} to {plain(entry.bounds.high)}"
        yield RegisterError(label, problem, "take a likelier example, or other bounds", field="example.value")
    if (entry.unit == "%") != (entry.scale == 100):
        problem = f"is {entry.unit} with scale {plain(entry.scale)}"
        yield RegisterError(label, problem, "a percentage has unit % and scale 100", field="unit")
    if "filter" in entry.model_fields_set and all(any(counts_in(row, entry, register)) for row in example.rows):
        problem = "has no row that the filter leaves out"
        yield RegisterError(label, problem, "add one, so that a reader sees what does not count", field="example.rows")


def _shown(number: Fraction) -> str:
    return f"{float(number):.6g}" if number.denominator > 1 else str(number.numerator)
