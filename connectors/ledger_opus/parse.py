"""KMD Opus posting files (XML): to rows of allow-listed fields, checked against the totals in their headers."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

from lxml import etree

from connectors.base import Conversion, Converted
from connectors.declarations import ControlTotal
from connectors.errors import (
    ControlTotalError,
    EmptyFileError,
    Place,
    RowCountError,
    UnreadableFileError,
    WrongMunicipalityError,
)

ROOT = "FinancePostingRequest"
# Header totals 0.01 off their lines are seen in real files.
TOLERANCE = Decimal("0.05")
LINE_FIELDS = {
    "account": "GL_ACCOUNT",
    "cost_centre": "COSTCENTER",
    "psp_element": "WBS_ELEMENT",
    "debit_credit": "DEB_CRED_IND",
    "amount": "AMT_DOCCUR",
    "value_date": "VALUE_DATE",
}
HEADER_FIELDS = {"posting_date": "PSTNG_DATE", "document_date": "DOC_DATE"}
COLUMNS = ("document_no", "line_no", *LINE_FIELDS, *HEADER_FIELDS)


@dataclass
class _Sums:
    """Of one document, then of the file."""

    lines: int = 0
    debit: Decimal = Decimal(0)
    credit: Decimal = Decimal(0)


@dataclass
class _File:
    place: Place
    expected_municipality: str
    declared: _Sums = field(default_factory=_Sums)
    documents: int = 0
    warnings: list[str] = field(default_factory=list)


def convert_posting_file(conversion: Conversion) -> Converted:
    """Write the lines of a posting file as csv. Texts, references and persons stay behind.

    Raises:
        UnreadableFileError: not such a file. WrongMunicipalityError: a header of another municipality.
        RowCountError, ControlTotalError: the lines are not what the header declares. EmptyFileError: no lines.
    """
    expected = conversion.profile.municipality_in_file or conversion.municipality_code[-3:]
    file = _File(conversion.place, expected)
    with conversion.target.open("w", newline="", encoding="utf-8") as target:
        writer = csv.writer(target)
        writer.writerow(COLUMNS)
        for document in _documents(conversion):
            file.documents += 1
            writer.writerows(_rows(document, file))
    if not file.declared.lines:
        raise EmptyFileError(conversion.place, "the file has no posting lines", "ask for it again")
    net = file.declared.debit + file.declared.credit
    control = ControlTotal("amount", net, TOLERANCE * 2 * file.documents)
    return Converted(COLUMNS, file.declared.lines, control, tuple(file.warnings))


def _documents(conversion: Conversion) -> Iterator[etree._Element]:
    """Each POSTING_DOCUMENT, freed after use. Entities are not expanded and nothing is fetched."""
    try:
        events = etree.iterparse(
            str(conversion.path), events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False
        )
        _, root = next(events)
        if etree.QName(root).localname != ROOT:
            raise UnreadableFileError(conversion.place, f"the root element is not {ROOT}", "deliver a posting file")
        if root.getroottree().docinfo.internalDTD is not None:
            raise UnreadableFileError(conversion.place, "the file declares a DTD", "deliver it without")
        for event, element in events:
            if event == "end" and element.tag == "POSTING_DOCUMENT":
                yield element
                element.clear()
    except (etree.XMLSyntaxError, StopIteration) as error:
        line = f" at line {error.lineno}" if isinstance(error, etree.XMLSyntaxError) else ""
        raise UnreadableFileError(conversion.place, f"not well-formed XML{line}", "deliver the file again") from None


def _rows(document: etree._Element, file: _File) -> list[list[str]]:
    header = {child.tag: (child.text or "").strip() for child in document.iterfind("HEADER/*")}
    if header.get("MUNICIPALITY", "").lstrip("0") != file.expected_municipality.lstrip("0"):
        raise WrongMunicipalityError(
            replace(file.place, field="MUNICIPALITY"), f"the header names another municipality than "
            f"{file.expected_municipality}", "move the file, or set municipality_in_file",
        )  # fmt: skip
    dates = [header.get(name, "") for name in HEADER_FIELDS.values()]
    sums, rows = _Sums(), []
    for line in document.iterfind("LINES/LINE"):
        values = {child.tag: (child.text or "").strip() for child in line}
        sums.lines += 1
        amount = _amount(values.get("AMT_DOCCUR", ""), replace(file.place, row=sums.lines, field="AMT_DOCCUR"))
        if values.get("DEB_CRED_IND") == "D":
            sums.debit += amount
        else:
            sums.credit += amount
        fields = [values.get(name, "") for name in LINE_FIELDS.values()]
        rows.append([str(file.documents), str(sums.lines), *fields, *dates])
    _compare(header, sums, file)
    return rows


def _compare(header: dict[str, str], sums: _Sums, file: _File) -> None:
    """The header's number of lines must be exact; its totals may be `TOLERANCE` off, which is noted."""
    number = header.get("NO_DOC_POSITION", "")
    if not number.isdigit() or int(number) != sums.lines:
        raise RowCountError(
            replace(file.place, field="NO_DOC_POSITION"), f"the header does not declare the {sums.lines} lines "
            f"of document {file.documents}", "ask for the file again",
        )  # fmt: skip
    for name, total in (("BALANCE_DEBET", sums.debit), ("BALANCE_CREDIT", sums.credit)):
        place = replace(file.place, field=name)
        difference = _amount(header.get(name, ""), place) - total
        if abs(difference) > TOLERANCE:
            problem = f"the header of document {file.documents} differs from its lines by {difference}"
            raise ControlTotalError(place, problem, "ask for the file again")
        if difference:
            file.warnings.append(f"{place}: the header of document {file.documents} is {difference} off its lines")
    file.declared.lines += sums.lines
    file.declared.debit += _amount(header["BALANCE_DEBET"], file.place)
    file.declared.credit += _amount(header["BALANCE_CREDIT"], file.place)


def _amount(text: str, place: Place) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise UnreadableFileError(place, "not a number with a decimal point", "ask for the file again") from None
