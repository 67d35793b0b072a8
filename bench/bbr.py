"""The national Bygning file, from a local HTTP server to raw, against `psql \\copy` of the same bytes, unzipped.

One municipality has about 64,000 of the country's buildings; as many municipalities are configured as the file has
rows for, so that every row lands.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from hashlib import file_digest
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO
from urllib.parse import parse_qs, urlsplit

from bench.figure import Figure
from bench.landing import open_warehouse, peak_mb
from connectors.base import registered
from connectors.pull import pull
from connectors.spelling import official_names
from warehouse.database import connect, conninfo, url
from warehouse.server import binaries
from warehouse.settings import Settings, get_settings

ROWS, FULL_ROWS = 200_000, 6_250_000
ROWS_OF_A_MUNICIPALITY = 64_000
COLUMNS = 94
ROUNDS, FULL_ROUNDS = 3, 1
CSV_LIMIT, JSON_LIMIT, MEMORY_LIMIT_MB = round(1 / 0.7, 2), 3.0, 300
# Rows repeat after this many, except for their ids: making the file must not take longer than reading it.
DISTINCT = 5_000
FORMS = ("csv", "json")


def measure(full: bool) -> Iterator[Figure]:
    """Yield the ratios (medians over rounds of all in turn) and the peak memory of the pulling process."""
    rows = FULL_ROWS if full else ROWS
    codes = [f"{101 + number:04d}" for number in range(-(-rows // ROWS_OF_A_MUNICIPALITY))]
    with open_warehouse() as settings:
        plain = make_files(settings.home / "served", rows, codes)
        for code in ("0000", *codes):
            _configure(settings, code)
        names = ", ".join(f'"{heading}" text' for heading in _headings())
        with connect("owner", autocommit=True) as connection:
            connection.execute(f"create table public.plain ({names})")
        with serve(settings.home / "served") as address:
            yield from _compare(plain, rows, address, settings, FULL_ROUNDS if full else ROUNDS)


def make_files(folder: Path, rows: int, codes: list[str]) -> Path:
    """Write the same national file every time, as csv and as JSON, each in its zip; return the csv unzipped."""
    folder.mkdir()
    chance = random.Random(17)
    headings = _headings()
    pool = [_building(chance, headings) for _ in range(DISTINCT)]
    tails = [",".join(row[1:]).encode() for row in pool]
    objects = [_as_object(headings, row) for row in pool]
    plain = folder / "national.csv"
    place = headings.index("kommunekode") - 1
    with plain.open("wb") as text, _member(folder, "csv") as packed, _member(folder, "json") as records:
        _put(",".join(headings).encode() + b"\n", text, packed)
        records.write(b"[")
        for start in range(0, rows, DISTINCT):
            block, found = [], []
            for number in range(start, min(start + DISTINCT, rows)):
                code = codes[chance.randrange(len(codes))]
                row_id = b"%08X-0000-4000-8000-%012X" % (number, number)
                one = tails[number % DISTINCT].split(b",", place + 1)
                one[place] = code.lstrip("0").encode()
                block.append(row_id + b"," + b",".join(one) + b"\n")
                found.append(objects[number % DISTINCT] % (row_id, code.lstrip("0").encode()))
            _put(b"".join(block), text, packed)
            records.write((b"," if start else b"") + b",\n".join(found))
        records.write(b"]")
    return plain


def _headings() -> list[str]:
    """The id first, the municipality next, then ours, then as many of others as the real file has."""
    stream = registered()["bbr"].streams[0]
    ours = [name for name in official_names(dict(stream.columns)).values() if name not in ("id_lokalId", "kommunekode")]
    others = [f"byg{300 + number}FeltSomIkkeHentes" for number in range(COLUMNS - len(ours) - 2)]
    return ["id_lokalId", "kommunekode", *ours, *others]


def _building(chance: random.Random, headings: list[str]) -> list[str]:
    def value(name: str) -> str:
        if name in ("grund", "husnummer", "datafordelerRowId"):
            return f"{chance.getrandbits(128):032X}"
        if name.endswith(("Fra", "tid")):
            return f"2021-{chance.randint(1, 12):02d}-06T05:07:28.172317Z"
        if name == "byg404Koordinat":
            return f"POINT ({chance.randint(450_000, 720_000)}.12 {chance.randint(6_060_000, 6_390_000)}.2)"
        if name.endswith("Til") or chance.random() < (0.85 if "Ikke" in name else 0.35):
            return ""
        return str(chance.randint(1, 2000))

    return ["", "", *(value(name) for name in headings[2:])]


def _as_object(headings: list[str], row: list[str]) -> bytes:
    record = {name: int(text) if text.isdigit() else text or None for name, text in zip(headings, row, strict=True)}
    text = json.dumps({**record, "id_lokalId": "%b", "kommunekode": "%b"}, ensure_ascii=False)
    return text.encode()


def _put(content: bytes, *files: IO[bytes]) -> None:
    for file in files:
        file.write(content)


@contextmanager
def _member(folder: Path, form: str) -> Iterator[IO[bytes]]:
    name = f"BBR_V3_Bygning_TotalDownload_{form}_Current_688"
    with (
        zipfile.ZipFile(folder / f"{name}.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open(f"{name}.{form}", "w", force_zip64=True) as member,
    ):
        yield member


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """The list and the files of the download API."""
    entries = []
    for path in sorted(folder.glob("*.zip")):
        with path.open("rb") as file:
            entries.append({"fileName": path.name, "md5Hash": file_digest(file, "md5").hexdigest()})
    about = {"currentPage": 1, "totalCount": len(entries), "totalPages": 1}
    listed = json.dumps({"paginationMetadata": about, "availableFileDownloads": entries}).encode()
    (folder / "list").write_bytes(listed)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class _Handler(SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.path = "/" + parse_qs(parts.query).get("Filename", ["list"])[0]
        super().do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _configure(settings: Settings, code: str) -> None:
    folder = settings.municipalities / code
    folder.mkdir(parents=True)
    (folder / "sources.yml").write_text(f'municipality_code: "{code}"\nname: Måling (fiktiv)\n', encoding="utf-8")


def _compare(plain: Path, rows: int, address: str, settings: Settings, rounds: int) -> Iterator[Figure]:
    seconds: dict[str, list[float]] = {"psql": [], "csv": [], "json": []}
    memory = dict.fromkeys(FORMS, 0.0)
    for _ in range(rounds):
        _forget(settings)
        seconds["psql"].append(_copy_plainly(plain))
        for form in FORMS:
            _forget(settings)
            elapsed, peak = _pull_apart(form, rows, address)
            seconds[form].append(elapsed)
            memory[form] = max(memory[form], peak)
    for name, base, limit in (("csv", "psql", CSV_LIMIT), ("json", "csv", JSON_LIMIT)):
        ratios = [taken / other for taken, other in zip(seconds[name], seconds[base], strict=True)]
        unit = "x psql copy" if base == "psql" else "x csv"
        yield Figure(f"bbr_national_{name}", round(statistics.median(ratios), 2), unit, limit)
        yield Figure(f"bbr_national_{name}_memory", round(memory[name], 1), "MB", MEMORY_LIMIT_MB)


def _forget(settings: Settings) -> None:
    with connect("owner", autocommit=True) as connection:
        connection.execute("truncate public.plain, raw_bbr.bygning, ops.deliveries cascade")
        connection.execute("checkpoint")
    shutil.rmtree(settings.home / "deliveries", ignore_errors=True)


def _copy_plainly(plain: Path) -> float:
    command = f"\\copy public.plain from '{plain}' (format csv, header)"
    start = time.perf_counter()
    subprocess.run([str(binaries() / "psql"), "-q", conninfo(url("owner")), "-c", command], check=True)
    return time.perf_counter() - start


def _pull_apart(form: str, rows: int, address: str) -> tuple[float, float]:
    """Pull in a process of its own: seconds of the pull, peak memory of the process in MB."""
    path = get_settings().municipalities / "0000" / "sources.yml"
    section = f"bbr: {{connection: bbr, way: national_files, only: [bygning], file_format: {form}}}\n"
    path.write_text('municipality_code: "0000"\nname: Landet\n' + section, encoding="utf-8")
    stored = {"conn_type": "http", "host": address, "password": "none"}
    environment = os.environ | {"AIRFLOW_CONN_BBR": json.dumps(stored)}
    command = [sys.executable, "-m", "bench.bbr", str(rows)]
    run = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment)
    seconds, peak = json.loads(run.stdout)
    return seconds, peak


def _pull_once(rows: int) -> float:
    start = time.perf_counter()
    results = pull("bbr", "0000", get_settings())
    seconds = time.perf_counter() - start
    if sum(result.row_count for result in results) != rows:
        raise RuntimeError(f"not every row landed: {results[0].reason}")
    return seconds


if __name__ == "__main__":
    taken = _pull_once(int(sys.argv[1]))
    sys.stdout.write(json.dumps([taken, peak_mb()]))
