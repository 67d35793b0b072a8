"""The documentation site: register, data dictionary, correction log and dbt's own documentation of the models.

Made from files alone but for the correction log, which says so where no warehouse runs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from register.municipality import read_municipalities
from register.read import read_register
from register.render import NO_MORE, render, render_page
from warehouse.correction_log import read_corrections
from warehouse.dictionary import read_dictionary
from warehouse.errors import KnownError
from warehouse.settings import PROJECT, Settings, get_settings

DBT_PROJECT = PROJECT / "dbt_project"
PAGES = {"dictionary.html": "Datakatalog", "models.html": "Modeller", "corrections.html": "Rettelser"}
PARSE = ("parse",)
# No catalogue: it would hold the sizes and types of one warehouse, and no warehouse is needed here.
GENERATE = ("docs", "generate", "--static", "--no-compile", "--empty-catalog")
# dbt's profile wants them; nothing is connected to.
PROFILE = {f"EJENDOMSTAL_DBT_{name}": "0" for name in ("HOST", "PORT", "USER", "PASSWORD", "DBNAME")}


class SiteError(KnownError):
    """A part of the site could not be made; the message says which and what to read."""


def write_site(target: Path) -> None:
    """Write everything to `target`, which is made if it is missing.

    Raises:
        RegisterError: a file of the register is wrong.
        SiteError: dbt could not read its project.
    """
    write_register(target, more=PAGES)
    write_dictionary(target)
    write_corrections(target, get_settings())
    write_models(target)


def write_register(target: Path, more: dict[str, str] = NO_MORE) -> None:
    """Write the register's pages, with the account rules of the municipalities that are configured here.

    Raises:
        RegisterError: a file of the register, or of a municipality's mapping, is wrong; nothing is written.
    """
    register = read_register()
    render(target, register, read_municipalities(get_settings().municipalities, register), more)


def write_dictionary(target: Path) -> None:
    """Write dictionary.html: every view that readers may query, with its grain, columns, units and sources."""
    page = render_page("dictionary.html", {"relations": read_dictionary()}, PAGES)
    (target / "dictionary.html").write_text(page, encoding="utf-8")


def write_corrections(target: Path, settings: Settings) -> None:
    """Write corrections.html: what was published as final and corrected since, and what was withdrawn."""
    page = render_page("corrections.html", {"log": read_corrections(settings)}, PAGES)
    (target / "corrections.html").write_text(page, encoding="utf-8")


def write_models(target: Path) -> None:
    """Write models.html: dbt's documentation and lineage graph of every model, in one file."""
    with tempfile.TemporaryDirectory() as made:
        for command in (PARSE, GENERATE):
            _run_dbt(Path(made), *command)
        shutil.copyfile(Path(made) / "static_index.html", target / "models.html")


def _run_dbt(folder: Path, *command: str) -> None:
    places = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
    environment = {**os.environ, **PROFILE, "DBT_TARGET_PATH": str(folder), "DBT_LOG_PATH": str(folder)}
    environment |= {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DO_NOT_TRACK": "1"}
    result = subprocess.run(
        [sys.executable, "-m", "dbt.cli.main", "--quiet", *command, *places],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        lines = [line for line in result.stdout.splitlines() if line.strip()]
        raise SiteError(f"dbt {' '.join(command)} failed: {' / '.join(lines[:8])}.")
