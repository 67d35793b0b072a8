from __future__ import annotations

import os
import stat
import time
from pathlib import Path

from connectors.landing import land
from connectors.store import purge_quarantine
from tests.connectors.landing_files import posting_lines, postings, rows
from warehouse.settings import Settings

SECRET = "Jens Hansen 010190-1234"


def with_secret(count: int) -> list[str]:
    return [line.replace("rengøring", SECRET) for line in posting_lines(count)]


def everything_under(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_a_dropped_column_is_neither_in_the_table_nor_in_the_kept_bytes(
    clean_warehouse: Settings, tmp_path: Path
) -> None:
    result = land(postings(tmp_path, with_secret(3), holds_personal_data=True), clean_warehouse)
    assert result.outcome == "landed"
    ((path,),) = rows("select stored_path from ops.deliveries")
    assert Path(path).read_text().splitlines() == [
        "Bilagsnummer;Position;Artskonto;Beløb;Bogføringsdato",
        "1;1;40450000;1,50;05-01-2025",
        "2;1;40450000;1,50;05-01-2025",
        "3;1;40450000;1,50;05-01-2025",
    ]
    assert b"Jens" not in everything_under(clean_warehouse.home / "deliveries" / "ledger_opus")


def test_the_same_holds_when_a_file_is_read_row_by_row(clean_warehouse: Settings, tmp_path: Path) -> None:
    lines = [*with_secret(200), f"201;1;{SECRET}"]
    result = land(postings(tmp_path, lines, holds_personal_data=True), clean_warehouse)
    assert (result.row_count, result.rejected_row_count) == (200, 1)
    assert b"Jens" not in everything_under(clean_warehouse.home / "deliveries" / "ledger_opus")


def test_a_rejected_original_lies_in_quarantine_for_the_loader_alone(clean_warehouse: Settings, tmp_path: Path) -> None:
    lines = [*with_secret(1), f"2;1;{SECRET}"]
    result = land(postings(tmp_path, lines, holds_personal_data=True), clean_warehouse)
    assert result.outcome == "rejected"
    assert "Jens" not in str(result.reason)
    ((path, quarantined),) = rows("select stored_path, is_quarantined from ops.deliveries")
    assert quarantined
    assert Path(path).parent == clean_warehouse.quarantine
    assert b"Jens" in Path(path).read_bytes()
    assert stat.S_IMODE(clean_warehouse.quarantine.stat().st_mode) == 0o700
    assert stat.S_IMODE(Path(path).stat().st_mode) == 0o600


def test_the_quarantine_empties_itself_by_age(clean_warehouse: Settings, tmp_path: Path) -> None:
    land(postings(tmp_path, [f"1;{SECRET}"], holds_personal_data=True), clean_warehouse)
    ((path,),) = rows("select stored_path from ops.deliveries")
    assert purge_quarantine(clean_warehouse) == 0
    fifteen_days_ago = time.time() - 15 * 86_400
    os.utime(path, (fifteen_days_ago, fifteen_days_ago))
    assert purge_quarantine(clean_warehouse) == 1
    assert not Path(path).exists()


def test_no_reason_in_the_warehouse_holds_a_rows_content(clean_warehouse: Settings, tmp_path: Path) -> None:
    lines = [*with_secret(300), f"301;1;{SECRET}", f"302;1;1;{SECRET};05-01-2025;x", f"303;1;1;1;{SECRET};x"]
    assert land(postings(tmp_path, lines), clean_warehouse).rejected_row_count == 3
    told = rows("select reason from raw_ledger_opus.rejected_rows") + rows("select warnings::text from ops.deliveries")
    assert "Jens" not in str(told)
