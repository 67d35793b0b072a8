"""The municipality's accounts as official statistics have them: whole thousands of kroner per function and dranst."""

from __future__ import annotations

from demo.model import Municipality

# Where money goes whose cost unit no master knows.
COMMON_FUNCTION = "02510"


def sum_official(municipality: Municipality) -> dict[tuple[str, str, int], int]:
    """(function, dranst, year) -> 1,000 kroner, as meant: the statistics do not repeat the planted fault."""
    oere: dict[tuple[str, str, int], int] = {}
    for charge in municipality.charges:
        key = (charge.unit.function or COMMON_FUNCTION, charge.unit.dranst, charge.year)
        oere[key] = oere.get(key, 0) + charge.intended
    return {key: round(amount / 100_000) for key, amount in oere.items()}
