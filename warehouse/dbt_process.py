"""A dbt process that reads the project before it is told what to build: `python -m warehouse.dbt_process`.

Importing dbt and reading the project take longer than building a small candidate. Both can happen while sources are
still being pulled, and serve every command of a build. Each line of standard input is a request in JSON, answered by
what dbt prints and a line that begins with `ANSWER` (warehouse/dbt_session.py is the other side). It ends when its
standard input ends, also in the middle of a command, so it does not outlive the process that started it: the server
rolls back what it was doing.
"""

from __future__ import annotations

import gc
import json
import os
import queue
import sys
import threading
from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any

ANSWER = "\x1e"
Graph = Mapping[str, Iterable[str]]


def main() -> None:
    """Read the project, then answer requests: `{"run": [arguments]}` or `{"reached": {...}}`, see `DbtSession`."""
    # What dbt reads it keeps until it ends: looking through all of it for garbage is a fifth of a small build.
    gc.disable()
    from dbt.cli.main import dbtRunner

    requests: queue.Queue[str] = queue.Queue()
    threading.Thread(target=_read, args=(requests,), daemon=True).start()
    folders = sys.argv[1:]
    parsed = dbtRunner().invoke(["--quiet", "--no-write-json", "parse", *folders])
    while True:
        request = json.loads(requests.get())
        if not parsed.success:
            answer: Any = False
        elif "run" in request:
            command = ["--quiet", "--no-write-json", *request["run"], *folders]
            answer = dbtRunner(manifest=parsed.result).invoke(command).success
        else:
            answer = _reached(parsed.result, **request["reached"])
        print(f"{ANSWER}{json.dumps(answer)}", flush=True)


def _read(requests: queue.Queue[str]) -> None:
    for line in sys.stdin:
        requests.put(line)
    os._exit(3)


def _reached(manifest: Any, sources: list[str], around: str | None, toward: list[str]) -> dict[str, str]:
    """Layer of each model that a change of these sources reaches.

    Args:
        manifest: dbt's, of the whole project.
        sources: `raw_<source>.<stream>`.
        around: a model whose own readers are not counted: they are reached only if there is another way.
        toward: only models that these are made of, and they themselves; empty for all.
    """
    manifest.build_parent_and_child_maps()
    names = {node.unique_id: node.name for node in manifest.nodes.values() if node.resource_type == "model"}
    starts = [key for key, source in manifest.sources.items() if f"{source.source_name}.{source.name}" in sources]
    found = _walk(manifest.child_map, starts, {key for key, name in names.items() if name == around})
    if toward:
        found &= _walk(manifest.parent_map, [key for key, name in names.items() if name in toward], set())
    return {names[key]: manifest.nodes[key].fqn[1] for key in found & names.keys()}


def _walk(edges: Graph, starts: Iterable[str], ends: set[str]) -> set[str]:
    """Everything reached from `starts`, these included; nothing is reached through `ends`."""
    seen: set[str] = set()
    waiting = deque(starts)
    while waiting:
        key = waiting.popleft()
        if key not in seen:
            seen.add(key)
            waiting.extend(() if key in ends else edges.get(key, ()))
    return seen


if __name__ == "__main__":
    main()
