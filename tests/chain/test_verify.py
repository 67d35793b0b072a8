"""The demo's first edition, rebuilt after a later delivery, a change of the register and a change of a mapping.

Runs after the other tests of this folder, whose world it changes.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.chain.conftest import Chain
from warehouse.candidate_inputs import read_bundle
from warehouse.database import connect
from warehouse.editions import EditionError
from warehouse.verify import verify
from warehouse.verify_rows import compare

MAPPING = (",,,XA-*,,3,C_ANLAEG,,,,,,,", ",,,XA-*,,3,C_IKKE,,,,,,,")


def replace_once(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{path.name} holds {old!r} {text.count(old)} times"
    path.write_text(text.replace(old, new), encoding="utf-8")


def publish_a_second_edition(chain: Chain, program: Path) -> None:
    """Another register, another mapping, a later delivery; built and published by a program tree of its own."""
    for name, content in read_bundle(chain.settings).files.items():
        if not name.startswith("config/"):
            (program / name).parent.mkdir(parents=True, exist_ok=True)
            (program / name).write_bytes(content)
    first = program / "register" / "schools_daycare" / "sko_01.yml"
    second = first.with_name("sko_01_v2.yml")
    second.write_text(first.read_text(encoding="utf-8"), encoding="utf-8")
    replace_once(first, "valid_from: 2007", "valid_from: 2007\nvalid_to: 2024")
    replace_once(second, "version: 1", "version: 2")
    replace_once(second, "valid_from: 2007", "valid_from: 2025")
    replace_once(second, "needed_pct: 90", "needed_pct: 80")
    municipality = chain.settings.municipalities / "0991"
    replace_once(municipality / "account_rules.csv", *MAPPING)
    workplaces = chain.target / "sources" / "0991" / "fm" / "workplaces.csv"
    lines = workplaces.read_text(encoding="utf-8-sig").splitlines()
    workplaces.write_text("\n".join([lines[0], *lines[2:]]) + "\n", encoding="utf-8-sig")
    result = subprocess.run(
        [sys.executable, "-m", "warehouse.cli", "run"], env=chain.environment | {"PYTHONPATH": str(program)},
        cwd=program, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout[-2000:] + result.stderr[-2000:]


@contextmanager
def changed(path: Path, content: bytes | None) -> Iterator[None]:
    """Other bytes for a while, or none."""
    kept = path.read_bytes()
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    try:
        yield
    finally:
        path.write_bytes(kept)


def test_the_first_edition_is_rebuilt_to_the_same_bytes_after_everything_has_moved_on(
    chain: Chain, tmp_path: Path
) -> None:
    publish_a_second_edition(chain, tmp_path / "program")
    revised = chain.rows(
        "select key_figure_code, new_status_code, count(*) from marts.revisions where key_figure_code like 'SKO-01' "
        "and year = 2025 and level = 'municipality' group by 1, 2"
    )
    assert revised == [("SKO-01", "z", 2)]  # 0993's schools of 2025 are held
    moved = chain.rows("select count(distinct topic) from marts.revisions where municipality_code = '0991'")
    assert moved[0][0] >= 2
    bundles = chain.rows("select parts ->> 'register', parts ->> 'config' from ops.bundles", role="ejd_publisher")
    assert len({register for register, _ in bundles}) == len({config for _, config in bundles}) == 2

    verification = verify(chain.settings, 1)

    assert (verification.comparison.differences, verification.kept_figures) == ((), 0)
    assert verification.comparison.scopes == 47
    (stored,) = chain.rows("select count(*) from published.measures where edition_id = 1", role="ejd_publisher")
    assert verification.comparison.rows > stored[0] > 10_000
    databases = chain.rows("select count(*) from pg_database where datname like '%%verify%%'", role="owner")
    assert databases == [(0,)]


def test_kept_bytes_that_have_changed_or_are_gone_are_named(chain: Chain) -> None:
    (delivery,) = chain.rows(
        "select delivery_id, stored_path from ops.deliveries join ops.candidate_deliveries using (delivery_id) "
        "where candidate_id = 1 and source = 'ledger_opus' order by 1 limit 1",
        role="owner",
    )
    path = Path(delivery[1])
    with (
        changed(path, path.read_bytes().replace(b"1", b"2", 1)),
        pytest.raises(EditionError, match=rf"the bytes of delivery {delivery[0]} \(ledger_opus .* have changed"),
    ):
        verify(chain.settings, 1)
    with changed(path, None), pytest.raises(EditionError, match=rf"the bytes of delivery {delivery[0]} .* are gone"):
        verify(chain.settings, 1)


def test_an_archive_in_which_a_rule_has_changed_is_refused(chain: Chain) -> None:
    from warehouse.candidate_inputs import Bundle, unpack

    (row,) = chain.rows(
        "select stored_path from ops.bundles join ops.candidates using (bundle_sha256) where candidate_id = 1",
        role="owner",
    )
    path = Path(row[0])
    files = unpack(path.read_bytes()).files
    rules = "config/municipalities/0991/account_rules.csv"
    other = Bundle(files | {rules: files[rules].replace(b"C_TERRAEN", b"C_RENG", 1)})
    with changed(path, other.pack()), pytest.raises(EditionError, match="the archive of its inputs has changed"):
        verify(chain.settings, 1)
    with changed(path, b"no archive"), pytest.raises(EditionError, match="the archive of its inputs is not readable"):
        verify(chain.settings, 1)


def test_a_stored_row_that_was_changed_is_found(chain: Chain) -> None:
    with connect("owner", settings=chain.settings) as live, connect("owner", settings=chain.settings) as made:
        live.execute(
            "update published.key_figures set value = value + 1 where edition_id = 1 and municipality_code = '0992' "
            "and year = 2024 and key_figure_code = 'SKO-01' and level = 'municipality'"
        )
        live.execute(
            "delete from published.measures where edition_id = 1 and municipality_code = '0991' and year = 2024 "
            "and topic = 'general' and measure_code = 'N_INDB'"
        )
        found = {(one.table, one.scope): one for one in compare(live, made, 1).differences}
        live.rollback()
    figure = found.pop(("key_figures", ("0992", "schools_daycare", 2024)))
    assert (figure.only_stored, figure.only_rebuilt) == (1, 1)
    assert figure.examples[0].startswith("SKO-01 version 1 municipality")
    measure = found.pop(("measures", ("0991", "general", 2024)))
    assert (measure.only_stored, measure.only_rebuilt, measure.examples) == (0, 1, ())
    assert found == {}


def test_an_edition_that_cannot_be_rebuilt_says_why(chain: Chain) -> None:
    with pytest.raises(EditionError, match="there is no edition 99"):
        verify(chain.settings, 99)
    with connect("owner", settings=chain.settings) as connection:
        connection.execute("update ops.candidates set inputs_moved = true where candidate_id = 2")
    with pytest.raises(EditionError, match="deliveries landed, or files were edited, while edition 2 was built"):
        verify(chain.settings, 2)
