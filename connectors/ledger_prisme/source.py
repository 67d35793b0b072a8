"""Postings, cost centres and G69 files of Prisme, by file drop.

Owner: the municipality; Prisme is a product of Fujitsu/EG.
Documentation: the supplier's, not public; what is known stands in docs (ledger dimensions afdeling, baerer, formaal).
Licence: the municipality's own data. Posting texts and supplier numbers are never let in.

G69 files are what other systems hand to Prisme: they add to each other, and each balances in itself.
"""

from connectors.base import Source, Stream, same
from connectors.ledger_prisme.parse import COLUMNS, convert_g69

MONTH_IN_NAME = r"(?P<year>\d{4})-?(?P<month>\d{2})"
DAY_IN_NAME = r"(?P<year>20\d{2})-?(?P<month>\d{2})-?(?P<day>\d{2})"

SOURCE = Source(
    name="ledger_prisme",
    family="ledger",
    streams=(
        Stream(
            name="postings",
            key=("voucher", "line_no"),
            columns=same(
                "fiscal_year period voucher line_no posting_date account function dranst ownership grouping art "
                "department carrier purpose amount posting_type"
            ),
            load_kind="window",
            required=("fiscal_year", "posting_date", "account", "amount"),
            numbers=("amount", "period"),
            dates=("posting_date",),
            years=("fiscal_year",),
            holds_personal_data=True,
            profile={"window": MONTH_IN_NAME, "trailing_minus": True},
        ),
        Stream(
            name="cost_centres",
            key=("carrier",),
            columns=same("carrier name property_no"),
            holds_personal_data=True,
        ),
        Stream(
            name="g69_postings",
            key=("machine_no", "batch_no", "file_line_no"),
            columns={column: column for column in COLUMNS},
            load_kind="delta",
            required=("posting_type", "posting_date", "account", "amount_oere", "debit_credit"),
            numbers=("amount_oere",),
            dates=("posting_date", "value_date"),
            years=("fiscal_year",),
            holds_personal_data=True,
            profile={"window": DAY_IN_NAME, "encoding": "cp1252", "date_formats": ("%Y%m%d",)},
            converters={"*": convert_g69},
        ),
    ),
)
