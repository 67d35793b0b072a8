"""Factors of the fictional world: plausible, and nobody's. Degree days, prices, emissions, what a building costs."""

from __future__ import annotations

from decimal import Decimal

from demo.model import USES, YEARS

# Degree days of the years, and of the normal year under the year it is written as: one method.
DEGREE_DAYS = {2021: 2950, 2022: 2760, 2023: 2810, 2024: 2690, 2025: 2770}
NORMAL_YEAR = (2020, 2880)
# Per cent from one year to the next, per group of arts.
PRICE_CHANGES = {
    group: {2021: Decimal("2.9"), 2022: Decimal("4.4"), 2023: Decimal("3.1"), 2024: Decimal("2.6")}
    for group in ("Service", "Anlæg")
}
# kg CO2e per kWh: less every year for electricity and district heating.
EMISSIONS = {
    ("electricity", 2023): Decimal("0.118"),
    ("electricity", 2024): Decimal("0.102"),
    ("electricity", 2025): Decimal("0.091"),
    ("district_heating", 2023): Decimal("0.079"),
    ("district_heating", 2024): Decimal("0.074"),
    ("district_heating", 2025): Decimal("0.070"),
    **{("cooling", year): Decimal("0.030") for year in YEARS},
}
# Construction cost of dwellings, 2015 = 100: the same in all four quarters of a year.
CONSTRUCTION_INDEX = {
    2015: Decimal("100.0"),
    2016: Decimal("100.6"),
    2017: Decimal("101.9"),
    2018: Decimal("104.1"),
    2019: Decimal("105.4"),
    2020: Decimal("106.8"),
    2021: Decimal("112.2"),
    2022: Decimal("121.5"),
    2023: Decimal("125.0"),
    2024: Decimal("127.4"),
    2025: Decimal("130.1"),
}
PRICE_YEARS = (2024, 2025)
# The newest price counts, moved by the index.
REPLACEMENT_YEAR = 2025
# DKK per m2, at the prices of a year.
_PRICES = {
    "school": 21_000,
    "daycare": 23_500,
    "administration": 19_500,
    "culture": 22_000,
    "sports": 17_500,
    "health_social": 22_500,
    "housing": 18_500,
    "technical": 9_500,
    "other": 8_000,
}
REPLACEMENT = {(use, year): _PRICES[use] + 500 * (year - REPLACEMENT_YEAR) for use in USES for year in PRICE_YEARS}
# The share of heat that does not depend on the weather, in per cent: HB2021, section 4.7.1.2.
GUF = {
    "administration": 18,
    "school": 19,
    "daycare": 28,
    "culture": 14,
    "sports": 36,
    "health_social": 29,
    "housing": 30,
    "technical": 15,
    "other": 26,
    "none": 26,
}
