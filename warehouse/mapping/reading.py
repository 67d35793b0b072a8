"""Read a filled-in workbook back: every fault with sheet, row and column, and nothing written if there is one."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import python_calamine

from connectors.workbooks import write_plain
from register.account_rules import AccountRule, group_rules, read_rule, refuse_unmatched
from register.mapping_file import MappingRow
from register.schema import RegisterError
from warehouse.mapping.errors import MappingError, WorkbookError
from warehouse.mapping.rules import Mapping, content_sha256, read_rows, rules_csv
from warehouse.mapping.sheets import (
    ABOUT,
    ACCOUNTS,
    FILLED_COLUMNS,
    FORM,
    GIVEN_COLUMNS,
    LOST_WITHOUT_CATEGORY,
    RULE_COLUMNS,
    RULES,
    category_code,
)

# Rows of the sheet of accounts are numbered from here, so that a message about two rows can tell their sheets.
ACCOUNTS_FROM = 10_000_000
# What takes the place of a field that is wrong, so that the next fault of the same row is found too.
HARMLESS = {"priority": "1", "cost_category": "C_IKKE"}


@dataclass(frozen=True)
class Imported:
    """What came out of a workbook: rules in all, those from the sheet of accounts, and whether the file changed."""

    path: Path
    rules: int
    new_rules: int
    changed: bool


@dataclass(frozen=True)
class _Sheet:
    """A sheet as text: heading -> place, and rows with their numbers in the workbook."""

    name: str
    places: dict[str, int]
    rows: list[tuple[int, list[str]]]

    def values(self, row: list[str], columns: dict[str, str]) -> dict[str, str]:
        """Fields of a row by the names of account_rules.csv."""
        return {field: row[self.places[heading]] for field, heading in columns.items()}


def import_workbook(mapping: Mapping, path: Path, *, force: bool = False) -> Imported:
    """Write a municipality's account_rules.csv from a workbook made by `write_template`.

    Args:
        mapping: The municipality's rules today.
        path: The filled-in workbook.
        force: Write it even if account_rules.csv has changed since the workbook was made.

    Raises:
        WorkbookError: the workbook has faults; nothing is written.
        MappingError: it is no such workbook, or account_rules.csv has changed meanwhile; nothing is written.
    """
    book = _open(path)
    _check_about(book, mapping, path, force=force)
    rules_sheet = _sheet(book, RULES, RULE_COLUMNS, path)
    accounts_sheet = _sheet(book, ACCOUNTS, GIVEN_COLUMNS | FILLED_COLUMNS, path)
    faults: list[tuple[int, str]] = []
    rows = [MappingRow(RULES, number, values) for number, values in _rules(rules_sheet)]
    new_rows = [MappingRow(ACCOUNTS, number, values) for number, values in _new_rules(accounts_sheet, faults)]
    _check(mapping, [*rows, *new_rows], faults)
    if faults:
        raise WorkbookError([sentence for _, sentence in sorted(faults)])
    heading, before = read_rows(mapping.path)
    after = [row.values for row in (*rows, *new_rows)]
    changed = [_told(row) for row in before] != [_told(row) for row in after]
    if changed:
        _write(mapping.path, rules_csv(heading, after))
    return Imported(mapping.path, len(rows) + len(new_rows), len(new_rows), changed)


def _told(row: dict[str, str]) -> dict[str, str]:
    return {field: value for field, value in row.items() if value}


def _open(path: Path) -> python_calamine.CalamineWorkbook:
    if not path.is_file():
        raise MappingError(f"file {path.name} is not there: give the path of the filled-in workbook.")
    try:
        return python_calamine.load_workbook(path)
    except python_calamine.PasswordError:
        raise MappingError(f"file {path.name} asks for a password: save it without one.") from None
    except python_calamine.CalamineError:
        raise MappingError(f"file {path.name} is not a workbook that can be read: save it as xlsx.") from None


def _check_about(book: python_calamine.CalamineWorkbook, mapping: Mapping, path: Path, *, force: bool) -> None:
    about: dict[str, str] = {}
    if ABOUT in book.sheet_names:
        cells = book.get_sheet_by_name(ABOUT).to_python(skip_empty_area=False)
        about = {write_plain(row[0]): write_plain(row[1]) for row in cells if len(row) > 1}
    make = f"make one with `ejendomstal mapping template {mapping.code} --output FILE.xlsx`"
    if about.get("form") != FORM:
        raise MappingError(f"file {path.name} is no workbook of this mapping: {make}.")
    if about.get("municipality_code") != mapping.code:
        raise MappingError(f"file {path.name} is the workbook of another municipality: {make}.")
    if about.get("rules") != content_sha256(mapping.path) and not force:
        raise MappingError(
            f"{mapping.path.name} has changed since {path.name} was made: {make} and fill that in, or add --force to "
            "let the workbook win."
        )


def _sheet(book: python_calamine.CalamineWorkbook, name: str, columns: dict[str, str], path: Path) -> _Sheet:
    if name not in book.sheet_names:
        raise MappingError(f"file {path.name} has no sheet {name}: take it from a new template.")
    cells = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    texts = [[write_plain(cell).strip() for cell in row] for row in cells]
    heading = texts[0] if texts else []
    missing = [column for column in columns.values() if heading.count(column) != 1]
    if missing:
        raise WorkbookError([f"sheet {name}, row 1: needs each of the columns {', '.join(missing)} once; "
                             "put the heading back as it was."])  # fmt: skip
    places = {column: heading.index(column) for column in columns.values()}
    return _Sheet(name, places, list(enumerate(texts[1:], start=2)))


def _rules(sheet: _Sheet) -> Iterator[tuple[int, dict[str, str]]]:
    for number, row in sheet.rows:
        values = sheet.values(row, RULE_COLUMNS)
        if any(values.values()):
            yield number, _typed(values)


def _new_rules(sheet: _Sheet, faults: list[tuple[int, str]]) -> Iterator[tuple[int, dict[str, str]]]:
    for number, row in sheet.rows:
        values = sheet.values(row, GIVEN_COLUMNS | FILLED_COLUMNS)
        if not values["cost_category"]:
            lost = [FILLED_COLUMNS[field] for field in LOST_WITHOUT_CATEGORY if values[field]]
            if lost:
                faults.append((ACCOUNTS_FROM + number, f"sheet {ACCOUNTS}, row {number}, column "
                               f"{FILLED_COLUMNS['cost_category']}: is empty beside {', '.join(lost)}; "
                               "choose a category, or empty them."))  # fmt: skip
            continue
        if not values["account"]:
            faults.append((ACCOUNTS_FROM + number, f"sheet {ACCOUNTS}, row {number}, column "
                           f"{GIVEN_COLUMNS['account']}: is empty; write the account, or use sheet {RULES} for a "
                           "rule without one."))  # fmt: skip
            continue
        yield ACCOUNTS_FROM + number, dict.fromkeys(RULE_COLUMNS, "") | _typed(values)


def _typed(values: dict[str, str]) -> dict[str, str]:
    """Values as account_rules.csv has them: the code of a category, a decimal point."""
    typed = dict(values)
    typed["cost_category"] = category_code(values["cost_category"])
    if re.fullmatch(r"[0-9]+,[0-9]+", values.get("share", "")):
        typed["share"] = values["share"].replace(",", ".")
    return typed


def _check(mapping: Mapping, rows: list[MappingRow], faults: list[tuple[int, str]]) -> None:
    """Collect the faults of each row by itself, then those of rows that do not fit together."""
    good: list[AccountRule] = []
    broken: set[tuple[str, ...]] = set()
    for row in rows:
        rule, sentences = _check_row(mapping, row)
        if rule is None:
            broken.add(_patterns(row))
            faults.extend((row.number, sentence) for sentence in sentences)
        else:
            good.append(rule)
    keys = {row.number: _patterns(row) for row in rows}
    # A row that is wrong may be the missing share of its rule: the rest of that rule is looked at when it is right.
    good = [rule for rule in good if keys[rule.rule_no] not in broken]
    while True:
        try:
            group_rules(good, "")
        except RegisterError as error:
            number = error.row or 0
            faults.append((number, _sentence(error, number)))
            good = [rule for rule in good if keys[rule.rule_no] != keys[number]]
        else:
            return


def _patterns(row: MappingRow) -> tuple[str, ...]:
    fields = ("priority", "account", "function", "dranst", "ownership", "grouping", "art", "psp", "cost_centre",
              "profit_centre", "project", "department", "carrier", "purpose")  # fmt: skip
    return tuple(row.values[field] or "*" for field in fields)


def _check_row(mapping: Mapping, row: MappingRow) -> tuple[AccountRule | None, list[str]]:
    """The rule of a row, or every fault of it: a wrong field is made harmless, so that the next one is found."""
    keys = {key.split_key for key in mapping.split_keys}
    sentences = []
    values = dict(row.values)
    rule = None
    for _ in RULE_COLUMNS:
        try:
            read = MappingRow(row.file, row.number, values)
            rule = read_rule(read, mapping.categories, mapping.uses, keys)
            refuse_unmatched(read, rule.cost_category)
        except RegisterError as error:
            sentences.append(_sentence(error, row.number))
            field = error.field or "note"
            values[field] = HARMLESS.get(field, "")
        else:
            break
    return (None, sentences) if sentences else (rule, [])


def _sentence(error: RegisterError, number: int) -> str:
    """The message of a fault, with the place as the workbook calls it."""
    problem = re.sub(r"row (\d+)", lambda found: _row(int(found[1])), error.problem)
    return f"{_place(number, error.field)}: {problem}; {error.advice}."


def _place(number: int, field: str | None) -> str:
    return _row(number) + (f", column {RULE_COLUMNS[field]}" if field in RULE_COLUMNS else "")


def _row(number: int) -> str:
    if number >= ACCOUNTS_FROM:
        return f"sheet {ACCOUNTS}, row {number - ACCOUNTS_FROM}"
    return f"sheet {RULES}, row {number}"


def _write(path: Path, text: str) -> None:
    """Whole or not at all: a file beside it takes its place."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        beside.write_text(text, encoding="utf-8", newline="")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
