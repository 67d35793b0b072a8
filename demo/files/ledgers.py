"""The two ledgers: KMD Opus (unsigned amounts, debit or credit) and Prisme (signed, the minus last)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from demo.accounts import PRISME_ARTS
from demo.files.written import Written, as_delimited, danish, write
from demo.model import CostUnit, Municipality
from demo.postings import Month, Posting

LINES_A_DOCUMENT = 4


@dataclass(frozen=True)
class OpusStyle:
    """How one municipality's Opus extract is set up."""

    file: str
    heading: tuple[str, ...]
    date: str
    other_date: str
    words: tuple[str, str]
    short_kroner: bool
    psp_file: str
    psp_heading: tuple[str, ...]
    end: str


_COMMON = ("PSP-element", "Profitcenter", "Ordre")
OPUS = {
    "0991": OpusStyle(
        file="posteringer_{year}-{month:02d}{mark}.csv",
        heading=(
            *("Bilagsnummer", "Position", "Artskonto", "Omkostningssted", *_COMMON, "Debet/kredit", "Beløb"),
            *("Bogføringsdato", "Bilagsdato", "Registreringsdato", "Regnskabsår", "Periode", "Bilagsart"),
            *("Tekst", "Leverandørnr."),
        ),
        date="{day:02d}-{month:02d}-{year}",
        other_date="{year}{month:02d}{day:02d}",
        words=("Debet", "Kredit"),
        short_kroner=True,
        psp_file="psp_stamdata.csv",
        psp_heading=("PSP-element", "Betegnelse", "Funktion", "Dranst", "Ejerforhold", "Gruppering", "Ejendomsnr."),
        end="\r\n",
    ),
    "0993": OpusStyle(
        file="OPUS_{year}{month:02d}{mark}.csv",
        heading=(
            *("Bilagsnr.", "Pos.", "Artskonto", "Omkostningssted", *_COMMON, "D/K", "Beløb i DKK"),
            *("Bogføringsdato", "Bilagsdato", "Registreringsdato", "År", "Periode", "Bilagsart"),
            *("Bilagstekst", "Leverandør"),
        ),
        date="{day:02d}.{month:02d}.{year}",
        other_date="{day:02d}.{month:02d}.{year}",
        words=("D", "K"),
        short_kroner=False,
        psp_file="PSP.csv",
        psp_heading=("PSP-element", "Navn", "Funktion", "Dranst", "Ejerforhold", "Gruppering", "Ejendom"),
        end="\n",
    ),
}
PRISME_FILE = "finansposter_{year}_{month:02d}{mark}.csv"
PRISME_HEADING = (
    *("Regnskabsår", "Periode", "Bilag", "Linje", "Posteringsdato", "Konto", "Funktion", "Dranst", "Ejerforhold"),
    *("Gruppering", "Art", "Afdeling", "Bærer", "Formål", "Beløb", "Posteringstype"),
)
# Planted: see the list in demo/defects.py.
TWO_DATE_FORMATS: tuple[str, Month] = ("0991", (2024, 3))
CONTROL_OFF: dict[str, Month] = {"0991": (2024, 8), "0992": (2023, 10)}
SENT_AGAIN: dict[str, Month] = {"0991": (2024, 5), "0992": (2025, 2)}
TOO_FEW_FIELDS: tuple[str, Month] = ("0993", (2024, 11))
TEXTS = ("Faktura", "Månedsafregning", "Aconto; rettet", "Refusion til Prøve Testperson (fiktiv)")


def write_ledger(municipality: Municipality, months: dict[Month, list[Posting]], folder: Path) -> list[Written]:
    """One posting file and control file per month, and the master of PSP elements or carriers."""
    is_opus = municipality.ledger == "opus"
    source = "ledger_opus" if is_opus else "ledger_prisme"
    postings = Written(source, "postings", municipality.code)
    number = int(municipality.code) * 1_000_000
    for month, lines in months.items():
        broken = (municipality.code, month) == TOO_FEW_FIELDS
        text = (_opus_file if is_opus else _prisme_file)(municipality.code, month, lines, number, broken)
        number += len(lines)
        _write_month(municipality, month, lines, text, folder, with_control=not broken)
        postings.files += 1
        postings.rows += len(lines)
        postings.rejected_rows += broken
        postings.unchanged_files += SENT_AGAIN.get(municipality.code) == month
    return [postings, (_write_psp if is_opus else _write_carriers)(municipality, folder)]


