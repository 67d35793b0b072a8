"""Tables of Statistics Denmark's StatBank, and its groups of comparable municipalities.

Owner: Statistics Denmark.
Documentation: https://www.dst.dk/en/Statistik/hjaelp-til-statistikbanken/api
Licence: CC BY 4.0, "Source: Statistics Denmark".

BULK does no sums, so every variable is named here; a variable or value that has moved is an error, not a guess. `..`,
`-` and nothing are missing values, not zero: staging reads them. Country, regions, groups (910-960) and municipalities
stand in one column: filter, never sum. A municipality pulls its own area; what is the same for all, and the areas to
compare with, are pulled for 0000. A table more is an entry here, a raw table and a staging model.

Accounts and budgets are in 1,000 kr. (LOBM). TOT, UE and I of ART are three views of the same money, S0-S9 and the two
digits below them again; they have no total of FUNKTION.
"""

from connectors.base import RateLimit, Source, Stream, Way
from connectors.statbank.parse import table_fetcher
from connectors.statbank.tables import EVERY, PEERS, Table

ACCOUNTS = {"FUNKTION": EVERY, "DRANST": EVERY, "ART": EVERY, "PRISENHED": ("LOBM",)}

TABLES = (
    # Population on the first day of the quarter, totals over sex, age and marital status: K1 is 1 January.
    Table("FOLK1A", {"KØN": ("TOT",), "ALDER": ("IALT",), "CIVILSTAND": ("TOT",)}, period_ending="K1"),
    Table("REGK31", ACCOUNTS, areas=PEERS, yearly=True, newest=5),
    Table(
        "REGK100",  # by ownership and grouping: the finest official detail, so only where it is named
        {**ACCOUNTS, "ART": ("TOT",), "EJER": EVERY, "GRUPPERING": EVERY},
        areas=PEERS,
        yearly=True,
        newest=2,
        is_usual=False,
    ),
    Table("BUDK32", ACCOUNTS, areas=PEERS, yearly=True, newest=5),
    # Ready-made figures in kr.; school cost is per pupil by residence.
    Table("NGLK", {"BNØGLE": EVERY, "BRUTNETUDG": EVERY, "PRISENHED": ("AARPRIS",)}),
    # Consumer prices by month, construction cost of dwellings by quarter.
    Table("PRIS113", {"TYPE": ("INDEKS",)}, has_areas=False),
    Table("BYG43", {"HINDEKS": ("1",), "DINDEKS": ("10000",), "ART": ("1002",), "TAL": ("100",)}, has_areas=False),
)

SOURCE = Source(
    name="statbank",
    family="statistics",
    ways=(
        Way(
            "api",
            table_fetcher(TABLES),
            base_url="https://api.statbank.dk/v1",
            limits=(RateLimit(60, 60, at_once=2),),  # none is documented; one full mirror pauses between calls
            streams=frozenset(table.stream_name for table in TABLES),
            note="open, no key; only: [..] chooses, regk100 only where it is named",
        ),
    ),
    options=frozenset({"first_year"}),
    scope="both",
    streams=(
        *(table.as_stream() for table in TABLES),
        Stream(
            # "Kommunegrupper", from Statistics Denmark's page of classifications: members follow their group.
            name="municipality_groups",
            key=("sekvens",),
            columns={"SEKVENS": "sekvens", "KODE": "kode", "NIVEAU": "niveau", "TITEL": "titel"},
            required=("kode", "niveau", "titel"),
            numbers=("sekvens",),
            extra_columns="ignore",
        ),
    ),
)
