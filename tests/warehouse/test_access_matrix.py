"""Each cell of the access matrix, and every way around it that we know: audience x relation x class of rows.

The logins are those that `ejendomstal access grant` makes.
"""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from tests.warehouse.access_readers import READERS, World, access_world
from tests.warehouse.access_world import PROTECTING, RESTRICTED, area_of
from warehouse.access.matrix import ANALYST, AUDIENCES, OPEN, OWN, PUBLISHER, RELATIONS, render
from warehouse.database import connect
from warehouse.migrations.access.policies import POLICIES, WITHOUT_STATISTICS
from warehouse.settings import PROJECT, Settings

CELLS = [
    pytest.param(audience, relation, row_class, id=f"{relation}-{row_class}-{audience}")
    for relation, kind in RELATIONS.items()
    for row_class in kind.seen_by
    for audience in AUDIENCES
]
BOTH = (OPEN, OWN)
REFUSED = (
    # the tables behind the views, and the functions of their policies
    *(f"select * from {table}" for table in POLICIES),
    "table ops.hidden_properties", "table ops.protected_figures", "table ops.audit_trail",
    "table register.restricted_properties", "table raw_ledger_opus.postings", "table audit.fct_measures",
    "select ops.hidden_property_ids()", "select ops.protect_restricted(true)",
    "select ops.make_municipality_role('0993')",
    # other roles
    "set role ejd_analyst", "set role ejd_publisher", "set role ejd_loader", "set role ejd_municipality_0993",
    "set role ejd_owner", "set session authorization ejd_owner", "set local role pg_read_all_data",
    "alter role current_user superuser", "alter role current_user bypassrls", "alter role current_user createrole",
    "create role mine", "grant ejd_municipality_0993 to current_user", "grant pg_read_all_data to current_user",
    # row security
    "set row_security = off; select * from marts.measures",
    "drop policy readers on published.measures", "alter table published.measures disable row level security",
    "alter view marts.measures set (security_invoker = false)",
    # the catalogue's own secrets and samples of rows
    "table pg_authid", "table pg_shadow", "table pg_statistic", "table pg_statistic_ext_data", "table pg_largeobject",
    "table pg_user_mapping", "table pg_hba_file_rules", "table pg_file_settings", "table pg_subscription",
    "select pg_ls_waldir()", "select pg_ls_logdir()",
    # files, programs, large objects
    "copy marts.measures to '/tmp/measures.csv'", "copy (table marts.measures) to program 'cat'",
    "copy published.measures to stdout", "select pg_read_file('postgresql.conf')", "select pg_ls_dir('.')",
    "select lo_import('/etc/passwd')", "select lo_create(0)", "select lo_from_bytea(0, 'x')",
    "select lo_creat(-1)", "select lo_export(1, '/tmp/mine')", "select pg_stat_file('.')",
    # other servers, other languages, objects of one's own
    "create extension dblink", "create extension postgres_fdw", "create extension pg_stat_statements",
    "create foreign data wrapper mine",
    "create schema mine", "create table public.mine (one integer)", "create view marts.mine as select 1",
    "create temporary table mine (one integer)", "create temporary view mine as select 1",
    "create function public.leak(text) returns boolean language sql as 'select true'",
    "create function pg_temp.leak(text) returns boolean language sql as 'select true'",
    "create operator public.<<< (function = texteq, leftarg = text, rightarg = text)",
    "create aggregate marts.mine (text) (sfunc = textcat, stype = text)",
    "create event trigger mine on ddl_command_start execute function ops.refuse_change()",
    # writing, and standing in others' way
    "insert into marts.editions (kind) values ('final')", "update marts.editions set kind = 'final'",
    "delete from marts.editions", "truncate published.measures",
    "do $$ begin lock table published.pointers in exclusive mode; end $$",
    "select pg_advisory_lock(7421003)", "select pg_try_advisory_xact_lock(7421003)",
    "select pg_advisory_xact_lock(7421, 3)", "select pg_reload_conf()", "select pg_switch_wal()",
    "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'ejd_publisher'",
    "vacuum published.measures", "alter system set work_mem = '1TB'", "alter database ejendomstal set work_mem = '1TB'",
)  # fmt: skip
# Conditions that fail on the row of the restricted property, if they are tried on it before it is left out. A division
# is no condition that PostgreSQL takes for harmless.
AREA = area_of("0991", "T1")
LEAKS = {
    "measures": f"1 / (amount - {AREA}) is not null",
    "dim_buildings": f"1 / (bda_m2 - {AREA}) is not null",
    "key_figures": f"1 / (denominator - {AREA}) is not null",
    "lineage_costs": f"1 / (postings - {AREA}) is not null",
    "lineage_meters": f"1 / (amount - {AREA}) is not null",
    "dim_properties": "1 / (case when property_no = 'T1' and municipality_code = '0991' then 0 else 1 end) = 1",
    "unlinked": "1 / (case when unit_id like '0991-T1%' then 0 else 1 end) = 1",
}


