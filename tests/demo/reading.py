"""Reads the generated files in the plainest way, sharing nothing with the code that wrote them or that lands them."""

from __future__ import annotations

import csv
import io
import zipfile
from decimal import Decimal
from fnmatch import fnmatchcase
from pathlib import Path

OPUS = {"0991": ("posteringer_????-??.csv", "Debet/kredit", "Beløb"), "0993": ("OPUS_??????.csv", "D/K", "Beløb i DKK")}

PATTERNS = ("account", "function", "psp", "cost_centre", "dranst")


def rows_of(path: Path, encoding: str = "utf-8-sig", delimiter: str = ";") -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def danish_number(text: str) -> Decimal:
    number = Decimal(text.rstrip("-").replace(".", "").replace(",", "."))
    return -number if text.endswith("-") else number


def opus_postings(sources: Path, code: str) -> list[tuple[dict[str, str], Decimal]]:
    pattern, sign, amount = OPUS[code]
    found = []
    for path in sorted((sources / code / "ledger").glob(pattern)):
        for row in rows_of(path, "cp1252"):
            if row[amount] is not None:
                value = danish_number(row[amount])
                found.append((row, -value if row[sign].startswith("K") else value))
    return found


def prisme_postings(sources: Path) -> list[tuple[dict[str, str], Decimal]]:
    paths = sorted((sources / "0992" / "ledger").glob("finansposter_????_??.csv"))
    return [(row, danish_number(row["Beløb"])) for path in paths for row in rows_of(path)]


def bbr_rows(sources: Path, entity: str, code: str) -> list[dict[str, str]]:
    path = sources / "bbr" / f"BBR_V3_{entity}_{code}_TotalDownload_csv_Current_688.zip"
    with zipfile.ZipFile(path) as archive:
        (name,) = archive.namelist()
        text = archive.read(name).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def rule_of(rules: list[dict[str, str]], year: int, **posting: str) -> dict[str, str] | None:
    """The rule of account_rules.csv that counts: the lowest priority that fits, the first of its rows."""
    fitting = [
        rule
        for rule in rules
        if all(fnmatchcase(posting.get(name, ""), rule[name] or "*") for name in PATTERNS)
        and int(rule["valid_from"] or 0) <= year <= int(rule["valid_to"] or 9999)
    ]
    return min(fitting, key=lambda rule: int(rule["priority"])) if fitting else None


def category_of(rules: list[dict[str, str]], year: int, **posting: str) -> str:
    """The cost category by account_rules.csv; without a rule unmapped."""
    rule = rule_of(rules, year, **posting)
    return rule["cost_category"] if rule else "C_UMAPPED"
