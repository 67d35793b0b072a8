"""The gate's rules in the order they run: rules on inputs first, because rules on figures skip what they withhold."""

from expectations.rule import Rule
from expectations.rules.area_present import AREA_PRESENT
from expectations.rules.areas import AREA_CHANGE, AREA_SIZE
from expectations.rules.bands import CLEANING_BAND, ENERGY_BAND, MAINTENANCE_NEGATIVE, OPERATION_BAND, PERCENT
from expectations.rules.bounds import BOUNDS
from expectations.rules.costs import PROPERTY_COST, REST_ITEM
from expectations.rules.coverage import ANY_VALUE, COVERAGE
from expectations.rules.definitions import DEFINITION_AGE
from expectations.rules.energy import CARRIER_SUM, IMPLICIT_PRICE
from expectations.rules.largest_change import LARGEST_CHANGE
from expectations.rules.ledger import DUPLICATES, PERIODS, REGK31
from expectations.rules.property_model import AREA_FM_BBR, CROSSWALK
from expectations.rules.reconciliation import RECONCILIATION, UNMAPPED_SHARE
from expectations.rules.sources import FRESHNESS
from expectations.rules.unit_factor import UNIT_FACTOR
from expectations.rules.withheld import WITHHELD

RULES: tuple[Rule, ...] = (
    UNIT_FACTOR,
    BOUNDS,
    LARGEST_CHANGE,
    COVERAGE,
    ANY_VALUE,
    RECONCILIATION,
    UNMAPPED_SHARE,
    AREA_PRESENT,
    WITHHELD,
    PERIODS,
    DUPLICATES,
    PROPERTY_COST,
    REGK31,
    CARRIER_SUM,
    AREA_SIZE,
    AREA_CHANGE,
    AREA_FM_BBR,
    CROSSWALK,
    OPERATION_BAND,
    ENERGY_BAND,
    CLEANING_BAND,
    MAINTENANCE_NEGATIVE,
    REST_ITEM,
    PERCENT,
    IMPLICIT_PRICE,
    FRESHNESS,
    DEFINITION_AGE,
)
# The rules whose warnings give a value status u.
FLAGGING = tuple(rule.name for rule in RULES if rule.flags_figures)
