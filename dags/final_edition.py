"""A final edition: each municipality is asked to sign a year, and what it signs is published as final.

- When: started by hand with a year, once the calendar (`config/editions.yml`) opens it, and again for who said no.
- Owner: data engineering. The questions are for the municipalities: Airflow shows one for each under *Required
  actions*, and each answer is carried out at once. It is stored with the name of who answered.
- When it fails: nothing was published of that municipality. `propose`: the year is not open, or nothing of it is
  published. `sign`: what readers see has changed since the question was asked, or somebody else has to sign; start a
  new run. `publish_final`: a build was going on; clear the task.
"""

from datetime import timedelta
from typing import Any, cast

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Param, chain, dag, task, task_group
from airflow.sdk.exceptions import AirflowSkipException

from dags._shared import KEY_FIGURES, PUBLISH_SETTINGS

SIGN, NOT_YET = "Sign", "Not yet"
LONGEST_WAIT = timedelta(days=30)


@dag(
    schedule=None,
    tags=["publish"],
    params={"year": Param(type="integer", minimum=1990, maximum=2100, description="year of the figures")},
    doc_md=__doc__,
    **PUBLISH_SETTINGS,
)
def final_edition() -> None:
    """Ask every municipality; sign and publish what it answers."""
    municipality.expand_kwargs(propose("{{ params.year }}"))


@task
def propose(year: str) -> list[dict[str, Any]]:
    """What each municipality has to sign: the topics of the year that are published and not final."""
    from warehouse.final_edition import propose as propose_all
    from warehouse.settings import get_settings

    return propose_all(get_settings(), int(year))


@task_group
def municipality(code: str, year: int, subject: str, body: str, shown: list[list[str]]) -> None:
    """Ask one municipality, keep its signature, publish."""
    ask = HITLOperator(
        task_id="ask",
        doc="Wait for the answer of the municipality.",
        subject=subject,
        body=body,
        options=[SIGN, NOT_YET],
        response_timeout=LONGEST_WAIT,
        execution_timeout=None,
    )
    signed = sign(cast(dict[str, Any], ask.output), code, year, shown)
    chain(signed, publish_final(code, year))


@task
def sign(answer: dict[str, Any], code: str, year: int, shown: list[list[str]]) -> None:
    """Store the signature with the name of who gave it; without one, leave the municipality provisional."""
    from warehouse.final_edition import sign_as
    from warehouse.settings import get_settings

    if SIGN not in answer["chosen_options"]:
        raise AirflowSkipException("not signed: the year stays provisional.")
    user = answer["responded_by_user"]
    sign_as(get_settings(), user["name"] or user["id"], code, year, shown)


@task(outlets=[KEY_FIGURES], max_active_tis_per_dag=1, retries=3)
def publish_final(code: str, year: int) -> None:
    """Judge the candidate for a final edition, if that is not done, and publish what the municipality signed."""
    from warehouse.final_edition import publish_final as publish_signed
    from warehouse.settings import get_settings

    publish_signed(get_settings(), code, year)


final_edition()
