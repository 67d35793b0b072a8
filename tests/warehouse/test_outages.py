"""What operations bring to build, gate and publication: a crash, a cut connection, locks, a place that leaves."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner

from expectations import gate
from expectations.rules import RULES
from tests.audit_candidate import Candidate
from warehouse import build, outage
from warehouse.cli import app
from warehouse.database import connect
from warehouse.intact import LostBuildError
from warehouse.pipeline import recorded
from warehouse.publish import publish
from warehouse.server import Server
from warehouse.settings import Settings

SLOW = "select * from ({}) x, lateral (select pg_sleep(30)) s"
AT_WORK = "select pid from pg_stat_activity where usename = 'ejd_publisher' and state = 'active' and {}"


@pytest.fixture
def candidate(clean_warehouse: Settings) -> Candidate:
    made = Candidate(clean_warehouse)
    made.finish()
    return made


@pytest.fixture
def one_second_locks(clean_warehouse: Settings) -> Iterator[None]:
    """The publisher waits for locks a second at most."""
    with connect("owner", autocommit=True) as connection:
        connection.execute("alter role ejd_publisher set lock_timeout = '1s'")
        yield
        connection.execute("alter role ejd_publisher reset lock_timeout")


def query(statement: str, *bound: Any) -> list[tuple[Any, ...]]:
    with connect("owner") as connection:
        return connection.execute(statement.encode(), bound or None).fetchall()


def cut_while(work: Callable[[], Any], question: str) -> list[BaseException]:
    """Run something in a thread, cut the connection that the question finds, and return what it raised."""
    faults: list[BaseException] = []

    def attempt() -> None:
        try:
            work()
        except BaseException as error:
            faults.append(error)

    thread = threading.Thread(target=attempt, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not (found := query(question)):
        assert time.monotonic() < deadline, "nobody was at work"
        time.sleep(0.02)
    query("select pg_terminate_backend(%s)", found[0][0])
    thread.join(60)
    return faults


def test_a_connection_cut_in_the_gate_leaves_no_verdict_and_the_gate_can_be_run_again(candidate: Candidate) -> None:
    slow = replace(RULES[1], query=SLOW.format(RULES[1].query))
    rules = (RULES[0], slow, *RULES[2:])
    (fault,) = cut_while(
        lambda: gate.evaluate_newest(candidate.settings, rules), AT_WORK.format("wait_event = 'PgSleep'")
    )
    assert isinstance(fault, psycopg.OperationalError)
    assert "closed the connection" in outage.explain(fault)
    for table in ("gate_results", "gate_failures", "gate_checks", "withheld_inputs"):
        assert query(f"select count(*) from ops.{table}") == [(0,)]
    assert query("select state from ops.candidates") == [("built",)]
    assert {verdict.verdict for verdict in candidate.judge()} == {"publish"}


def test_a_connection_cut_in_a_publication_leaves_nothing_of_the_edition(candidate: Candidate) -> None:
    candidate.judge()
    with connect("owner") as holder:
        holder.execute("lock table published.pointers in share row exclusive mode")
        (fault,) = cut_while(
            lambda: publish(candidate.settings), AT_WORK.format("query like '%insert into published.pointers%'")
        )
    assert isinstance(fault, psycopg.OperationalError)
    for table in ("editions", "scope_editions", "pointers", "key_figures", "measures"):
        assert query(f"select count(*) from published.{table}") == [(0,)]
    assert publish(candidate.settings).edition_id is not None


def test_a_table_that_somebody_has_locked_ends_the_gate_in_one_sentence(
    candidate: Candidate, one_second_locks: None
) -> None:
    with connect("owner") as holder:
        holder.execute("lock table audit.fct_measures in access exclusive mode")
        outcome = CliRunner().invoke(app, ["gate"])
    assert outcome.exit_code == 1
    assert "another session holds a lock that this one waited for" in " ".join(outcome.output.split())
    assert query("select state from ops.candidates") == [("built",)]
    assert query("select command, state from ops.runs") == [("gate", "failed")]


def test_a_crash_after_the_build_is_noticed_by_whoever_reads_what_it_built(candidate: Candidate) -> None:
    candidate.judge()
    server = Server(candidate.settings)
    server.stop(immediate=True)
    server.start()
    with pytest.raises(LostBuildError, match="crashed"):
        publish(candidate.settings)
    with pytest.raises(LostBuildError, match="build` again"):
        gate.evaluate_newest(candidate.settings)
    with pytest.raises(LostBuildError):
        build.run_layer(candidate.settings, "marts")
    with pytest.raises(LostBuildError):
        build.finish(candidate.settings)
    assert query("select count(*) from published.editions") == [(0,)]
    candidate.mark_built()  # a new build
    candidate.judge()
    assert publish(candidate.settings).edition_id is not None


def test_a_server_that_is_stopped_in_order_keeps_what_was_built(candidate: Candidate) -> None:
    candidate.judge()
    server = Server(candidate.settings)
    server.stop()
    server.start()
    assert publish(candidate.settings).edition_id is not None


def test_a_run_whose_process_was_killed_is_closed_by_the_next_one_and_a_living_one_is_not(
    clean_warehouse: Settings,
) -> None:
    query_runs = "select command, state, message from ops.runs order by run_id"
    with connect("owner") as connection:
        connection.execute("insert into ops.runs (command) values ('pull')")
    with recorded(clean_warehouse, "build"), recorded(clean_warehouse, "gate"):
        assert query(query_runs) == [
            ("pull", "failed", "the process was killed"), ("build", "running", None), ("gate", "running", None),
        ]  # fmt: skip
    assert [state for _, state, _ in query(query_runs)] == ["failed", "succeeded", "succeeded"]


def test_a_municipality_that_leaves_keeps_its_history_and_gets_no_new_edition(candidate: Candidate) -> None:
    candidate.judge()
    publish(candidate.settings)
    shown = "select * from marts.key_figures where municipality_code = '0993' order by 1, 2, 3, 4, 5, 6"
    before = query(shown)
    with connect("owner") as connection:
        connection.execute("delete from register.municipalities where municipality_code = '0993'")
    with connect("ejd_transformer") as connection:
        connection.execute("delete from audit.dim_municipalities where municipality_code = '0993'")
    candidate.multiply(1.1, "A_BDA", "school", "0991", 2025)
    candidate.multiply(1.1, "A_BDA", "school", "0993", 2025)
    candidate.finish()
    assert {verdict.municipality_code for verdict in candidate.judge()} == {"0991"}
    report = publish(candidate.settings)
    assert query(shown) == before
    assert len(before) > 0
    changed = query(
        "select distinct municipality_code from published.scope_editions where edition_id = %s", report.edition_id
    )
    assert changed == [("0991",)]
