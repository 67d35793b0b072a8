"""What the warehouse already knows of a stream's deliveries, asked once per pull.

A folder of a hundred landed files is then checked by size and hash alone, without a transaction per file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from warehouse.database import connect
from warehouse.settings import Settings


@dataclass(frozen=True)
class KnownDelivery:
    """One row of ops.deliveries, as far as it tells whether a file is new."""

    delivery_id: int
    state: str
    content_sha256: str
    byte_size: int
    profile_sha256: str
    source_version: str | None
    error_class: str | None
    reason: str | None


def known_deliveries(source: str, stream: str, municipality_code: str, settings: Settings) -> tuple[KnownDelivery, ...]:
    """Every delivery of a stream of one municipality, newest first."""
    with connect("ejd_loader", settings=settings) as connection:
        rows = connection.execute(
            "select delivery_id, state, content_sha256, byte_size, profile_sha256, source_version, error_class, reason "
            "from ops.deliveries where source = %s and stream = %s and municipality_code = %s "
            "order by delivery_id desc",
            [source, stream, municipality_code],
        ).fetchall()
    return tuple(KnownDelivery(*row) for row in rows)


def find_known(
    known: Iterable[KnownDelivery], path: Path, profile_sha256: str, version: str | None = None
) -> KnownDelivery | None:
    """The newest delivery of the same bytes (or version) read by the same profile.

    The file is hashed only if its size is that of a known one.
    """
    read_alike = [row for row in known if row.profile_sha256 == profile_sha256]
    size = path.stat().st_size
    digest = None
    if any(row.byte_size == size for row in read_alike):
        with path.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
    same = (
        row for row in read_alike if digest == row.content_sha256 or (version and version == row.source_version)
    )
    return next(same, None)
