"""Kinds of editions, signatures, locks, withdrawn values and their history, on a small hand-made candidate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner

from tests.audit_candidate import Candidate
from warehouse.cli import app
from warehouse.database import connect
from warehouse.edition_calendar import Calendar, CalendarError, read_calendar
from warehouse.editions import EditionError, Signature, find_differences, find_scopes, list_editions, sign
from warehouse.publish import Chosen, Kind, PublicationError, PublishReport, publish
from warehouse.settings import Settings
from warehouse.site import write_corrections

HEAD = Signature("Inger Test", "head of property")
SKO = "key_figure_code = 'SKO-01' and municipality_code = '0991' and year = 2024"


@pytest.fixture
def candidate(clean_warehouse: Settings) -> Iterator[Candidate]:
    # 2024 may be final and 2025 may not, on any day
    calendar = clean_warehouse.config / "editions.yml"
    calendar.write_text("years: {2024: {final_from: 2025-06-01}, 2025: {final_from: 2099-06-01}}\n")
    yield Candidate(clean_warehouse)
    calendar.unlink()


def publish_as(candidate: Candidate, kind: Kind = "provisional", note: str | None = None) -> PublishReport:
    candidate.finish()
    candidate.judge(kind=kind)
    return publish(candidate.settings, kind, note)


def make_final(candidate: Candidate) -> PublishReport:
    """Edition 1 is provisional, 0991's year 2024 is signed, edition 2 makes it final."""
    publish_as(candidate)
    sign(candidate.settings, HEAD, "0991", 2024)
    candidate.judge(kind="final")
    return publish(candidate.settings, "final")


def query(statement: str, *bound: Any, role: str = "ejd_analyst") -> list[tuple]:
    with connect(role) as connection:
        return connection.execute(statement, bound).fetchall()


def standings(settings: Settings, **wanted: Any) -> set[str]:
    return {scope.standing for scope in find_scopes(settings, **wanted)}


def test_a_final_edition_locks_what_is_signed_and_nothing_else(candidate: Candidate) -> None:
    report = make_final(candidate)
    # per municipality and year: administration, schools_daycare, maintenance and general
    assert (report.edition_id, report.scopes_written, report.scopes_made_final, report.scopes_unsigned) == (2, 0, 4, 4)
    locked = query("select distinct municipality_code, year, edition_id, kind from marts.finals")
    assert locked == [("0991", 2024, 2, "final")]
    assert query("select count(*) from marts.finals") == [(4,)]
    assert query("select distinct edition_id from marts.key_figures") == [(1,)]
    assert standings(candidate.settings, municipality_code="0991", year=2024) == {"final"}
    assert standings(candidate.settings, municipality_code="0993") == {"open"}


def test_a_final_scope_is_not_changed_by_later_editions_and_the_report_counts_it(candidate: Candidate) -> None:
    make_final(candidate)
    candidate.multiply(1.25, "N_ELEV", "school", "0991", 2024)
    candidate.multiply(1.25, "N_ELEV", "school", "0993", 2024)
    report = publish_as(candidate)
    assert (report.edition_id, report.scopes_written, report.scopes_locked) == (3, 1, 1)
    assert query(f"select value, edition_id from marts.key_figures where {SKO}") == [(20, 1)]
    assert publish_as(candidate, "final").edition_id is None


def test_a_correction_changes_final_scopes_only_with_a_reason_and_stays_locked(candidate: Candidate) -> None:
    make_final(candidate)
    candidate.multiply(1.25, "N_ELEV", "school", "0991", 2024)
    candidate.multiply(1.25, "N_ELEV", "school", "0993", 2024)
    with pytest.raises(PublicationError, match="a correction says why"):
        publish_as(candidate, "correction", " ")
    report = publish_as(candidate, "correction", "Ten pupils had been left out.")
    assert (report.edition_id, report.scopes_written, report.scopes_locked) == (3, 1, 0)
    assert query(f"select value, edition_id from marts.key_figures where {SKO}") == [(16, 3)]
    revised = "select municipality_code, key_figure_code, old_value, new_value, difference, reason, kind "
    assert query(revised + "from marts.revisions") == [
        ("0991", "SKO-01", 20, 16, -4, "Ten pupils had been left out.", "correction")
    ]
    assert query("select kind, count(*) from marts.finals group by 1 order by 1") == [("correction", 1), ("final", 3)]
    candidate.multiply(1.25, "N_ELEV", "school", "0991", 2024)
    assert publish_as(candidate).scopes_locked == 1


def test_a_correction_may_be_about_some_scopes_only(candidate: Candidate) -> None:
    make_final(candidate)
    candidate.multiply(2, "A_BDA", "school", "0991", 2024)  # schools, maintenance and general
    candidate.finish()
    candidate.judge(kind="correction")
    report = publish(candidate.settings, "correction", "Measured anew.", Chosen("0991", "maintenance", 2024))
    assert (report.scopes_written, report.scopes_locked) == (1, 2)
    assert query("select distinct topic from marts.revisions") == [("maintenance",)]


