"""The annual accounts that every municipality sends to Statistics Denmark: three txt files, amounts in 1,000 kroner.

Owner: the municipality; the files are what its finance system makes for the reporting.
Documentation: https://www.dst.dk (reporting page of the municipalities' annual accounts); positions and separators are
not public, so `sources.yml` declares them.
Licence: the municipality's own data. A name of a cost centre with what looks like a person number stays out.
"""

from connectors.base import Source, Stream, same
from connectors.ledger_records import convert_records

YEAR_IN_NAME = r"(?<!\d)(?P<year>20\d{2})(?!\d)"
COORDINATES = "municipality_no function dranst ownership grouping art"


def _annual(name: str, more: str, key: str, numbers: str) -> Stream:
    return Stream(
        name=name,
        key=tuple(key.split()),
        columns=same(f"{COORDINATES} {more}"),
        load_kind="window",
        required=tuple(numbers.split()),
        numbers=tuple(numbers.split()),
        municipality_column="municipality_no",
        holds_personal_data=True,
        profile={"window": YEAR_IN_NAME, "encoding": "cp1252"},
        converters={"*": convert_records},
    )


SOURCE = Source(
    name="dst_accounts",
    family="ledger",
    streams=(
        _annual("specification", "amount", "function dranst", "amount"),
        _annual("balance", "opening_amount closing_amount", "function", "opening_amount closing_amount"),
        _annual("cost_centre_specification", "place_code amount name", "function place_code", "amount"),
    ),
)
