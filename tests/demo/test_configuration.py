"""The committed configuration of the fictional municipalities is one that the project itself can read."""

from pathlib import Path

import pytest

from connectors.base import Stream, registered
from connectors.configuration import configured_sources, file_profile, load_municipality
from connectors.errors import Place
from demo.accounts import accounts_for
from demo.charges import JOINT
from demo.generate import make_world
from demo.measured.costs import BY_KEY, SPLITS
from demo.model import YEARS
from demo.names import FM_USES
from demo.tasks import unit_key
from demo.truth import Truth
from register.municipality import read_municipalities
from register.read import read_register
from tests.demo.reading import rows_of, rule_of
from warehouse.settings import Settings

CODES = ("0991", "0992", "0993")
COMMON = {"bbr", "statbank", "enrolment", "energy", "fm_files"}
FURTHER = {
    "0000": {"factors", "statbank"},
    "0991": {*COMMON, "ledger_opus", "mat"},
    "0992": {*COMMON, "ledger_prisme", "fm_dalux", "emodata"},
    "0993": {*COMMON, "ledger_opus"},
}


@pytest.fixture
def settings(world: tuple[Path, Truth]) -> Settings:
    return Settings(home=world[0] / "home", config=world[0] / "config")


def test_each_municipality_has_all_its_sources(settings: Settings) -> None:
    pairs = set(configured_sources(settings))

    for code, sources in FURTHER.items():
        assert {source for source, municipality in pairs if municipality == code} == sources


@pytest.mark.parametrize("code", FURTHER)
def test_every_file_profile_is_valid_and_each_heading_of_the_files_is_mapped(code: str, settings: Settings) -> None:
    municipality = load_municipality(settings, code)
    for name, section in municipality.sections.items():
        for stream in (*section.streams, *section.files):
            profile = file_profile(registered()[name], stream, section, Place(name, stream, code))
            assert profile is not None
            assert section.folder is not None
            file = sorted((municipality.folder / section.folder).glob(profile.files))[0]
            heading = rows_of(file, profile.encoding, profile.delimiter)[0].keys()
            # Files of a national register keep its own headings, which its connector maps.
            known = profile.columns or _stream(name, stream).columns
            assert set(heading) <= {*known, *profile.drop}, (name, stream)
            assert profile.columns.keys() <= set(heading), (name, stream)


def _stream(source: str, name: str) -> Stream:
    return next(stream for stream in registered()[source].streams if stream.name == name)


def test_rules_and_links_pass_the_registers_checks(settings: Settings) -> None:
    read = read_municipalities(settings.config / "municipalities", read_register())

    assert len(read) == 3


def test_the_register_knows_every_spelling_of_a_use() -> None:
    known = {
        spelling.lower(): use
        for use, category in read_register().use_categories.items()
        for spelling in category.fm_uses
    }
    for spellings in FM_USES.values():
        assert {known[spelling.lower()]: use for use, spelling in spellings.items()} == {use: use for use in spellings}


@pytest.mark.parametrize("code", CODES)
def test_every_account_that_is_posted_on_leads_to_the_category_that_was_meant(
    code: str, world: tuple[Path, Truth]
) -> None:
    rules = rows_of(world[0] / "config" / "municipalities" / code / "account_rules.csv", "utf-8", ",")
    municipality = next(m for m in make_world(7, 1.0) if m.code == code)
    for charge in municipality.charges:
        unit = charge.unit
        key = {"psp": unit.key} if municipality.ledger == "opus" else {"cost_centre": unit.key}
        assert charge.year in YEARS
        for account in accounts_for(code, municipality.ledger, charge):
            fields = {"account": account, "function": unit.function, "dranst": unit.dranst, **key}
            rule = rule_of(rules, charge.year, **fields)
            assert (rule["cost_category"] if rule else "C_UMAPPED") == charge.category
            assert (rule["tags"] if rule else "") == charge.part
            # A rule names properties with their shares where neither a master nor a link does.
            tied = [
                (row["property_no"], row["share"]) for row in rules if row["property_no"] and row["psp"] == unit.key
            ]
            assert tied == (list(unit.shares) if unit.is_tied_by_rule else [])
            split = SPLITS.get((code, charge.category)) if unit.key == unit_key(municipality, JOINT) else None
            said = (rule["split"], tuple(rule["split_uses"].split())) if rule else ("", ())
            expected = ("forvaltning", ()) if split == BY_KEY else ("area", split)
            assert said == (("", ()) if split is None else expected)
