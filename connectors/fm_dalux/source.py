"""Dalux FM by its REST API: places, assets, work orders, tickets, invoices and their lookups.

Owner: the municipality; Dalux FM is a product of Dalux ApS.
Documentation: https://app.swaggerhub.com/apis/Dalux/DaluxFM-API
Licence: the municipality's own data. Names and mail addresses of persons are never let in.

There is no "changed since": each pull is full, newest first. Areas that were never set come as 0.0 and land so.
Fields of the municipality's own making are named in `user_fields` of `sources.yml`, for all streams (`use: KL
Anvendelse`) or for one (`rooms.use: Rumtype`); `|` separates several names of which the first filled counts.
Lists that a key may not read, or that nobody wants, are named in `without`.
"""

from connectors.base import RateLimit, Source, Way
from connectors.fm_dalux.parse import fetch_v1, fetch_v2
from connectors.fm_dalux.streams import STREAMS, STREAMS_V1

# Calls side by side do not work. How many in a row are allowed is not documented: 429 says when it is too many.
ONE_AT_A_TIME = (RateLimit(calls=100, seconds=1, at_once=1),)

SOURCE = Source(
    name="fm_dalux",
    family="fm",
    ways=(
        Way(
            "rest_v2",
            fetch_v2,
            base_url="https://fm-api.dalux.com/api",
            auth="header",
            auth_name="X-API-KEY",
            limits=ONE_AT_A_TIME,
            note="100 records a page and one call at a time: a large tenant takes hours",
        ),
        Way(
            "rest_v1",
            fetch_v1,
            base_url="https://fm-api.dalux.com/api/v1",
            auth="header",
            auth_name="X-API-KEY",
            limits=ONE_AT_A_TIME,
            streams=STREAMS_V1,
            note="the older API: fewer lists",
        ),
    ),
    options=frozenset({"user_fields"}),
    streams=STREAMS,
)
