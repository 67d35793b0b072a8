"""Runs in a process of its own with Airflow's environment: a DAG that asks people, answered through Airflow's API.

Arguments: DAG id, run configuration as JSON, user, and answers as JSON: the subject's word that tells -> option.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from typing import Any

from airflow.api_fastapi.app import create_app, get_auth_manager
from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
from airflow.dag_processing.dagbag import DagBag
from fastapi.testclient import TestClient

from warehouse.settings import PROJECT

LONGEST_SECONDS = 120


def answer(dag_id: str, user: str, answers: dict[str, str]) -> None:
    with TestClient(create_app("core")) as client:
        token = get_auth_manager().generate_jwt(SimpleAuthManagerUser(username=user, role="admin"))
        client.headers["Authorization"] = f"Bearer {token}"
        deadline = time.monotonic() + LONGEST_SECONDS
        while answers and time.monotonic() < deadline:
            time.sleep(0.5)
            asked = client.get(f"/api/v2/dags/{dag_id}/dagRuns/~/hitlDetails", params={"response_received": False})
            asked.raise_for_status()
            for detail in asked.json()["hitl_details"]:
                give(client, detail, answers)


def give(client: TestClient, detail: dict[str, Any], answers: dict[str, str]) -> None:
    named = next((word for word in answers if word in detail["subject"]), None)
    ti = detail["task_instance"]
    if named is None or ti["state"] != "awaiting_input":
        return
    path = f"/api/v2/dags/{ti['dag_id']}/dagRuns/{ti['dag_run_id']}/taskInstances/{ti['task_id']}/{ti['map_index']}"
    given = client.patch(f"{path}/hitlDetails", json={"chosen_options": [answers.pop(named)], "params_input": {}})
    given.raise_for_status()


def main(dag_id: str, configuration: str, user: str, answers: str) -> None:
    thread = threading.Thread(target=answer, args=(dag_id, user, json.loads(answers)), daemon=True)
    thread.start()
    done = DagBag(str(PROJECT / "dags")).dags[dag_id].test(run_conf=json.loads(configuration))
    instances = done.get_task_instances()
    tasks = {f"{ti.task_id}[{ti.map_index}]": str(ti.state) for ti in instances}
    print(json.dumps({"state": str(done.state), "tasks": tasks}))


main(*sys.argv[1:])
