"""Run the benchmarks: `python -m bench [name]`. FULL=1 takes the stated sizes. Exit status 1 when a limit is passed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable

from bench import bbr, chain, country, dalux, gate, landing, ledger, publish, readings, staging, workbook
from bench.figure import Figure

BENCHES: dict[str, Callable[[bool], Iterable[Figure]]] = {
    "landing": landing.measure,
    "bbr": bbr.measure,
    "staging": staging.measure,
    "dalux": dalux.measure,
    "readings": readings.measure,
    "workbook": workbook.measure,
    "country": country.measure,
    "gate": gate.measure,
    "publish": publish.measure,
    "ledger": ledger.measure,
    "run": chain.measure_run,
    "demo": chain.measure_demo,
}


def main(arguments: list[str]) -> int:
    """Run one benchmark or all."""
    wanted = arguments or list(BENCHES)
    unknown = set(wanted) - BENCHES.keys()
    if unknown:
        sys.stderr.write(f"no benchmark {sorted(unknown)[0]}: there are {', '.join(BENCHES)}.\n")
        return 2
    kept = True
    for name in wanted:
        for figure in BENCHES[name](os.environ.get("FULL") == "1"):
            sys.stdout.write(figure.as_line() + "\n")
            sys.stdout.flush()
            kept &= figure.ok
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
