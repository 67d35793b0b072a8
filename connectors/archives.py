"""The plain bytes of a delivered file: zip and gzip are unpacked on the way, within limits."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

from connectors.declarations import Limits
from connectors.errors import (
    ArchiveTooLargeError,
    EmptyFileError,
    Place,
    RejectedDeliveryError,
    TruncatedArchiveError,
    UnreadableFileError,
)

ZIP, GZIP = b"PK", b"\x1f\x8b"
# Files that archivers of some systems, and the old file extract, add beside the one that was meant.
STOWAWAYS = ("__MACOSX/", ".DS_Store", "_Metadata.json")
ENCRYPTED = 0x1


class Reader(Protocol):
    """Anything that gives bytes, in order, until it gives none."""

    def read(self, size: int = -1, /) -> bytes:
        """Give at most `size` bytes, none at the end."""
        ...


def is_packed(path: Path, place: Place) -> bool:
    """Tell by the first bytes, not by the name; a file that is named as an archive must be one."""
    with path.open("rb") as file:
        start = file.read(2)
    if not start:
        raise EmptyFileError(place, "the file has no bytes", "ask for it again")
    packed = start in (ZIP, GZIP)
    if not packed and path.suffix.lower() in (".zip", ".gz"):
        raise UnreadableFileError(place, f"the file is named {path.suffix} but is no such archive", "ask for it again")
    return packed


@contextmanager
def unpack(path: Path, limits: Limits, place: Place) -> Iterator[Reader]:
    """Open the one file inside an archive.

    Raises:
        TruncatedArchiveError: the archive ends early or fails its checksum, at once or while it is read.
        ArchiveTooLargeError: while it is read, past the limits.
        UnreadableFileError: not exactly one file inside, or a password.
    """
    with path.open("rb") as packed:
        is_zip = packed.read(2) == ZIP
        packed.seek(0)
        size = path.stat().st_size
        if not is_zip:
            with gzip.GzipFile(fileobj=packed) as member:
                yield _Unpacked(member, size, limits, place)
            return
        try:
            archive = zipfile.ZipFile(packed)
        except (zipfile.BadZipFile, EOFError, OSError):
            archive = None
        if archive is None:
            raise _truncated(place)
        with archive, _open_member(archive, limits, place) as member:
            yield _Unpacked(member, size, limits, place)


@contextmanager
def opened(path: Path, limits: Limits, place: Place) -> Iterator[Reader]:
    """The plain bytes of a file, packed or not."""
    if is_packed(path, place):
        with unpack(path, limits, place) as member:
            yield member
        return
    with path.open("rb") as file:
        yield file


def _open_member(archive: zipfile.ZipFile, limits: Limits, place: Place) -> IO[bytes]:
    entries = [info for info in archive.infolist() if not info.is_dir()]
    files = [info for info in entries if not any(name in info.filename for name in STOWAWAYS)]
    tables = [info for info in files if info.filename.lower().endswith(".csv")]
    chosen = tables if len(tables) == 1 else files
    if len(chosen) != 1:
        raise UnreadableFileError(
            place, f"the archive holds {len(files)} files where one was expected", "deliver one file an archive"
        )
    if chosen[0].flag_bits & ENCRYPTED:
        raise UnreadableFileError(place, "the archive asks for a password", "deliver it without one")
    if chosen[0].file_size > limits.unpacked_bytes:
        raise _too_large(place, limits)
    problem: RejectedDeliveryError
    try:
        return archive.open(chosen[0])
    except (zipfile.BadZipFile, EOFError, OSError):
        problem = _truncated(place)
    except NotImplementedError:
        problem = UnreadableFileError(place, "the archive is packed in an unusual way", "pack it as plain zip or gzip")
    raise problem


class _Unpacked:
    """Counts what comes out, so that a small archive cannot fill the disk, and names what goes wrong."""

    def __init__(self, member: Reader, packed_bytes: int, limits: Limits, place: Place) -> None:
        self._member, self._packed, self._limits, self._place = member, packed_bytes, limits, place
        self._count = 0

    def read(self, size: int = -1, /) -> bytes:
        chunk = None
        try:
            chunk = self._member.read(size)
        except (EOFError, zlib.error, zipfile.BadZipFile, gzip.BadGzipFile, OSError):
            chunk = None
        if chunk is None:
            raise _truncated(self._place)
        self._count += len(chunk)
        unfolds = self._count > self._limits.ratio_from and self._count > self._limits.ratio * self._packed
        if unfolds or self._count > self._limits.unpacked_bytes:
            raise _too_large(self._place, self._limits)
        return chunk


def _truncated(place: Place) -> TruncatedArchiveError:
    return TruncatedArchiveError(place, "the archive ends too early or fails its checksum", "ask for it again")


def _too_large(place: Place, limits: Limits) -> ArchiveTooLargeError:
    return ArchiveTooLargeError(
        place,
        f"the archive unfolds to more than {limits.unpacked_bytes} bytes or {limits.ratio} times its size",
        "check where it comes from; deliver a real one in parts",
    )
