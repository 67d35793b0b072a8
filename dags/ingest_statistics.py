"""Counts: population from StatBank, pupils per school and children per daycare from file drops.

- When: on the 12th of each month at 06:00, after the quarterly population figures.
- Owner: data engineering.
- When it fails: the other municipalities went on. Open the red `pull_*` task; its message names source, municipality
  and file and says what to do. Then clear that task; unchanged counts are not landed twice.
"""

from airflow.sdk import dag

from dags._shared import SETTINGS, STATISTICS, danish_time, ingest


@dag(schedule=danish_time("0 6 12 * *"), tags=["ingest", "statistics"], doc_md=__doc__, **SETTINGS)
def ingest_statistics() -> None:
    """Pull population, pupils and children."""
    ingest(["statbank", "enrolment"], STATISTICS, pool="statistics")


ingest_statistics()
