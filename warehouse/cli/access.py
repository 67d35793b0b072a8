"""Who may see what: give and take logins, test what they see, read the trail."""

from __future__ import annotations

import os
from typing import Annotated

import typer
from rich.table import Table

from warehouse.access.logins import Role
from warehouse.cli.terminal import console, stop, warehouse

app = typer.Typer(no_args_is_help=True, help="Logins of readers, and who may see what.")
Name = Annotated[str, typer.Argument(help="the login")]
# So that a password can come from a secret store, and never stands in a command line.
GIVEN = "EJENDOMSTAL_ACCESS_PASSWORD"


@app.command()
def grant(
    name: Name,
    municipality: Annotated[str | None, typer.Option(help="whose own rows it sees, four digits")] = None,
    role: Annotated[Role | None, typer.Option(help="reader: what is open; own: also the municipality's rows")] = None,
    ask_password: Annotated[bool, typer.Option("--ask-password", help="type the password yourself")] = False,
    new_password: Annotated[bool, typer.Option("--new-password", help="also if the login exists")] = False,
) -> None:
    """Let a login read. A new one gets a password, shown once; or the one in EJENDOMSTAL_ACCESS_PASSWORD."""
    from warehouse.access.logins import grant as give

    password = os.environ.get(GIVEN)
    if ask_password:
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    with warehouse() as settings:
        granted = give(
            settings,
            name,
            municipality,
            role=role,
            password=password,
            renew_password=new_password or ask_password,
        )
    _say(f"{granted.name} is a member of {granted.group}.")
    if granted.password is None:
        _say("Its password is as it was.")
    elif password is None:
        _say(f"Password, shown this once: {granted.password}")


@app.command()
def revoke(
    name: Name,
    municipality: Annotated[str | None, typer.Option(help="only this municipality's rows")] = None,
) -> None:
    """Take a login away, or one municipality's rows from it. Its sessions end."""
    from warehouse.access.logins import revoke as take

    with warehouse() as settings:
        is_gone = take(settings, name, municipality)
    _say(f"{name} is gone." if is_gone else f"{name} no longer reads {municipality}.")


@app.command("list")
def list_logins() -> None:
    """List the logins of readers."""
    from warehouse.access.logins import list_logins as find

    with warehouse() as settings:
        logins = find(settings)
    table = Table("login", "groups", "connections", "now")
    for login in logins:
        table.add_row(login.name, ", ".join(login.groups), str(login.connection_limit), str(login.sessions))
    console.print(table if logins else "No login of a reader.")


@app.command()
def test(name: Annotated[str | None, typer.Argument(help="one login; default: all")] = None) -> None:
    """Hold every login against the access matrix and say every fault; exit status 1 if there is one."""
    from warehouse.access.checks import test_database, test_logins

    with warehouse() as settings:
        faults, tested = test_database(settings), test_logins(settings, name)
    if name is not None and not tested:
        raise stop(f"there is no login {name}: `ejendomstal access list` has them all.")
    for one in tested:
        rows = sum(sum(classes.values()) for classes in one.seen.values())
        _say(f"{one.login.name} ({', '.join(one.login.groups)}): sees {rows} rows in {len(one.seen)} relations.")
        faults += [f"{one.login.name}: {fault}" for fault in one.faults]
    for fault in faults:
        console.print(fault, style="red", highlight=False, markup=False, soft_wrap=True)
    if faults:
        raise typer.Exit(1)
    _say("No fault.")


@app.command()
def apply() -> None:
    """Load every municipality's access.yml now: what is restricted is hidden at once."""
    from register.load import load
    from warehouse.access.restricted import describe

    with warehouse() as settings:
        load(settings)
        for line in describe(settings):
            _say(line)


@app.command()
def log(limit: Annotated[int, typer.Option(help="so many of the newest")] = 50) -> None:
    """Show the audit trail: grants, restrictions, signatures, publications."""
    from warehouse.access.trail import read_trail

    with warehouse() as settings:
        entries = read_trail(settings, limit)
    table = Table("at (UTC)", "who", "what", "whom", "detail")
    for entry in entries:
        table.add_row(f"{entry.at:%Y-%m-%d %H:%M:%S}", entry.actor, entry.action, entry.subject, entry.detail)
    console.print(table)


def _say(sentence: str) -> None:
    console.print(sentence, highlight=False, markup=False, soft_wrap=True)
