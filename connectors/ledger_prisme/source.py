"""Postings and cost centres of Prisme, by file drop.

Owner: the municipality; Prisme is a product of Fujitsu/EG.
Documentation: the supplier's, not public; what is known stands in docs (ledger dimensions afdeling, baerer, formaal).
Licence: the municipality's own data. Posting texts and supplier numbers are never let in.
"""

from connectors.base import Source, Stream, same

MONTH_IN_NAME = r"(?P<year>\d{4})-?(?P<month>\d{2})"

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
    ),
)
