"""The committed configuration of the fictional municipalities is one that the project itself can read."""

from pathlib import Path

import pytest

from connectors.base import registered
from connectors.configuration import configured_sources, file_profile, load_municipality
from connectors.errors import Place
from demo.accounts import accounts_for
from demo.economy import add_economy
from demo.model import YEARS
from demo.names import FM_USES
from demo.truth import Truth
from demo.world import build_municipalities
from register.municipality import read_municipalities
from register.read import read_register
from tests.demo.reading import category_of, rows_of
from warehouse.settings import Settings

CODES = ("0991", "0992", "0993")
FM = {"0991": "fm_files", "0992": "fm_dalux", "0993": "fm_files"}
LEDGER = {"0991": "ledger_opus", "0992": "ledger_prisme", "0993": "ledger_opus"}


@pytest.fixture
def settings(world: tuple[Path, Truth]) -> Settings:
    return Settings(home=world[0] / "home", config=world[0] / "config")


def test_each_municipality_has_all_its_sources(settings: Settings) -> None:
    pairs = set(configured_sources(settings))

    for code in CODES:
        assert {source for source, municipality in pairs if municipality == code} == {
            *("bbr", "statbank", "enrolment", "energy"),
            FM[code],
            LEDGER[code],
        }


@pytest.mark.parametrize("code", CODES)
def test_every_file_profile_is_valid_and_each_heading_of_the_files_is_mapped(code: str, settings: Settings) -> None:
    municipality = load_municipality(settings, code)
    for name, section in municipality.sections.items():
        for stream in section.streams:
            profile = file_profile(registered()[name], stream, section, Place(name, stream, code))
            assert profile is not None
            assert section.folder is not None
            file = sorted((municipality.folder / section.folder).glob(profile.files))[0]
            heading = rows_of(file, profile.encoding, profile.delimiter)[0].keys()
            assert set(heading) == {*profile.columns, *profile.drop}, (name, stream)


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
    municipality = next(m for m in build_municipalities(7, 1.0) if m.code == code)
    add_economy(municipality, 7)
    for charge in municipality.charges:
        unit = charge.unit
        key = {"psp": unit.key} if municipality.ledger == "opus" else {"cost_centre": unit.key}
        assert charge.year in YEARS
        for account in accounts_for(code, municipality.ledger, unit, charge.category, charge.year):
            fields = {"account": account, "function": unit.function, "dranst": unit.dranst, **key}
            assert category_of(rules, charge.year, **fields) == charge.category
