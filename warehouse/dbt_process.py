"""A dbt process that reads the project before it is told what to build: `python -m warehouse.dbt_process`.

Importing dbt and reading the project take longer than building a small candidate. Both can happen while sources are
still being pulled: the process then waits for one line of JSON, the arguments of one dbt command. It ends without a
command when its standard input ends, so it does not outlive the process that started it.
"""

from __future__ import annotations

import json
import sys


def main() -> int:
    """Read the project, wait for the command, run it. Exit status as dbt's: 0 when everything succeeded."""
    from dbt.cli.main import dbtRunner

    parsed = dbtRunner().invoke(["--quiet", "parse", *sys.argv[1:]])
    line = sys.stdin.readline()
    if not line:
        return 0
    if not parsed.success:
        return 2
    result = dbtRunner(manifest=parsed.result).invoke(["--quiet", *json.loads(line), *sys.argv[1:]])
    return 0 if result.success else 1


if __name__ == "__main__":
    sys.exit(main())
