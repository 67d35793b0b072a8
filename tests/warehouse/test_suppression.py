"""What few persons are behind is not written where others may see it, and cannot be worked out from what is."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.audit_candidate import Candidate
from warehouse.database import connect
from warehouse.publish import PublicationError, publish
from warehouse.settings import Settings


@pytest.fixture
def candidate(clean_warehouse: Settings) -> Candidate:
    made = Candidate(clean_warehouse)
    with connect("ejd_loader", settings=clean_warehouse) as connection:
        # no bounds: what is hidden here would otherwise be held
        connection.execute(
            "update register.key_figures set bound_low = null, bound_high = null, largest_change_pct = null"
        )
        connection.execute(
            "update register.key_figures set min_persons = 5, persons_measure = 'N_ELEV' "
            "where key_figure_code = 'SKO-01'"
        )
    return made


def set_pupils(candidate: Candidate, **pupils: int) -> None:
    """Pupils of 0991 in 2025 by school; S1 is there already, others are added with 1,000 m2 in every year."""
    for school, count in pupils.items():
        if school == "S1":
            candidate.execute(
                "update audit.fct_measures set amount = %s where measure_code = 'N_ELEV' and year = 2025 "
                "and municipality_code = '0991'", count,
            )  # fmt: skip
            continue
        for year, measure, amount in ((2025, "N_ELEV", count), (2024, "A_BDA", 1000), (2025, "A_BDA", 1000)):
            candidate.execute(
                "insert into audit.fct_measures values ('0991', 'schools_daycare', %s, %s, null, 'school', 'owned', "
                "%s, %s, 'pupils', '')", year, f"0991-{school}", measure, amount,
            )  # fmt: skip


def publish_figures(candidate: Candidate) -> None:
    candidate.finish()
    candidate.judge()
    publish(candidate.settings)


def query(statement: str, *bound: Any) -> list[tuple]:
    with connect("ejd_analyst") as connection:
        return connection.execute(statement, bound).fetchall()


def pupils_shown() -> dict[str, tuple[Decimal | None, str]]:
    rows = query(
        "select property_id, amount, status_code from marts.measures "
        "where measure_code = 'N_ELEV' and municipality_code = '0991' and year = 2025"
    )
    return {property_id.removeprefix("0991-"): (amount, status) for property_id, amount, status in rows}


def figure(year: int = 2025) -> tuple:
    (row,) = query(
        "select numerator, denominator, value, status_code, reason from marts.key_figures where level = 'municipality' "
        "and key_figure_code = 'SKO-01' and municipality_code = '0991' and year = %s", year,
    )  # fmt: skip
    return row


def test_a_figure_with_fewer_persons_than_needed_is_written_without_value_and_parts(candidate: Candidate) -> None:
    set_pupils(candidate, S1=4)
    publish_figures(candidate)
    assert figure() == (None, None, None, "c", "fewer than 5 persons are behind it")
    assert figure(2024)[2:4] == (20, "")
    with connect("owner") as connection:  # nor is it in the tables behind the view
        kept = connection.execute(
            "select count(*) from published.key_figures where status_code = 'c' and numerator is not null"
        ).fetchone()
    assert kept == (0,)


def test_what_is_hidden_is_of_the_candidate_judged_last_only(candidate: Candidate) -> None:
    set_pupils(candidate, S1=4)
    publish_figures(candidate)
    set_pupils(candidate, S1=40)
    publish_figures(candidate)
    assert pupils_shown() == {"S1": (40, "")}
    assert figure()[2:4] == (25, "")


def test_without_the_decision_on_what_is_hidden_nothing_is_published(candidate: Candidate) -> None:
    candidate.finish()
    candidate.judge(kind="final")
    # as a gate before that decision was its own left it
    with connect("owner") as connection:
        connection.execute("update ops.candidates set suppressed_at = null")
    refused = r"without deciding what is hidden of it .* run `ejendomstal gate --kind {}` again"
    for kind in ("provisional", "final"):
        with pytest.raises(PublicationError, match=refused.format(kind)):
            publish(candidate.settings, kind=kind)
    assert query("select * from marts.key_figures") == []


def test_no_reader_may_see_what_is_hidden(candidate: Candidate) -> None:
    with connect("owner") as connection:
        told = connection.execute(
            "select rolname, t from pg_roles, unnest(array['ops.hidden_measures', 'ops.hidden_figures']) t "
            "where rolname like 'ejd\\_%' and rolname <> 'ejd_owner' and has_table_privilege(rolname, t, 'select') "
            "order by 1, 2"
        ).fetchall()
    assert told == [("ejd_publisher", "ops.hidden_figures"), ("ejd_publisher", "ops.hidden_measures")]


def test_five_persons_are_enough(candidate: Candidate) -> None:
    set_pupils(candidate, S1=5)
    publish_figures(candidate)
    assert figure()[2:4] == (200, "")
    assert pupils_shown() == {"S1": (5, "")}


def test_a_small_school_is_hidden_with_the_smallest_other_and_the_total_is_shown(candidate: Candidate) -> None:
    set_pupils(candidate, S1=50, S2=3, S3=20, S4=30)
    publish_figures(candidate)
    # 103 pupils in all: without S3 hidden too, S2 would be 103 - 50 - 20 - 30
    assert pupils_shown() == {"S1": (50, ""), "S2": (None, "c"), "S3": (None, "c"), "S4": (30, "")}
    assert figure()[1:4] == (103, pytest.approx(Decimal(4000) / 103), "")


def test_two_small_schools_hide_each_other(candidate: Candidate) -> None:
    set_pupils(candidate, S1=50, S2=3, S3=4)
    publish_figures(candidate)
    assert pupils_shown() == {"S1": (50, ""), "S2": (None, "c"), "S3": (None, "c")}


def test_pupils_of_one_property_count_together_whatever_uses_they_are_spread_over(candidate: Candidate) -> None:
    set_pupils(candidate, S1=50, S2=3, S3=20)
    for use in ("daycare", "other"):
        candidate.execute(
            "insert into audit.fct_measures values ('0991', 'schools_daycare', 2025, '0991-S2', null, %s, 'owned', "
            "'N_ELEV', 1, 'pupils', '')", use,
        )  # fmt: skip
    publish_figures(candidate)
    assert {status for _, status in pupils_shown().values()} == {""}  # 3 + 1 + 1 = 5


def test_a_school_without_a_pupil_is_no_person_and_shown(candidate: Candidate) -> None:
    set_pupils(candidate, S1=50, S2=0)
    publish_figures(candidate)
    assert pupils_shown() == {"S1": (50, ""), "S2": (0, "")}


def test_the_content_of_measures_is_that_of_the_rows_as_they_are_written(candidate: Candidate) -> None:
    set_pupils(candidate, S1=3, S2=40, S3=60)
    publish_figures(candidate)
    columns = (
        "municipality_code, topic, year, property_id, building_id, use_category, tenure, measure_code, amount, unit, "
        "status_code"
    )
    with connect("ejd_publisher", settings=candidate.settings) as connection:
        noted, counted = (
            dict(connection.execute(statement.encode()).fetchall())
            for statement in (
                "select concat_ws(' ', municipality_code, topic, year), measures_content from published.pointers "
                "where topic <> 'property_model'",
                f"select concat_ws(' ', municipality_code, topic, year), "
                f"count(*) || ':' || sum(hash_record_extended(row({columns}), 0)) from published.measures group by 1",
            )
        )
    assert query("select count(*) from marts.measures where status_code = 'c' and amount is null") == [(2,)]
    assert noted["0991 schools_daycare 2025"] == counted["0991 schools_daycare 2025"]
    assert {scope: content for scope, content in noted.items() if content != "none"} == counted


def test_the_key_figure_of_a_small_school_is_suppressed_as_well(candidate: Candidate) -> None:
    with connect("ejd_loader") as connection:
        connection.execute("update register.key_figures set levels = 'property,municipality'")
    set_pupils(candidate, S1=50, S2=3, S3=20)
    publish_figures(candidate)
    rows = query(
        "select property_id, numerator, denominator, value, status_code from marts.property_key_figures "
        "where key_figure_code = 'SKO-01' and municipality_code = '0991' and year = 2025 order by property_id"
    )
    assert [row[0].removeprefix("0991-") for row in rows] == ["S1", "S2", "S3"]
    assert rows[0][1:] == (1000, 50, 20, "")
    assert [row[1:] for row in rows[1:]] == [(None, None, None, "c")] * 2


def test_a_hidden_part_takes_the_smallest_other_part_with_it(candidate: Candidate) -> None:
    """Two use categories and their total: one hidden part alone would follow from the other two."""
    with connect("ejd_loader") as connection:
        connection.execute(
            "insert into register.key_figure_term_scopes "
            "select key_figure_code, version, part, term_no, component_code, 'administration', 'owned' "
            "from register.key_figure_term_scopes where key_figure_code = 'SKO-01'"
        )
    set_pupils(candidate, S1=3)
    candidate.execute(
        "insert into audit.fct_measures values ('0991', 'administration', 2025, '0991-T1', null, 'administration', "
        "'owned', 'N_ELEV', 40, 'pupils', '')"
    )
    candidate.finish()
    candidate.execute(
        "insert into audit.fct_key_figures select municipality_code, topic, year, 'use_category', key_figure_code, "
        "version, 100, 40, 2.5, unit, '', '', 100, 1, null, use, '', '' from audit.fct_key_figures "
        "cross join (values ('school'), ('administration')) u (use) "
        "where key_figure_code = 'SKO-01' and municipality_code = '0991' and year = 2025"
    )
    candidate.judge()
    publish(candidate.settings)
    shown = query(
        "select use_category, status_code, numerator, reason from marts.key_figures "
        "where key_figure_code = 'SKO-01' and municipality_code = '0991' and year = 2025 order by 1"
    )
    assert [row[:2] for row in shown] == [("", ""), ("administration", "c"), ("school", "c")]
    assert [row[2] for row in shown[1:]] == [None, None]
    assert shown[1][3] == "a suppressed part could be worked out from it"


def test_a_value_that_failed_a_warning_is_of_low_reliability(candidate: Candidate) -> None:
    with connect("ejd_loader") as connection:
        connection.execute(
            "update register.key_figures set bound_high = 10, bounds_severity = 'warning' "
            "where key_figure_code = 'SKO-01'"
        )
    publish_figures(candidate)
    rows = query("select status_code, flags from marts.key_figures where key_figure_code = 'SKO-01' and year = 2025")
    assert rows == [("u", "gate_warning")] * 2
    (counted,) = query(
        "select n, n_flagged, n_unreliable from marts.benchmarks where key_figure_code = 'SKO-01' and year = 2025"
    )
    assert counted == (0, 2, 0)
