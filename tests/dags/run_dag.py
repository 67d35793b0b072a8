"""Runs in a process of its own with Airflow's environment: DAGs through Airflow, one after the other, facts as JSON."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

from airflow.dag_processing.dagbag import DagBag

from warehouse.settings import PROJECT


class Lines(logging.Handler):
    """Keeps what our own tasks log."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def main(dag_ids: list[str]) -> None:
    bag = DagBag(str(PROJECT / "dags"))
    print(json.dumps({dag_id: run(bag.dags[dag_id]) for dag_id in dag_ids}))


def run(dag: Any) -> dict[str, Any]:
    logger, kept = logging.getLogger("ejendomstal"), Lines()
    logger.addHandler(kept)
    done = dag.test()
    logger.removeHandler(kept)
    instances = done.get_task_instances()
    return {
        "state": str(done.state),
        "tasks": {f"{ti.task_id}[{ti.map_index}]": [str(ti.state), ti.try_number] for ti in instances},
        "names": {f"{ti.task_id}[{ti.map_index}]": ti.rendered_map_index for ti in instances if ti.map_index >= 0},
        "events": [event.asset.uri for ti in instances for event in _events(ti)],
        "logged": kept.lines,
    }


def _events(ti: Any) -> list[Any]:
    from airflow.models.asset import AssetEvent
    from airflow.utils.session import create_session
    from sqlalchemy import select
    from sqlalchemy.orm import joinedload

    query = (
        select(AssetEvent)
        .where(AssetEvent.source_run_id == ti.run_id, AssetEvent.source_task_id == ti.task_id)
        .options(joinedload(AssetEvent.asset))
    )
    with create_session() as session:
        return list(session.scalars(query).unique())


main(sys.argv[1:])
