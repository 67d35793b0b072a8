"""The thirteen key figures of the fictional world, worked out from the model and not from the register's files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

# (measure, use category, tenure) -> amount; of one municipality and year
Measures = Mapping[tuple[str, str, str], Decimal]

C_DRIFT = ("C_EL", "C_VARME", "C_KOEL", "C_VAND", "C_RENG", "C_TERRAEN", "C_AFFALD", "C_OEVR")
C_VEDL = ("C_VEDL_PL", "C_VEDL_AK")


@dataclass(frozen=True)
class Definition:
    """Sums over a filter. An empty `uses` takes all; let-out premises are never in a figure."""

    topic: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    uses: tuple[str, ...] = ()
    owned_only: bool = False
    scale: int = 1


DEFINITIONS = {
    "GEN-01": Definition("general", ("A_BDA",), ()),
    "GEN-02": Definition("general", ("A_BDA",), ("N_INDB",)),
    "GEN-04": Definition("general", C_DRIFT, ("A_BDA",)),
    "GEN-10": Definition("general", ("C_RENG",), ("A_RENG",)),
    "GEN-12": Definition("general", ("C_EL", "C_VARME", "C_KOEL"), ("A_OPV",)),
    "GEN-15": Definition("general", ("Q_EL",), ("A_BDA",)),
    "ADM-09": Definition("administration", ("A_BDA",), ("N_INDB",), ("administration",)),
    "SKO-01": Definition("schools_daycare", ("A_BDA",), ("N_ELEV",), ("school",)),
    "SKO-03": Definition("schools_daycare", C_DRIFT + C_VEDL, ("A_EJET",), ("school",), owned_only=True),
    "DAG-01": Definition("schools_daycare", ("A_BDA",), ("N_BARN",), ("daycare",)),
    "KUL-02": Definition("culture_leisure", ("A_BDA",), ("N_INDB",), ("sports",)),
    "VED-01": Definition("maintenance", C_VEDL, ("A_EJET",), owned_only=True),
    "VED-05": Definition("maintenance", ("C_VEDL_PL",), C_VEDL, scale=100),
}
# What the planted fault does: its own topic is held; elsewhere the figures that sum it lose their value.
FAULT_TOPIC = "schools_daycare"


def work_out(definition: Definition, measures: Measures) -> tuple[Decimal, Decimal]:
    """Numerator and denominator of one municipality and year."""
    numerator = _sum(definition, definition.numerator, measures)
    return numerator, _sum(definition, definition.denominator, measures) if definition.denominator else Decimal(1)


def sums_fault(definition: Definition, category: str, use: str) -> bool:
    """Whether the figure adds up this cost category of this use."""
    return category in definition.numerator + definition.denominator and (not definition.uses or use in definition.uses)


def _sum(definition: Definition, wanted: tuple[str, ...], measures: Measures) -> Decimal:
    total = Decimal(0)
    for (measure, use, tenure), amount in measures.items():
        if measure not in wanted or tenure == "let_out":
            continue
        if measure == "N_INDB" or _is_in(definition, use, tenure):
            total += amount
    return total


def _is_in(definition: Definition, use: str, tenure: str) -> bool:
    return (not definition.uses or use in definition.uses) and (not definition.owned_only or tenure == "owned")
