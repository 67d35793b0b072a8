"""Defects to plant into good data, each with the rule that claims it. docs/gate-rules.md shows the same list."""

from __future__ import annotations

from dataclasses import dataclass

from expectations.rule import Severity

HERE = "municipality_code = '0991' and year = 2025"


def _measure(measure: str, change: str, use: str = "school", where: str = HERE) -> str:
    return (
        f"update audit.fct_measures set {change} "
        f"where measure_code = '{measure}' and use_category = '{use}' and {where}"
    )


@dataclass(frozen=True)
class Mutation:
    """A defect: statements on the measures (before figures are computed) and on what is computed.

    `severity` is what the rule gives it at worst in a provisional edition, `final` in a final one. `seen_by` are other
    rules that see it as well, and rightly. It is in municipality 0991 unless it is everywhere.
    """

    rule: str
    defect: str
    severity: Severity
    final: Severity
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    seen_by: frozenset[str] = frozenset()
    everywhere: bool = False

    @property
    def verdict(self) -> str:
        """What happens to the scope, in a provisional and in a final edition."""
        verdicts: dict[Severity, str] = {"info": "publish", "warning": "publish with warnings", "stop": "hold (all)"}
        found = [verdicts.get(severity, "hold") for severity in (self.severity, self.final)]
        return found[0] if found[0] == found[1] else f"{found[0]}; final: {found[1]}"


