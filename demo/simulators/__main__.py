"""Serves a generated world until SIGTERM; the first line on stdout is the environment as JSON.

python -m demo.simulators <folder>
"""

from __future__ import annotations

import json
import signal
import sys
import threading
from pathlib import Path

from demo.simulators.server import start


def main(folder: Path) -> None:
    """Serve until SIGTERM or SIGINT."""
    done = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: done.set())
    with start(folder) as simulators:
        print(json.dumps(simulators.environment), flush=True)
        done.wait()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m demo.simulators <folder>")
    main(Path(sys.argv[1]))
