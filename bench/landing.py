"""Landing a ledger file of 17 columns against `psql \\copy` of the same file, measured in turns."""

from __future__ import annotations

import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from bench.figure import Figure
from connectors.landing import Checks, ControlTotal, Delivery, Dialect, NumberFormat, land
from warehouse.database import connect, conninfo, prepare, url
from warehouse.server import Server, binaries
from warehouse.settings import Settings, get_settings

ROWS, FULL_ROWS = 400_000, 2_000_000
ROUNDS = 5
WHOLE_LIMIT, DROPPED_LIMIT, MEMORY_LIMIT_MB = 1.6, 3.0, 200
COLUMNS = {
    "Bilagsnummer": "document_no", "Position": "line_no", "Artskonto": "account", "Omkostningssted": "cost_centre",
    "PSP-element": "psp_element", "Profitcenter": "profit_centre", "Ordre": "order_no",
    "Debet/kredit": "debit_credit", "Beløb": "amount", "Bogføringsdato": "posting_date",
    "Bilagsdato": "document_date", "Registreringsdato": "registration_date", "Regnskabsår": "fiscal_year",
    "Periode": "period", "Bilagsart": "document_type", "Bilagstekst": "item_text", "Leverandørnr.": "supplier_no",
}  # fmt: skip
DROPPED = ("Bilagstekst", "Leverandørnr.")
DATES = ("posting_date", "document_date", "registration_date")
# Postings repeat after this many rows, except for their numbers: making the file must not take longer than reading it.
DISTINCT = 20_000


@dataclass(frozen=True)
class Ledger:
    """A made ledger file and the sum of its amounts."""

    path: Path
    rows: int
    total: Decimal


def measure(full: bool) -> Iterator[Figure]:
    """Yield the ratios (medians over rounds of all in turn) and the peak memory of the landing process."""
    with open_warehouse() as settings:
        make_tables()
        ledger = make_ledger(settings.home / "postings_2025.csv", FULL_ROWS if full else ROWS)
        yield from _compare(ledger, settings)


