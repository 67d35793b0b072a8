"""The two services of eloverblik: the same data under other paths, with other lists of metering points."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.base import Item, Request
from connectors.eloverblik.points import fetch_points, list_of_customer, list_of_third_party
from connectors.eloverblik.readings import fetch_readings
from connectors.eloverblik.services import Service
from connectors.errors import UnexpectedContentError
from connectors.http import Client

CUSTOMER = Service("meteringpoints/meteringpoint/getdetails", list_of_customer)
THIRD_PARTY = Service("meteringpoint/getdetails", list_of_third_party)


def ask_token(client: Client) -> str:
    """Exchange the refresh token for a data access token; one lasts a day, and no more than two a minute are given."""
    answer = client.get_json("token", headers={"Authorization": f"Bearer {client.connection.key}"})
    token = answer.get("result") if isinstance(answer, dict) else None
    if not isinstance(token, str) or not token:
        raise UnexpectedContentError(client.place, "the answer has no token", "check the address of the connection")
    return f"Bearer {token}"


def fetch_customer(request: Request) -> Iterator[Item]:
    """A stream of the municipality's own metering points."""
    return _fetch(request, CUSTOMER)


def fetch_third_party(request: Request) -> Iterator[Item]:
    """A stream of the metering points that a power of attorney covers."""
    return _fetch(request, THIRD_PARTY)


def _fetch(request: Request, service: Service) -> Iterator[Item]:
    if request.stream.name == "metering_points":
        return fetch_points(request, service)
    return fetch_readings(request, service)
