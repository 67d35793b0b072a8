"""Metering points and electricity readings of eloverblik, Energinet's portal on DataHub.

Owner: Energinet; the readings are the municipality's.
Documentation: https://api.eloverblik.dk/customerapi/index.html, https://api.eloverblik.dk/thirdpartyapi/index.html
Licence: the municipality's own data. Names, contacts, floors and doors are never let in.

A window is a calendar month, whatever the aggregation, so that a changed aggregation replaces month by month. The last
13 months are read again at each pull: grid companies correct late. Readings exist of this year and the five before.
A month without any reading is not noted: set `first_year` where there are none before it.

`customer_api` needs a refresh token made with the municipality's business identity; `third_party_api` the
`customer_cvr` whose power of attorney is used. The portal's csv export can be dropped as readings.
"""

from connectors.base import RateLimit, Source, Stream, Way, same
from connectors.eloverblik.fetch import ask_token, fetch_customer, fetch_third_party
from connectors.eloverblik.points import COLUMNS
from connectors.eloverblik.portal import convert_export

# 2 token calls a minute are allowed too: a pull makes one, and waits `busy_pause` where others were faster.
LIMITS = (RateLimit(120, 60),)
BUSY_PAUSE = 60

SOURCE = Source(
    name="eloverblik",
    family="energy",
    ways=(
        Way(
            "customer_api",
            fetch_customer,
            base_url="https://api.eloverblik.dk/customerapi/api",
            auth="token",
            auth_name="Authorization",
            login=ask_token,
            limits=LIMITS,
            busy_pause=BUSY_PAUSE,
            note="key: the municipality's refresh token, which runs out after about a year",
        ),
        Way(
            "third_party_api",
            fetch_third_party,
            base_url="https://api.eloverblik.dk/thirdpartyapi/api",
            auth="token",
            auth_name="Authorization",
            login=ask_token,
            limits=LIMITS,
            busy_pause=BUSY_PAUSE,
            note="key: the third party's refresh token; needs customer_cvr",
        ),
    ),
    options=frozenset({"aggregation", "customer_cvr", "first_year"}),
    streams=(
        Stream(
            name="metering_points",
            key=("metering_point_id",),
            columns=COLUMNS,
            holds_personal_data=True,
            profile={"delimiter": ",", "decimal": ".", "thousands": "", "encoding": "utf-8"},
        ),
        Stream(
            name="readings",
            key=("metering_point_id", "series_type", "period_start", "position"),
            columns=same(
                "metering_point_id series_type unit resolution period_start period_end position quantity quality"
            ),
            required=("quantity",),
            load_kind="window",
            numbers=("quantity",),
            # The API pull overrides how its rows are written; this is how the portal writes its export.
            profile={"window": r"(?P<year>20\d{2})(?:-?(?P<month>\d{2}))?"},
            converters={".csv": convert_export},
        ),
    ),
)
