"""The part of verifying an edition that the program of its time does: land the kept bytes, build, publish.

Started by warehouse/verify.py as `python -m warehouse.rebuild build|publish JOB`, in the unpacked archive and with a
fresh database: what it makes is thrown away after it was compared.
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

from connectors import landing
from connectors.history import DeliveryRecord
from connectors.reload import read_kept
from warehouse import build, suppression
from warehouse.database import connect, prepare
from warehouse.errors import KnownError
from warehouse.publish import publish
from warehouse.settings import Settings, get_settings


class RebuildError(KnownError):
    """A step of the rebuilding that came out differently from the first time."""


def main(step: str, job_file: str) -> int:
    """One step; a known fault is one sentence on the standard error and exit status 1."""
    job = json.loads(Path(job_file).read_text(encoding="utf-8"))
    try:
        if step == "build":
            rebuild(get_settings(), job)
        else:
            suppression.decide_newest(get_settings())  # the judgement that is kept does not say it
            publish(get_settings(), kind=job["kind"], note=job["note"])
    except KnownError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def rebuild(settings: Settings, job: dict[str, Any]) -> None:
    """Make the schemas, land every delivery under its own number, and build the candidate."""
    prepare(settings)
    kept_in = settings.model_copy(update={"store_url": job["kept_bytes_url"]})
    for given in job["deliveries"]:
        land_again(read_record(given), settings, kept_in)
    build.build(settings)


def read_record(given: dict[str, Any]) -> DeliveryRecord:
    """A delivery's record as it came through JSON; what this program does not know of it is left out."""
    known = {name: given[name] for name in (field.name for field in fields(DeliveryRecord))}
    for name in ("window_from", "window_to"):
        known[name] = date.fromisoformat(known[name]) if known[name] else None
    return DeliveryRecord(**known | {"at": datetime.fromisoformat(known["at"])})


def land_again(record: DeliveryRecord, settings: Settings, kept_in: Settings) -> None:
    """Land kept bytes under the number they had, with the same number of rows.

    Rejected rows are not counted: where a stream may hold personal data, they are not among the kept bytes.

    Raises:
        RebuildError: it does not land, or not as it did.
    """
    with connect("owner", settings=settings) as connection:
        connection.execute(
            f"alter table ops.deliveries alter column delivery_id restart with {record.delivery_id}".encode()
        )
    with tempfile.TemporaryDirectory(prefix="ejendomstal-") as scratch:
        result = landing.land(read_kept(record, settings, kept_in, Path(scratch)), settings)
    landed = (result.outcome, result.delivery_id, result.row_count)
    if landed != ("landed", record.delivery_id, record.row_count):
        raise RebuildError(
            f"delivery {record.delivery_id} ({record.source} {record.stream} {record.municipality_code}) had "
            f"{record.row_count} rows; now it is {result.outcome} with {result.row_count}. {result.reason or ''}"
        )


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