@contextmanager
def open_warehouse() -> Iterator[Settings]:
    """An empty warehouse for one benchmark, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="ejendomstal-bench-") as folder:
        home = Path(folder)
        home.chmod(0o755)  # as root the server runs as another user, who has to walk through
        os.environ |= {"EJENDOMSTAL_HOME": str(home), "EJENDOMSTAL_CONFIG": str(home)}
        settings = get_settings()
        server = Server(settings)
        server.start()
        try:
            prepare(settings)
            yield settings
        finally:
            server.stop(immediate=True)


def make_ledger(path: Path, rows: int) -> Ledger:
    """Write the same `rows` postings every time: cp1252, semicolons, decimal commas, about 140 bytes a row."""
    chance = random.Random(17)
    tails, amounts = zip(*(_posting(chance) for _ in range(DISTINCT)), strict=True)
    total = Decimal(0)
    with path.open("wb") as file:
        file.write((";".join(COLUMNS) + "\r\n").encode("cp1252"))
        for start in range(0, rows, DISTINCT):
            count = min(DISTINCT, rows - start)
            file.write(
                b"".join(b"%010d;%d;%b" % (49 * 10**8 + (start + i) // 7, i % 7 + 1, tails[i]) for i in range(count))
            )
            total += sum(amounts[:count])
    return Ledger(path, rows, total)


def land_once(ledger: Ledger, settings: Settings, *, drop: bool, source: str = "bench") -> float:
    """Land the file with all checks a ledger declares; return seconds."""
    dropped = frozenset(DROPPED if drop else ())
    delivery = Delivery(
        source=source,
        stream="postings",
        municipality_code="0991",
        load_kind="window",
        path=ledger.path,
        file_name=ledger.path.name,
        columns={heading: column for heading, column in COLUMNS.items() if heading not in dropped},
        required=frozenset({"document_no", "line_no", "amount"}),
        dropped=dropped,
        holds_personal_data=drop,
        profile_sha256="bench",
        dialect=Dialect("cp1252", ";"),
        window=(date(2025, 1, 1), date(2026, 1, 1)),
        checks=Checks(
            numbers={"amount": NumberFormat(",", ".")},
            dates=dict.fromkeys(DATES, ("%d-%m-%Y",)),
            required_values=frozenset({"document_no", "line_no", "amount"}),
            declared_rows=ledger.rows,
            control=ControlTotal("amount", ledger.total),
        ),
    )
    start = time.perf_counter()
    result = land(delivery, settings)
    seconds = time.perf_counter() - start
    if (result.outcome, result.row_count) != ("landed", ledger.rows):
        raise RuntimeError(f"the file did not land: {result.reason}")
    return seconds


def _posting(chance: random.Random) -> tuple[bytes, Decimal]:
    amount = chance.randint(-5_000_000, 60_000_000)
    written = f"{abs(amount) // 100:,}".replace(",", ".") + f",{abs(amount) % 100:02d}"
    day, month = chance.randint(1, 25), chance.randint(1, 12)
    fields = [
        chance.choice(["40450000", "40230000", "29505050", "40490000"]),
        str(chance.randint(1_000_000, 1_000_999)),
        f"XG-{chance.randint(1, 400):010d}-{chance.randint(1, 99):05d}",
        f"{chance.randint(1, 99):04d}",
        "",
        "K" if amount < 0 else "D",
        ("-" if amount < 0 else "") + written,
        f"{day:02d}-{month:02d}-2025",
        f"{day:02d}-{month:02d}-2025",
        f"{day + chance.randint(0, 3):02d}-{month:02d}-2025",
        "2025",
        str(month),
        "KR",
        f"Rengøring og måling, bygning {chance.randint(1, 999)}",
        str(chance.randint(10_000, 99_999)),
    ]
    return (";".join(fields) + "\r\n").encode("cp1252"), Decimal(amount) / 100


def make_tables() -> None:
    """The table that `psql \\copy` fills, and a raw table of the same columns."""
    texts = ", ".join(f"{column} text" for column in COLUMNS.values())
    with connect("owner", autocommit=True) as connection:
        connection.execute(
            f"""
            create schema raw_bench;
            create table raw_bench.plain ({texts});
            create sequence raw_bench.postings_row_no cache 1000;
            create table raw_bench.postings ({texts},
                municipality_code text not null default ops.landing_municipality_code(),
                delivery_id bigint not null default ops.landing_delivery_id(),
                row_no bigint not null default nextval('raw_bench.postings_row_no'))
                partition by list (municipality_code);
            create table raw_bench.rejected_rows (like raw_bbr.rejected_rows);
            grant usage on schema raw_bench to ejd_loader;
            grant select, insert, delete on all tables in schema raw_bench to ejd_loader;
            select ops.ensure_partition('raw_bench.postings', '0991');
            """
        )


def _compare(ledger: Ledger, settings: Settings) -> Iterator[Figure]:
    seconds: dict[str, list[float]] = {"plain": [], "whole": [], "dropped": []}
    memory = 0.0
    for _ in range(ROUNDS):
        _forget(settings)
        seconds["plain"].append(copy_plainly(ledger))
        for name in ("whole", "dropped"):
            _forget(settings)
            elapsed, peak = _land_apart(ledger, name)
            seconds[name].append(elapsed)
            memory = max(memory, peak)
    for name, limit in (("whole", WHOLE_LIMIT), ("dropped", DROPPED_LIMIT)):
        ratios = [landed / plain for landed, plain in zip(seconds[name], seconds["plain"], strict=True)]
        yield Figure(f"landing_{name}", round(statistics.median(ratios), 2), "x psql copy", limit)
    yield Figure("landing_memory", round(memory, 1), "MB", MEMORY_LIMIT_MB)


def _forget(settings: Settings) -> None:
    with connect("owner", autocommit=True) as connection:
        connection.execute("truncate raw_bench.plain, raw_bench.postings, ops.deliveries cascade")
        connection.execute("checkpoint")
    shutil.rmtree(settings.home / "deliveries", ignore_errors=True)


def copy_plainly(ledger: Ledger) -> float:
    """What everything is measured against: seconds of `psql \\copy` of the file into a table of texts."""
    command = f"\\copy raw_bench.plain from '{ledger.path}' (format csv, delimiter ';', header, encoding 'WIN1252')"
    start = time.perf_counter()
    subprocess.run([str(binaries() / "psql"), "-q", conninfo(url("owner")), "-c", command], check=True)
    return time.perf_counter() - start


def _land_apart(ledger: Ledger, name: str) -> tuple[float, float]:
    """Land in a process of its own: seconds of the landing, peak memory of the process in MB."""
    arguments = [str(ledger.path), str(ledger.rows), str(ledger.total), name]
    run = subprocess.run([sys.executable, "-m", "bench.landing", *arguments], check=True, stdout=subprocess.PIPE)
    seconds, peak = json.loads(run.stdout)
    return seconds, peak


def peak_mb() -> float:
    """The most memory that this process has used so far."""
    # Not getrusage: that carries over the memory of the process that started this one.
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024 / 1e6


if __name__ == "__main__":
    given = Ledger(Path(sys.argv[1]), int(sys.argv[2]), Decimal(sys.argv[3]))
    taken = land_once(given, get_settings(), drop=sys.argv[4] == "dropped")
    sys.stdout.write(json.dumps([taken, peak_mb()]))