MUTATIONS = (
    Mutation(
        "unit_factor", "cleaning of schools in øre for a year", "hold", "hold",
        before=(_measure("C_RENG", "amount = 100 * amount"),),
        seen_by=frozenset({"bounds", "largest_change", "withheld"}),
    ),
    Mutation(
        "unit_factor", "heat of schools in MWh for a year", "hold", "hold",
        before=(
            _measure("Q_VARME", "amount = amount / 1000"),
            "update audit.fct_meter_quantities set amount = amount / 1000 where measure_code = 'Q_VARME' "
            f"and use_category = 'school' and {HERE}",
        ),
        seen_by=frozenset({"withheld"}),
    ),
    Mutation(
        "bounds", "500 pupils in a school of 1,000 m2", "hold", "hold",
        before=(_measure("N_ELEV", "amount = 500", where="municipality_code = '0991'"),),
    ),
    Mutation(
        "largest_change", "inhabitants halved from one year to the next", "hold", "hold",
        before=(_measure("N_INDB", "amount = 150", "none"),),
    ),
    Mutation(
        "coverage", "a figure without its input", "warning", "warning",
        after=(
            "update audit.fct_key_figures set value = null, status_code = 'x', reason = 'no C_RENG' "
            f"where key_figure_code = 'GEN-10' and level = 'municipality' and {HERE}",
        ),
    ),
    Mutation(
        "any_value", "a topic without a single value", "hold", "hold",
        after=(
            "update audit.fct_key_figures set value = null, status_code = 'm' "
            f"where topic = 'administration' and {HERE}",
        ),
    ),
    Mutation(
        "reconciliation", "one øre lost between postings and measures", "stop", "stop",
        after=(f"update audit.fct_cost_reconciliation set difference_dkk = 0.01 where {HERE}",),
    ),
    Mutation(
        "reconciliation", "cost that no accepted posting explains", "stop", "stop",
        after=(f"delete from audit.fct_cost_reconciliation where {HERE}",),
    ),
    Mutation(
        "unmapped_share", "300,000 DKK that no account rule knows", "warning", "warning",
        before=(
            "insert into audit.fct_measures values "
            "('0991', 'general', 2025, null, null, 'none', 'none', 'C_UMAPPED', 300000, 'DKK', '')",
        ),
    ),
    Mutation(
        "area_present", "a tenth of the topic's cost on a property without area", "hold", "hold",
        before=(
            "insert into audit.fct_measures values "
            "('0991', 'schools_daycare', 2025, '0991-S2', null, 'school', 'owned', 'C_RENG', 60000, 'DKK', '')",
        ),
    ),
    Mutation(
        "area_present", "2 pct of the topic's cost on a property without area", "warning", "warning",
        before=(
            "insert into audit.fct_measures values "
            "('0991', 'schools_daycare', 2025, '0991-S2', null, 'school', 'owned', 'C_RENG', 10000, 'DKK', '')",
        ),
    ),
    Mutation(
        "withheld", "a general figure that sums an input which the schools' topic holds", "warning", "warning",
        before=(_measure("C_RENG", "amount = 100 * amount"),),
        seen_by=frozenset({"unit_factor", "bounds", "largest_change"}),
    ),
    Mutation(
        "periods", "March of the ledger is missing", "warning", "hold",
        before=(
            "delete from intermediate.int_posting_deliveries__counted c using ops.deliveries d where "
            "c.delivery_id = d.delivery_id and d.municipality_code = '0991' and d.window_from = '2025-03-01'",
        ),
        seen_by=frozenset({"regk31"}),
    ),
    Mutation(
        "periods", "December of the newest year has not come yet", "info", "hold",
        before=(
            "delete from intermediate.int_posting_deliveries__counted c using ops.deliveries d where "
            "c.delivery_id = d.delivery_id and d.municipality_code = '0991' and d.window_from = '2025-12-01'",
        ),
        seen_by=frozenset({"regk31"}),
    ),
    Mutation(
        "duplicates", "April holds the postings of March once more", "warning", "hold",
        before=(
            "update intermediate.int_posting_deliveries__counted c set amount_dkk = m.amount_dkk "
            "from intermediate.int_posting_deliveries__counted m, ops.deliveries d, ops.deliveries e "
            "where c.delivery_id = d.delivery_id and m.delivery_id = e.delivery_id and d.window_from = '2025-04-01' "
            "and e.window_from = '2025-03-01' and d.municipality_code = '0991' and e.municipality_code = '0991'",
        ),
    ),
    Mutation(
        "property_cost", "2 pct of a function's property cost is on no property", "info", "warning",
        after=(
            "insert into intermediate.int_costs__allocated values ('0991', 2025, '32201', 'C_OEVR', null, 13000)",
        ),
    ),
    Mutation(
        "property_cost", "7 pct of a function's property cost is on no property", "warning", "hold",
        after=(
            "insert into intermediate.int_costs__allocated values ('0991', 2025, '32201', 'C_OEVR', null, 47000)",
        ),
    ),
    Mutation(
        "regk31", "the ledger lacks 5 pct of what REGK31 has", "warning", "warning",
        before=(f"update staging.stg_statbank__regk31 set amount_dkk = 632000 where {HERE}",),
    ),
    Mutation(
        "carrier_sum", "a meter is in the measure and not in its parts", "hold", "hold",
        before=(
            "delete from audit.fct_meter_quantities "
            f"where measure_code = 'Q_EL' and use_category = 'school' and {HERE}",
        ),
    ),
    Mutation(
        "area_size", "the municipality's only town hall has 400 m2", "warning", "warning",
        before=(_measure("A_BDA", "amount = 400", "administration", "municipality_code = '0991'"),),
    ),
    Mutation(
        "area_change", "a school grows by 4 pct and another building shrinks by 15 pct, and nothing happened",
        "warning", "hold",
        before=(
            _measure("A_BDA", "amount = amount + 35", where=f"tenure = 'owned' and {HERE}"),
            _measure("A_BDA", "amount = amount - 30", where=f"tenure = 'leased' and {HERE}"),
        ),
    ),
    Mutation(
        "area_change", "the administration's area grows by 8 pct, and nothing happened", "hold", "hold",
        before=(_measure("A_BDA", "amount = 540", "administration"),),
    ),
    Mutation(
        "area_change", "the leased area shrinks by a quarter, and nothing happened", "hold", "hold",
        before=(_measure("A_BDA", "amount = 150", where=f"tenure = 'leased' and {HERE}"),),
    ),
    Mutation(
        "area_fm_bbr", "a building is 20 pct larger in FM than in BBR", "warning", "warning",
        before=(
            "update audit.fct_area_reconciliation set fm_area_m2 = 1200, difference_m2 = 200, difference_pct = 20, "
            "reason = 'differs' where building_id = '0991-S1-1'",
        ),
    ),
    Mutation(
        "crosswalk", "a third of the owned area is not found in BBR", "warning", "hold",
        before=("update audit.dim_buildings set bbr_id = null, link_method = 'none' where building_id = '0991-T1-1'",),
    ),
    Mutation(
        "operation_band", "a town hall's operation costs 60 DKK per m2", "warning", "warning",
        before=(
            _measure("C_RENG", "amount = 25000", "administration", "municipality_code = '0991'"),
            _measure("C_VARME", "amount = 5000", "administration", "municipality_code = '0991'"),
        ),
    ),
    Mutation(
        "energy_band", "a town hall's energy costs 20 DKK per m2", "warning", "warning",
        before=(
            _measure("C_EL", "amount = 5000", "administration", "municipality_code = '0991'"),
            _measure("C_VARME", "amount = 5000", "administration", "municipality_code = '0991'"),
        ),
    ),
    Mutation(
        "energy_band", "a town hall uses 40 kWh per m2", "warning", "warning",
        before=(
            _measure("Q_VARME", "amount = 6500", "administration", "municipality_code = '0991'"),
            "update audit.fct_meter_quantities set amount = 6500 where measure_code = 'Q_VARME' "
            "and use_category = 'administration' and municipality_code = '0991'",
        ),
    ),
    Mutation(
        "cleaning_band", "a town hall's cleaning costs 2 DKK per m2", "warning", "warning",
        before=(_measure("C_RENG", "amount = 1000", "administration", "municipality_code = '0991'"),),
        seen_by=frozenset({"operation_band"}),
    ),
    Mutation(
        "maintenance_negative", "a town hall's planned maintenance is -20,000 DKK", "warning", "hold",
        before=(_measure("C_VEDL_PL", "amount = -20000", "administration", "municipality_code = '0991'"),),
        seen_by=frozenset({"percent"}),
    ),
    Mutation(
        "rest_item", "operation without energy and cleaning is -5,000 DKK", "warning", "hold",
        before=(_measure("C_OEVR", "amount = -10000", "administration", "municipality_code = '0991'"),),
    ),
    Mutation(
        "percent", "112 pct of a use category's maintenance is planned", "hold", "hold",
        before=(_measure("C_VEDL_AK", "amount = -5500", "administration", "municipality_code = '0991'"),),
    ),
    Mutation(
        "implicit_price", "a kWh costs 3.30 DKK in one municipality", "warning", "warning",
        before=(_measure("C_EL", "amount = amount + 420000", where="municipality_code = '0991'"),),
    ),
    Mutation(
        "implicit_price", "a kWh costs 3.30 DKK in the country, whichever municipality is left out", "stop", "stop",
        before=(_measure("C_EL", "amount = amount + 420000", where="true"),),
        everywhere=True,
    ),
    Mutation(
        "freshness", "the ledger has brought nothing new for 200 days", "warning", "warning",
        before=(
            "update ops.deliveries set landed_at = landed_at - interval '200 days' where municipality_code = '0991'",
        ),
    ),
    Mutation(
        "definition_age", "a proposed definition is one year old", "info", "warning",
        before=("update register.key_figures set valid_from = 2024 where key_figure_code = 'ADM-09'",),
        everywhere=True,
    ),
)  # fmt: skip
