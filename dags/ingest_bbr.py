"""Building register (BBR), and what ties addresses (DAR) and parcels (MAT) to it, per municipality.

- When: every Sunday at 03:00, after the weekly file download of the register.
- Owner: data engineering.
- When it fails: the other municipalities went on. Open the red `pull_*` task; its message names source, municipality
  and file and says what to do. Then clear that task; an unchanged file is not landed twice.
"""

from airflow.sdk import dag

from dags._shared import BBR, SETTINGS, danish_time, ingest


@dag(schedule=danish_time("0 3 * * 0"), tags=["ingest", "bbr"], doc_md=__doc__, **SETTINGS)
def ingest_bbr() -> None:
    """Pull BBR, and addresses and parcels, for every municipality that is configured for them."""
    ingest(["bbr", "dar", "mat"], BBR, pool="bbr")


ingest_bbr()
