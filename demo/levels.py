"""Levels of the fictional world, after the Danish national estimates (KL, fm3, KORA): per m2 and year unless said."""

from __future__ import annotations

from dataclasses import dataclass

# DKK per m2 at 2023 prices. Operation sums to about 317, of which cleaning 150; maintenance to about 117.
COST_LEVELS = {
    "C_EL": 54.0,
    "C_VARME": 60.0,
    "C_VAND": 17.0,
    "C_RENG": 150.0,
    "C_TERRAEN": 12.0,
    "C_AFFALD": 6.0,
    "C_OEVR": 18.0,
    "C_VEDL_PL": 70.0,
    "C_VEDL_AK": 47.0,
    "C_FORV": 9.0,
    "C_FORS": 7.0,
    "C_SKAT": 5.0,
    "C_LEJE": 640.0,
    "I_LEJE": -590.0,
}
COOLING_LEVEL = 11.0
# What maintenance is spent on, in per cent; the rest of the reactive one is material that no account tells apart.
MAINTENANCE_PARTS = {
    "C_VEDL_PL": {"envelope": 45, "interior": 25, "installations": 30},
    "C_VEDL_AK": {"envelope": 30, "interior": 20, "installations": 30, "": 20},
}
# Investment per m2 and year of a property that is being rebuilt.
INVESTMENT_LEVEL = 500.0
QUANTITY_LEVELS = {"el": 27.0, "varme": 93.0, "vand": 0.35}
# Where there is cooling, and where there are solar cells: what is used on site.
COOLING_QUANTITY = 14.0
OWN_QUANTITY = 6.0
QUANTITY_UNITS = {"el": "kWh", "varme": "kWh", "vand": "m3", "koel": "kWh", "el_egen": "kWh"}
PRICE_GROWTH = 0.02
# What one use costs against the mean of all.
USE_FACTORS = {
    "school": 0.98,
    "daycare": 1.2,
    "administration": 1.0,
    "culture": 0.95,
    "sports": 1.1,
    "health_social": 1.05,
    "housing": 0.8,
    "technical": 0.7,
    "other": 0.75,
}
CLEANING_FACTORS = {"technical": 0.4, "other": 0.6, "sports": 0.85}
# Who pays what: the landlord of leased premises keeps most of the maintenance and all taxes.
LEASED_FACTORS = {"C_VEDL_PL": 0.2, "C_VEDL_AK": 0.5, "C_FORV": 0.5, "C_FORS": 0.0, "C_SKAT": 0.0}
LET_OUT_CATEGORIES = frozenset({"C_VEDL_PL", "C_VEDL_AK", "C_FORV", "C_FORS", "C_SKAT", "C_AFFALD", "I_LEJE"})
# Postings a year per cost unit.
POSTINGS_A_YEAR = {
    "C_EL": 12,
    "C_VARME": 12,
    "C_KOEL": 4,
    "C_VAND": 4,
    "C_RENG": 16,
    "C_TERRAEN": 12,
    "C_AFFALD": 12,
    "C_OEVR": 12,
    # per part of the building
    "C_VEDL_PL": 2,
    "C_VEDL_AK": 2,
    "C_FORV": 1,
    "C_FORS": 1,
    "C_SKAT": 2,
    "C_ANLAEG": 4,
    "C_LEJE": 4,
    "I_LEJE": 4,
}
# Invoiced in round kroner; some ledgers then leave the decimals out.
WHOLE_KRONER = frozenset({"C_FORS", "C_SKAT", "C_LEJE", "I_LEJE"})
HEAT_BY_MONTH = (16, 15, 13, 9, 5, 2, 1, 1, 3, 8, 12, 15)
OWN_BY_MONTH = (2, 4, 8, 11, 14, 14, 14, 12, 9, 6, 4, 2)
EVEN_BY_MONTH = (9, 8, 9, 8, 8, 7, 6, 8, 9, 9, 9, 10)


@dataclass(frozen=True)
class Size:
    """Range of a property's floor area in m2 and of its number of buildings."""

    low: int
    high: int
    fewest: int
    most: int


SIZES = {
    "school": Size(4200, 9500, 3, 6),
    "daycare": Size(450, 1300, 1, 2),
    "administration": Size(1200, 5200, 1, 3),
    "culture": Size(700, 3000, 1, 2),
    "sports": Size(1200, 3800, 1, 3),
    "health_social": Size(1800, 5200, 1, 3),
    "housing": Size(250, 900, 1, 2),
    "technical": Size(400, 1800, 1, 2),
    "other": Size(120, 700, 1, 1),
}
USE_SHARES = {
    "school": 0.14,
    "daycare": 0.24,
    "administration": 0.07,
    "culture": 0.07,
    "sports": 0.10,
    "health_social": 0.11,
    "housing": 0.10,
    "technical": 0.08,
    "other": 0.09,
}
M2_PER_PUPIL = (16.0, 23.0)
M2_PER_CHILD = (8.5, 14.0)
M2_PER_WORKPLACE = 21
M2_PER_CLASSROOM = 360
LET_RENT = 590.0
# Backlog of a part, per m2 of the building and grade below what is agreed.
BACKLOG_PER_M2 = 260.0
# Public buildings above this area must have an energy label.
LABEL_FROM_M2 = 250
ORDERS_PER_PROPERTY = 1.5


@dataclass(frozen=True)
class Plan:
    """The size of one municipality and the systems it uses."""

    code: str
    name: str
    fm_system: str
    ledger: str
    properties: int
    private_buildings: int
    other_postings_a_month: int
    m2_per_inhabitant: float
    fm_bbr_id_share: float
    price_level: float


PLANS = (
    Plan("0991", "Eksempelby Kommune (fiktiv)", "files", "opus", 40, 800, 330, 5.6, 0.7, 1.04),
    Plan("0992", "Prøvekøbing Kommune (fiktiv)", "dalux", "prisme", 120, 1600, 930, 5.2, 0.85, 0.95),
    Plan("0993", "Øvelsesborg Kommune (fiktiv)", "files", "opus", 300, 3200, 2050, 5.4, 0.6, 1.0),
)
