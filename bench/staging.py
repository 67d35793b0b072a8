"""Landing a ledger file with columns dropped, then typing it in staging, against `psql \\copy` of the same file."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

from bench.figure import Figure
from bench.landing import FULL_ROWS, ROUNDS, ROWS, Ledger, copy_plainly, land_once, make_ledger, open_warehouse
from bench.landing import make_tables as make_plain_table
from warehouse.build import DBT_PROJECT, dbt_environment
from warehouse.database import connect
from warehouse.settings import Settings

MODEL = "stg_ledger_opus__postings"
LIMIT = 4.5


def measure(full: bool) -> Iterator[Figure]:
    """Yield the ratio of landing plus typed staging: the median over rounds of both in turn."""
    with open_warehouse() as settings:
        make_plain_table()
        ledger = make_ledger(settings.home / "postings_2025.csv", FULL_ROWS if full else ROWS)
        query = _compile(settings)
        ratios = [_round(ledger, query, settings) for _ in range(ROUNDS)]
        yield Figure("landing_and_staging", round(statistics.median(ratios), 2), "x psql copy", LIMIT)


def _round(ledger: Ledger, query: str, settings: Settings) -> float:
    _forget(settings)
    plain = copy_plainly(ledger)
    _forget(settings)
    landed = land_once(ledger, settings, drop=True, source="ledger_opus")
    return (landed + _stage(query, ledger.rows, settings)) / plain


def _compile(settings: Settings) -> str:
    """The model's own query, as dbt would send it."""
    target = settings.home / "dbt"
    command = [sys.executable, "-c", "from dbt.cli.main import cli; cli()", "--quiet", "compile", "--select", MODEL]
    subprocess.run(
        [*command, "--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)],
        env=os.environ | dbt_environment(settings, target),
        check=True,
        stdout=subprocess.DEVNULL,
    )
    (compiled,) = (target / "target" / "compiled").rglob(f"{MODEL}.sql")
    return compiled.read_text(encoding="utf-8")


def _stage(query: str, rows: int, settings: Settings) -> float:
    # What dbt does for a table of staging, without dbt's own start: that does not grow with the file.
    start = time.perf_counter()
    with connect("ejd_transformer", settings=settings) as connection:
        made = connection.execute(f"create unlogged table staging.{MODEL} as ({query})".encode())
        connection.execute(f"analyze staging.{MODEL}".encode())
    seconds = time.perf_counter() - start
    if made.rowcount != rows:
        raise RuntimeError(f"{made.rowcount} of {rows} postings reached staging.")
    return seconds


def _forget(settings: Settings) -> None:
    with connect("owner", settings=settings, autocommit=True) as connection:
        connection.execute(f"drop table if exists staging.{MODEL}".encode())
        connection.execute("truncate raw_bench.plain, raw_ledger_opus.postings, ops.deliveries cascade")
        connection.execute("checkpoint")
    shutil.rmtree(settings.home / "deliveries", ignore_errors=True)