def test_what_has_changed_since_it_was_signed_does_not_become_final(candidate: Candidate) -> None:
    publish_as(candidate)
    sign(candidate.settings, HEAD, "0991", 2024)
    candidate.multiply(1.25, "N_ELEV", "school", "0991", 2024)
    report = publish_as(candidate, "final")
    assert (report.scopes_made_final, report.scopes_written, report.scopes_unsigned) == (3, 0, 5)
    assert query("select count(*) from marts.finals where topic = 'schools_daycare'") == [(0,)]
    # what was signed comes back and is made final, although readers see something else by then
    assert publish_as(candidate).scopes_written == 1
    candidate.execute(
        "update audit.fct_measures set amount = 50 where measure_code = 'N_ELEV' and municipality_code = '0991'"
    )
    report = publish_as(candidate, "final")
    assert (report.scopes_made_final, report.scopes_written) == (1, 1)
    assert query(f"select value, edition_id from marts.key_figures where {SKO}") == [(20, 4)]


def test_the_correction_log_shows_corrections_and_withdrawals_to_everyone(candidate: Candidate, tmp_path: Path) -> None:
    make_final(candidate)
    candidate.multiply(1.25, "N_ELEV", "school", "0991", 2024)
    candidate.multiply(1.25, "N_ELEV", "school", "0993", 2024)
    candidate.finish()
    candidate.execute(
        "delete from audit.fct_key_figures where municipality_code = '0993' and key_figure_code = 'SKO-03' "
        "and year = 2024"
    )
    candidate.judge(kind="correction")
    publish(candidate.settings, "provisional")
    candidate.judge(kind="correction")
    publish(candidate.settings, "correction", "Ten pupils had been left out.")
    write_corrections(tmp_path, candidate.settings)
    page = (tmp_path / "corrections.html").read_text(encoding="utf-8")
    rows = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row) for row in re.findall(r"<tr><td>.*?</tr>", page, re.S)]
    assert [row[1:] for row in rows] == [
        ["4", "0991", "2024", "SKO-01 navn", "20,00", "16,00", "-4,00", "Ten pupils had been left out."],
        ["3", "0993", "2024", "SKO-03 navn", "330,00", "trukket tilbage", "–", "withdrawn; last value in edition 1"],
    ]


def test_a_closed_year_is_changed_by_corrections_only_signed_or_not(candidate: Candidate) -> None:
    publish_as(candidate)
    (candidate.settings.config / "editions.yml").write_text("years: {2024: {closed: true}}\n")
    candidate.multiply(1.25, "N_ELEV", "school", "0991", 2024)
    assert publish_as(candidate).scopes_locked == 1
    with pytest.raises(EditionError, match="2024 is closed"):
        sign(candidate.settings, HEAD, "0991", 2024)
    assert publish_as(candidate, "correction", "Ten pupils had been left out.").scopes_written == 1
    assert query("select kind from marts.finals") == [("correction",)]


def test_a_candidate_judged_for_a_milder_kind_is_refused(candidate: Candidate) -> None:
    candidate.finish()
    candidate.judge()
    with pytest.raises(PublicationError, match="judged for a provisional edition, and a final one asks for more"):
        publish(candidate.settings, "final")
    candidate.judge(kind="final")
    assert publish(candidate.settings, "provisional").scopes_written == 18


def test_only_the_role_of_the_calendar_signs_and_only_years_that_are_open_for_it(candidate: Candidate) -> None:
    publish_as(candidate)
    with pytest.raises(EditionError, match="2024 is signed by the head of property, not by the clerk"):
        sign(candidate.settings, Signature("Inger Test", "clerk"), "0991", 2024)
    with pytest.raises(EditionError, match="2025 is provisional until 2099-06-01"):
        sign(candidate.settings, HEAD, "0991", 2025)
    with pytest.raises(EditionError, match="a signature needs a name"):
        sign(candidate.settings, Signature(" ", "head of property"), "0991", 2024)
    with pytest.raises(EditionError, match="nothing of it is published"):
        sign(candidate.settings, HEAD, "0999", 2024)
    assert query("select count(*) from ops.sign_offs", role="ejd_publisher") == [(0,)]


def test_only_the_named_sign_for_a_municipality_that_names_them(candidate: Candidate) -> None:
    publish_as(candidate)
    with (candidate.settings.config / "editions.yml").open("a") as file:
        file.write('signers: {"0991": [Ole Test]}\n')
    with pytest.raises(EditionError, match="0991 is signed by those that the calendar names"):
        sign(candidate.settings, HEAD, "0991", 2024)
    assert len(sign(candidate.settings, Signature("Ole Test", "head of property"), "0991", 2024)) == 4
    assert len(sign(candidate.settings, HEAD, "0993", 2024)) == 4


