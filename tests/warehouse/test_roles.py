"""Each role can do its own part only; an analyst reads marts and nothing else."""

from __future__ import annotations

import psycopg
import pytest

from warehouse.database import connect
from warehouse.settings import Settings

NOT_MARTS = "('marts', 'information_schema', 'pg_catalog', 'pg_toast')"


def objects(kinds: str, schemas: str) -> list[str]:
    with connect("owner") as connection:
        return [
            name
            for (name,) in connection.execute(
                "select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n "
                f"on n.oid = c.relnamespace where c.relkind in ({kinds}) and {schemas} order by 1".encode()
            )
        ]


def refused(role: str, statement: str) -> str:
    """Run a statement that must be refused; returns PostgreSQL's message."""
    with connect(role) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege) as caught:
        connection.execute(statement.encode())
    return str(caught.value)


def test_an_analyst_can_select_from_every_view_of_marts(clean_warehouse: Settings) -> None:
    views = objects("'v'", "n.nspname = 'marts'")
    assert {"marts.key_figures", "marts.dim_key_figures", "marts.dim_municipalities", "marts.dim_properties",
            "marts.dim_buildings", "marts.measures", "marts.coverage", "marts.revisions"} <= set(views)  # fmt: skip
    with connect("ejd_analyst") as connection:
        for view in views:
            assert connection.execute(f"select * from {view}".encode()).fetchall() == []
        assert connection.execute("select * from marts.key_figures_as_of(now())").fetchall() == []


def test_an_analyst_is_denied_everything_outside_marts(clean_warehouse: Settings) -> None:
    with connect("ejd_transformer") as connection:
        for schema in ("staging", "intermediate", "audit"):
            connection.execute(f"create table {schema}.anything as select 1 as one".encode())
    others = objects("'r', 'p', 'v', 'm'", f"n.nspname not in {NOT_MARTS}")
    assert len(others) > 50
    assert any(name.startswith("audit.") for name in others)
    for name in others:
        assert "permission denied" in refused("ejd_analyst", f"select * from {name}"), name


@pytest.mark.parametrize(
    "statement",
    [
        "create table public.mine (one integer)",
        "create table marts.mine (one integer)",
        "create temporary table mine (one integer)",
        "create schema mine",
        "delete from marts.editions",
        "insert into marts.editions (kind, published_at) values ('final', now())",
        "select ops.ensure_partition('marts.key_figures'::regclass, '0101')",
        "copy marts.key_figures to program 'true'",
        "alter role ejd_analyst superuser",
        "set role ejd_publisher",
    ],
)
def test_an_analyst_can_write_nothing(warehouse: Settings, statement: str) -> None:
    assert "denied" in refused("ejd_analyst", statement) or "must be" in refused("ejd_analyst", statement)


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        ("ejd_loader", "select * from published.key_figures"),
        ("ejd_loader", "select * from marts.key_figures"),
        ("ejd_loader", "create table audit.mine (one integer)"),
        ("ejd_loader", "update raw_bbr.bygning set status = '6'"),
        ("ejd_loader", "truncate raw_bbr.bygning"),
        ("ejd_loader", "drop table raw_bbr.bygning"),
        (
            "ejd_transformer",
            "insert into raw_bbr.bygning (municipality_code, delivery_id, row_no) values ('0991', 1, 1)",
        ),
        ("ejd_transformer", "select * from published.key_figures"),
        ("ejd_transformer", "select * from marts.key_figures"),
        ("ejd_transformer", "update ops.deliveries set state = 'landed'"),
        ("ejd_transformer", "delete from register.key_figures"),
        ("ejd_publisher", "select * from raw_ledger_opus.postings"),
        ("ejd_publisher", "create table audit.mine (one integer)"),
        ("ejd_publisher", "update published.key_figures set value = 1"),
        ("ejd_publisher", "delete from published.editions"),
        ("ejd_publisher", "update ops.deliveries set state = 'landed'"),
    ],
)
def test_a_role_is_denied_what_is_another_roles_part(warehouse: Settings, role: str, statement: str) -> None:
    assert "permission denied" in refused(role, statement) or "must be owner" in refused(role, statement)


def test_the_partition_function_makes_raw_partitions_only(clean_warehouse: Settings) -> None:
    with connect("ejd_loader") as connection:
        row = connection.execute(
            "select ops.ensure_partition('raw_energy.readings'::regclass, '0991')::text, "
            "ops.ensure_partition('raw_energy.readings'::regclass, '0991')::text"
        ).fetchone()
        assert row == ("raw_energy.readings_0991", "raw_energy.readings_0991")
        with pytest.raises(psycopg.errors.RaiseException, match="not a partitioned raw table"):
            connection.execute("select ops.ensure_partition('ops.runs'::regclass, '0991')")
    with connect("ejd_loader") as connection, pytest.raises(psycopg.errors.RaiseException, match="four digits"):
        connection.execute("select ops.ensure_partition('raw_energy.readings'::regclass, '1; drop')")
