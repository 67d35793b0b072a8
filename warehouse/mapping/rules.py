"""Which rules the workbench looks at: those of the municipality's folder, or of a file somebody proposes."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping as Values
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from register.account_rules import RULE_HEADING, AccountRule, SplitKey, read_account_rules, read_split_keys
from register.cost_categories import rule_categories
from register.mapping_file import LAST_YEAR
from register.read import Register, read_register
from warehouse.mapping.errors import MappingError
from warehouse.settings import Settings

RULES_FILE = "account_rules.csv"
KEYS_FILE = "split_keys.csv"
# Columns of a file that is begun.
BEGINNING = ("priority", "account", "function", "dranst", "cost_category", "valid_from", "valid_to", "note")


@dataclass(frozen=True)
class Mapping:
    """One municipality's rules and what they may name."""

    code: str
    folder: Path
    register: Register
    rules: list[AccountRule]
    split_keys: list[SplitKey]

    @property
    def path(self) -> Path:
        """The municipality's account_rules.csv, which need not be there."""
        return self.folder / RULES_FILE

    @property
    def categories(self) -> list[str]:
        """Cost categories that a rule may give."""
        return rule_categories(self.register.measures)

    @property
    def uses(self) -> list[str]:
        """Use categories that a split may be restricted to."""
        return list(self.register.use_categories)


def read_rules(settings: Settings, code: str) -> Mapping:
    """Rules of a configured municipality.

    Raises:
        MappingError: the municipality has no folder.
        RegisterError: a file is wrong.
    """
    folder = settings.municipalities / code
    if not folder.is_dir():
        raise MappingError(
            f"municipality {code} is not configured: begin with `ejendomstal new-municipality {code} --name <name>`."
        )
    register = read_register()
    split_keys = read_split_keys(folder / KEYS_FILE, f"municipality {code}, file {KEYS_FILE}")
    rules = read_account_rules(
        folder / RULES_FILE,
        f"municipality {code}, file {RULES_FILE}",
        rule_categories(register.measures),
        list(register.use_categories),
        split_keys,
    )
    return Mapping(code, folder, register, rules, split_keys)


def read_proposal(mapping: Mapping, path: Path) -> list[AccountRule]:
    """Rules of a file that is to take the place of account_rules.csv.

    Raises:
        MappingError: there is no such file.
        RegisterError: the file is wrong.
    """
    if not path.is_file():
        raise MappingError(f"file {path.name} is not there: give the path of a proposed {RULES_FILE}.")
    return read_account_rules(path, f"file {path.name}", mapping.categories, mapping.uses, mapping.split_keys)


def content_sha256(path: Path) -> str:
    """Hash of a file; of nothing where there is no file."""
    return hashlib.sha256(path.read_bytes() if path.is_file() else b"").hexdigest()


def read_rows(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """Heading and rows of an account_rules.csv that is known to be right; nothing where there is none."""
    if not path.is_file():
        return [], []
    reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
    heading = [name.strip() for name in reader.fieldnames or []]
    rows = [{str(name).strip(): (value or "").strip() for name, value in row.items()} for row in reader]
    return heading, [row for row in rows if any(row.values())]


def rules_csv(heading: Sequence[str], rows: Sequence[Values[str, str]]) -> str:
    """An account_rules.csv: the columns it had, in their order, and after them those that its rows now need."""
    begun = () if heading else BEGINNING
    needed = [name for name in RULE_HEADING if name in begun or any(row.get(name) for row in rows)]
    names = [*heading, *(name for name in needed if name not in heading)]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, names, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def describe_outcome(rule: AccountRule) -> str:
    """What a row does with its share of the postings: category, share, property or split, tags."""
    parts = [rule.cost_category]
    if rule.share != 1:
        parts.append(f"{(rule.share * 100).normalize():f} %")
    if rule.property_no:
        parts.append(f"on property {rule.property_no}")
    if rule.split:
        parts.append(f"by {rule.split}" + (f" over {' '.join(rule.split_uses)}" if rule.split_uses else ""))
    if rule.tags:
        parts.append(f"[{' '.join(rule.tags)}]")
    return " ".join(parts)


def describe_years(first: int, last: int) -> str:
    """Years of validity as a person says them; open ends are left out."""
    if first <= 0 and last >= LAST_YEAR:
        return "all years"
    if first <= 0:
        return f"to {last}"
    if last >= LAST_YEAR:
        return f"from {first}"
    return str(first) if first == last else f"{first}-{last}"
