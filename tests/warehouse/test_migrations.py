"""Migrations go down and up again on a warehouse that is in use, and readers see what they saw."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory

from tests.audit_candidate import Candidate
from warehouse.database import connect, migrations, prepare
from warehouse.publish import publish
from warehouse.settings import Settings

Content = dict[str, list[tuple[Any, ...]]]
# What a migration brought is gone when it is taken back. These are computed of what is published: the next publication
# brings them again.
COMPUTED = {"benchmarks", "group_key_figures", "positions"}
# Older revisions of the schema have no column for why a value changed: that is lost, the values are not.
WITHOUT_REASON = {"revisions"}
COLUMNS = """
select table_name, string_agg(quote_ident(column_name), ', ' order by ordinal_position)
from information_schema.columns where table_schema = 'marts' group by 1 order by 1
"""


@pytest.fixture
def candidate(clean_warehouse: Settings) -> Iterator[Candidate]:
    """Three editions: the second corrects a figure of one municipality, the third changes the standing of one without
    any measure. Back at head afterwards, whatever happens.
    """
    candidate = Candidate(clean_warehouse)
    for factor in (1, 1.1):
        candidate.multiply(factor, "C_RENG", "school", "0991", 2025)
        publish_again(candidate)
    candidate.execute(
        "update audit.fct_key_figures set status_code = 'e' where key_figure_code = 'SKO-01' and year = 2024"
    )
    candidate.mark_built()
    candidate.judge()
    publish(clean_warehouse)
    yield candidate
    prepare(clean_warehouse)


def publish_again(candidate: Candidate) -> None:
    candidate.finish()
    candidate.judge()
    publish(candidate.settings)


def seen(settings: Settings, columns: dict[str, str] | None = None) -> tuple[dict[str, str], Content]:
    """What an analyst reads in every view, and which columns these have."""
    with connect("owner", settings=settings) as connection:
        columns = columns or dict(connection.execute(COLUMNS.encode()).fetchall())
    with connect("ejd_analyst", settings=settings) as connection:
        return columns, {
            view: sorted(connection.execute(f"select {shown} from marts.{view}".encode()).fetchall(), key=repr)
            for view, shown in columns.items()
        }


def revision(settings: Settings) -> str:
    with connect("owner", settings=settings) as connection:
        row = connection.execute("select version_num from ops_migrations.alembic_version").fetchone()
    assert row is not None
    return str(row[0])


def changed(before: Content, after: Content) -> set[str]:
    return {view for view in before if before[view] != after[view]}


def test_every_migration_goes_down_and_up_again_on_a_filled_warehouse(candidate: Candidate) -> None:
    settings, config = candidate.settings, migrations(candidate.settings)
    steps = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert revision(settings) == steps[0]
    columns, before = seen(settings)
    assert (len(before["key_figures"]), len(before["editions"])) == (28, 3)
    assert min(len(before[view]) for view in ("revisions", "measures", "coverage", "dim_properties", *COMPUTED)) > 0
    for step in steps[1:]:
        command.downgrade(config, step)
        assert revision(settings) == step
    assert steps[-1] == "0001"
    prepare(settings)
    again, after = seen(settings)
    assert again == columns
    assert changed(before, after) == COMPUTED | WITHOUT_REASON
    reason = columns["revisions"].split(", ").index("reason")
    assert [row[reason] for row in after["revisions"]] == [None] * len(before["revisions"])
    for content in (before, after):
        content["revisions"] = [row[:reason] + row[reason + 1 :] for row in content["revisions"]]
    assert changed(before, after) == COMPUTED
    publish_again(candidate)
    _, later = seen(settings)
    assert {view: len(later[view]) for view in COMPUTED} == {view: len(before[view]) for view in COMPUTED}
