"""Checks of the warehouse's server: version, verification, clock, migration, roles, archive, and what has arrived."""

from __future__ import annotations

import time
from collections.abc import Iterator

import psycopg
from alembic.script import ScriptDirectory

from warehouse.alerts.configuration import AlertConfigError, read_alerts
from warehouse.alerts.freshness import find_ages
from warehouse.database import ROLES, connect, is_on_loopback, migrations, url
from warehouse.doctor.finding import Finding, fault, ok, warning
from warehouse.server import Server
from warehouse.settings import Settings

OLDEST_SERVER = 15
CLOCK_WARNING_SECONDS, CLOCK_FAULT_SECONDS = 2, 60
# Written by the server's clock: nothing of ours can lie ahead of it.
AHEAD = """
select count(*) from (
    select landed_at as at from ops.deliveries union all select published_at from published.editions
    union all select started_at from ops.runs
) written where at > clock_timestamp()
"""
ROLE_STATE = """
select rolname, rolcanlogin, rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls,
    coalesce(rolconfig, '{}')
from pg_roles where rolname = any (%s)
"""
ARCHIVER = "select failed_count, last_failed_time > coalesce(last_archived_time, '-infinity') from pg_stat_archiver"
FAILED_ALERTS = """
select channel, error_class from (
    select distinct on (channel) channel, state, error_class from ops.alerts order by channel, alert_id desc
) newest where state = 'failed'
"""
LOCK_TIMEOUT = "lock_timeout=10s"


def check_database(settings: Settings) -> Iterator[Finding]:
    """All of them, over one connection; stops at the first that the others depend on."""
    try:
        connection = connect("owner", settings=settings, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        kind = "refused the password" if "authentication" in str(error) else "does not answer"
        where = Server(settings).log if Server(settings).is_embedded else "EJENDOMSTAL_DATABASE_URL"
        yield fault("server", f"PostgreSQL {kind}", f"see {where}")
        return
    with connection:
        yield _server(settings, connection)
        yield _clock(connection)
        migrated = _migration(settings, connection)
        yield migrated
        yield from _roles(settings, connection)
        yield from _archive(settings, connection)
        if migrated.level == "ok":
            yield _ahead(connection)
            yield from _deliveries(settings)
            yield from _alerts(connection)


def _server(settings: Settings, connection: psycopg.Connection) -> Finding:
    major = connection.info.server_version // 10_000
    row = connection.execute("select ssl, version from pg_stat_ssl where pid = pg_backend_pid()").fetchone()
    assert row is not None  # our own connection
    encrypted = f"over {row[1]}" if row[0] else "in plain text"
    seen = f"PostgreSQL {major} on {url('owner', settings=settings).host or 'a socket'}, {encrypted}"
    if major < OLDEST_SERVER:
        return fault("server", seen, f"it has to be {OLDEST_SERVER} or newer")
    if not row[0] and not is_on_loopback(url("owner", settings=settings)):
        return warning("server", seen, "use sslmode=verify-full, unless the network is private")
    return ok("server", seen)


def _clock(connection: psycopg.Connection) -> Finding:
    before = time.time()
    row = connection.execute("select extract(epoch from clock_timestamp())::float8").fetchone()
    after = time.time()
    assert row is not None
    difference = max(before - row[0], row[0] - after, 0.0)
    seen = f"{difference:.1f} seconds between this machine and the server"
    if difference > CLOCK_FAULT_SECONDS:
        return fault("clock", seen, "set both by NTP: what is newest is decided by time")
    if difference > CLOCK_WARNING_SECONDS:
        return warning("clock", seen, "set both by NTP")
    return ok("clock", seen)


def _ahead(connection: psycopg.Connection) -> Finding:
    row = connection.execute(AHEAD.encode()).fetchone()
    assert row is not None
    if row[0]:
        return fault("clock", f"{row[0]} rows were written later than now", "the clock went back: set it by NTP")
    return ok("clock", "nothing was written later than now")


def _migration(settings: Settings, connection: psycopg.Connection) -> Finding:
    scripts = ScriptDirectory.from_config(migrations(settings))
    head = scripts.get_current_head()
    try:
        row = connection.execute("select version_num from ops_migrations.alembic_version").fetchone()
    except psycopg.errors.UndefinedTable:
        row = None
    if row is None:
        return fault("migration", "there is no warehouse in the database", "make it with `ejendomstal status`")
    if row[0] not in {script.revision for script in scripts.walk_revisions()}:
        seen = f"the database is newer than the code ({row[0]}, code at {head})"
        return fault("migration", seen, "install the newer code, or restore the backup made before")
    if row[0] != head:
        seen = f"the database is older than the code ({row[0]}, code at {head})"
        return fault("migration", seen, "back up, then run `ejendomstal status`, which migrates")
    return ok("migration", f"{head} is the newest")


def _roles(settings: Settings, connection: psycopg.Connection) -> Iterator[Finding]:
    known = {row[0]: row[1:] for row in connection.execute(ROLE_STATE.encode(), [list(ROLES)])}
    wrong = [f"{role} is missing" for role in ROLES if role not in known]
    wrong += [f"{role} may not log in" for role, (login, _, _) in known.items() if not login]
    wrong += [f"{role} has rights over the whole server" for role, (_, strong, _) in known.items() if strong]
    if "ejd_transformer" in known and LOCK_TIMEOUT not in known["ejd_transformer"][2]:
        wrong.append("ejd_transformer waits for locks without end")
    for role in (role for role, (login, _, _) in known.items() if login):
        try:
            connect(role, settings=settings, connect_timeout=5).close()
        except psycopg.OperationalError:
            wrong.append(f"{role} cannot log in with the password of {settings.secrets_file.name}")
    for one in wrong:
        yield fault("roles", one, "`ejendomstal status` sets passwords; rights and settings are migration 0001's")
    if not wrong:
        yield ok("roles", f"{len(known)} roles log in, none has rights over the server")


def _archive(settings: Settings, connection: psycopg.Connection) -> Iterator[Finding]:
    if not Server(settings).is_embedded:
        return
    row = connection.execute("show archive_mode").fetchone()
    is_on = row is not None and row[0] == "on"
    if settings.wal_archive is None:
        advice = "set EJENDOMSTAL_WAL_ARCHIVE to be able to go back to any moment"
        yield warning("archive", "WAL is not archived", advice)
    elif not is_on:
        yield warning("archive", "the server was started without the archive", "stop and start it")
    else:
        failed = connection.execute(ARCHIVER.encode()).fetchone()
        if failed is not None and failed[1]:
            yield fault("archive", f"WAL cannot be archived ({failed[0]} attempts)", f"see {Server(settings).log}")
        else:
            yield ok("archive", f"WAL goes to {settings.wal_archive}")


def _deliveries(settings: Settings) -> Iterator[Finding]:
    try:
        ages = find_ages(settings, read_alerts(settings))
    except AlertConfigError:
        return  # a fault of the configuration, which says so
    for age in ages:
        if age.is_stale:
            yield warning("deliveries", str(age), "ask the source's owner, or allow more in config/alerts.yml")
    fresh = sum(not age.is_stale for age in ages)
    yield ok("deliveries", f"{fresh} of {len(ages)} streams are as fresh as they should be")


def _alerts(connection: psycopg.Connection) -> Iterator[Finding]:
    for channel, error_class in connection.execute(FAILED_ALERTS.encode()):
        yield warning("alerts", f"the last one by {channel} was not sent ({error_class})", "correct config/alerts.yml")
