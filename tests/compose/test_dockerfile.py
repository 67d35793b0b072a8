from __future__ import annotations

from warehouse.settings import PROJECT

Instructions = list[list[str]]


def copied(dockerfile: Instructions) -> list[str]:
    return [words[1] for words in dockerfile if words[0] == "COPY"]


def test_everything_copied_exists_and_is_let_through_to_the_build(dockerfile: Instructions) -> None:
    let_through = (PROJECT / ".dockerignore").read_text().split()
    for path in copied(dockerfile):
        assert (PROJECT / path).is_dir()
        assert f"!{path}" in let_through


def test_all_code_that_runs_in_production_is_copied(dockerfile: Instructions) -> None:
    rooms = {"config", "connectors", "dags", "dbt_project", "expectations", "register", "warehouse"}
    assert set(copied(dockerfile)) == rooms | {"requirements"}


def test_packages_come_from_the_lock_with_their_hashes(dockerfile: Instructions) -> None:
    arguments = [words[1].split("=", 1) for words in dockerfile if words[0] == "ARG"]
    assert arguments == [["REQUIREMENTS", "requirements/runtime.txt"]]
    assert (PROJECT / "requirements" / "runtime.txt").is_file()
    installs = [" ".join(words) for words in dockerfile if "install" in words and "pip" in words]
    assert len(installs) == 1
    assert installs[0].count("install ") == installs[0].count("--require-hashes") == 2


def test_the_image_does_not_run_as_root(dockerfile: Instructions) -> None:
    assert [words[1] for words in dockerfile if words[0] == "USER"] == ["ejendomstal"]


def test_telemetry_is_off_in_the_image(dockerfile: Instructions) -> None:
    environment = {word for words in dockerfile if words[0] == "ENV" for word in words[1:]}
    off = {"DBT_SEND_ANONYMOUS_USAGE_STATS=false", "DO_NOT_TRACK=1", "GX_ANALYTICS_ENABLED=false"}
    assert off <= environment
