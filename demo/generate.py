"""Writes the fictional world: source files, configuration and truth. The same seed gives the same bytes.

python -m demo.generate <folder>
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from demo.defects import count_defects
from demo.economy import add_economy
from demo.files.bbr import write_bbr, write_catalogue
from demo.files.bbr_rows import Register, build_register
from demo.files.energy import write_energy
from demo.files.facilities import write_facilities
from demo.files.ledgers import write_ledger
from demo.files.links import write_links, write_mappings
from demo.files.records import write_records
from demo.files.registers import write_labels, write_national, write_parcels
from demo.files.statistics import write_accounts, write_enrolment, write_population
from demo.files.written import Written
from demo.inputs import add_records
from demo.model import Municipality
from demo.postings import postings_by_month
from demo.truth import Truth, tell_truth
from demo.world import build_municipalities

TEMPLATES = Path(__file__).parent / "config"
NATIONAL = "0000"


def make_world(seed: int, scale: float) -> list[Municipality]:
    """The three municipalities with everything that is true of them."""
    municipalities = build_municipalities(seed, scale)
    for municipality in municipalities:
        add_economy(municipality, seed)
        add_records(municipality, seed)
    return municipalities


def generate(target: Path, seed: int = 7, scale: float = 1.0) -> Truth:
    """Write `target`/sources, `target`/config and `target`/truth.json; what was there before is removed.

    `scale` shrinks the number of properties and postings; 0.05 is the smallest that keeps every defect but the
    repeated Dalux ids.
    """
    sources, config = target / "sources", target / "config"
    for folder in (sources, config):
        shutil.rmtree(folder, ignore_errors=True)
    municipalities = make_world(seed, scale)
    deliveries: list[Written] = []
    entries: list[dict[str, object]] = []
    registers: list[Register] = []
    for municipality in municipalities:
        deliveries.extend(_write_files(municipality, seed, sources))
        registers.append(build_register(municipality, seed))
        written, listed = write_bbr(registers[-1], sources / "bbr")
        deliveries.extend(written)
        entries.extend(listed)
        _write_config(municipality, config / "municipalities" / municipality.code)
    write_catalogue(entries, sources / "bbr")
    shutil.copytree(TEMPLATES / NATIONAL, config / "municipalities" / NATIONAL)
    write_population(municipalities, sources / "statbank")
    write_accounts(municipalities, sources / "statbank")
    deliveries.extend(write_labels(municipalities, sources / "emodata"))
    deliveries.extend(write_national(sources / "national"))
    truth = tell_truth(municipalities, seed, scale, deliveries, count_defects(municipalities, registers))
    truth.write(target / "truth.json")
    return truth


def _write_files(municipality: Municipality, seed: int, sources: Path) -> list[Written]:
    folder = sources / municipality.code
    fm = sources / "dalux" if municipality.fm_system == "dalux" else folder / "fm"
    return [
        *write_facilities(municipality, fm),
        *write_ledger(municipality, postings_by_month(municipality, seed), folder / "ledger"),
        *write_enrolment(municipality, folder / "enrolment"),
        *write_energy(municipality, folder / "energy"),
        *write_records(municipality, folder / "fm"),
        *write_parcels(municipality, folder / "mat"),
    ]


def _write_config(municipality: Municipality, folder: Path) -> None:
    shutil.copytree(TEMPLATES / municipality.code, folder)
    write_links(municipality, folder)
    write_mappings(municipality, folder)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m demo.generate <folder>")
    generate(Path(sys.argv[1]))
