"""Runs in a process of its own with Airflow's environment: loads the DAG folder and prints facts about it as JSON."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import DAG, AssetAll

from warehouse.settings import PROJECT


def describe_task(task: Any) -> dict[str, Any]:
    return {
        "owner": task.owner,
        "retries": task.retries,
        "pool": task.pool,
        "is_mapped": task.is_mapped,
        "trigger_rule": task.trigger_rule.value,
        "upstream": sorted(task.upstream_task_ids),
        "outlets": [outlet.uri for outlet in task.outlets],
        "has_doc": bool(task.doc or task.doc_md or getattr(task, "python_callable", task).__doc__),
    }


def describe(dag: DAG) -> dict[str, Any]:
    condition = dag.timetable.asset_condition
    return {
        "file": Path(dag.fileloc).name,
        "tags": sorted(dag.tags),
        "doc": dag.doc_md or "",
        "catchup": dag.catchup,
        "max_active_runs": dag.max_active_runs,
        "assets": sorted(asset.uri for asset in condition.objects) if isinstance(condition, AssetAll) else [],
        "needs_all_assets": isinstance(condition, AssetAll),
        "tasks": {task.task_id: describe_task(task) for task in dag.tasks},
    }


def main() -> None:
    seconds = {}
    for file in sorted((PROJECT / "dags").glob("*.py")):
        began = time.process_time()
        DagBag(str(file))
        seconds[file.name] = time.process_time() - began
    bag = DagBag(str(PROJECT / "dags"))
    dags = {dag_id: describe(dag) for dag_id, dag in bag.dags.items()}
    print(json.dumps({"import_errors": bag.import_errors, "seconds": seconds, "dags": dags}))


main()
