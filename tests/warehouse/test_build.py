"""Which models a build makes: those that are read later, and those of sources that have something to read."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from warehouse import build
from warehouse.build import DBT_PROJECT, LAYERS, dbt_environment, select_models
from warehouse.database import connect
from warehouse.settings import Settings

# Reads selections, one line of JSON each; prints the names that dbt finds. One process: starting dbt takes seconds.
SCRIPT = """
import json, sys
from dbt.cli.main import dbtRunner
folders = ["--project-dir", sys.argv[1], "--profiles-dir", sys.argv[1]]
manifest = dbtRunner().invoke(["--quiet", "parse", *folders]).result
for line in sys.stdin:
    chosen = ["ls", "--resource-type", "model", "--output", "name", "--select", *json.loads(line)]
    print(json.dumps(dbtRunner(manifest=manifest).invoke(["--quiet", *chosen, *folders]).result), file=sys.stderr)
"""


SOURCES = """
version: 2
sources:
  - name: raw_things
    tables: [{name: rows}, {name: others}]
"""


def found_by_dbt(settings: Settings, project: Path, *selections: list[str]) -> list[set[str]]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(project)], input="\n".join(map(json.dumps, selections)), text=True,
        capture_output=True, cwd=project, check=True, env=dbt_environment(settings, project),
    )  # fmt: skip
    return [set(json.loads(line)) for line in done.stderr.splitlines() if line.startswith("[")]


def deliver(source: str) -> None:
    with connect("owner") as connection:
        connection.execute(
            "insert into ops.deliveries (source, stream, municipality_code, load_kind, state, file_name, "
            "content_sha256, profile_sha256, byte_size, stored_path) "
            "values (%s, 'rows', '0992', 'snapshot', 'landed', 'a', 'a', 'a', 0, 'a')",
            [source],
        )


def test_staging_is_built_only_for_streams_that_are_read_later_or_have_delivered(
    clean_warehouse: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "project"
    shutil.copytree(DBT_PROJECT, project, ignore=shutil.ignore_patterns("target", "logs"))
    things = project / "models" / "staging" / "things"
    things.mkdir()
    (things / "_things__sources.yml").write_text(SOURCES)
    for stream in ("rows", "others"):
        (things / f"stg_things__{stream}.sql").write_text(f"select * from {{{{ source('raw_things', '{stream}') }}}}\n")
    monkeypatch.setattr(build, "DBT_PROJECT", project)
    before, later = select_models(clean_warehouse, ["staging"]), select_models(clean_warehouse, LAYERS[1:])
    deliver("things")
    deliver("source_without_models")
    after = select_models(clean_warehouse, LAYERS)

    nothing_delivered, only_later, delivered = found_by_dbt(clean_warehouse, project, before, later, after)

    assert {"stg_fm_files__buildings", "stg_ledger_opus__postings"} <= nothing_delivered
    assert all(name.startswith("stg_") for name in nothing_delivered)
    assert not {"stg_things__rows", "stg_things__others"} & nothing_delivered
    assert not any(name.startswith("stg_") for name in only_later)
    assert {"int_measures__unioned", "fct_key_figures"} <= only_later
    assert delivered == nothing_delivered | only_later | {"stg_things__rows"}
