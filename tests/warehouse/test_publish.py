"""Publication on a real server: whole or not at all, per scope, queryable as it was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from tests.audit_candidate import Candidate
from warehouse.database import connect
from warehouse.publish import PUBLICATION_LOCK, Chosen, PublicationError, PublishReport, publish
from warehouse.settings import Settings

PUBLISHED = (
    "editions", "scope_editions", "pointers", "key_figures", "measures", "coverage", "measure_deliveries",
    "municipalities", "properties", "buildings", "revisions",
)  # fmt: skip
PUBLISHER = """
from warehouse.publish import publish
from warehouse.settings import get_settings
publish(get_settings())
"""
FAULT = ("C_RENG", "school", "0993", 2025)


@pytest.fixture
def candidate(clean_warehouse: Settings) -> Candidate:
    return Candidate(clean_warehouse)


def gate_and_publish(candidate: Candidate) -> PublishReport:
    candidate.finish()
    candidate.judge()
    return publish(candidate.settings)


def query(statement: str, *bound: Any, role: str = "ejd_publisher") -> list[tuple]:
    with connect(role) as connection:
        return connection.execute(statement, bound).fetchall()


def figure(code: str, municipality: str, year: int) -> tuple:
    (row,) = query(
        "select value, status_code, flags, reason from marts.key_figures "
        "where key_figure_code = %s and municipality_code = %s and year = %s",
        code, municipality, year,
    )  # fmt: skip
    return row


def row_counts() -> dict[str, int]:
    return {table: query(f"select count(*) from published.{table}")[0][0] for table in PUBLISHED}


def wait_until(condition: Callable[[], bool]) -> None:
    for _ in range(200):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("waited ten seconds in vain")


def test_a_first_publication_shows_every_scope_of_every_municipality(candidate: Candidate) -> None:
    report = gate_and_publish(candidate)
    assert (report.edition_id, report.scopes_written, report.scopes_held, report.revisions) == (1, 18, 0, 0)
    assert query("select count(*) from marts.key_figures", role="ejd_analyst") == [(28,)]
    assert query("select count(*) from marts.measures where measure_code = 'A_BDA'") == [(8,)]
    assert query("select municipality_code, properties from marts.dim_municipalities order by 1") == [
        ("0991", 2), ("0993", 2),
    ]  # fmt: skip
    assert figure("SKO-03", "0991", 2025) == (Decimal(330), "", "", None)


def test_publishing_the_same_candidate_again_writes_nothing(candidate: Candidate) -> None:
    gate_and_publish(candidate)
    before = row_counts()
    assert publish(candidate.settings).edition_id is None
    assert row_counts() == before


def test_a_new_candidate_with_the_same_content_makes_no_edition(candidate: Candidate) -> None:
    gate_and_publish(candidate)
    before = row_counts()
    # the same numbers from another delivery, in another order
    candidate.execute("update audit.fct_measures set amount = amount where measure_code <> 'A_BDA'")
    candidate.execute("insert into audit.fct_measure_deliveries values ('0991', 'general', 2025, 'N_INDB', 77, 1)")
    report = gate_and_publish(candidate)
    assert (report.edition_id, report.scopes_written, report.scopes_unchanged) == (None, 0, 18)
    assert row_counts() == before
    assert query("select state from ops.candidates order by candidate_id") == [("published",), ("published",)]


def test_only_changed_scopes_are_written_and_each_change_is_a_revision(candidate: Candidate) -> None:
    gate_and_publish(candidate)
    candidate.multiply(1.1, "N_ELEV", "school", "0991", 2025)
    report = gate_and_publish(candidate)
    assert (report.edition_id, report.scopes_written, report.scopes_unchanged) == (2, 1, 17)
    assert query("select municipality_code, topic, year from published.scope_editions where edition_id = 2") == [
        ("0991", "schools_daycare", 2025)
    ]
    revisions = query(
        "select key_figure_code, old_edition_id, round(old_value, 2), round(new_value, 2) from marts.revisions"
    )
    assert revisions == [("SKO-01", 1, Decimal("20.00"), Decimal("18.18"))]


def test_measures_that_did_not_change_are_not_written_again_and_are_still_shown(candidate: Candidate) -> None:
    gate_and_publish(candidate)
    measured = "select edition_id, measure_code, amount from marts.measures where {} order by 2, 3"
    scope = "municipality_code = '0991' and topic = 'schools_daycare' and year = 2025"
    shown = query(measured.format(scope))
    assert ("N_ELEV", 50) in {row[1:] for row in shown}
    written = row_counts()["measures"]
    candidate.finish()
    # another status of a figure, the same measures
    candidate.execute(
        f"update audit.fct_key_figures set status_code = 'e' where key_figure_code = 'SKO-01' and {scope}"
    )
    candidate.judge()
    assert publish(candidate.settings).scopes_written == 1
    assert row_counts()["measures"] == written
    assert query(measured.format(scope)) == [(2, *row[1:]) for row in shown]
    assert query(
        f"select edition_id, measures_edition_id from published.scope_editions where {scope} order by edition_id"
    ) == [(1, 1), (2, 1)]
    # and when they change, the whole scope is the new edition's own
    candidate.multiply(1.1, "N_ELEV", "school", "0991", 2025)
    gate_and_publish(candidate)
    assert query(f"select measures_edition_id from published.pointers where {scope}") == [(3,)]
    assert row_counts()["measures"] == written + len(shown)
    assert ("N_ELEV", 55) in {row[1:] for row in query(measured.format(scope))}
    assert query("select distinct edition_id from marts.measures where municipality_code = '0993'") == [(1,)]


def test_measures_of_a_scope_that_an_edition_is_not_about_are_not_written(candidate: Candidate) -> None:
    gate_and_publish(candidate)
    for municipality in ("0991", "0993"):
        candidate.multiply(1.1, "N_ELEV", "school", municipality, 2025)
    candidate.finish()
    candidate.judge()
    assert publish(candidate.settings, chosen=Chosen(municipality_code="0991")).scopes_written == 1
    assert query("select distinct municipality_code from published.measures where edition_id = 2") == [("0991",)]
    assert publish(candidate.settings).edition_id is None  # the candidate is published


def test_statistics_are_renewed_of_the_tables_that_an_edition_wrote(candidate: Candidate) -> None:
    looked_at = "select pg_stat_get_last_analyze_time('published.{}'::regclass)"
    known = "select reltuples::bigint from pg_class where oid = 'published.{}'::regclass"
    gate_and_publish(candidate)
    measures = query(looked_at.format("measures"))
    assert query(known.format("measures")) == [(row_counts()["measures"],)]
    candidate.finish()
    candidate.execute("update audit.fct_key_figures set status_code = 'e' where key_figure_code = 'SKO-01'")
    candidate.judge()
    publish(candidate.settings)
    assert query(known.format("key_figures")) == [(row_counts()["key_figures"],)]
    assert query(looked_at.format("measures")) == measures


def test_measures_that_are_gone_are_shown_no_longer(candidate: Candidate) -> None:
    gate_and_publish(candidate)
    scope = "municipality_code = '0991' and topic = 'general' and year = 2025"
    assert query(f"select count(*) from marts.measures where {scope}") == [(1,)]
    candidate.finish()
    candidate.execute(f"delete from audit.fct_measures where {scope}")
    candidate.mark_built()
    candidate.judge()
    publish(candidate.settings)
    assert query(f"select count(*) from marts.measures where {scope}") == [(0,)]


def test_a_duplicated_measure_row_is_a_change(candidate: Candidate) -> None:
    gate_and_publish(candidate)
    zero = "('0991', 'general', 2025, null, null, 'none', 'none', 'C_UMAPPED', 0, 'DKK', '')"
    candidate.execute(f"insert into audit.fct_measures values {zero}, {zero}")
    assert gate_and_publish(candidate).scopes_written == 1
    candidate.execute(f"insert into audit.fct_measures values {zero}, {zero}")
    assert gate_and_publish(candidate).scopes_written == 1


def test_a_held_scope_and_figures_that_sum_its_input_have_no_value_and_say_why(candidate: Candidate) -> None:
    candidate.multiply(100, *FAULT)
    report = gate_and_publish(candidate)
    assert report.scopes_held == 1
    held = (
        "select count(*) from marts.{} where municipality_code = '0993' and topic = 'schools_daycare' and year = 2025"
    )
    assert query(held.format("key_figures")) == [(0,)] == query(held.format("measures"))
    reason = "C_RENG of school 2025 is held: unit_factor"
    assert figure("GEN-04", "0993", 2025) == (None, "x", "input_withheld", reason)
    assert figure("GEN-10", "0993", 2025) == (None, "x", "input_withheld", reason)
    # figures that do not sum it, other years and other municipalities are whole
    assert figure("GEN-01", "0993", 2025)[0] == 1500
    assert figure("VED-01", "0993", 2025)[0] == 100
    assert figure("GEN-10", "0993", 2024)[0] == 140 == figure("GEN-10", "0991", 2025)[0]


def test_a_held_scope_keeps_its_last_good_figures_and_so_do_figures_that_sum_its_input(candidate: Candidate) -> None:
    gate_and_publish(candidate)
    candidate.multiply(100, *FAULT)
    candidate.multiply(1.2, "A_BDA", "administration", "0993", 2025)
    report = gate_and_publish(candidate)
    assert report.scopes_held == 1
    assert figure("SKO-03", "0993", 2025) == (Decimal(330), "", "", None)
    assert figure("GEN-01", "0993", 2025)[0] == 1600
    value, status, flags, reason = figure("GEN-10", "0993", 2025)
    assert (value, status, flags) == (140, "", "last_good")
    assert reason == "value of edition 1; C_RENG of school 2025 is held: unit_factor"
    assert query("select distinct municipality_code from published.scope_editions where edition_id = 2") == [("0993",)]


def test_a_last_good_figure_does_not_make_an_edition_of_its_own_each_time(candidate: Candidate) -> None:
    gate_and_publish(candidate)
    candidate.multiply(100, *FAULT)
    assert gate_and_publish(candidate).scopes_written == 1
    assert gate_and_publish(candidate).edition_id is None


def test_a_mended_input_brings_the_figures_back_and_logs_it(candidate: Candidate) -> None:
    candidate.multiply(100, *FAULT)
    gate_and_publish(candidate)
    candidate.multiply(0.01, *FAULT)
    report = gate_and_publish(candidate)
    assert report.scopes_held == 0
    assert figure("GEN-10", "0993", 2025) == (Decimal(140), "", "", None)
    assert figure("SKO-03", "0993", 2025)[0] == 330
    changed = "select key_figure_code, old_status_code, old_value, new_status_code from marts.revisions order by 1"
    assert query(changed) == [("GEN-04", "x", None, ""), ("GEN-10", "x", None, "")]


def test_a_withdrawn_figure_is_a_revision_with_status_z(candidate: Candidate) -> None:
    gate_and_publish(candidate)
    candidate.execute("delete from audit.fct_key_figures where key_figure_code = 'SKO-01' and year = 2025")
    candidate.mark_built()
    candidate.judge()
    publish(candidate.settings)
    assert query("select distinct key_figure_code, new_value, new_status_code from marts.revisions") == [
        ("SKO-01", None, "z")
    ]


def test_what_was_published_is_answered_as_it_was_on_any_date(candidate: Candidate) -> None:
    as_of = (
        "select value from marts.key_figures_as_of(%s) "
        "where key_figure_code = 'SKO-01' and municipality_code = '0991' and year = 2025"
    )
    (before,) = query("select clock_timestamp()")[0]
    gate_and_publish(candidate)
    (between,) = query("select clock_timestamp()")[0]
    candidate.multiply(1.25, "N_ELEV", "school", "0991", 2025)
    gate_and_publish(candidate)
    (after,) = query("select clock_timestamp()")[0]
    assert [query(as_of, moment, role="ejd_analyst") for moment in (before, between, after)] == [[], [(20,)], [(16,)]]
    whole = "select count(*) from marts.key_figures_as_of(%s)"
    assert query(whole, between) == query(whole, after) == [(28,)]


def test_a_reader_in_an_open_transaction_is_not_blocked_and_sees_one_edition(candidate: Candidate) -> None:
    gate_and_publish(candidate)
    candidate.multiply(1.1, "A_BDA", "school", "0991", 2025)
    candidate.finish()
    candidate.judge()
    with connect("ejd_analyst") as reader:
        reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        reader.execute("set statement_timeout = '2s'")
        read = "select distinct edition_id from marts.key_figures where municipality_code = '0991' and year = 2025"
        assert reader.execute(read).fetchall() == [(1,)]
        assert publish(candidate.settings).edition_id == 2
        assert reader.execute(read).fetchall() == [(1,)]
    assert sorted(query(read)) == [(1,), (2,)]  # topics that did not change stay in edition 1
    areas = query(
        "select numerator from marts.key_figures where municipality_code = '0991' and year = 2025 "
        "and key_figure_code in ('GEN-01', 'SKO-01') order by key_figure_code"
    )
    assert areas == [(1600,), (1100,)]


def test_two_publishers_take_turns_and_the_second_finds_nothing_to_do(candidate: Candidate) -> None:
    candidate.finish()
    candidate.judge()
    reports: list[PublishReport] = []
    with connect("ejd_publisher") as holder:
        holder.execute("select pg_advisory_xact_lock(%s)", [PUBLICATION_LOCK])
        threads = [threading.Thread(target=lambda: reports.append(publish(candidate.settings))) for _ in range(2)]
        for thread in threads:
            thread.start()
        wait_until(
            lambda: query("select count(*) from pg_locks where locktype = 'advisory' and not granted")[0][0] == 2
        )
        assert row_counts()["editions"] == 0
    for thread in threads:
        thread.join()
    assert sorted(report.edition_id or 0 for report in reports) == [0, 1]
    assert row_counts()["editions"] == 1


def test_two_publications_of_two_processes_are_one_edition(candidate: Candidate) -> None:
    candidate.finish()
    candidate.judge()
    with connect("ejd_publisher") as holder:
        holder.execute("select pg_advisory_xact_lock(%s)", [PUBLICATION_LOCK])
        children = [subprocess.Popen([sys.executable, "-c", PUBLISHER], env=os.environ.copy()) for _ in range(2)]
        wait_until(
            lambda: query("select count(*) from pg_locks where locktype = 'advisory' and not granted")[0][0] == 2
        )
    assert [child.wait() for child in children] == [0, 0]
    assert row_counts()["editions"] == 1
    assert query(
        "select count(*), count(distinct municipality_code || topic || year) from published.scope_editions"
    ) == [(18, 18)]


def test_a_publication_that_waits_too_long_says_so_and_leaves_nothing(
    candidate: Candidate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warehouse.publish.LONGEST_WAIT", "200ms")
    candidate.finish()
    candidate.judge()
    with connect("ejd_publisher") as holder:
        holder.execute("select pg_advisory_xact_lock(%s)", [PUBLICATION_LOCK])
        with pytest.raises(PublicationError, match="another publication or build has gone on for more than 200ms"):
            publish(candidate.settings)
    assert set(row_counts().values()) == {0}
    assert publish(candidate.settings).scopes_written == 18


def test_a_publisher_killed_half_way_leaves_nothing_and_the_next_one_completes(candidate: Candidate) -> None:
    candidate.finish()
    candidate.judge()
    # A lock on the last table it writes stops the publisher after it has written all the others.
    with connect("owner") as holder:
        holder.execute("lock table published.pointers in share row exclusive mode")
        child = subprocess.Popen([sys.executable, "-c", PUBLISHER], env=os.environ.copy())
        stopped = (
            "select count(*) from pg_locks l join pg_class c on c.oid = l.relation "
            "where c.relname = 'pointers' and not l.granted"
        )
        wait_until(lambda: query(stopped)[0][0] == 1)
        child.send_signal(signal.SIGKILL)
        child.wait()
    wait_until(lambda: query("select count(*) from pg_stat_activity where query like 'insert into published%%' "
                             "and pid <> pg_backend_pid()")[0][0] == 0)  # fmt: skip
    assert set(row_counts().values()) == {0}
    assert query("select state from ops.candidates") == [("gated",)]
    assert publish(candidate.settings).scopes_written == 18


def test_a_candidate_that_a_newer_build_has_overtaken_is_refused(candidate: Candidate) -> None:
    candidate.finish()
    candidate.judge()
    candidate.mark_built()
    with pytest.raises(PublicationError, match="candidate 2 is built, not gated"):
        publish(candidate.settings)
    assert set(row_counts().values()) == {0}


def test_a_build_cannot_replace_audit_tables_while_they_are_published(candidate: Candidate) -> None:
    candidate.finish()
    candidate.judge()
    with connect("owner") as holder:
        # stops the publisher at its first look at what is published, before it has read most audit tables
        holder.execute("lock table published.pointers in access exclusive mode")
        thread = threading.Thread(target=publish, args=(candidate.settings,))
        thread.start()
        wait_until(lambda: query("select count(*) from pg_locks where not granted")[0][0] == 1)
        with connect("ejd_transformer") as builder, pytest.raises(psycopg.errors.LockNotAvailable):
            builder.execute("set lock_timeout = '100ms'")
            builder.execute("alter table audit.fct_measures rename to fct_measures__old")
    thread.join()
    assert row_counts()["editions"] == 1


def test_everything_held_publishes_nothing(candidate: Candidate) -> None:
    candidate.finish()
    candidate.execute("update audit.fct_cost_reconciliation set difference_dkk = 0.01 where year = 2024")
    candidate.judge()
    report = publish(candidate.settings)
    assert (report.edition_id, report.scopes_written, report.scopes_held) == (None, 0, 18)
    assert set(row_counts().values()) == {0}


def test_an_edition_has_a_known_kind(clean_warehouse: Settings) -> None:
    with pytest.raises(PublicationError, match="use one of provisional, final, correction"):
        publish(clean_warehouse, kind="draft")
