"""Write the workbook in which a controller maps accounts: lists to choose from, with kroner by year beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import xlsxwriter
from psycopg.rows import class_row

from register.account_rules import MEASURED_KEYS, TAGS
from warehouse.mapping.keys import have_keys
from warehouse.mapping.matching import PRESENT, matched
from warehouse.mapping.rules import Mapping, content_sha256, read_rows
from warehouse.mapping.sheets import (
    ABOUT,
    ACCOUNTS,
    CATEGORIES,
    FILLED_COLUMNS,
    FORM,
    GUIDE,
    INSTRUCTIONS,
    RULE_COLUMNS,
    RULES,
    category_label,
    category_labels,
)
from warehouse.mapping.suggest import (
    Suggestion,
    UnmappedKey,
    highest_priority,
    next_priority,
    propose,
    unmapped_keys,
)
from warehouse.settings import Settings

# Rows below the last one in which the lists still drop down.
ROOM = 500
LEAST_PCT = 40
# What stands in a row beside its kroner by year.
BEFORE_YEARS = ("Konto", "Kontotekst", "Dranst", "Funktioner")
PROPOSAL_COLUMNS = ("Forslag", "Sikkerhed %", "Begrundelse")
AFTER_YEARS = ("Uden regel", "Kategori i dag", *PROPOSAL_COLUMNS)
# What a row says of functions that a proposal does not name, and of what has none.
OTHER_FUNCTIONS, NO_PROPOSAL = "øvrige", "intet"
WIDTHS = {"Konto": 14, "Kontotekst": 34, "Funktioner": 30, "Kategori": 34, "Kategori i dag": 24, "Forslag": 12,
          "Begrundelse": 44, "Note": 40}  # fmt: skip

ROWS = """
with told as (
    select p.*, w.group_no is null as is_unmapped, w.priority, r.cost_category
    from points p
    left join winners w on w.point_no = p.point_no and w.rule_set = %(rule_set)s
    left join rules r
        on r.rule_set = w.rule_set and r.group_no = w.group_no and p.year between r.valid_from and r.valid_to
    where p.is_in_scope
)

select t.account, n.name, t.dranst, array_agg(distinct t.function order by t.function) as functions,
    coalesce(array_agg(distinct t.cost_category order by t.cost_category) filter (where not t.is_unmapped), '{}')
        as categories,
    min(t.priority) as priority,
    coalesce(sum(t.turnover_dkk) filter (where t.is_unmapped), 0) as unmapped_turnover_dkk,
    coalesce(sum(t.amount_dkk) filter (where t.is_unmapped), 0) as unmapped_dkk,
    bool_or(t.is_unmapped) as is_unmapped
