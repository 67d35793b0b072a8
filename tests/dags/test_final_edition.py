"""A final edition through Airflow: the question, an answer given through its API, the signature, the lock."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.audit_candidate import Candidate
from tests.dags.conftest import ask
from warehouse.airflow import Airflow
from warehouse.database import connect
from warehouse.publish import publish
from warehouse.settings import Settings


@pytest.fixture
def open_year(clean_warehouse: Settings) -> Iterator[Settings]:
    """A warehouse whose calendar opens 2024, on any day."""
    calendar = clean_warehouse.config / "editions.yml"
    calendar.write_text("years: {2024: {final_from: 2025-06-01}}\n")
    yield clean_warehouse
    calendar.unlink()


def test_who_answers_signs_and_only_what_is_signed_becomes_final(open_year: Settings) -> None:
    candidate = Candidate(open_year)
    candidate.finish()
    candidate.judge()
    publish(open_year)
    airflow = Airflow(open_year)
    assert airflow.initialise().wait() == 0

    answers = {"0991": "Sign", "0993": "Not yet"}
    run = ask(airflow, "answer_dag.py", "final_edition", json.dumps({"year": 2024}), "inger", json.dumps(answers))

    assert run["state"] == "success"
    assert sorted(state for name, state in run["tasks"].items() if "publish_final" in name) == ["skipped", "success"]
    with connect("ejd_publisher") as connection:
        signed = connection.execute(
            "select municipality_code, signed_by, role, count(*) from ops.sign_offs where year = 2024 group by 1, 2, 3"
        ).fetchall()
        final = connection.execute("select municipality_code, year, edition_id, kind, count(*) from marts.finals "
                                   "group by 1, 2, 3, 4").fetchall()  # fmt: skip
    assert signed == [("0991", "inger", "head of property", 4)]
    assert final == [("0991", 2024, 2, "final", 4)]
