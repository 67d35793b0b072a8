"""Facility management: properties and buildings with area, tenure and use, from Dalux FM, openMAINT and file drops.

- When: every day at 04:00.
- Owner: data engineering.
- When it fails: the other municipalities went on. Open the red `pull_*` task; its message names source, municipality
  and file and says what to do. Then clear that task; unchanged records are not landed twice.
"""

from airflow.sdk import dag

from dags._shared import FM, SETTINGS, danish_time, ingest


@dag(schedule=danish_time("0 4 * * *"), tags=["ingest", "fm"], doc_md=__doc__, **SETTINGS)
def ingest_fm() -> None:
    """Pull every FM system that is configured."""
    ingest(["fm_dalux", "fm_files", "fm_openmaint"], FM, pool="fm")


ingest_fm()
