"""What a municipality maps: account rules, split keys and property links, from its folder of the configuration."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from connectors.base import NATIONAL
from register.account_rules import AccountRule, SplitKey, check_shares, read_account_rules, read_share, read_split_keys
from register.cost_categories import rule_categories
from register.mapping_file import MappingRow, read_mapping
from register.read import Register
from register.schema import RegisterError
from register.yaml_file import read_yaml

FILES = ("account_rules.csv", "split_keys.csv", "property_links.csv")
LINK_HEADING = ("link_type", "source_key", "property_no", "share", "valid_from", "valid_to", "note")
LINK_TYPES = ("psp", "cost_centre", "institution", "meter", "bbr_building")


@dataclass(frozen=True)
class PropertyLink:
    """One link: this share of what the source key carries belongs to the property."""

    link_no: int
    link_type: str
    source_key: str
    property_no: str
    share: Decimal
    valid_from: int
    valid_to: int
    note: str | None


@dataclass(frozen=True)
class Municipality:
    """One configured municipality and its mapping."""

    code: str
    name: str
    rules: list[AccountRule]
    links: list[PropertyLink]
    split_keys: list[SplitKey]


def read_municipalities(folder: Path, register: Register) -> list[Municipality]:
    """Read every municipality of the configuration, in the order of their codes; NATIONAL is none.

    Raises:
        RegisterError: a file is wrong; names municipality, file, row and field.
    """
    if not folder.is_dir():
        return []
    return [
        read_municipality(place, register)
        for place in sorted(folder.iterdir())
        if place.is_dir() and not place.name.startswith(".") and place.name != NATIONAL
    ]


def read_municipality(folder: Path, register: Register) -> Municipality:
    """Read one municipality's name, rules, split keys and links. Mapping files may be absent: then it maps nothing."""
    code = folder.name
    if not (len(code) == 4 and code.isascii() and code.isdigit()):
        raise RegisterError(f"folder municipalities/{code}", "is not a municipality code", "use four digits: 0101")
    categories = rule_categories(register.measures)
    name = _read_name(folder / "sources.yml", code)
    rules_file, keys_file, links_file = (f"municipality {code}, file {file}" for file in FILES)
    split_keys = read_split_keys(folder / "split_keys.csv", keys_file)
    rules = read_account_rules(
        folder / "account_rules.csv", rules_file, categories, list(register.use_categories), split_keys
    )
    links = [_link(row) for row in read_mapping(folder / "property_links.csv", links_file, LINK_HEADING)]
    _check_shares(links, links_file)
    return Municipality(code, name, rules, links, split_keys)


def _read_name(path: Path, code: str) -> str:
    label = f"municipality {code}, file sources.yml"
    if not path.is_file():
        raise RegisterError(label, "is missing", "write it: it says what the municipality delivers")
    # The sources in it are checked where they are used; here it is who the municipality is.
    declared: dict[str, Any] = read_yaml(path, label, dict[str, Any])
    if declared.get("municipality_code") != code:
        raise RegisterError(label, "is not the folder's code", f'write "{code}"', field="municipality_code")
    name = declared.get("name")
    if not isinstance(name, str) or not name.strip():
        raise RegisterError(label, "is missing", "write the municipality's name", field="name")
    return name.strip()


def _link(row: MappingRow) -> PropertyLink:
    link_type = row.text("link_type")
    if link_type not in LINK_TYPES:
        raise row.error("link_type", "is not a link type", f"use one of {', '.join(LINK_TYPES)}")
    first, last = row.years()
    return PropertyLink(
        link_no=row.number,
        link_type=link_type,
        source_key=row.text("source_key"),
        property_no=row.text("property_no"),
        share=read_share(row),
        valid_from=first,
        valid_to=last,
        note=row.values["note"] or None,
    )


def _check_shares(links: list[PropertyLink], label: str) -> None:
    by_key: dict[tuple[str, str], list[PropertyLink]] = defaultdict(list)
    for link in links:
        by_key[link.link_type, link.source_key].append(link)
    for group in by_key.values():
        check_shares(group, label, [link.link_no for link in group], "this key")
