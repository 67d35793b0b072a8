"""One dbt process for all commands of a build: importing dbt and reading the project take longer than most of them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from warehouse.dbt_process import ANSWER


class DbtEndedError(Exception):
    """The process ended in the middle of a request. `status` is as of `subprocess`: negative for a signal."""

    def __init__(self, status: int, printed: str) -> None:
        super().__init__(f"dbt ended with status {status}")
        self.status, self.printed = status, printed


class DbtSession:
    """A running `warehouse.dbt_process`; it ends with this process, or when it is closed."""

    def __init__(self, project: Path, environment: Mapping[str, str], folder: Path) -> None:
        """Start reading the project; returns at once.

        Args:
            project: folder of the dbt project and its profiles.
            environment: of the process, with how to reach the warehouse.
            folder: working directory.
        """
        folders = ["--project-dir", str(project), "--profiles-dir", str(project)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "warehouse.dbt_process", *folders],
            env=environment, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True,
        )  # fmt: skip

    def run(self, arguments: Sequence[str]) -> tuple[bool, str]:
        """Run one dbt command: whether it succeeded, and what it printed.

        Raises:
            DbtEndedError: the process ended meanwhile.
        """
        return self._ask({"run": list(arguments)})

    def reached(
        self, sources: Sequence[str], *, around: str | None = None, toward: Sequence[str] = ()
    ) -> dict[str, str]:
        """Layer of each model that a change of these sources reaches.

        Args:
            sources: `raw_<source>.<stream>`.
            around: a model whose own readers are not counted: they are reached only if there is another way.
            toward: only models that these are made of, and they themselves; empty for all.

        Raises:
            DbtEndedError: the process ended meanwhile, or the project cannot be read.
        """
        asked = {"sources": list(sources), "around": around, "toward": list(toward)}
        models, printed = self._ask({"reached": asked})
        if models is False:
            raise DbtEndedError(1, printed)
        return dict(models)

    def close(self) -> None:
        """End the process."""
        with self._process as process, suppress(BrokenPipeError):  # it may have ended before
            if process.stdin is not None:
                process.stdin.close()

    def _ask(self, request: dict[str, Any]) -> tuple[Any, str]:
        process, printed = self._process, ""
        assert process.stdin is not None and process.stdout is not None  # both are pipes
        with suppress(BrokenPipeError):  # it may have ended before: its exit status says how
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
        for line in process.stdout:
            if line.startswith(ANSWER):
                return json.loads(line.removeprefix(ANSWER)), printed
            printed += line
        raise DbtEndedError(process.wait(), printed)
