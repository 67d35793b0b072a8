"""Municipality 0994 and the whole country with every source there is: simulators, dropped files, configuration.

What the sources hold is made by the tests of each; here it only comes together.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from hashlib import md5
from pathlib import Path

from connectors.base import NATIONAL
from connectors.eloverblik.documents import danish_today
from demo.simulators import bbr, dalux, eloverblik, emodata, openmaint, statbank, stil
from demo.simulators.service import Answer, Asked, Reply, Service
from tests.connectors import fm_samples
from tests.connectors.datafordeleren import named, packed
from tests.connectors.drops import configure, drop
from tests.connectors.eloverblik_world import METERS
from tests.connectors.statistics_world import World as StatisticsWorld
from tests.connectors.test_bbr import BUILDING
from tests.connectors.test_fm_openmaint import USER_FIELDS as OPENMAINT_FIELDS
from tests.staging import test_bbr, test_fm_files, test_ledgers, test_power, test_statistics

CODE = test_ledgers.CODE
SHORT = CODE.lstrip("0")
KEY = "a-key-of-this-test"
# Files that no other test hands from a folder to staging.
MORE_FILES = {
    "ledger_opus/poster_2025-01.csv": (
        "document_no;line_no;account;psp_element;debit_credit;amount;posting_date;fiscal_year\n"
        "1;1;40000000;XG-1-1;Debet;100,50;02-01-2025;2025\n"
    ),
    "ledger_opus/psp.csv": "psp_element;name;function;property_no\nXG-1-1;Skolen;3.22.01;77\n",
    "ledger_prisme/poster_2025-01.csv": (
        "fiscal_year;period;voucher;line_no;posting_date;account;carrier;amount\n"
        "2025;1;7;1;15-01-2025;300012;T10;12,50-\n"
    ),
    "ledger_prisme/steder.csv": "carrier;name;property_no\nT10;Skolen;77\n",
    "energy/maalere.csv": "meter_no;carrier;unit;property_no\nM1;el;kWh;77\n",
    "energy/forbrug_2025-01.csv": "meter_no;period;quantity;unit\nM1;01-2025;1.234,5;kWh\n",
    "enrolment/elever.csv": "institution_no;institution_name;count_date;pupils\n999001;Prøveskolen;05-09-2025;400\n",
    "enrolment/boern.csv": "institution_no;institution_name;count_date;children\n999101;Børnehuset;01-10-2025;60\n",
}
MORE_STREAMS = {
    "ledger_opus": {"postings": {"files": "poster_*.csv"}, "psp_elements": {"files": "psp.csv"}},
    "ledger_prisme": {"postings": {"files": "poster_*.csv"}, "cost_centres": {"files": "steder.csv"}},
    "energy": {"meters": {"files": "maalere.csv"}, "readings": {"files": "forbrug_*.csv"}},
    "enrolment": {"pupils": {"files": "elever.csv"}, "children": {"files": "boern.csv"}},
}
# Tables that differ from place to place; those that are the same for all come with the country. The finest has to be
# named.
TABLES = ["folk1a", "regk31", "regk100", "budk32", "nglk"]


class Counted:
    """A simulator that counts what it is asked."""

    def __init__(self, answer: Answer) -> None:
        self.answer, self.calls = answer, 0

    def __call__(self, asked: Asked) -> Reply:
        self.calls += 1
        return self.answer(asked)


def write_configuration(config: Path) -> None:
    """Both `sources.yml`, and every file of the folders they name."""
    folder = config / "municipalities" / CODE
    files = {**test_ledgers.FILES, **MORE_FILES}
    files |= {"ek109/By-EK109-20260302T041500.csv": test_power.HEAT}
    _drop_all(folder, files)
    streams = {
        name: {**test_ledgers.SECTIONS.get(name, {}), **MORE_STREAMS.get(name, {})}
        for name in test_ledgers.SECTIONS | MORE_STREAMS
    }
    streams["fm_files"] = test_fm_files.deliver(folder / "fm_files")
    streams["ek109"] = {"readings": {"files": "*EK109*.csv"}}
    first_year = danish_today().year - 1
    configure(
        config, CODE,
        **{name: {"connection": "bbr"} for name in ("bbr", "dar", "mat")},
        **{name: {"folder": name, "streams": given} for name, given in streams.items()},
        fm_dalux={"connection": "dalux", "user_fields": fm_samples.USER_FIELDS},
        fm_openmaint={"connection": "openmaint", "user_fields": OPENMAINT_FIELDS},
        eloverblik={"connection": "eloverblik", "first_year": first_year, "aggregation": "Day"},
        emodata={"connection": "emodata"},
        statbank={"connection": "statbank", "only": TABLES},
        stil={"connection": "stil", "name_in_source": "Prøvekøbing"},
    )  # fmt: skip
    _write_national(config)


def _write_national(config: Path) -> None:
    factors = {name.rpartition("_")[0]: f"{name.rpartition('_')[0]}_*" for name in test_statistics.FACTORS}
    folder = configure(
        config, NATIONAL,
        statbank={"connection": "statbank", "folder": "statbank", "files": {"municipality_groups": "groups.csv"}},
        stil={"folder": "stil", "files": {"institutions": "register.csv"}},
        factors={"folder": "factors", "files": factors},
    )  # fmt: skip
    files = {f"factors/{name}": text for name, text in test_statistics.FACTORS.items()}
    files |= {"stil/register.csv": test_statistics.REGISTER, "statbank/groups.csv": test_statistics.GROUPS}
    _drop_all(folder, files)


def _drop_all(folder: Path, files: dict[str, str]) -> None:
    for age, (name, text) in enumerate(files.items()):
        path = folder / name
        drop(path.parent, path.name, text, age=age, encoding="cp1252" if name.endswith(".txt") else "utf-8")


@contextmanager
def serving(folder: Path) -> Iterator[tuple[dict[str, Counted], dict[str, str]]]:
    """Every simulator by its connection, and the environment that leads to them."""
    answers = {name: Counted(answer) for name, answer in _answers(folder).items()}
    with ExitStack() as stack:
        environment = {}
        for name, answer in answers.items():
            service = stack.enter_context(Service(answer))
            stored = {"conn_type": "http", "host": service.address + BASES[name], "password": KEY, **LOGINS[name]}
            environment[f"AIRFLOW_CONN_{name.upper()}"] = json.dumps(stored)
        yield answers, environment


LOGINS: dict[str, dict[str, str]] = {
    "bbr": {},
    "dalux": {"password": fm_samples.KEY},
    "openmaint": {"login": "reader", "password": "openmaint-key"},
    "eloverblik": {},
    "emodata": {"login": "kommune"},
    "statbank": {},
    "stil": {},
}
BASES = {
    "bbr": bbr.BASE, "dalux": dalux.BASE, "openmaint": openmaint.BASE, "eloverblik": eloverblik.CUSTOMER,
    "emodata": emodata.BASE, "statbank": statbank.BASE, "stil": stil.BASE,
}  # fmt: skip


def _answers(folder: Path) -> dict[str, Answer]:
    return {
        "bbr": bbr.BbrDownloads(_write_downloads(folder / "bbr"), KEY, throttle_every=0),
        "dalux": dalux.DaluxTenant.of(fm_samples.tenant()),
        "openmaint": openmaint.OpenMaint(fm_samples.installation()),
        "eloverblik": eloverblik.Eloverblik(KEY, METERS, danish_today()),
        "emodata": emodata.EnergyLabels({SHORT: test_power.LABELS}, "kommune", KEY),
        "statbank": statbank.StatBank(_write_tables(folder / "statbank"), throttle_every=0),
        "stil": stil.EducationStatistics(test_statistics.SCHOOLS, KEY),
    }


def _write_downloads(folder: Path) -> Path:
    """The files of the three registers and their catalogue."""
    made = {name.replace(test_bbr.ADDRESSES, CODE): text for name, text in test_bbr.FILES.items()}
    plain = f"id_lokalId,kommunekode,status\n{BUILDING},{SHORT},6\n"
    made |= {named(entity.path, 688, code=CODE): plain for entity in test_bbr.ENTITY.values()}
    building = test_bbr.CSV.replace(f",{int(test_bbr.WAYS['csv'])},", f",{SHORT},")
    made[named("Bygning", 688, code=CODE)] = building
    folder.mkdir(parents=True)
    catalogue = []
    for name, text in made.items():
        content = packed(text)
        (folder / name).write_bytes(content)
        catalogue.append(
            {"fileName": name, "md5Hash": md5(content).hexdigest(), "register": name.partition("_")[0],
             "expirationDate": "2099-12-31T23:00:00Z"}
        )  # fmt: skip
    (folder / "catalogue.json").write_text(json.dumps(catalogue), encoding="utf-8")
    return folder


def _write_tables(folder: Path) -> Path:
    """The small StatBank, with this municipality in the place of 0992 and the year of which every account has rows."""
    small = StatisticsWorld(folder)
    for table in ("REGK31", "BUDK32"):
        small.tables[table]["values"]["Tid"] = {"2024": "2024"}
    small.write()
    for file in folder.glob("*.json"):
        file.write_text(file.read_text(encoding="utf-8").replace("992", SHORT), encoding="utf-8")
    return folder
