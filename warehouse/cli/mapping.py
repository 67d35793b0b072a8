"""The mapping workbench: check account rules, propose some, and write them in a spreadsheet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from warehouse.cli.terminal import console, stop, warehouse

Code = Annotated[str, typer.Argument(help="a municipality, four digits")]
Refresh = Annotated[bool, typer.Option("--refresh", help="read and sum the postings anew first")]

app = typer.Typer(no_args_is_help=True, help="Which postings are which cost: check, propose and write account rules.")


@app.command()
def check(
    code: Code,
    proposed: Annotated[Path | None, typer.Option(help="a proposed account_rules.csv: what would it move?")] = None,
    top: Annotated[int, typer.Option(min=1, help="how many functions and accounts to show")] = 20,
    refresh: Refresh = False,
) -> None:
    """Say what the rules cover, where they contradict each other, which do nothing, and what is unmapped."""
    from warehouse.mapping.check import check as check_rules
    from warehouse.mapping.rules import read_proposal, read_rules
    from warehouse.mapping.view import show_check

    with warehouse() as settings:
        mapping = read_rules(settings, code)
        rules = read_proposal(mapping, proposed) if proposed else None
        show_check(console, check_rules(settings, mapping, proposed=rules, top=top, refresh=refresh), top)


@app.command()
def suggest(
    code: Code,
    output: Annotated[
        Path | None, typer.Option(help="write the rules with the proposals below them to this file")
    ] = None,
    least: Annotated[int, typer.Option(min=0, max=100, help="how certain a proposal has to be, in per cent")] = 40,
    top: Annotated[int, typer.Option(min=1, help="how many to show")] = 40,
    refresh: Refresh = False,
) -> None:
    """Propose rules for what is unmapped, from the texts of accounts; account_rules.csv stays as it is."""
    from warehouse.mapping.rules import read_rules
    from warehouse.mapping.suggest import proposal_csv
    from warehouse.mapping.suggest import suggest as suggest_rules
    from warehouse.mapping.view import show_suggestion

    with warehouse() as settings:
        mapping = read_rules(settings, code)
        if output is not None and output.resolve() == mapping.path.resolve():
            raise stop("proposals are for a person to accept: write them to a file of another name.")
        found = suggest_rules(settings, mapping, least_pct=least, refresh=refresh)
        show_suggestion(console, found, top)
        if output is not None:
            output.write_text(proposal_csv(mapping, found.proposals), encoding="utf-8")
            tell(f"Written: {output}. Delete the rows that are wrong, then look at what the rest would move:")
            tell(f"ejendomstal mapping check {code} --proposed {output}")


def tell(sentence: str) -> None:
    """Print one line as it is."""
    console.print(sentence, highlight=False, markup=False, soft_wrap=True)


@app.command()
def template(
    code: Code,
    output: Annotated[Path, typer.Option(help="the workbook to write, FILE.xlsx")],
    refresh: Refresh = False,
) -> None:
    """Write a workbook in which a controller maps accounts by choosing from lists; `mapping import` reads it back."""
    from connectors.configuration import load_municipality
    from warehouse.mapping.rules import read_rules
    from warehouse.mapping.template import write_template

    if output.suffix.lower() != ".xlsx":
        raise stop("a workbook is written: give --output a name that ends with .xlsx.")
    with warehouse() as settings:
        mapping = read_rules(settings, code)
        name = load_municipality(settings, code).name
        accounts = write_template(settings, mapping, name, output, refresh=refresh)
        tell(f"Written: {output}, {accounts} accounts and {len(mapping.rules)} rules. When it is filled in:")
        tell(f"ejendomstal mapping import {code} {output}")


@app.command(name="import")
def import_(
    code: Code,
    file: Annotated[Path, typer.Argument(help="the filled-in workbook")],
    force: Annotated[
        bool, typer.Option("--force", help="also if account_rules.csv has changed since the workbook was made")
    ] = False,
) -> None:
    """Write account_rules.csv from a filled-in workbook, or name every fault of it and write nothing."""
    from warehouse.errors import KnownError
    from warehouse.mapping.errors import WorkbookError
    from warehouse.mapping.reading import import_workbook
    from warehouse.mapping.rules import read_rules
    from warehouse.settings import get_settings

    try:
        imported = import_workbook(read_rules(get_settings(), code), file, force=force)
    except WorkbookError as error:
        for fault in error.faults:
            console.print(fault, style="red", highlight=False, markup=False, soft_wrap=True)
        raise stop(f"Nothing is written: {len(error.faults)} fault{'s' if len(error.faults) > 1 else ''}.") from None
    except KnownError as error:
        raise stop(str(error)) from None
    if not imported.changed:
        tell(f"{imported.path} is as it was: {imported.rules} rules.")
        return
    tell(f"Written: {imported.path}, {imported.rules} rules, {imported.new_rules} of them new from sheet Konti.")
    tell(f"ejendomstal mapping check {code} says what they cover now.")
