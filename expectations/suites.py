"""The Great Expectations side of the gate: a suite built from the rules, run over what the rules counted.

Great Expectations returns at most 200 failing rows and runs a query twice, so it judges counts, not rows: one row per
candidate with, for each rule, how many rows it looked at and how many failed with which severity.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from expectations.rule import SEVERITIES, Rule, Severity
from warehouse.database import url
from warehouse.settings import Settings

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuite
    from great_expectations.data_context import EphemeralDataContext

GX_SEVERITY: Mapping[Severity, str] = {"stop": "critical", "hold": "critical", "warning": "warning", "info": "info"}
SUITE = "gate"
# Set before the first import: Great Expectations reads it then.
TELEMETRY_OFF = {"GX_ANALYTICS_ENABLED": "false"}


def load_great_expectations() -> Any:
    """Import the library, which takes seconds; done late so that commands that do not judge start at once."""
    os.environ.update(TELEMETRY_OFF)
    import great_expectations

    logging.getLogger("alembic").setLevel(logging.WARNING)
    # What it could not ask is known from the result; its log would put statements and tracebacks before our sentence.
    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
    return great_expectations


def checked_column(rule: Rule) -> str:
    """Column with the number of rows a rule looked at."""
    return f"{rule.name}__rows_checked"


def failed_column(rule: Rule, severity: Severity) -> str:
    """Column with the number of rows that failed with a severity."""
    return f"{rule.name}__{severity}"


def counts_query(rules: Iterable[Rule], candidate_id: int) -> str:
    """One row: every rule's counts of a candidate. Text, because Great Expectations binds no parameters."""
    columns = []
    for rule in rules:
        columns.append(f"coalesce(max(n) filter (where counted = '{rule.name}'), 0) as {checked_column(rule)}")
        columns += [
            f"coalesce(max(n) filter (where counted = '{rule.name} {severity}'), 0) as {failed_column(rule, severity)}"
            for severity in SEVERITIES
            if severity in rule.severities
        ]
    return (
        f"select {', '.join(columns)} from ("
        f"select rule as counted, sum(rows_checked) as n from ops.gate_checks where candidate_id = {candidate_id:d} "
        "group by rule union all "
        f"select rule || ' ' || severity, count(*) from ops.gate_failures where candidate_id = {candidate_id:d} "
        "group by rule, severity) counts"
    )


def build_suite(rules: Sequence[Rule], not_applying: Iterable[str]) -> ExpectationSuite:
    """One expectation per rule and severity, and one that the rule looked at rows, unless nothing concerns it."""
    gx = load_great_expectations()
    exempt = set(not_applying)
    expectations = []
    for rule in rules:
        least = 0 if rule.name in exempt else 1
        expectations.append(_expect(gx, rule, checked_column(rule), "critical", least=least))
        for severity in sorted(rule.severities, key=SEVERITIES.index):
            expectations.append(_expect(gx, rule, failed_column(rule, severity), GX_SEVERITY[severity], most=0))
    # One by one they would each be compared with all before.
    return gx.ExpectationSuite(name=SUITE, expectations=expectations)


def _expect(gx: Any, rule: Rule, column: str, severity: str, *, least: int = 0, most: int | None = None) -> Any:
    return gx.expectations.ExpectColumnMaxToBeBetween(
        column=column, min_value=least, max_value=most, severity=severity, notes=rule.title, meta={"rule": rule.name}
    )


def validate(
    settings: Settings, rules: Sequence[Rule], candidate_id: int, not_applying: Iterable[str] = ()
) -> dict[str, bool]:
    """Run the suite and write Data Docs to `<home>/data_docs`.

    Returns:
        For each rule that has a complete result, whether all its expectations are met.

    Raises:
        psycopg.OperationalError: the server could not be reached.
    """
    gx = load_great_expectations()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    site = _add_site(context, settings.data_docs)
    suite = context.suites.add(build_suite(rules, not_applying))
    definition = _definition(gx, context, suite, counts_query(rules, candidate_id), candidate_id, settings)
    result = gx.Checkpoint(
        name=SUITE,
        validation_definitions=[definition],
        actions=[gx.checkpoint.UpdateDataDocsAction(name="pages", site_names=[site])],
        result_format="SUMMARY",
    )
    outcome = context.checkpoints.add(result).run()
    return _met(rules, [one for run in outcome.run_results.values() for one in run.results])


def _definition(
    gx: Any, context: EphemeralDataContext, suite: Any, query: str, candidate_id: int, settings: Settings
) -> Any:
    # A dollar sign in a connection string would be taken for the name of a variable.
    address = url("ejd_publisher", settings=settings).render_as_string(hide_password=False).replace("$", r"\$")
    from great_expectations.datasource.fluent.interfaces import TestConnectionError

    try:
        source = context.data_sources.add_postgres(name="warehouse", connection_string=address)
    except TestConnectionError as error:
        # A lost connection is the same fault, whichever library had it. What was raised first tells why.
        lost = getattr(error.__cause__, "orig", None)
        raise (lost if isinstance(lost, psycopg.OperationalError) else error) from None
    batch = source.add_query_asset(name=f"candidate {candidate_id}", query=query).add_batch_definition_whole_table(
        "whole candidate"
    )
    definition = gx.ValidationDefinition(name=f"gate of candidate {candidate_id}", data=batch, suite=suite)
    return context.validation_definitions.add(definition)


def _add_site(context: EphemeralDataContext, folder: Path) -> str:
    name = "data_docs"
    # The pages of earlier candidates would stay behind without an index; their counts are kept in ops.gate_*.
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    site = {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
        "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder)},
    }
    for given in list(context.variables.data_docs_sites or {}):
        context.delete_data_docs_site(given)
    context.add_data_docs_site(site_name=name, site_config=site)
    return name


def _met(rules: Sequence[Rule], results: Sequence[Any]) -> dict[str, bool]:
    """Only a rule with every expected result, none of them raised, has an answer."""
    found: dict[str, list[bool]] = {}
    for result in results:
        raised = result.exception_info.get("raised_exception", True)
        if not raised and result.result:
            found.setdefault(result.expectation_config.meta["rule"], []).append(bool(result.success))
    complete = [rule for rule in rules if len(found.get(rule.name, [])) == len(rule.severities) + 1]
    return {rule.name: all(found[rule.name]) for rule in complete}
