"""`make demo`, `make up` and `make down`: the whole chain on three fictional municipalities, through Airflow.

python -m demo.run          run it from an empty warehouse, show the key figures, stop everything
python -m demo.run --keep   the same, left running with Airflow's page
python -m demo.run --stop   stop what is left running
"""

from __future__ import annotations

import argparse
import signal
import sys
import time

from rich.console import Console

from demo.progress import INGEST, PUBLISH, Progress, run_all, wait_for_dags
from demo.stack import DemoError, Stack, demo_stack
from warehouse.airflow import USER, AirflowError
from warehouse.cli.terminal import console
from warehouse.database import connect, url
from warehouse.report import show_key_figures
from warehouse.server import ServerError
from warehouse.settings import Settings

MUNICIPALITIES = ("0991", "0992", "0993")
YEAR = 2025
VERDICTS = """
select municipality_code, topic, year, verdict, reason from marts.gate_verdicts
where verdict = %s order by municipality_code, topic, year
"""
# Per key figure of the register: whether any municipality has a value, and why those without one have none.
COMPUTED = """
select d.key_figure_code, count(k.value) > 0, string_agg(distinct k.reason, '; ')
from (select distinct key_figure_code from marts.dim_key_figures) d
left join marts.key_figures k
    on k.key_figure_code = d.key_figure_code and k.level = 'municipality' and k.year = %s
group by d.key_figure_code order by d.key_figure_code
"""
WITH_VALUES = """
select municipality_code from marts.key_figures
where level = 'municipality' and value is not null group by municipality_code
"""


def main() -> None:
    """Read the command line; a known fault becomes one sentence and exit status 1."""
    parser = argparse.ArgumentParser(prog="demo.run", description="The demo.")
    parser.add_argument("--keep", action="store_true", help="leave it running")
    parser.add_argument("--stop", action="store_true", help="stop what is left running")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    stack = demo_stack()
    try:
        if arguments.stop:
            stack.stop()
            console.print("Stopped.")
        elif not run(stack, console, keep=arguments.keep):
            sys.exit(1)
    except (DemoError, AirflowError, ServerError) as error:
        console.print(str(error), style="red", highlight=False, markup=False)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def run(stack: Stack, console: Console, *, keep: bool) -> bool:
    """Run the demo from an empty warehouse; True when every run succeeded and all three have key figures."""
    began = time.monotonic()
    succeeded = False
    stack.empty()
    try:
        with console.status("Making three municipalities, PostgreSQL and Airflow ..."):
            api = stack.start(with_triggerer=keep)
            wait_for_dags(api)
        console.print(f"{time.monotonic() - began:5.0f} s  everything is up", highlight=False)
        progress = run_all(api, console)
        succeeded = show(stack, console, progress)
        console.print(f"The whole demo took {time.monotonic() - began:.0f} s.", highlight=False)
        show_addresses(stack, console, running=keep)
    finally:
        if not (keep and succeeded):
            stack.stop()
    return succeeded


def show(stack: Stack, console: Console, progress: Progress) -> bool:
    """Print figures and verdicts; False when a run failed or a municipality has no figures."""
    failed = [dag_id for dag_id in (*INGEST, PUBLISH) if progress.runs[dag_id].state != "success"]
    for dag_id in failed:
        logs = stack.airflow.home / "logs" / f"dag_id={dag_id}"
        console.print(f"{dag_id} failed: read the task logs in {logs}.", style="red", highlight=False, markup=False)
    show_key_figures(console, stack.settings, YEAR)
    show_computed(console, stack.settings)
    show_held(console, stack.settings)
    with connect("ejd_analyst", settings=stack.settings) as connection:
        present = {code for (code,) in connection.execute(WITH_VALUES).fetchall()}
    missing = [code for code in MUNICIPALITIES if code not in present]
    if missing:
        console.print(f"No key figures of {', '.join(missing)} were published.", style="red", highlight=False)
    return not failed and not missing


def show_computed(console: Console, settings: Settings) -> None:
    """Print how many figures of the register have a value somewhere, and which inputs the others lack."""
    with connect("ejd_analyst", settings=settings) as connection:
        figures = connection.execute(COMPUTED, [YEAR]).fetchall()
    missing = [(code, reason) for code, is_computed, reason in figures if not is_computed]
    count = f"Computed {len(figures) - len(missing)} of {len(figures)} key figures in at least one municipality."
    console.print(count, highlight=False)
    for code, reason in missing:
        line = f"  not computed: {code} - {reason or 'its topic is held everywhere'}"
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def show_held(console: Console, settings: Settings) -> None:
    """Print what the gate held and why, and how much was published with warnings."""
    with connect("ejd_analyst", settings=settings) as connection:
        held = connection.execute(VERDICTS, ["hold"]).fetchall()
        warned = connection.execute(VERDICTS, ["publish with warnings"]).fetchall()
    console.print(f"Held by the gate: {len(held)}. Published with warnings: {len(warned)}.", highlight=False)
    for municipality, topic, year, verdict, reason in [*held, *warned]:
        colour = "red" if verdict == "hold" else "yellow"
        line = f"  {verdict}: {municipality} {topic} {year}: {reason}"
        console.print(line, style=colour, highlight=False, markup=False)


def show_addresses(stack: Stack, console: Console, *, running: bool) -> None:
    """Print where to look further."""
    address = url("ejd_analyst", settings=stack.settings)
    lines = ["SQL prompt:  make psql", f"Data Docs:   {stack.settings.data_docs / 'index.html'}"]
    if running:
        target = f"host={address.host} port={address.port} dbname={address.database} user={address.username}"
        lines += [
            f"psql:        psql '{target}' (password: {address.username} in {stack.settings.secrets_file})",
            f"Airflow:     {stack.airflow.address} (user {USER}, password {stack.airflow.password()})",
            "Stop:        make down",
        ]
    for line in lines:
        console.print(line, highlight=False, markup=False, soft_wrap=True)


if __name__ == "__main__":
    main()
