"""How the client shows who it is: user and key, or a token that the service gives and takes back."""

from __future__ import annotations

import base64

import pytest

from connectors.base import Way
from connectors.connections import Connection
from connectors.errors import AuthenticationError, Place
from connectors.http import Client
from tests.connectors.scripted import Answer, Asked, json_answer, serve

PLACE = Place("eloverblik", "readings", "0992")
QUICK = {"backoff": 0.01, "attempts": 2}
TOKEN_WAY = Way(
    "api",
    lambda request: iter(()),
    auth="token",
    auth_name="Authorization",
    login=lambda client: (
        "Bearer "
        + client.get_json("token", headers={"Authorization": f"Bearer {client.connection.key}"})["result"]
    ),
)  # fmt: skip


class Service:
    """Gives tokens t1, t2 ... for the key, and takes only the newest, for `uses` calls."""

    def __init__(self, uses: int) -> None:
        self.uses, self.left, self.given = uses, 0, 0

    def __call__(self, asked: Asked, number: int) -> Answer:
        shown = asked.headers.get("Authorization")
        if asked.path.startswith("/token"):
            if shown != "Bearer refresh-key":
                return Answer(401)
            self.given, self.left = self.given + 1, self.uses
            return json_answer({"result": f"t{self.given}"})
        if shown != f"Bearer t{self.given}" or not self.left:
            return Answer(401)
        self.left -= 1
        return json_answer({"ok": shown})


def test_a_token_is_asked_for_once_and_shared_by_the_clients_of_a_pull() -> None:
    service, tokens = Service(uses=10), {}
    with serve(service) as server:
        for _ in range(3):
            with Client(Connection(server.url, "refresh-key", dict(QUICK)), PLACE, TOKEN_WAY, tokens=tokens) as client:
                assert client.get_json("points") == {"ok": "Bearer t1"}
    assert service.given == 1


def test_a_token_that_has_run_out_is_exchanged_for_a_new_one() -> None:
    service = Service(uses=2)
    with serve(service) as server, Client(Connection(server.url, "refresh-key", dict(QUICK)), PLACE, TOKEN_WAY) as http:
        shown = [http.get_json("points")["ok"] for _ in range(5)]
    assert shown == ["Bearer t1", "Bearer t1", "Bearer t2", "Bearer t2", "Bearer t3"]


def test_a_key_that_gives_no_token_is_said_without_the_key() -> None:
    with (
        serve(Service(uses=1)) as server,
        Client(Connection(server.url, "old-key", dict(QUICK)), PLACE, TOKEN_WAY) as client,
        pytest.raises(AuthenticationError) as caught,
    ):
        client.get_json("points")
    assert "put a valid key in the connection" in str(caught.value)
    assert "old-key" not in str(caught.value)


def test_user_and_key_go_as_basic_authentication() -> None:
    way = Way("api", lambda request: iter(()), auth="basic")
    with (
        serve(lambda asked, number: json_answer({"shown": asked.headers.get("Authorization")})) as server,
        Client(Connection(server.url, "secret", login="kommune", options=dict(QUICK)), PLACE, way) as client,
    ):
        shown = client.get_json("Ping")["shown"]
    assert shown == "Basic " + base64.b64encode(b"kommune:secret").decode()