def _write_month(
    municipality: Municipality, month: Month, lines: list[Posting], text: str, folder: Path, with_control: bool
) -> None:
    is_opus = municipality.ledger == "opus"
    pattern, encoding = (OPUS[municipality.code].file, "cp1252") if is_opus else (PRISME_FILE, "utf-8-sig")
    total = sum(line.oere for line in lines) + (1 if CONTROL_OFF.get(municipality.code) == month else 0)
    heading = ("Antal", "Sum") if is_opus else ("Antal linjer", "Saldo")
    control = as_delimited(heading, [(len(lines), danish(total) + ("-" if total < 0 else ""))])
    marks = ("", "_gensendt") if SENT_AGAIN.get(municipality.code) == month else ("",)
    for mark in marks:
        path = folder / pattern.format(year=month[0], month=month[1], mark=mark)
        write(path, text, encoding)
        if with_control:
            write(path.with_name(f"{path.stem}.kontrol.csv"), control, encoding)


def _opus_file(code: str, month: Month, lines: Iterable[Posting], first: int, broken: bool) -> str:
    style = OPUS[code]
    mixed = (code, month) == TWO_DATE_FORMATS
    rows = []
    for index, line in enumerate(lines):
        pattern = style.other_date if mixed and index % 2 else style.date
        date = pattern.format(year=month[0], month=month[1], day=line.day)
        rows.append(
            (
                *(first + index // LINES_A_DOCUMENT, index % LINES_A_DOCUMENT + 1, line.account, "", line.key, "", ""),
                *(style.words[line.oere < 0], danish(line.oere, style.short_kroner), date, date, date),
                *(line.fiscal_year, line.period, "KR", TEXTS[index % len(TEXTS)], f"9{index % 97:07d}"),
            )
        )
    text = as_delimited(style.heading, rows, end=style.end)
    return f"{text}{first + len(rows)};1;45700000{style.end}" if broken else text


def _prisme_file(code: str, month: Month, lines: Iterable[Posting], first: int, broken: bool) -> str:
    rows = []
    for index, line in enumerate(lines):
        art = PRISME_ARTS.get(line.account[:3], line.account[:2])
        rows.append(
            (
                *(line.fiscal_year, line.period, f"F{first + index // LINES_A_DOCUMENT}", index % LINES_A_DOCUMENT + 1),
                *(f"{month[0]}{month[1]:02d}{line.day:02d}", line.account, line.function, line.dranst, "1", "001", art),
                *("4010", line.key, "", danish(line.oere) + ("-" if line.oere < 0 else "")),
                "SUP" if line.period > 12 else "NOR",
            )
        )
    return as_delimited(PRISME_HEADING, rows, end="\r\n")


def _write_psp(municipality: Municipality, folder: Path) -> Written:
    style = OPUS[municipality.code]
    units = [unit for unit in municipality.units if unit.is_in_master]
    rows = [(u.key, u.name, u.function, u.dranst, "1", "001", _known_property(u)) for u in units]
    write(folder / style.psp_file, as_delimited(style.psp_heading, rows, end=style.end), "cp1252")
    return Written("ledger_opus", "psp_elements", municipality.code, files=1, rows=len(rows))


def _known_property(unit: CostUnit) -> str:
    """The property in the master's own column; the others are tied by hand in property_links.csv."""
    is_known = unit.shares and not (unit.is_linked_by_hand or unit.is_tied_by_rule)
    return unit.shares[0][0] if is_known else ""


def _write_carriers(municipality: Municipality, folder: Path) -> Written:
    units = [unit for unit in municipality.units if unit.is_in_master]
    rows = [(u.key, u.name, _known_property(u)) for u in units]
    write(folder / "baerere.csv", as_delimited(("Bærer", "Navn", "Ejendomsnr."), rows), "utf-8-sig")
    return Written("ledger_prisme", "cost_centres", municipality.code, files=1, rows=len(rows))
