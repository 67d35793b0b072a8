"""What the workbook of a mapping looks like: its sheets and their columns, for the writer and the reader alike."""

from __future__ import annotations

from register.account_rules import RULE_HEADING
from register.cost_categories import rule_categories
from register.read import Register
from warehouse.mapping.errors import MappingError

GUIDE, ACCOUNTS, RULES, CATEGORIES, ABOUT = "Vejledning", "Konti", "Regler", "Kategorier", "_skabelon"
# Raised when a workbook of before could no longer be read.
FORM = "1"

# Field of account_rules.csv -> what the sheet of rules calls it.
RULE_COLUMNS = {
    "priority": "Prioritet",
    "account": "Konto",
    "function": "Funktion",
    "dranst": "Dranst",
    "ownership": "Ejerforhold",
    "grouping": "Gruppering",
    "art": "Art",
    "psp": "PSP-element",
    "cost_centre": "Omkostningssted",
    "profit_centre": "Profitcenter",
    "project": "Projekt",
    "department": "Afdeling",
    "carrier": "Bærer",
    "purpose": "Formål",
    "cost_category": "Kategori",
    "property_no": "Ejendomsnr.",
    "share": "Andel",
    "split": "Fordeling",
    "split_uses": "Fordeles på",
    "tags": "Mærker",
    "valid_from": "Gyldig fra",
    "valid_to": "Gyldig til",
    "note": "Note",
}
# Fields that a row of the sheet of accounts gives its rule: what stands there, and what a person fills in.
GIVEN_COLUMNS = {name: RULE_COLUMNS[name] for name in ("account", "dranst")}
FILLED_COLUMNS = {
    name: RULE_COLUMNS[name] for name in ("cost_category", "function", "priority", "valid_from", "valid_to", "note")
}
# Filled in without a category they would be lost without a word.
LOST_WITHOUT_CATEGORY = ("function", "valid_from", "valid_to", "note")

INSTRUCTIONS = (
    "Kortlægning af konti for {name} ({code})",
    "",
    "Arket Konti har en linje for hver konto og dranst, det største uden regel øverst. Beløb er kroner; udgift er "
    "positiv og indtægt negativ.",
    "1. Vælg en kategori i den gule kolonne Kategori. Arket Kategorier siger, hvad de dækker. Forslag er gættet ud fra "
    "kontoens tekst: se efter, om det passer.",
    "2. Det, der ikke er en ejendomsudgift, får kategorien C_IKKE. En linje uden kategori ændrer intet.",
    "3. Skal reglen kun gælde én funktion, så skriv den med fem cifre i kolonnen Funktion, for eksempel 02510. "
    "Kopiér linjen, hvis kontoen er noget forskelligt på forskellige funktioner; Forslag nævner da, hvad der er hvad.",
    "4. Gyldig fra og Gyldig til er årstal, begge med. Tomt betyder alle år.",
    "5. Passer to regler på den samme postering, vinder den med det laveste tal i Prioritet.",
    "",
    "Arket Regler er reglerne, som de er. De kan rettes, slettes og tilføjes her. * står for hvad som helst, og et "
    "tomt felt passer på alt: 45* er alle konti, der begynder med 45.",
    "Andel, Fordeling og Ejendomsnr. deler en udgift eller lægger den på en ejendom. Linjer med samme prioritet og "
    "mønstre er én regel, og deres andele skal give 1. Fordeling er {splits}. Mærker: {tags}.",
    "",
    "Gem filen som xlsx, og læs den ind:",
    "ejendomstal mapping import {code} FIL.xlsx",
    "Er noget forkert, nævnes hver fejl med ark, række og kolonne, og intet bliver skrevet.",
)


def category_label(code: str, register: Register) -> str:
    """A category as the drop-down list shows it; the code is its first word."""
    return f"{code} {register.measures[code].name_da}"


def category_labels(register: Register) -> list[str]:
    """Every category that a rule may give, as the drop-down list shows them."""
    return [category_label(code, register) for code in rule_categories(register.measures)]


def category_code(label: str) -> str:
    """Code of what was chosen or typed."""
    return label.split(" ", 1)[0]


if set(RULE_COLUMNS) != set(RULE_HEADING):
    raise MappingError("the sheet of rules and account_rules.csv have different columns: add the new one to both.")
