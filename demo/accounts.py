"""The account numbers each municipality's ledger uses. demo/config/<code>/account_rules.csv reads them back."""

from __future__ import annotations

from demo.model import Charge, CostUnit
from demo.tasks import CONSTRUCTION, INCOME_FUNCTION

# An Opus artskonto has eight digits, the first two are the authorised art.
_OPUS = {
    "C_EL": ("23100000",),
    "C_VARME": ("23200000", "23210000"),
    "C_KOEL": ("23300000",),
    "C_VAND": ("29100000",),
    "C_RENG": ("49100000", "49100000", "29200000", "10600000"),
    "C_TERRAEN": ("49200000",),
    "C_AFFALD": ("49300000",),
    "C_OEVR": ("49400000", "10500000", "29400000"),
    "C_VEDL_AK": ("29300000",),
    "C_FORV": ("40200000",),
    "C_FORS": ("40100000",),
    "C_SKAT": ("40300000",),
    "C_LEJE": ("40400000", "49500000"),
    "I_LEJE": ("71000000",),
    "C_UMAPPED": ("49990000", "29505050"),
}
_OPUS_OTHER = {
    "0993": {
        "C_RENG": ("49110000", "49120000", "29210000"),
        "C_VEDL_AK": ("29310000",),
        "C_OEVR": ("49410000", "29410000"),
    }
}
_PRISME = {
    "C_EL": ("5010100",),
    "C_VARME": ("5010200", "5010250"),
    "C_KOEL": ("5010300",),
    "C_VAND": ("5010400",),
    "C_RENG": ("5020100", "5020150"),
    "C_TERRAEN": ("5030100",),
    "C_AFFALD": ("5030200",),
    "C_OEVR": ("5030300",),
    "C_VEDL_AK": ("5040250",),
    "C_FORV": ("5050100",),
    "C_FORS": ("5050200",),
    "C_SKAT": ("5050300",),
    "C_LEJE": ("5060100",),
    "I_LEJE": ("7010100",),
    "C_UMAPPED": ("5099999",),
}
# Maintenance by what it is spent on: the fourth digit of an Opus account, the sixth of a Prisme account.
PARTS = {"envelope": "1", "interior": "2", "installations": "3"}
_MAINTENANCE = {
    "0991": {"C_VEDL_PL": "451{}0000", "C_VEDL_AK": "452{}0000"},
    "0992": {"C_VEDL_PL": "50401{}0", "C_VEDL_AK": "50402{}0"},
    "0993": {"C_VEDL_PL": "456{}0000", "C_VEDL_AK": "457{}0000"},
}
# Waste got a new account in 2024: a rule with valid_from and valid_to.
WASTE_FROM_2024 = {"opus": "49350000", "prisme": "5030250"}
_TASKS = {
    "opus": ("10100000", "10100000", "10200000", "22000000", "27000000", "49900000", "52000000"),
    "prisme": ("1010000", "1010000", "1020000", "2020000", "2070000", "4090000", "5220000"),
}
_INCOME = {"opus": ("72000000", "79000000"), "prisme": ("7020000", "7090000")}
_CONSTRUCTION = {"opus": ("45100000",), "prisme": ("5040100",)}
# The authorised art behind a Prisme account; Opus has it in the account number.
PRISME_ARTS = {"501": "23", "502": "49", "503": "49", "504": "45", "505": "40", "506": "40", "701": "71", "509": "49"}


def accounts_for(code: str, ledger: str, charge: Charge) -> tuple[str, ...]:
    """The accounts that the postings of a charge are made on; one that occurs twice is used twice as often."""
    unit, category, year = charge.unit, charge.category, charge.year
    if unit.dranst == CONSTRUCTION:
        return _CONSTRUCTION[ledger]
    if charge.part in PARTS:
        return (_MAINTENANCE[code][category].format(PARTS[charge.part]),)
    if category == "C_IKKE":
        return _INCOME[ledger] if unit.function == INCOME_FUNCTION else _task_accounts(ledger, unit)
    if category == "C_AFFALD" and year >= 2024:
        return (WASTE_FROM_2024[ledger],)
    if ledger == "prisme":
        return _PRISME[category]
    return _OPUS_OTHER.get(code, {}).get(category, _OPUS[category])


def _task_accounts(ledger: str, unit: CostUnit) -> tuple[str, ...]:
    # The general account of other services is a task's own cost on functions of tasks only: a rule with a function.
    return tuple(a for a in _TASKS[ledger] if unit.function == "32201" or a != "49900000")
