"""Who is killed: found from outside, as an operating system or an administrator would."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable

import psycopg

from tests.torture.commands import Command
from warehouse.database import connect
from warehouse.settings import Settings

# A backend that works for one of our roles, rather than one that waits for its client.
BACKENDS = """
select pid, state from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
    and usename like 'ejd\\_%' order by pid
"""


def _kill_command(command: Command, settings: Settings, chance: random.Random) -> bool:
    return _kill(command.pid)


def _kill_group(command: Command, settings: Settings, chance: random.Random) -> bool:
    """The command and what it started, as when a container is stopped."""
    family = [command.pid, *(process.pid for process in command.dbt())]
    killed = [_kill(pid) for pid in family]
    return killed[0]


def _kill_dbt(command: Command, settings: Settings, chance: random.Random) -> bool:
    processes = command.dbt()
    return bool(processes) and _kill(chance.choice(processes).pid)


def _kill_backend(command: Command, settings: Settings, chance: random.Random) -> bool:
    try:
        with connect("owner", settings=settings, autocommit=True) as connection:
            found = connection.execute(BACKENDS).fetchall()
    except psycopg.OperationalError:
        return False
    busy = [pid for pid, state in found if state != "idle"]
    return bool(found) and _kill(chance.choice(busy or [pid for pid, _ in found]))


def _kill_postmaster(command: Command, settings: Settings, chance: random.Random) -> bool:
    return _kill(int((settings.home / "pg" / "postmaster.pid").read_text().split("\n")[0]))


def _kill(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


Kill = Callable[[Command, Settings, random.Random], bool]
VICTIMS: dict[str, Kill] = {
    "command": _kill_command,
    "group": _kill_group,
    "dbt": _kill_dbt,
    "backend": _kill_backend,
    "postmaster": _kill_postmaster,
}


def kill(victim: str, command: Command, settings: Settings, chance: random.Random) -> bool:
    """Kill as soon as there is such a victim; False when the command ended first."""
    while not command.has_ended():
        if VICTIMS[victim](command, settings, chance):
            return True
        time.sleep(0.005)
    return False
