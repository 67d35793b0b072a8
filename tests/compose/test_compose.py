"""No container engine is needed: every name in docker-compose.yml is checked against the code it calls."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.compose.conftest import variables_in
from warehouse.airflow import Airflow
from warehouse.settings import PROJECT, Settings

Services = dict[str, dict[str, Any]]


def commands(service: dict[str, Any]) -> list[list[str]]:
    """What the service starts and what its health check runs."""
    test = service.get("healthcheck", {}).get("test", ["CMD"])
    return [command for command in (service["command"], test[1:] if test[0] == "CMD" else []) if command]


def test_the_components_of_airflow_are_all_there(services: Services) -> None:
    expected = {"airflow-init", "airflow-apiserver", "airflow-scheduler", "airflow-dag-processor", "airflow-triggerer"}
    assert expected <= set(services)
    assert services["postgres"]["image"] == "postgres:18"


@pytest.fixture(scope="session")
def airflow_calls(airflow_services: Services) -> list[list[str]]:
    return [c[1:] for service in airflow_services.values() for c in commands(service) if c[0] == "airflow"]


@pytest.fixture(scope="session")
def airflow_facts(airflow_calls: list[list[str]], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    # The command of the worker comes with the package of the celery profile.
    asked = json.dumps([arguments for arguments in airflow_calls if arguments[0] != "celery"])
    script = Path(__file__).with_name("ask_airflow.py")
    environment = {**os.environ, "AIRFLOW_HOME": str(tmp_path_factory.mktemp("airflow"))}
    answer = subprocess.run(
        [sys.executable, str(script)], input=asked, env=environment, capture_output=True, text=True, check=True
    )
    return json.loads(answer.stdout.splitlines()[-1])


def test_every_airflow_command_is_one_that_airflow_has(
    airflow_calls: list[list[str]], airflow_facts: dict[str, Any]
) -> None:
    components = {"api-server", "scheduler", "dag-processor", "triggerer", "celery", "jobs"}
    assert {arguments[0] for arguments in airflow_calls} == components
    assert airflow_facts["complaints"] == []


def test_the_celery_profile_has_its_packages_in_a_lock_of_its_own(services: Services) -> None:
    lock = (PROJECT / "requirements" / "celery.txt").read_text()
    assert "\napache-airflow-providers-celery==" in lock
    assert "\nredis==" in lock
    assert {name for name, service in services.items() if service.get("profiles") == ["celery"]} == {
        "redis",
        "airflow-worker",
    }


def test_every_python_module_called_can_be_found(airflow_services: Services) -> None:
    modules = [c[2] for service in airflow_services.values() for c in commands(service) if c[:2] == ["python", "-m"]]
    assert modules == ["warehouse.airflow_init"]
    assert all(importlib.util.find_spec(module) for module in modules)


def test_every_python_line_of_a_health_check_compiles(airflow_services: Services) -> None:
    lines = [c[2] for service in airflow_services.values() for c in commands(service) if c[:2] == ["python", "-c"]]
    assert len(lines) == 2
    for line in lines:
        compile(line, "healthcheck", "exec")


def test_health_checks_ask_addresses_that_airflow_serves(
    airflow_services: Services, airflow_facts: dict[str, Any]
) -> None:
    api = airflow_services["airflow-apiserver"]
    assert airflow_facts["version_path"] == "/version"
    assert f"http://127.0.0.1:{api['command'][-1]}/api/v2/version" in api["healthcheck"]["test"][-1]
    scheduler = airflow_services["airflow-scheduler"]
    assert scheduler["environment"]["AIRFLOW__SCHEDULER__ENABLE_HEALTH_CHECK"] == "True"
    assert f"http://127.0.0.1:{airflow_facts['health_port']}/health" in scheduler["healthcheck"]["test"][-1]


def test_every_service_that_stays_has_a_health_check(services: Services) -> None:
    assert [name for name, service in services.items() if "healthcheck" not in service] == ["airflow-init"]


def test_every_dependency_is_a_service_with_a_state_it_can_reach(services: Services) -> None:
    for service in services.values():
        for name, wanted in service.get("depends_on", {}).items():
            if wanted["condition"] == "service_healthy":
                assert "healthcheck" in services[name]
            else:
                assert (name, wanted["condition"]) == ("airflow-init", "service_completed_successfully")


def test_every_ejendomstal_variable_is_a_setting(airflow_services: Services) -> None:
    fields = {f"EJENDOMSTAL_{name.upper()}" for name in Settings.model_fields}
    for service in airflow_services.values():
        used = {name for name in service["environment"] if name.startswith("EJENDOMSTAL_")}
        assert used
        assert used <= fields


def test_every_airflow_option_is_one_that_airflow_has(
    airflow_services: Services, airflow_facts: dict[str, Any]
) -> None:
    celery = {"AIRFLOW__CELERY__BROKER_URL", "AIRFLOW__CELERY__RESULT_BACKEND"}  # come with the profile's package
    for service in airflow_services.values():
        used = {name for name in service["environment"] if name.startswith("AIRFLOW__")}
        assert used <= celery | set(airflow_facts["options"])


def test_the_options_of_the_embedded_airflow_exist_too(airflow_facts: dict[str, Any], tmp_path: Path) -> None:
    home = Settings(home=tmp_path, database_url="postgresql://owner:secret@127.0.0.1/ejendomstal")
    used = {name for name in Airflow(home).environment() if name.startswith("AIRFLOW__")}
    assert len(used) > 10
    assert used <= set(airflow_facts["options"])


def test_all_components_share_one_environment(airflow_services: Services) -> None:
    shared = airflow_services["airflow-scheduler"]["environment"]
    for name, service in airflow_services.items():
        extra = {"AIRFLOW_ADMIN_PASSWORD"} if name == "airflow-init" else set()
        assert set(service["environment"]) - set(shared) == extra
        assert all(service["environment"][key] == value for key, value in shared.items())


def test_ports_are_open_on_this_machine_only(services: Services) -> None:
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert len(ports) == 2
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_data_lives_in_named_volumes(compose: dict[str, Any], airflow_services: Services) -> None:
    assert set(compose["volumes"]) == {"home", "postgres"}
    # Since version 18 the image keeps its data one folder deeper and wants the parent mounted.
    assert compose["services"]["postgres"]["volumes"] == ["postgres:/var/lib/postgresql"]
    for service in airflow_services.values():
        assert f"home:{service['environment']['EJENDOMSTAL_HOME']}" in service["volumes"]


def test_no_secret_is_written_in_the_file_and_none_may_be_missing(services: Services) -> None:
    text = (PROJECT / "docker-compose.yml").read_text()
    for name in sorted(variables_in(PROJECT / "docker-compose.yml")):
        if name.endswith(("PASSWORD", "SECRET", "KEY")):
            assert text.count("${" + name) == text.count("${" + name + ":?"), name
    for service in services.values():
        for name, value in service.get("environment", {}).items():
            if name.endswith(("PASSWORD", "SECRET", "SECRET_KEY", "FERNET_KEY")):
                assert value.startswith("${"), name


def test_the_server_is_set_as_the_embedded_one_and_never_logs_the_content_of_a_failing_statement(
    services: Services,
) -> None:
    from warehouse.server import _tuning

    given = {option for option in services["postgres"]["command"] if "=" in option}
    embedded = {line.split("#")[0].strip().replace(" = ", "=").replace("'", "") for line in _tuning(1)}
    assert {"log_min_error_statement=panic", "log_parameter_max_length_on_error=0"} <= given
    assert given <= embedded


def test_the_options_of_its_cluster_are_taken_and_it_orders_as_the_embedded_server(
    services: Services, tmp_path: Path
) -> None:
    from warehouse.server import Server

    server = Server(Settings(home=tmp_path))
    data = tmp_path / "cluster"
    data.mkdir(mode=0o700)
    server.hand_over(data)
    options = services["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split()
    password_file = tmp_path / "password"
    password_file.write_text("secret")
    server.hand_over(password_file)
    server.call("initdb", "-D", str(data), "--pwfile", str(password_file), *options)
    answer = data / "answer"
    asked = (
        "select datlocprovider::text || (select string_agg(t, '' order by t) from unnest('{a,B,Å,å,Ø}'::text[]) t) "
        "from pg_database where datname = 'postgres'"
    )
    server.call("postgres", "--single", "-D", str(data), "postgres", told=f"copy ({asked}) to '{answer}'")
    assert answer.read_text() == "bBaÅØå\n"  # builtin, whatever the language of the image; U+0042, 61, C5, D8, E5
