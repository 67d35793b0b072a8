"""What a candidate is made of, kept so that it can be made again: deliveries, and an archive of what was declared.

The archive holds register, configuration, dbt project and rules as they were, with the program that reads them: an old
edition is rebuilt by the program of its time, whatever has become of tables and formats since. It is kept once per
content, beside the bytes of the deliveries; no secret is in it, for no secret is in these folders.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import fsspec
import psycopg

from warehouse.settings import PROJECT, Settings

PROGRAM = ("connectors", "dbt_project", "expectations", "register", "warehouse")
SUFFIXES = {".py", ".sql", ".yml", ".csv", ".html"}
MADE = {"target", "logs", "__pycache__"}
CONFIG = "config"
# What reading an archive raises that is none any more.
UNREADABLE = (tarfile.TarError, OSError, EOFError, zlib.error)
RECORD = """
insert into ops.candidate_deliveries (candidate_id, delivery_id)
select %s, delivery_id from ops.current_deliveries
"""
# Whatever landed, or was edited, while the candidate was built: it may hold some of it, and cannot be made again.
MOVED = """
update ops.candidates
set inputs_moved = inputs_moved or bundle_sha256 is distinct from %(bundle_sha256)s or exists (
    (select delivery_id from ops.current_deliveries
    except select delivery_id from ops.candidate_deliveries where candidate_id = %(candidate_id)s)
    union all
    (select delivery_id from ops.candidate_deliveries where candidate_id = %(candidate_id)s
    except select delivery_id from ops.current_deliveries)
)
where candidate_id = %(candidate_id)s
"""


@dataclass(frozen=True)
class Bundle:
    """Files by their path in the archive, and the hash of all of them."""

    files: dict[str, bytes]

    @property
    def sha256(self) -> str:
        """Hash of every path and its bytes."""
        return _hash(self.files)

    @property
    def parts(self) -> dict[str, str]:
        """Hash per folder: what of two candidates differs."""
        return {
            folder: _hash({path: content for path, content in self.files.items() if path.startswith(f"{folder}/")})
            for folder in (*PROGRAM, CONFIG)
        }

    def pack(self) -> bytes:
        """The archive; the same files give the same bytes."""
        packed = io.BytesIO()
        with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as zipped, tarfile.open(fileobj=zipped, mode="w") as tar:
            for path, content in sorted(self.files.items()):
                entry = tarfile.TarInfo(path)
                entry.size = len(content)
                tar.addfile(entry, io.BytesIO(content))
        return packed.getvalue()


def read_bundle(settings: Settings) -> Bundle:
    """Everything a candidate of now would be made by."""
    return Bundle({name: path.read_bytes() for name, path in _files(settings)})


def unpack(packed: bytes) -> Bundle:
    """The files of an archive.

    Raises:
        UNREADABLE: it is none any more.
    """
    with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as tar:
        entries = [entry for entry in tar.getmembers() if entry.isfile()]
        return Bundle({entry.name: reader.read() for entry in entries if (reader := tar.extractfile(entry))})


def record(connection: psycopg.Connection, settings: Settings, candidate_id: int) -> None:
    """Write down what a candidate that begins now is made of, in the transaction that opens it."""
    bundle = read_bundle(settings)
    sha256 = bundle.sha256
    known = connection.execute("select 1 from ops.bundles where bundle_sha256 = %s", [sha256]).fetchone()
    if known is None:
        packed = bundle.pack()
        connection.execute(
            "insert into ops.bundles (bundle_sha256, stored_path, byte_size, parts) values (%s, %s, %s, %s) "
            "on conflict do nothing",
            [sha256, _keep(settings, sha256, packed), len(packed), json.dumps(bundle.parts)],
        )
    connection.execute(RECORD.encode(), [candidate_id])
    connection.execute("update ops.candidates set bundle_sha256 = %s where candidate_id = %s", [sha256, candidate_id])


def note_moved(connection: psycopg.Connection, settings: Settings, candidate_id: int) -> None:
    """Mark a finished candidate whose inputs are not those it began with."""
    bound = {"candidate_id": candidate_id, "bundle_sha256": read_bundle(settings).sha256}
    connection.execute(MOVED.encode(), bound)


def _files(settings: Settings) -> Iterator[tuple[str, Path]]:
    for folder in PROGRAM:
        for path in (PROJECT / folder).rglob("*"):
            if path.suffix in SUFFIXES and not MADE & set(path.parts):
                yield path.relative_to(PROJECT).as_posix(), path
    # The declarations only: files to deliver may lie in folders below.
    for pattern in ("*", "municipalities/*/*"):
        for path in settings.config.glob(pattern):
            if path.is_file() and path.suffix in SUFFIXES:
                yield f"{CONFIG}/{path.relative_to(settings.config).as_posix()}", path


def _hash(files: dict[str, bytes]) -> str:
    lines = [f"{path} {hashlib.sha256(content).hexdigest()}\n" for path, content in sorted(files.items())]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _keep(settings: Settings, sha256: str, packed: bytes) -> str:
    store, root = fsspec.core.url_to_fs(settings.kept_bytes_url)
    folder = f"{root.rstrip('/')}/bundles"
    path = f"{folder}/{sha256}.tar.gz"
    store.makedirs(folder, exist_ok=True)
    with store.open(f"{path}.tmp", "wb") as file:
        file.write(packed)
    store.mv(f"{path}.tmp", path)
    return path
