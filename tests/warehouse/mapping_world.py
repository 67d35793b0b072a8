"""A municipality with a ledger, account texts and rules, small enough to work every number out by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.dbt.conftest import empty, insert
from tests.dbt.small_world import RawDelivery
from warehouse.database import connect

CODE = "0997"
POSTINGS = RawDelivery("ledger_prisme", "postings", CODE, """
    fiscal_year|voucher|account|function|dranst|carrier|amount   |posting_date
    2024       |V1     |5010   |32201   |1     |T1     |1.000,00 |20240101
    2024       |V2     |5020   |32201   |1     |T1     |100,00   |20240101
    2025       |V3     |5010   |32201   |1     |T1     |2.000,00 |20250101
    2025       |V4     |5010   |64550   |1     |T2     |300,00   |20250101
    2025       |V5     |5020   |32201   |1     |T1     |4.000,00 |20250101
    2025       |V6     |5099   |32201   |1     |T1     |700,00   |20250101
    2025       |V7     |5099   |32201   |1     |T1     |200,00-  |20250201
    2025       |V8     |7100   |02513   |1     |T3     |900,00-  |20250101
    2025       |V9     |9999   |52514   |1     |T4     |50,00    |20250101
    2025       |V10    |1200   |82205   |5     |T1     |5.000,00 |20250101
    2025       |V11    |5010   |32201   |3     |T1     |600,00   |20250101
""", load_kind="window", window=(date(2024, 1, 1), date(2026, 1, 1)))  # fmt: skip
ACCOUNTS = RawDelivery("ledger_files", "accounts", CODE, """
    account|name
    5010   |El
    5020   |Varme og andet
    5099   |Rengøring, artikler
    7100   |Huslejeindtægter
""")  # fmt: skip
# V10 is a balance account, which needs no rule; V11 is investment, on which no rule for electricity counts.
# Row 3 says something else than row 2 from 2025; row 4 comes after row 1; row 5 has nothing to match.
RULES = """\
priority,account,function,cost_category,valid_from,valid_to,note
10,5010,,C_EL,,,strøm
10,5020,,C_VARME,,,
10,502*,,C_KOEL,2025,,
20,5010,64550,C_OEVR,,,
30,6666,,C_FORS,,,
"""


def configure(config: Path, code: str = CODE, rules: str | None = RULES) -> Path:
    """Write the municipality's folder. Returns the path of its rules."""
    folder = config / "municipalities" / code
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sources.yml").write_text(f'municipality_code: "{code}"\nname: Kortby (fiktiv)\n', encoding="utf-8")
    if rules is not None:
        (folder / "account_rules.csv").write_text(rules, encoding="utf-8")
    return folder / "account_rules.csv"


def deliver(*deliveries: RawDelivery) -> None:
    """Put deliveries into the warehouse as if they had landed now."""
    with connect("owner", autocommit=True) as connection:
        for delivery in deliveries:
            number = insert(connection, delivery)
            connection.execute(
                "update ops.deliveries set landed_at = clock_timestamp() where delivery_id = %s", [number]
            )


def begin() -> None:
    """Empty the warehouse of what was delivered, configured and built."""
    with connect("owner", autocommit=True) as connection:
        empty(connection)
        connection.execute("drop view if exists intermediate.int_posting_keys__summed cascade")