@pytest.fixture(scope="module")
def world(warehouse: Settings) -> Iterator[World]:
    """Built once for this file; readers change nothing."""
    with access_world(warehouse) as world:
        yield world


@pytest.mark.parametrize(("audience", "relation", "row_class"), CELLS)
def test_a_cell_of_the_matrix_is_as_the_database_answers(
    world: World, audience: str, relation: str, row_class: str
) -> None:
    there = world.count(PUBLISHER, relation)
    assert there.get(row_class, 0) > 0, "the world has no such row: the cell would say nothing"
    expected = there[row_class] if audience in RELATIONS[relation].seen_by[row_class] else 0
    assert world.count(audience, relation).get(row_class, 0) == expected


def test_every_relation_and_function_of_marts_is_in_the_matrix(world: World) -> None:
    names = world.ask(
        PUBLISHER,
        "select relname from pg_class where relnamespace = 'marts'::regnamespace and relkind not in ('i', 'c', 't') "
        "union all select proname || '()' from pg_proc where pronamespace = 'marts'::regnamespace",
    )
    assert {name for (name,) in names} == set(RELATIONS)


def test_the_page_shows_the_matrix(world: World) -> None:
    assert render() in (PROJECT / "docs" / "access.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("audience", BOTH)
def test_nothing_leads_around_the_matrix(world: World, audience: str) -> None:
    (name, _) = READERS[audience]
    with world.log_in(name) as connection:
        # what a reader may switch off itself protects nothing: rights have to
        connection.execute("set default_transaction_read_only = off; set statement_timeout = 0")
        for statement in REFUSED:
            try:
                connection.execute(statement.encode())
            except psycopg.errors.InsufficientPrivilege:
                continue
            except psycopg.Error as error:
                pytest.fail(f"{statement}: refused for another reason: {error}")
            pytest.fail(f"{statement}: done")


@pytest.mark.parametrize("audience", BOTH)
def test_a_session_of_a_reader_reads_only_for_a_while_and_few_are_open_at_once(world: World, audience: str) -> None:
    settings = (
        "default_transaction_read_only",
        "statement_timeout",
        "idle_in_transaction_session_timeout",
        "search_path",
    )
    assert [world.ask(audience, f"show {setting}")[0][0] for setting in settings] == ["on", "1min", "5min", "marts"]
    name, _ = READERS[audience]
    more = [world.log_in(name) for _ in range(4)]
    try:
        with pytest.raises(psycopg.OperationalError, match="too many connections for role"):
            world.log_in(name)
    finally:
        for connection in more:
            connection.close()


@pytest.mark.parametrize(("relation", "condition"), LEAKS.items())
def test_a_condition_is_not_tried_on_rows_that_are_not_shown(world: World, relation: str, condition: str) -> None:
    query = f"select count(*) from marts.{relation} where {condition}"
    with pytest.raises(psycopg.errors.DivisionByZero):
        world.ask(PUBLISHER, query)
    for audience in (*BOTH, ANALYST):
        assert len(world.ask(audience, query)) == 1


def test_lines_of_a_hidden_property_are_given_to_nobody_by_name(world: World) -> None:
    for property_id in (RESTRICTED, PROTECTING):
        query = f"select * from marts.lineage_postings('0991', 2025, array['C_RENG'], '{property_id}')"
        assert len(world.ask(PUBLISHER, query)) == 1
        assert all(world.ask(audience, query) == [] for audience in (*BOTH, ANALYST))


def test_the_catalogue_shows_no_samples_and_nobody_elses_queries(world: World) -> None:
    with connect("owner", settings=world.settings, autocommit=True) as owner:
        owner.execute("analyze")
        sampled = owner.execute("select count(*) from pg_stats where schemaname = 'published'").fetchone()
    assert sampled is not None and sampled[0] > 50
    world.ask(PUBLISHER, "select 'a secret of the publisher'")
    for audience in (*BOTH, ANALYST):
        tables = world.ask(audience, "select distinct schemaname, tablename from pg_stats where schemaname !~ '^pg_'")
        assert not {f"{schema}.{table}" for schema, table in tables} & set(POLICIES)
        assert world.ask(audience, "select * from pg_stats_ext where schemaname !~ '^pg_'") == []
        seen = str(world.ask(audience, "select query from pg_stat_activity where usename <> current_user"))
        assert "insufficient privilege" in seen and "secret" not in seen
        texts = str(world.ask(audience, "select prosrc, prosqlbody::text from pg_proc where pronamespace > 16384"))
        assert RESTRICTED not in texts and "emergency" not in texts


@pytest.mark.parametrize(
    ("relation", "condition"),
    [("measures", "amount > {}"), ("dim_buildings", "bda_m2 > {}"), ("lineage_meters", "amount > {}")],
)
def test_estimates_tell_no_amount(world: World, relation: str, condition: str) -> None:
    query = f"explain (format json) select * from marts.{relation} where {condition}"

    def estimates(connection: psycopg.Connection) -> set[float]:
        plans = [connection.execute(query.format(amount).encode()).fetchone() for amount in (0, 1_000_000)]
        return {plan[0][0]["Plan"]["Plan Rows"] for plan in plans if plan}

    with connect("owner", settings=world.settings, autocommit=True) as owner:
        owner.execute("analyze")
        assert len(estimates(owner)) == 2  # whom no policy binds is told
    assert all(len(estimates(world.connections[audience])) == 1 for audience in (*BOTH, ANALYST))


def test_nothing_is_known_of_names_that_an_estimate_could_tell(world: World) -> None:
    with connect("owner", settings=world.settings, autocommit=True) as owner:
        owner.execute("analyze")
        for table, columns in WITHOUT_STATISTICS.items():
            query = "select attname from pg_stats where format('%%s.%%s', schemaname, tablename) = %s"
            known = {name for (name,) in owner.execute(query, [table])}
            assert known and not known & set(columns)


def test_a_plan_made_with_more_rights_is_not_used_with_fewer(world: World) -> None:
    name, _ = READERS[OWN]
    with world.log_in(name) as connection:
        connection.execute("prepare counted as select count(*) from marts.measures")
        before = [connection.execute("execute counted").fetchone() for _ in range(7)]
        connection.execute("set role ejd_reader")
        assert before == [(12,)] * 7 and connection.execute("execute counted").fetchone() == (0,)
        lines = connection.execute(
            "select count(*) from marts.lineage_postings('0991', 2025, array['C_RENG'])"
        ).fetchone()
        assert lines == (0,)


def test_a_new_table_shows_nothing_until_a_policy_says_so(world: World) -> None:
    with connect("owner", settings=world.settings) as owner:
        owner.execute("create table published.newest as select '0991' as municipality_code")
        owner.execute("create view marts.newest with (security_invoker = true) as table published.newest")
        owner.execute("grant select on marts.newest to ejd_reader")
    try:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            world.ask(OWN, "select * from marts.newest")
        with connect("owner", settings=world.settings) as owner:
            owner.execute("alter table published.newest enable row level security")
            owner.execute("grant select on published.newest to ejd_reader")
        assert world.ask(OWN, "select * from marts.newest") == []
    finally:
        with connect("owner", settings=world.settings) as owner:
            owner.execute("drop table published.newest cascade")
