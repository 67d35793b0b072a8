"""Runs in a process of its own, since importing Airflow configures logging. Prints what Airflow knows."""

from __future__ import annotations

import contextlib
import io
import json
import sys


def complaint(arguments: list[str]) -> str | None:
    """What Airflow's command line says against these arguments."""
    from airflow.cli.cli_parser import get_parser

    with contextlib.redirect_stderr(io.StringIO()) as said:
        try:
            get_parser().parse_args(arguments)
        except SystemExit:
            return f"airflow {' '.join(arguments)}: {said.getvalue()}"
    return None


def main() -> None:
    """Commands as JSON on stdin, facts as JSON on the last line of stdout."""
    from airflow.api_fastapi.core_api.routes.public.version import version_router
    from airflow.configuration import conf

    facts = {
        "complaints": [text for arguments in json.load(sys.stdin) if (text := complaint(arguments))],
        "version_path": version_router.routes[0].path,
        "health_port": conf.get_default_value("scheduler", "scheduler_health_check_server_port"),
        "options": {
            f"AIRFLOW__{section.upper()}__{option.upper()}"
            for section, content in conf.configuration_description.items()
            for option in content["options"]
        },
    }
    print(json.dumps(facts, default=sorted))


main()
