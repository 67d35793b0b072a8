"""All 95 key figures, from the working groups' table and not from the register's files, and what they come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

# (measure, use category, tenure) -> amount; of one municipality and year
Measures = Mapping[tuple[str, str, str], int | Fraction]
# Measure and weight
Terms = tuple[tuple[str, int], ...]

C_DRIFT = ("C_EL", "C_VARME", "C_KOEL", "C_VAND", "C_RENG", "C_TERRAEN", "C_AFFALD", "C_OEVR")
C_VEDL = ("C_VEDL_PL", "C_VEDL_AK")
COMPOSITES = {
    "C_DRIFT": C_DRIFT,
    "C_VEDL": C_VEDL,
    "C_FDV": ("C_FORV", "C_FORS", "C_SKAT", *C_DRIFT, *C_VEDL),
    "BL": ("BL_HOEJ", "BL_BETYDELIG", "BL_MODERAT", "BL_LAV"),
}
TOPICS = {
    "GEN": "general",
    "ADM": "administration",
    "SKO": "schools_daycare",
    "DAG": "schools_daycare",
    "KUL": "culture_leisure",
    "VED": "maintenance",
}
# Known of a municipality as a whole: counted whatever a figure is about.
OF_MUNICIPALITY = ("N_INDB", "C_NETTO", "C_IDRAET_NETTO")
# What many a municipality has none of adds nothing, beside terms that everybody has.
OPTIONAL = ("C_KOEL", "C_SKAT", "C_LEJE", "I_LEJE", "A_LEJET", "Q_KOEL", "Q_KOEL_EKV", "Q_EL_EGEN")
USED, OWNED, EVERY = ("owned", "leased", "none"), ("owned",), ("owned", "leased", "let_out", "none")


@dataclass(frozen=True)
class Definition:
    """Sums over a filter. An empty `uses` takes all; an empty `denominator` is 1."""

    topic: str
    numerator: Terms
    denominator: Terms
    uses: tuple[str, ...]
    tenures: tuple[str, ...]
    scale: int


def _define(
    code: str,
    numerator: str,
    denominator: str = "",
    uses: str = "",
    tenures: tuple[str, ...] = USED,
    scale: int = 1,
) -> tuple[str, Definition]:
    terms = _terms(numerator), _terms(denominator)
    return code, Definition(TOPICS[code[:3]], *terms, tuple(uses.split()), tenures, scale)


def _terms(text: str) -> Terms:
    """`C_EL + C_VARME - C_KOEL` as measures with 1 or -1."""
    words = text.split()
    signs = [word == "-" for word in words]
    return tuple(
        (word, -1 if index and signs[index - 1] else 1) for index, word in enumerate(words) if word not in ("+", "-")
    )


_HEAT = "Q_EL + Q_VARME_K"
_RUN = "C_DRIFT + C_VEDL"
_MONEY = "C_FDV + C_LEJE + I_LEJE"
DEFINITIONS = dict(
    (
        _define("GEN-01", "A_BDA"),
        _define("GEN-02", "A_BDA", "N_INDB"),
        _define("GEN-03", "A_LEJET", "A_EJET + A_LEJET", scale=100),
        _define("GEN-04", "C_DRIFT", "A_BDA"),
        _define("GEN-05", _RUN, "A_EJET", tenures=OWNED),
        _define("GEN-06", "C_FORV + C_FORS + C_SKAT", "A_EJET", tenures=OWNED),
        _define("GEN-07", f"C_FORV + C_FORS + C_SKAT + {_RUN}", "A_EJET", tenures=OWNED),
        # Rent income is booked negative, so the net is a sum.
        _define("GEN-08", _MONEY, "N_INDB", tenures=EVERY),
        _define("GEN-09", _MONEY, "C_NETTO", tenures=EVERY, scale=100),
        _define("GEN-10", "C_RENG", "A_RENG"),
        _define("GEN-11", "A_RENG", "N_AARSV_RENG"),
        _define("GEN-12", "C_EL + C_VARME + C_KOEL", "A_OPV"),
        _define("GEN-13", "Q_VARME", "A_OPV"),
        _define("GEN-14", "Q_VARME_K", "A_OPV"),
        _define("GEN-15", "Q_EL + Q_EL_EGEN", "A_BDA"),
        _define("GEN-16", "Q_VAND", "A_BDA"),
        _define("GEN-17", f"{_HEAT} + Q_KOEL_EKV", "A_OPV"),
        _define("GEN-18", "C_EL + C_VARME + C_KOEL", "Q_EL + Q_VARME + Q_KOEL"),
        _define("GEN-19", "C_VARME", "A_OPV"),
        _define("GEN-20", "C_EL", "A_BDA"),
        _define("GEN-21", "C_VAND", "A_BDA"),
        _define("GEN-22", "C_TERRAEN", "A_BDA"),
        _define("GEN-23", "C_TERRAEN", "A_TERRAEN"),
        _define("GEN-24", "C_FORS", "A_BDA"),
        _define("GEN-25", "C_SKAT", "A_EJET", tenures=OWNED),
        _define("GEN-26", "C_AFFALD", "A_BDA"),
        _define("GEN-27", "C_LEJE", "A_LEJET", tenures=("leased",)),
        _define("GEN-28", "- I_LEJE", "A_UDLEJET", tenures=("let_out",)),
        _define("GEN-29", "A_TOM", "A_EJET + A_LEJET", scale=100),
        _define("GEN-30", "Q_CO2E", "A_BDA"),
        _define("GEN-31", "Q_VE", "Q_EL + Q_VARME + Q_KOEL + Q_EL_EGEN", scale=100),
        _define("GEN-32", "C_ANLAEG_4AAR", "N_INDB", tenures=EVERY),
        _define("GEN-33", "A_OPV_DATA", "A_OPV", scale=100),
        _define("GEN-34", "A_MRK_AC", "A_MRK", scale=100),
        _define("ADM-01", "A_BDA", "N_ARBPL", "administration"),
        _define("ADM-02", "A_BDA", "N_AARSV_ADM", "administration"),
        _define("ADM-03", "N_ARBPL", "N_AARSV_ADM", "administration"),
        _define("ADM-04", "C_FDV + C_LEJE", "N_ARBPL", "administration"),
        _define("ADM-05", "C_FDV + C_LEJE", "N_AARSV_ADM", "administration"),
        _define("ADM-06", _RUN, "A_EJET", "administration", OWNED),
        _define("ADM-07", "C_RENG", "A_RENG", "administration"),
        _define("ADM-08", _HEAT, "A_OPV", "administration"),
        _define("ADM-09", "A_BDA", "N_INDB", "administration"),
        _define("ADM-10", "H_PLADS_BRUGT", "H_PLADS_OBS", "administration", scale=100),
        _define("SKO-01", "A_BDA", "N_ELEV", "school"),
        _define("SKO-02", _RUN, "N_ELEV", "school"),
        _define("SKO-03", _RUN, "A_EJET", "school", OWNED),
        _define("SKO-04", "C_RENG", "A_RENG", "school"),
        _define("SKO-05", _HEAT, "A_OPV", "school"),
        _define("SKO-06", "Q_EL", "N_ELEV", "school"),
        _define("SKO-07", "Q_VAND", "N_ELEV", "school"),
        _define("SKO-08", "N_ELEV", "N_KAPACITET", "school", scale=100),
        _define("SKO-09", "N_ELEV", "N_LOKALE", "school"),
        _define("SKO-10", "A_GOD", "A_SYN", "school", scale=100),
        _define("DAG-01", "A_BDA", "N_BARN", "daycare"),
        _define("DAG-02", _RUN, "N_BARN", "daycare"),
        _define("DAG-03", _RUN, "A_EJET", "daycare", OWNED),
        _define("DAG-04", "C_RENG", "A_RENG", "daycare"),
        _define("DAG-05", _HEAT, "A_OPV", "daycare"),
        _define("DAG-06", "N_BARN", "N_PLADS", "daycare", scale=100),
        _define("DAG-07", "A_LEGE", "N_BARN", "daycare"),
        _define("KUL-01", "A_BDA", "N_INDB", "culture"),
        _define("KUL-02", "A_BDA", "N_INDB", "sports"),
        _define("KUL-03", _RUN, "A_EJET", "culture", OWNED),
        _define("KUL-04", _RUN, "A_EJET", "sports", OWNED),
        _define("KUL-05", "C_IDRAET_NETTO", "N_INDB"),
        _define("KUL-06", _RUN, "H_AABEN", "culture sports"),
        _define("KUL-07", "H_AABEN", "N_UGER", "culture sports"),
        _define("KUL-08", "H_BOOK", "H_REF", "sports", scale=100),
        _define("KUL-09", "H_BRUGT", "H_REF", "sports", scale=100),
        _define("KUL-10", "H_BOOK - H_BOOK_BRUGT", "H_BOOK", "sports", scale=100),
        _define("KUL-11", _RUN, "H_BRUGT_ALLE", "sports"),
        _define("KUL-12", "Q_EL + Q_VARME", "A_VANDSPEJL", "sports"),
        _define("KUL-13", "N_BESOEG", "A_BDA", "culture sports"),
        _define("KUL-14", "N_HAL", "N_INDB", scale=10_000),
        _define("KUL-15", _HEAT, "A_OPV", "sports culture"),
        _define("VED-01", "C_VEDL", "A_EJET", tenures=OWNED),
        _define("VED-02", "C_VEDL_5AAR", "A_EJET_5AAR", tenures=OWNED),
        _define("VED-03", "C_VEDL_PL", "A_EJET", tenures=OWNED),
        _define("VED-04", "C_VEDL_AK", "A_EJET", tenures=OWNED),
        _define("VED-05", "C_VEDL_PL", "C_VEDL_PL + C_VEDL_AK", scale=100),
        _define("VED-06", "C_VEDL_UDV", "A_EJET", tenures=OWNED),
        _define("VED-07", "C_VEDL_IND", "A_EJET", tenures=OWNED),
        _define("VED-08", "C_VEDL_INST", "A_EJET", tenures=OWNED),
        _define("VED-09", "BL", "A_SYN", tenures=OWNED),
        _define("VED-10", "BL_HOEJ + BL_BETYDELIG", "BL", scale=100),
        _define("VED-11", "BL", "GV", tenures=OWNED),
        _define("VED-12", "A_TILST", "A_SYN"),
        _define("VED-13", "A_GOD", "A_SYN", scale=100),
        _define("VED-14", "A_SYN_5", "A_BDA", scale=100),
        _define("VED-15", "C_VEDL", "GV", tenures=OWNED, scale=100),
        _define("VED-16", "BL", "C_VEDL_PL_5AAR", tenures=OWNED),
        _define("VED-17", "C_EFTERSLAEB", "A_EJET", tenures=OWNED),
        _define("VED-18", "N_STOP", "A_BDA", scale=10_000),
        _define("VED-19", "N_BYG_EGNET", "N_BYG_VURD", scale=100),
    )
)
# What the planted fault does: its own topic is held; elsewhere the figures that sum it lose their value.
FAULT_TOPIC = "schools_daycare"


def work_out(definition: Definition, measures: Measures) -> tuple[Fraction, Fraction, tuple[str, ...]]:
    """Numerator, denominator and missing inputs of one municipality and year; sums are without what is missing.

    A denominator of 0 is missing too: nothing can be divided by it.
    """
    numerator, lacking = _sum(definition, definition.numerator, measures)
    if not definition.denominator:
        return numerator, Fraction(1), tuple(lacking)
    denominator, also_lacking = _sum(definition, definition.denominator, measures)
    if not denominator and not also_lacking:
        also_lacking = [term for term, _ in definition.denominator]
    return numerator, denominator, tuple(dict.fromkeys(lacking + also_lacking))


def sums_fault(definition: Definition, category: str, use: str) -> bool:
    """Whether the figure adds up this cost category of this use."""
    terms = [part for term, _ in definition.numerator + definition.denominator for part in _components(term)]
    return category in terms and (not definition.uses or use in definition.uses)


def _components(measure: str) -> tuple[str, ...]:
    return COMPOSITES.get(measure, (measure,))


def _sum(definition: Definition, terms: Terms, measures: Measures) -> tuple[Fraction, list[str]]:
    total, lacking = Fraction(0), []
    for term, weight in terms:
        components = _components(term)
        parts = [
            amount
            for (measure, use, tenure), amount in measures.items()
            if measure in components and (measure in OF_MUNICIPALITY or _is_in(definition, use, tenure))
        ]
        total += weight * sum(parts)
        if not parts and (term not in OPTIONAL or len(terms) == 1):
            lacking.append(term)
    return total, lacking


def _is_in(definition: Definition, use: str, tenure: str) -> bool:
    return (not definition.uses or use in definition.uses) and tenure in definition.tenures
