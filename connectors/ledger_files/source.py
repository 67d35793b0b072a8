"""Postings, masters and accounts of any finance system, from the files it can write.

Owner: the municipality; the file is an extract of its finance system (OES Indsigt, Navision, a spreadsheet).
Documentation: none in common; the municipality's `sources.yml` declares delimiter or positions, marks, signs and units.
Licence: the municipality's own data. Texts, persons and suppliers are never let in.

`postings` add up: a file is the whole of its period. `registered_postings` are updates: each file has what was
registered in some days, windows may overlap, and the row registered last is the one that counts.
"""

from connectors.base import Source, Stream, same
from connectors.ledger_records import convert_records

COORDINATES = (
    "municipality_no document_no line_no fiscal_year period posting_date document_date registration_date "
    "registration_time account authorised_account function dranst ownership grouping art psp_element cost_centre "
    "profit_centre project_no department carrier purpose debit_credit amount amount_unit document_type posting_type "
    "reversal_reference reversal_flag"
)
MONTH_IN_NAME = r"(?P<year>20\d{2})[-_]?(?P<month>0[1-9]|1[0-2])"
DAY_IN_NAME = r"(?P<year>20\d{2})-?(?P<month>\d{2})-?(?P<day>\d{2})"


def _postings(name: str, load_kind: str, required: tuple[str, ...], window: str) -> Stream:
    return Stream(
        name=name,
        key=("document_no", "line_no"),
        columns=same(COORDINATES),
        load_kind="window" if load_kind == "window" else "delta",
        required=required,
        numbers=("amount",),
        dates=("posting_date", "document_date", "registration_date"),
        years=("fiscal_year",),
        municipality_column="municipality_no",
        holds_personal_data=True,
        profile={"window": window},
        converters={"*": convert_records},
    )


SOURCE = Source(
    name="ledger_files",
    family="ledger",
    streams=(
        _postings("postings", "window", ("posting_date", "amount"), MONTH_IN_NAME),
        _postings("registered_postings", "delta", ("posting_date", "amount", "registration_date"), DAY_IN_NAME),
        Stream(
            name="dimensions",
            key=("dimension", "code"),
            columns=same("dimension code name function dranst ownership grouping property_no"),
            holds_personal_data=True,
            converters={"*": convert_records},
        ),
        Stream(
            name="accounts",
            key=("account",),
            columns=same("account name account_class function dranst ownership grouping art"),
            holds_personal_data=True,
            converters={"*": convert_records},
        ),
    ),
)
