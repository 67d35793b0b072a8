"""Airflow's scheduler with our code imported before it starts.

LocalExecutor forks its workers, and they their tasks, from this process: what is imported here no task imports again.
Measured on two cores: 1.4 s of CPU less in each of the demo's 30 tasks. Only for the embedded Airflow; elsewhere
`airflow scheduler` does the same, slower.
"""

from __future__ import annotations

import importlib
import sys

from warehouse.airflow_init import call_airflow

# What task bodies import, Great Expectations excepted: only one task needs it, and it costs seconds.
PRELOADED = ("connectors.pull", "register.load", "warehouse.build", "warehouse.publish")


def main() -> None:
    """Import, then become the scheduler; arguments are the scheduler's own."""
    for module in PRELOADED:
        importlib.import_module(module)
    call_airflow(["scheduler", *sys.argv[1:]])


if __name__ == "__main__":
    main()
