"""Runs in a process of its own with Airflow's environment: one DAG through Airflow, states printed as JSON."""

from __future__ import annotations

import json
import sys

from airflow.dag_processing.dagbag import DagBag

from warehouse.settings import PROJECT


def main(dag_id: str) -> None:
    run = DagBag(str(PROJECT / "dags")).dags[dag_id].test()
    tasks = {f"{ti.task_id}[{ti.map_index}]": [str(ti.state), ti.try_number] for ti in run.get_task_instances()}
    events = [event.asset.uri for ti in run.get_task_instances() for event in _events(ti)]
    print(json.dumps({"state": str(run.state), "tasks": tasks, "events": events}))


def _events(ti: object) -> list[object]:
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


main(sys.argv[1])