from told t
left join account_names n on n.account = t.account
group by t.account, n.name, t.dranst
order by 7 desc, sum(t.turnover_dkk) desc, 1, 3
"""
AMOUNTS = """
select account, dranst, year, sum(amount_dkk) from points where is_in_scope group by account, dranst, year
"""


@dataclass(frozen=True)
class AccountRow:
    """An account of one dranst, as its row shows it."""

    account: str
    name: str | None
    dranst: str
    functions: list[str]
    categories: list[str]
    priority: int | None
    unmapped_turnover_dkk: Decimal
    unmapped_dkk: Decimal
    is_unmapped: bool


@dataclass(frozen=True)
class Content:
    """What the sheet of accounts holds."""

    rows: list[AccountRow]
    years: list[int]
    amounts: dict[tuple[str, str, int], Decimal]
    unmapped: dict[tuple[str, str], list[UnmappedKey]]


def write_template(settings: Settings, mapping: Mapping, name: str, path: Path, *, refresh: bool = False) -> int:
    """Write the workbook of a municipality. Returns how many accounts are in it.

    Raises:
        MappingError: there are no postings to map.
    """
    keys = have_keys(settings, mapping.code, refresh=refresh)
    with matched(settings, keys, {PRESENT: mapping.rules}) as connection:
        content = _read(connection)
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        _Writer(book, mapping, name).write(content)
    return len(content.rows)


def _read(connection: psycopg.Connection) -> Content:
    with connection.cursor(row_factory=class_row(AccountRow)) as cursor:
        rows = cursor.execute(ROWS.encode(), {"rule_set": PRESENT}).fetchall()
    amounts = {
        (account, dranst, year): amount for account, dranst, year, amount in connection.execute(AMOUNTS).fetchall()
    }
    unmapped: dict[tuple[str, str], list[UnmappedKey]] = defaultdict(list)
    for key in unmapped_keys(connection):
        unmapped[key.account, key.dranst].append(key)
    return Content(rows, sorted({year for _, _, year in amounts}), amounts, unmapped)


def proposed_categories(found: Suggestion) -> str:
    """Categories proposed for one account, the largest first; with their functions or arts where these differ."""
    places: dict[str, list[str]] = defaultdict(list)
    for one in found.proposals:
        places[one.cost_category].append(one.function or (f"art {one.art}" if one.art else OTHER_FUNCTIONS))
    for key in found.left:
        places[NO_PROPOSAL].append(key.function_code)
    if len(places) == 1:
        return next(iter(places))
    return "; ".join(f"{category} på {', '.join(dict.fromkeys(told))}" for category, told in places.items())


class _Writer:
    """Writes the sheets of one workbook."""

    def __init__(self, book: xlsxwriter.Workbook, mapping: Mapping, name: str) -> None:
        self.book = book
        self.mapping = mapping
        self.name = name
        self.highest = highest_priority(mapping)
        self.splits = [*MEASURED_KEYS, *sorted({key.split_key for key in mapping.split_keys})]
        self.heading = book.add_format({"bold": True, "bg_color": "#D9E2EC", "text_wrap": True, "valign": "top"})
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.text = book.add_format({"num_format": "@"})
        self.fill_in = book.add_format({"num_format": "@", "bg_color": "#FFF6CC"})
        self.fill_in_heading = book.add_format({"bold": True, "bg_color": "#FFD966", "text_wrap": True})
        self.kroner = book.add_format({"num_format": "#,##0"})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})

    def write(self, content: Content) -> None:
        """Write every sheet, in the order in which a person reads them."""
        self._guide()
        self._accounts(content)
        self._rules()
        self._categories()
        about = self.book.add_worksheet(ABOUT)
        for row, pair in enumerate(
            (("form", FORM), ("municipality_code", self.mapping.code), ("rules", content_sha256(self.mapping.path)))
        ):
            about.write_row(row, 0, pair, self.text)
        about.very_hidden()

    def _guide(self) -> None:
        sheet = self.book.add_worksheet(GUIDE)
        sheet.set_column(0, 0, 110)
        values = {
            "name": self.name,
            "code": self.mapping.code,
            "splits": ", ".join(self.splits),
            "tags": ", ".join(TAGS),
        }
        for row, line in enumerate(INSTRUCTIONS):
            sheet.write_string(row, 0, line.format(**values), self.wrapped if row else self.title)

    def _accounts(self, content: Content) -> None:
        sheet = self.book.add_worksheet(ACCOUNTS)
        years = [str(year) for year in content.years]
        shown = [*BEFORE_YEARS, *years, *AFTER_YEARS]
        names = [*shown, *FILLED_COLUMNS.values()]
        self._head(sheet, names, {*FILLED_COLUMNS.values()})
        for number, row in enumerate(content.rows, start=1):
            self._row(sheet, number, [row.account, row.name, row.dranst, ", ".join(row.functions)])
            first = len(BEFORE_YEARS)
            for place, year in enumerate(content.years, start=first):
                sheet.write_number(
                    number, place, float(content.amounts.get((row.account, row.dranst, year), 0)), self.kroner
                )
            sheet.write_number(number, first + len(years), float(row.unmapped_dkk), self.kroner)
            told = self._proposed(content.unmapped.get((row.account, row.dranst), []))
            self._row(sheet, number, [", ".join(row.categories), *told], first + len(years) + 1)
            self._row(sheet, number, self._empty(row), len(shown), self.fill_in)
        self._lists(sheet, names, len(content.rows))
        sheet.autofilter(0, 0, max(len(content.rows), 1), len(names) - 1)

    def _empty(self, row: AccountRow) -> list[str]:
        """What stands in the columns to fill in: a priority that does what a person means."""
        # All that has no rule: after every rule. A new category for what has one: before the one that wins today.
        unmapped = row.is_unmapped or row.priority is None
        priority = next_priority(self.highest) if unmapped else max((row.priority or 0) - 1, 0)
        return [str(priority) if name == "priority" else "" for name in FILLED_COLUMNS]

    def _proposed(self, keys: Sequence[UnmappedKey]) -> list[str]:
        """What is proposed for an account of one dranst, how sure that is at the least, and why."""
        categories = self.mapping.register.cost_categories.cost_categories
        found = propose(keys, categories, self.highest, LEAST_PCT)
        if not found.proposals:
            return [""] * len(PROPOSAL_COLUMNS)
        reasons = dict.fromkeys(one.reason for one in found.proposals)
        least = min(one.confidence_pct for one in found.proposals)
        return [proposed_categories(found), f"{least}", "; ".join(reasons)]

    def _rules(self) -> None:
        sheet = self.book.add_worksheet(RULES)
        names = list(RULE_COLUMNS.values())
        self._head(sheet, names, set())
        _, rows = read_rows(self.mapping.path)
        for number, values in enumerate(rows, start=1):
            shown = dict(values)
            shown["cost_category"] = category_label(values["cost_category"], self.mapping.register)
            self._row(sheet, number, [shown.get(field, "") for field in RULE_COLUMNS], 0, self.text)
        for number in range(len(rows) + 1, len(rows) + 1 + ROOM):
            self._row(sheet, number, [""] * len(names), 0, self.text)
        self._lists(sheet, names, len(rows))

    def _categories(self) -> None:
        sheet = self.book.add_worksheet(CATEGORIES)
        names = ["Kategori", "Hvad den dækker", "Typiske konti", "NS 3454", "EN 15221", "Fordelinger"]
        self._head(sheet, names, set())
        sheet.set_column(1, 2, 60)
        declared = self.mapping.register.cost_categories
        by_code = {one.cost_category: one for one in declared.cost_categories}
        for number, code in enumerate(self.mapping.categories, start=1):
            category = by_code[code]
            items = "; ".join(item.text for item in declared.items_of(category))
            term = category.en15221.text if category.en15221 else ""
            definition = self.mapping.register.measures[code].definition
            label = category_label(code, self.mapping.register)
            self._row(sheet, number, [label, definition, category.typical_accounts, items, term], 0, self.wrapped)
        for number, split in enumerate(self.splits, start=1):
            sheet.write_string(number, len(names) - 1, split, self.text)

    def _head(self, sheet: Any, names: Sequence[str], marked: set[str]) -> None:
        for place, name in enumerate(names):
            sheet.write_string(0, place, name, self.fill_in_heading if name in marked else self.heading)
            sheet.set_column(place, place, WIDTHS.get(name, 13))
        sheet.freeze_panes(1, 0)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})

    def _row(self, sheet: Any, number: int, values: Sequence[str | None], first: int = 0, form: Any = None) -> None:
        for place, value in enumerate(values, start=first):
            if value:
                sheet.write_string(number, place, value, form or self.text)
            elif form is not None:
                sheet.write_blank(number, place, None, form)

    def _lists(self, sheet: Any, names: Sequence[str], rows: int) -> None:
        last = rows + ROOM
        labels = category_labels(self.mapping.register)
        place = names.index(RULE_COLUMNS["cost_category"])
        sheet.data_validation(1, place, last, place, {
            "validate": "list", "source": f"={CATEGORIES}!$A$2:$A${len(labels) + 1}", "error_title": "Ukendt kategori",
            "error_message": "Vælg en kategori på listen. Arket Kategorier siger, hvad de dækker.",
        })  # fmt: skip
        if RULE_COLUMNS["split"] in names:
            place = names.index(RULE_COLUMNS["split"])
            source = f"={CATEGORIES}!$F$2:$F${len(self.splits) + 1}"
            sheet.data_validation(1, place, last, place, {"validate": "list", "source": source})
        for field in ("valid_from", "valid_to"):
            place = names.index(RULE_COLUMNS[field])
            hint = {"input_title": RULE_COLUMNS[field], "input_message": "Et årstal, begge med. Tomt betyder åbent."}
            sheet.data_validation(1, place, last, place, {"validate": "any", **hint})
