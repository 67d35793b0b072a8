"""Rows of a pull on their way to landing, kept so that a pull that is cut off goes on where it was.

Each page is written and synced before the place after it is noted, and what lies behind the noted place is cut off on
return: a page is there once, whole, however the process ended.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from connectors.errors import BusyError, Place
from connectors.tally import Tally

HOURS = 3600
# Older rows would be of another state of the source than those that follow.
LONGEST_BREAK = 24 * HOURS


class Spool:
    """The unfinished pull of one stream of one municipality. One pull at a time uses it.

    Only allow-listed columns may be written: the folder is no quarantine.
    """

    def __init__(
        self,
        folder: Path,
        longest_break: float = LONGEST_BREAK,
        place: Place = Place("spool"),  # noqa: B008 - frozen
        tally: Tally | None = None,
    ) -> None:
        """Nothing is made before `held` or `resume`. `place` is named in errors."""
        self.folder = folder
        self.place = place
        self._tally = tally or Tally()
        self._lock = FileLock(folder.with_name(f"{folder.name}.lock"), timeout=0)
        self.path = folder / "rows.csv"
        self._place = folder / "place.json"
        self._longest_break = longest_break

    def resume(self, identity: str, columns: Sequence[str]) -> dict[str, Any]:
        """Open the spool and return the state that the last `append` noted; {} for a new pull.

        Args:
            identity: what both pulls must have in common to be one (profile, period asked for); another one, or a
                break of more than a day, starts anew.
            columns: raw columns, written as the heading.
        """
        place = self._read_place(identity)
        if place is not None:
            os.truncate(self.path, place["bytes"])
            state: dict[str, Any] = place["state"]
            return state
        self.clear()
        self.folder.mkdir(parents=True, mode=0o700)
        self._identity = identity
        self._write([columns], "wb")
        return {}

    def append(self, rows: Iterable[Sequence[str]], state: dict[str, Any]) -> None:
        """Add a page of rows, then note `state`: what is needed to ask for the next page."""
        page = list(rows)
        self._tally.rows += len(page)
        self._write(page, "ab")
        self._note(state)

    def append_text(self, text: str, state: dict[str, Any]) -> None:
        """Add rows that are csv already, for sources with millions of them; then note `state`."""
        self._tally.rows += text.count("\n")
        self._write_bytes(text.encode(), "ab")
        self._note(state)

    def _note(self, state: dict[str, Any]) -> None:
        content = json.dumps({"identity": self._identity, "bytes": self.path.stat().st_size, "state": state})
        passing = self._place.with_suffix(".tmp")
        with passing.open("w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        passing.replace(self._place)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other pulls of the stream away until what was spooled has landed. A process that dies lets go.

        Raises:
            BusyError: another process or thread pulls the stream.
        """
        self.folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            self._lock.acquire()
        except Timeout:
            raise BusyError(self.place, "another pull of this stream is under way", "wait for it to end") from None
        try:
            yield
        finally:
            self._lock.release()

    def clear(self) -> None:
        """Forget the pull."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _read_place(self, identity: str) -> dict[str, Any] | None:
        self._identity = identity
        try:
            place: dict[str, Any] = json.loads(self._place.read_text(encoding="utf-8"))
            is_young = time.time() - self._place.stat().st_mtime < self._longest_break
            is_whole = self.path.stat().st_size >= place["bytes"]
        except (OSError, ValueError, KeyError):
            return None
        return place if place.get("identity") == identity and is_young and is_whole else None

    def _write(self, rows: Iterable[Sequence[str]], mode: str) -> None:
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows(rows)
        self._write_bytes(text.getvalue().encode(), mode)

    def _write_bytes(self, content: bytes, mode: str) -> None:
        with self.path.open(mode) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
