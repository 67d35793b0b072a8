"""What the warehouse already knows of a stream's deliveries, asked once and again only after something has landed.

A folder of a hundred landed files is then checked by size and hash alone, without a transaction per file.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
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


class KnownDeliveries:
    """Every delivery of a stream of one municipality."""

    def __init__(self, source: str, stream: str, municipality_code: str, settings: Settings) -> None:
        """Nothing is asked before the first look."""
        self._scope = (source, stream, municipality_code)
        self.settings = settings

    def of(self, municipality_code: str) -> KnownDeliveries:
        """Those of the same stream of another municipality."""
        return KnownDeliveries(self._scope[0], self._scope[1], municipality_code, self.settings)

    @cached_property
    def rows(self) -> tuple[KnownDelivery, ...]:
        """Current ones first, then the newest first."""
        with connect("ejd_loader", settings=self.settings) as connection:
            rows = connection.execute(
                "select delivery_id, state, content_sha256, byte_size, profile_sha256, source_version, "
                "error_class, reason from ops.deliveries "
                "where source = %s and stream = %s and municipality_code = %s "
                "order by state <> 'landed', delivery_id desc",
                self._scope,
            ).fetchall()
        return tuple(KnownDelivery(*row) for row in rows)

    def forget(self) -> None:
        """Something has landed: the next look asks again."""
        self.__dict__.pop("rows", None)

    def find_version(self, version: str, profile_sha256: str) -> KnownDelivery | None:
        """The current delivery, if it is of this version and was read alike: no need to download it again."""
        current = (row for row in self.rows if row.state == "landed" and row.profile_sha256 == profile_sha256)
        return next((row for row in current if row.source_version == version), None)

    def current_version(self, profile_sha256: str) -> KnownDelivery | None:
        """The newest current delivery that was read alike and of which the source named a version."""
        current = (row for row in self.rows if row.state == "landed" and row.profile_sha256 == profile_sha256)
        return next((row for row in current if row.source_version), None)

    def find_file(self, path: Path, profile_sha256: str, version: str | None = None) -> list[KnownDelivery]:
        """Deliveries of the same bytes (or version) read by the same profile.

        The file is hashed only if its size is that of a known one.
        """
        alike = [row for row in self.rows if row.profile_sha256 == profile_sha256]
        digest = None
        if any(row.byte_size == path.stat().st_size for row in alike):
            with path.open("rb") as file:
                digest = file_digest(file, "sha256").hexdigest()
        return [row for row in alike if row.content_sha256 == digest or (version and row.source_version == version)]
