"""Postings, masters, re-posting vouchers, posting files and project lines of KMD Opus, by file drop.

Owner: the municipality; Opus is a product of KMD.
Documentation: https://www.kmd.dk (interfaces "KMD Opus posteringer UD/IND"; the field lists are the customers').
Licence: the municipality's own data. Texts, persons and suppliers are never let in.

Vouchers and posting files add to the ledger and never replace each other: two of one day are two deliveries, unless
their rows are the very same, which is one batch sent twice. Project lines (report CJI3) are drawn by the day of
registration, a week at a time: weeks overlap, and of a line that comes again the one registered last counts.
"""

from connectors.base import Source, Stream, same
from connectors.ledger_opus.parse import convert_posting_file
from connectors.ledger_opus.spool import COLUMNS, convert_spool

DAY_IN_NAME = r"(?P<year>20\d{2})-?(?P<month>\d{2})-?(?P<day>\d{2})"

VOUCHER_COLUMNS = {
    "Artskonto": "account",
    "Omkostningssted": "cost_centre",
    "PSP-element": "psp_element",
    "Profitcenter": "profit_centre",
    "Ordre": "order_no",
    "Debet/kredit": "debit_credit",
    "Beløb": "amount",
}
VOUCHER_DROPS = (
    "Næste agent", "Tekst", "Betalingsart", "Påligningsår", "Betalingsmodtagernr.", "Betalingsmodtagernr.kode",
    "Ydelsesmodtagernr.", "Ydelsesmodtagernr.kode", "Ydelsesperiode fra", "Ydelsesperiode til", "Oplysningspligtnr.",
    "Oplysningspligtmodtagernr.kode", "Oplysningspligtkode", "Netværk", "Operation", "Mængde", "Mængdeenhed",
    "Referencenøgle",
)  # fmt: skip

SOURCE = Source(
    name="ledger_opus",
    family="ledger",
    streams=(
        Stream(
            name="postings",
            key=("document_no", "line_no"),
            columns=same(
                "document_no line_no account cost_centre psp_element profit_centre order_no debit_credit amount "
                "posting_date document_date registration_date fiscal_year period document_type"
            ),
            load_kind="window",
            required=("account", "psp_element", "debit_credit", "amount", "posting_date", "fiscal_year"),
            numbers=("amount", "period"),
            dates=("posting_date", "document_date", "registration_date"),
            years=("fiscal_year",),
            holds_personal_data=True,
            profile={"window": r"(?P<year>20\d{2})-?(?P<month>\d{2})"},
        ),
        Stream(
            name="psp_elements",
            key=("psp_element",),
            columns=same("psp_element name function dranst ownership grouping property_no"),
            required=("function",),
            holds_personal_data=True,
        ),
        Stream(
            name="cost_centres",
            key=("cost_centre",),
            columns=same("cost_centre name function dranst ownership grouping property_no"),
            holds_personal_data=True,
        ),
        Stream(
            name="accounts",
            key=("account",),
            columns=same("account name account_class art"),
            holds_personal_data=True,
        ),
        Stream(
            name="vouchers",
            key=("account", "debit_credit", "amount"),
            columns=VOUCHER_COLUMNS,
            load_kind="delta",
            numbers=("amount",),
            holds_personal_data=True,
            profile={"window": DAY_IN_NAME, "columns": VOUCHER_COLUMNS, "drop": VOUCHER_DROPS},
        ),
        Stream(
            name="posting_files",
            key=("document_no", "line_no"),
            columns=same(
                "document_no line_no account cost_centre psp_element debit_credit amount value_date posting_date "
                "document_date"
            ),
            load_kind="delta",
            required=("account", "debit_credit", "amount"),
            numbers=("amount",),
            dates=("value_date", "posting_date", "document_date"),
            holds_personal_data=True,
            profile={"window": DAY_IN_NAME, "date_formats": ("%Y%m%d", "%d%m%Y")},
            converters={".xml": convert_posting_file},
        ),
        Stream(
            name="project_lines",
            key=("document_no", "line_no"),
            columns={column: column for column in COLUMNS},
            load_kind="delta",
            required=("psp_element", "posting_date", "registration_date", "amount"),
            numbers=("amount",),
            dates=("posting_date", "document_date", "registration_date", "value_date"),
            years=("fiscal_year",),
            holds_personal_data=True,
            profile={
                "window": DAY_IN_NAME,
                "encoding": "cp1252",
                "delimiter": "\t",
                "quote": "",
                "date_formats": ("%d.%m.%Y",),
            },
            converters={"*": convert_spool},
        ),
    ),
)
