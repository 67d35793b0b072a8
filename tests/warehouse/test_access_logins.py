"""`ejendomstal access`: grant, revoke, list, test, apply, log, as a person calls them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import psycopg
import pytest

from tests.warehouse.access_readers import World, access_world
from tests.warehouse.test_cli_sources import call
from warehouse.access.logins import AccessError, grant, list_logins, revoke
from warehouse.database import connect
from warehouse.settings import Settings


@pytest.fixture(scope="module")
def world(warehouse: Settings) -> Iterator[World]:
    """The rows of the access matrix and two logins: anyone_bi (open), own_bi (0991)."""
    with access_world(warehouse) as world:
        yield world


def owner(settings: Settings, statement: str) -> list[tuple[object, ...]]:
    with connect("owner", settings=settings, autocommit=True) as connection:
        done = connection.execute(statement.encode())
        return done.fetchall() if done.description else []


def test_a_granted_login_works_with_the_password_that_is_shown_once(world: World) -> None:
    printed = call("access", "grant", "new_bi", "--municipality", "0992")
    found = re.search(r"shown this once: (\S+)", printed)
    assert found and "new_bi is a member of ejd_municipality_0992." in printed
    world.passwords["new_bi"] = found[1]
    with world.log_in("new_bi") as connection:
        codes = connection.execute("select distinct municipality_code from marts.dim_properties").fetchall()
        assert codes == [("0992",)]  # 0992 shares with 0991, not the other way round
    again = call("access", "grant", "new_bi", "--municipality", "0993")
    assert "Its password is as it was." in again and found[1] not in again
    with world.log_in("new_bi") as connection:
        codes = connection.execute("select distinct municipality_code from marts.dim_properties order by 1").fetchall()
        assert codes == [("0992",), ("0993",)]
    (verifier,) = owner(world.settings, "select rolpassword from pg_authid where rolname = 'new_bi'")[0]
    assert str(verifier).startswith("SCRAM-SHA-256$")
    listed = call("access", "list")
    assert "new_bi" in listed and "ejd_municipality_0992, ejd_municipality_0993" in listed
    # the password is in no log of the server and in no table
    assert found[1] not in (world.settings.logs / "postgres.log").read_text()
    assert found[1] not in str(owner(world.settings, "select * from ops.audit_trail"))


def test_a_password_comes_from_the_environment_and_is_not_shown(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    given = "correct-horse-battery-staple"
    monkeypatch.setenv("EJENDOMSTAL_ACCESS_PASSWORD", given)
    assert given not in call("access", "grant", "given_bi")
    world.passwords["given_bi"] = given
    with world.log_in("given_bi") as connection:
        assert connection.execute("select count(*) from marts.measures").fetchone() == (0,)
    monkeypatch.setenv("EJENDOMSTAL_ACCESS_PASSWORD", "short")
    assert "at least 16 characters" in call("access", "grant", "other_bi", status=1)


def test_a_revoked_login_is_gone_with_its_sessions(world: World) -> None:
    world.passwords["gone_bi"] = str(grant(world.settings, "gone_bi", "0991").password)
    session = world.log_in("gone_bi")
    grant(world.settings, "gone_bi", "0993")
    assert revoke(world.settings, "gone_bi", "0993") is False
    with pytest.raises(psycopg.OperationalError):
        session.execute("select 1")
    assert call("access", "revoke", "gone_bi") == "gone_bi is gone."
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        world.log_in("gone_bi")
    assert "gone_bi" not in {login.name for login in list_logins(world.settings)}
    assert "there is no login gone_bi" in call("access", "revoke", "gone_bi", status=1)


@pytest.mark.parametrize(
    ("name", "municipality", "role", "message"),
    [
        ("Bad-Name", None, None, "small letters, digits and _"),
        ("ejd_analyst", None, None, "begins with a letter and not with ejd_"),
        ("fine_bi", "991", None, "use four digits"),
        ("fine_bi", "0101", None, "no municipality 0101 is configured: use one of 0991, 0992, 0993"),
        ("fine_bi", None, "own", "role own needs --municipality"),
        ("fine_bi", "0991", "reader", "leave --municipality out"),
        ("somebody_else", None, None, "is a role of something else on this server"),
    ],
)
def test_a_grant_that_cannot_be_is_refused_with_one_sentence(
    world: World, name: str, municipality: str | None, role: str | None, message: str
) -> None:
    owner(world.settings, "create role somebody_else login superuser")
    try:
        with pytest.raises(AccessError, match=re.escape(message)):
            grant(world.settings, name, municipality, role=role)  # type: ignore[arg-type]
        assert name not in {login.name for login in list_logins(world.settings)}
    finally:
        owner(world.settings, "drop role somebody_else")


@pytest.mark.parametrize(
    ("wrong", "right", "message"),
    [
        ("alter role own_bi bypassrls", "alter role own_bi nobypassrls", "own_bi: it is free of row security."),
        ("grant ejd_publisher to own_bi", "revoke ejd_publisher from own_bi",
         "own_bi: it is a member of ejd_publisher."),
        ("grant usage on schema published to own_bi", "revoke usage on schema published from own_bi",
         "own_bi: it can use schema published."),
        ("grant create on schema public to anyone_bi", "revoke create on schema public from anyone_bi",
         "anyone_bi: it can make objects in public."),
        ("alter role anyone_bi reset statement_timeout", "alter role anyone_bi set statement_timeout = '60s'",
         "anyone_bi: it has no statement_timeout"),
        ("alter role anyone_bi connection limit -1", "alter role anyone_bi connection limit 5",
         "anyone_bi: it may open any number of connections."),
        ("alter table published.measures disable row level security",
         "alter table published.measures enable row level security", "published.measures has no row security."),
        ("create policy wide on published.buildings for select to ejd_reader using (true)",
         "drop policy wide on published.buildings",
         "own_bi: it sees 2 rows of marts.dim_buildings that are restricted."),
        ("create policy narrow on published.buildings as restrictive to ejd_reader using (building_id <> '0991-A1-1')",
         "drop policy narrow on published.buildings",
         "own_bi: it sees 1 of 2 rows of marts.dim_buildings that are own."),
        ("alter view marts.measures reset (security_invoker)",
         "alter view marts.measures set (security_invoker = true)", "marts.measures is read with its owner's rights"),
    ],
)  # fmt: skip
def test_the_test_of_logins_finds_what_is_wrong(world: World, wrong: str, right: str, message: str) -> None:
    assert call("access", "test").endswith("No fault.")
    owner(world.settings, wrong)
    try:
        assert message in call("access", "test", status=1)
    finally:
        owner(world.settings, right)


def test_the_trail_tells_grants_and_publications_and_is_never_changed(world: World) -> None:
    owner(
        world.settings,
        "insert into ops.runs (command, state, started_at, finished_at) values ('publish', 'succeeded', "
        "'2025-12-31 23:00', '2026-01-01 01:00')",
    )
    trail = call("access", "log", "--limit", "500")
    assert "grant │ own_bi │ ejd_municipality_0991" in trail
    assert "publish │ publish │ edition 1 │ provisional, candidate 1, run 1" in trail
    for change in ("update ops.audit_trail set actor = 'x'", "delete from ops.audit_trail", "truncate ops.audit_trail"):
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            owner(world.settings, change)
