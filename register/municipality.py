"""What a municipality maps and who may see it: account rules, split keys, links, periods, access; from its folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from connectors.base import NATIONAL
from register.access import Access, read_access
from register.account_rules import AccountRule, SplitKey, read_account_rules, read_split_keys
from register.cost_categories import rule_categories
from register.property_links import PropertyLink, PropertyPeriod, read_links, read_periods
from register.read import Register
from register.schema import RegisterError
from register.yaml_file import read_yaml


@dataclass(frozen=True)
class Municipality:
    """One configured municipality, its mapping, and who may see its properties."""

    code: str
    name: str
    rules: list[AccountRule]
    links: list[PropertyLink]
    split_keys: list[SplitKey]
    periods: list[PropertyPeriod]
    access: Access = field(default_factory=Access)


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
    """Read one municipality's name, rules, split keys, links, periods and access. A file may be absent."""
    code = folder.name
    if not (len(code) == 4 and code.isascii() and code.isdigit()):
        raise RegisterError(f"folder municipalities/{code}", "is not a municipality code", "use four digits: 0101")
    categories = rule_categories(register.measures)
    name = _read_name(folder / "sources.yml", code)
    rules_file, keys_file = (f"municipality {code}, file {file}" for file in ("account_rules.csv", "split_keys.csv"))
    uses = list(register.use_categories)
    split_keys = read_split_keys(folder / "split_keys.csv", keys_file)
    rules = read_account_rules(folder / "account_rules.csv", rules_file, categories, uses, split_keys)
    periods, access = read_periods(folder, uses), read_access(folder)
    return Municipality(code, name, rules, read_links(folder), split_keys, periods, access)


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
