"""Municipal accounts: postings and their masters from Opus, Prisme and other extracts, and the annual accounts.

- When: every day at 05:00, after the night's exports.
- Owner: data engineering.
- When it fails: the other municipalities went on. Open the red `pull_*` task; its message names source, municipality
  and file and says what to do. Then clear that task; a file that landed is not landed twice.
"""

from airflow.sdk import dag

from dags._shared import LEDGER, SETTINGS, danish_time, ingest


@dag(schedule=danish_time("0 5 * * *"), tags=["ingest", "ledger"], doc_md=__doc__, **SETTINGS)
def ingest_ledger() -> None:
    """Pull the postings of every configured ledger."""
    ingest(["dst_accounts", "ledger_files", "ledger_opus", "ledger_prisme"], LEDGER, pool="ledger")


ingest_ledger()
