"""The gate's rules in the order they run: rules on inputs first, because rules on figures skip what they withhold."""

from expectations.rule import Rule
from expectations.rules.area_present import AREA_PRESENT
from expectations.rules.bounds import BOUNDS
from expectations.rules.coverage import ANY_VALUE, COVERAGE
from expectations.rules.largest_change import LARGEST_CHANGE
from expectations.rules.reconciliation import RECONCILIATION, UNMAPPED_SHARE
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
)
