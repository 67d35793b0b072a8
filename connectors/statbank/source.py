"""Population per municipality and quarter: table FOLK1A of Statistics Denmark's StatBank.

Owner: Statistics Denmark.
Documentation: https://www.dst.dk/en/Statistik/hjaelp-til-statistikbanken/api
Licence: CC BY 4.0, "Source: Statistics Denmark".

Asked for: totals over sex, age and marital status on 1 January of each year. BULK does no sums, so each variable is
named. `..` and `-` are no numbers but missing values: staging reads them.
"""

from connectors.base import Source, Stream, Way
from connectors.statbank.parse import fetch_table

COLUMNS = {
    "OMRÅDE": "omraade",
    "KØN": "koen",
    "ALDER": "alder",
    "CIVILSTAND": "civilstand",
    "TID": "tid",
    "INDHOLD": "indhold",
}

SOURCE = Source(
    name="statbank",
    family="statistics",
    ways=(Way("api", fetch_table, base_url="https://api.statbank.dk/v1"),),
    options=frozenset({"first_year"}),
    streams=(
        Stream(
            name="folk1a",
            path="FOLK1A",
            key=("omraade", "koen", "alder", "civilstand", "tid"),
            columns=COLUMNS,
            required=("indhold",),
            municipality_column="omraade",
            extra_columns="ignore",  # another table is then refused for what it lacks
        ),
    ),
)