def test_who_was_shown_something_else_than_readers_see_signs_nothing(candidate: Candidate) -> None:
    publish_as(candidate)
    shown = [(scope.topic, scope.content_sha256) for scope in find_scopes(candidate.settings, "0991", 2024)]
    candidate.multiply(1.25, "N_ELEV", "school", "0991", 2024)
    publish_as(candidate)
    with pytest.raises(EditionError, match="have changed since they were shown"):
        sign(candidate.settings, HEAD, "0991", 2024, shown=shown)
    unchanged = [pair for pair in shown if pair[0] != "schools_daycare"]
    assert len(sign(candidate.settings, HEAD, "0991", 2024, shown=unchanged)) == 3


@pytest.mark.parametrize("statement", ["update ops.sign_offs set signed_by = 'x'", "delete from ops.sign_offs"])
@pytest.mark.parametrize("role", ["ejd_publisher", "ejd_loader", "ejd_transformer", "ejd_analyst"])
def test_no_role_of_ours_changes_a_signature(clean_warehouse: Settings, statement: str, role: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        query(statement, role=role)


def test_a_withdrawn_value_stays_as_one_row_that_says_so_and_makes_no_edition_again(candidate: Candidate) -> None:
    publish_as(candidate)
    (seen,) = query("select clock_timestamp()")[0]
    gone = "delete from audit.fct_key_figures where key_figure_code = 'SKO-01' and municipality_code = '0991'"

    def publish_without() -> PublishReport:
        candidate.finish()
        candidate.execute(gone)
        candidate.judge()
        return publish(candidate.settings)

    assert (publish_without().edition_id, publish_without().edition_id, publish_without().edition_id) == (2, None, None)
    shown = f"select value, numerator, status_code, reason from {{}} where {SKO}"
    z = (None, None, "z", "withdrawn; last value in edition 1")
    assert query(shown.format("marts.key_figures")) == [z]
    # another figure of the scope changes: the row is written along, once, and stays what it was
    candidate.multiply(1.1, "C_VARME", "school", "0991", 2024)
    assert publish_without().edition_id == 3
    assert query(shown.format("marts.key_figures")) == [z]
    assert query(f"select new_status_code, edition_id, reason from marts.revisions where {SKO}") == [("z", 2, z[3])]
    assert query(shown.format("marts.key_figures_as_of(%s)"), seen) == [(20, 1000, "", None)]
    assert query(shown.format("marts.key_figures_as_of(now())")) == [z]
    # and back
    assert publish_as(candidate).edition_id == 4
    assert query(f"select value from marts.key_figures where {SKO}") == [(20,)]
    steps = f"select step_no, edition_id, value, status_code from marts.revision_triangle where {SKO} order by 1"
    assert query(steps) == [(1, 1, 20, ""), (2, 2, None, "z"), (3, 4, 20, "")]


def test_a_figure_that_never_had_a_value_leaves_nothing_behind(candidate: Candidate) -> None:
    candidate.finish()
    candidate.execute(f"update audit.fct_key_figures set value = null, status_code = 'm' where {SKO}")
    candidate.judge()
    publish(candidate.settings)
    assert query(f"select value, status_code from marts.key_figures where {SKO}") == [(None, "m")]
    candidate.execute(f"delete from audit.fct_key_figures where {SKO}")
    candidate.mark_built()
    candidate.judge()
    publish(candidate.settings)
    assert query(f"select value from marts.key_figures where {SKO}") == []
    assert query("select count(*) from marts.revisions") == [(0,)]


def test_a_value_of_an_older_definition_is_withdrawn_in_favour_of_the_newer(candidate: Candidate) -> None:
    publish_as(candidate)
    candidate.finish()
    candidate.execute(f"update audit.fct_key_figures set version = 2 where {SKO}")
    candidate.judge()
    publish(candidate.settings)
    reason = "a later version of the definition has taken its place; last value in edition 1"
    assert query(f"select version, value, status_code, reason from marts.key_figures where {SKO} order by 1") == [
        (1, None, "z", reason),
        (2, 20, "", None),
    ]


def test_withdrawn_values_count_in_no_benchmark(candidate: Candidate) -> None:
    publish_as(candidate)
    count = "select count(*) from marts.benchmarks where key_figure_code = 'SKO-01' and year = 2024"
    before = query(count)
    candidate.finish()
    candidate.execute("delete from audit.fct_key_figures where key_figure_code = 'SKO-01' and year = 2024")
    candidate.judge()
    publish(candidate.settings)
    assert before != [(0,)] == query(count)


def test_a_revision_without_a_note_says_which_part_of_the_figure_moved(candidate: Candidate) -> None:
    publish_as(candidate)
    candidate.multiply(1.25, "N_ELEV", "school", "0991", 2024)
    publish_as(candidate)
    assert query("select reason, difference, kind from marts.revisions") == [
        ("denominator 50 became 62.5", -4, "provisional")
    ]


def test_the_triangle_has_one_row_per_step_of_a_figure_and_none_for_editions_that_left_it(candidate: Candidate) -> None:
    publish_as(candidate)
    candidate.multiply(1.1, "C_VARME", "school", "0991", 2024)  # the scope is written anew, SKO-01 is as it was
    publish_as(candidate)
    candidate.multiply(1.25, "N_ELEV", "school", "0991", 2024)
    publish_as(candidate)
    steps = query(
        "select edition_id, step_no, value, first_value, difference_from_first, months_after_year, published_at "
        f"from marts.revision_triangle where {SKO} order by step_no"
    )
    assert [row[:5] for row in steps] == [(1, 1, 20, 20, 0), (3, 2, 16, 20, -4)]
    assert all((at.year - 2025) * 12 + at.month == months for *_, months, at in steps)


def test_two_editions_differ_in_the_figures_that_readers_saw_differently(candidate: Candidate) -> None:
    publish_as(candidate)
    candidate.multiply(1.25, "N_ELEV", "school", "0991", 2024)
    publish_as(candidate)
    candidate.multiply(1.25, "N_ELEV", "school", "0993", 2025)
    publish_as(candidate)

    def between(a: int, b: int) -> list[tuple]:
        return [
            (one.municipality_code, one.year, one.key_figure_code, one.old_value, one.new_value, one.difference)
            for one in find_differences(candidate.settings, a, b)
        ]

    first = ("0991", 2024, "SKO-01", Decimal(20), Decimal(16), Decimal(-4))
    second = ("0993", 2025, "SKO-01", Decimal(20), Decimal(16), Decimal(-4))
    assert (between(1, 2), between(2, 3), between(1, 3)) == ([first], [second], [first, second])
    assert between(2, 1) == [("0991", 2024, "SKO-01", Decimal(16), Decimal(20), Decimal(4))]
    with pytest.raises(EditionError, match="there is no edition 9"):
        between(1, 9)
    assert [(one.edition_id, one.scopes_written, one.revisions) for one in list_editions(candidate.settings)] == [
        (3, 1, 1), (2, 1, 1), (1, 18, 0),
    ]  # fmt: skip


def test_the_commands_sign_list_and_compare(candidate: Candidate) -> None:
    def call(*arguments: str) -> str:
        result = CliRunner().invoke(app, [*arguments], env={"COLUMNS": "200"})
        return f"{result.exit_code}: {result.output}"

    publish_as(candidate)
    signing = ["edition", "sign", "--municipality", "0991", "--year", "2024", "--name", "Inger Test", "--role"]
    assert call(*signing, "clerk").startswith("1: 2024 is signed by the head of property")
    signed = call(*signing, "head of property", "--topic", "general")
    assert signed.startswith("0: Signed: 0991 2024: general (edition 1).")
    candidate.judge(kind="final")
    assert "edition 2 (final) with 0 changed scopes, 1 scopes made final" in call("publish", "--kind", "final")
    listed = call("edition", "list", "--municipality", "0991", "--year", "2024")
    assert [word for word in ("final", "open") if word in listed] == ["final", "open"]
    assert "0 figures differ." in call("edition", "diff", "1", "2")
    assert "final" in call("edition", "list")


def test_the_calendar_has_defaults_and_exceptions() -> None:
    calendar = Calendar.model_validate(
        {"years": {2023: {"closed": True}, 2024: {"final_from": date(2025, 9, 1), "sign_off_role": "mayor"}}}
    )
    assert calendar.state(2025, date(2026, 5, 31)) == "provisional"
    assert calendar.state(2025, date(2026, 6, 1)) == "final"
    assert calendar.state(2024, date(2025, 8, 31)) == "provisional"
    assert calendar.state(2023, date(2099, 1, 1)) == "closed"
    assert (calendar.role(2024), calendar.role(2025)) == ("mayor", "head of property")


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("final_form: 06-01", "final_form"),
        ("final_from: 02-30", "write month and day"),
        ("years: {2024: {open: true}}", "years.2024.open"),
        ("years: {24: {closed: true}}", "years.24"),
        ("years: [", "this is no YAML"),
        ("signers: {991: [x]}", "signers.991"),
    ],
)
def test_a_wrong_calendar_is_said_in_one_sentence(tmp_path: Path, content: str, fault: str) -> None:
    (tmp_path / "editions.yml").write_text(content)
    with pytest.raises(CalendarError, match=fault):
        read_calendar(Settings(config=tmp_path))
