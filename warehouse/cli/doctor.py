"""One look at everything an installation depends on."""

from __future__ import annotations

import typer

from warehouse.cli.terminal import console

STYLES = {"ok": "green", "warning": "yellow", "fault": "red"}


def doctor() -> None:
    """Check configuration, permissions, versions, disk, server, roles, sources, Airflow; exit status 1 on a fault."""
    from warehouse.doctor import examine
    from warehouse.settings import get_settings

    findings = examine(get_settings())
    for finding in findings:
        console.print(str(finding), style=STYLES[finding.level], highlight=False, markup=False, soft_wrap=True)
    if any(finding.level == "fault" for finding in findings):
        raise typer.Exit(1)
