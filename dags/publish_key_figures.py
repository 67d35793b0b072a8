"""Key figures: from landed deliveries to a published edition.

- When: each time all five families of sources have been pulled since the last run.
- Owner: data engineering.
- When it fails: nothing was published, and readers still see the last good edition. Read the red task's log, mend the
  cause and clear the task; every task may be repeated. A scope that the gate holds is no failure: see
  `marts.gate_verdicts`.
"""

from airflow.sdk import Connection, chain, dag, task

from dags._shared import FAMILIES, KEY_FIGURES, PUBLISH_SETTINGS


@dag(schedule=list(FAMILIES.values()), tags=["publish"], doc_md=__doc__, **PUBLISH_SETTINGS)
def publish_key_figures() -> None:
    """Register, build with dbt layer by layer, judge, publish."""
    chain(register(), due(), dbt_staging(), dbt_intermediate(), dbt_marts(), gate(), publish())


@task
def register() -> None:
    """Bring the register's tables in line with its files."""
    from register.load import load
    from warehouse.settings import get_settings

    load(get_settings())


@task.short_circuit
def due() -> bool:
    """Stop here when today's inputs are published already."""
    from warehouse.build import is_due
    from warehouse.settings import get_settings

    return is_due(get_settings())


@task
def dbt_staging() -> None:
    """Open a candidate edition and build the staging layer."""
    from warehouse.build import run_layer, start
    from warehouse.settings import get_settings

    start(get_settings())
    run_layer(get_settings(), "staging")


@task
def dbt_intermediate() -> None:
    """Build the intermediate layer."""
    from warehouse.build import run_layer
    from warehouse.settings import get_settings

    run_layer(get_settings(), "intermediate")


@task
def dbt_marts() -> None:
    """Build the audit tables and close the candidate."""
    from warehouse.build import finish, run_layer
    from warehouse.settings import get_settings

    run_layer(get_settings(), "marts")
    finish(get_settings())


@task
def gate() -> None:
    """Judge the candidate per municipality, topic and year; tell what is held."""
    from expectations.gate import run
    from warehouse.alerts import alert_holds
    from warehouse.settings import get_settings

    run(get_settings())
    alert_holds(get_settings(), resolve=Connection.get)


@task(outlets=[KEY_FIGURES])
def publish() -> None:
    """Publish what the gate let through, in one transaction."""
    from warehouse.publish import publish as publish_candidate
    from warehouse.settings import get_settings

    publish_candidate(get_settings())


publish_key_figures()
