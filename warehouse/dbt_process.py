"""A dbt process that reads the project before it is told what to build: `python -m warehouse.dbt_process`.

Importing dbt and reading the project take longer than building a small candidate. Both can happen while sources are
still being pulled: the process then waits for one line of JSON, the arguments of one dbt command. It ends when
its standard input ends, before the command or in the middle of it, so it does not outlive the process that started it:
the server rolls back what it was doing.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import threading


def main() -> int:
    """Read the project, wait for the command, run it. Exit status as dbt's: 0 when everything succeeded."""
    # What dbt reads it keeps until it ends: looking through all of it for garbage is a fifth of a small build.
    gc.disable()
    from dbt.cli.main import dbtRunner

    parsed = dbtRunner().invoke(["--quiet", "--no-write-json", "parse", *sys.argv[1:]])
    line = sys.stdin.readline()
    if not line:
        return 0
    if not parsed.success:
        return 2
    threading.Thread(target=_end_with_parent, daemon=True).start()
    result = dbtRunner(manifest=parsed.result).invoke(["--quiet", "--no-write-json", *json.loads(line), *sys.argv[1:]])
    return 0 if result.success else 1


def _end_with_parent() -> None:
    """Wait for the end of standard input. Two builds at once would write the same tables."""
    sys.stdin.read()
    os._exit(3)


if __name__ == "__main__":
    sys.exit(main())
