"""Meters, consumption and energy labels: every source of the family `energy`, by API and from file drops.

- When: every day at 05:30.
- Owner: data engineering.
- When it fails: the other municipalities went on. Open the red `pull_*` task; its message names source, municipality
  and file and says what to do. Then clear that task; a file that landed is not landed twice.
"""

from airflow.sdk import dag

from dags._shared import SETTINGS, danish_time, ingest


@dag(schedule=danish_time("30 5 * * *"), tags=["ingest", "energy"], doc_md=__doc__, **SETTINGS)
def ingest_energy() -> None:
    """Pull meters and readings."""
    ingest("energy")


ingest_energy()
