"""KMD Opus posting files (XML): to rows of allow-listed fields, checked against the totals in their headers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from lxml import etree

from connectors.archives import Reader
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
from connectors.ledger_records import open_plain
from connectors.rowwriter import RowWriter

ADVICE = "ask for the file again"
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
READ = frozenset({"HEADER", "LINE", "POSTING_DOCUMENT"})
PLAIN = re.compile(r"[+-]?\d+(?:\.\d*)?", re.ASCII)
COLUMNS = ("document_no", "line_no", *LINE_FIELDS, *HEADER_FIELDS)


@dataclass
class _Sums:
    """Of one document, then of the file."""

    lines: int = 0
    debit: Decimal = Decimal(0)
    credit: Decimal = Decimal(0)


@dataclass
class _File:
    """The file while it is read: the document that is open, what the documents before it declared."""

    place: Place
    expected_municipality: str
    declared: _Sums = field(default_factory=_Sums)
    documents: int = 0
    header: dict[str, str] | None = None
    sums: _Sums = field(default_factory=_Sums)
    warnings: list[str] = field(default_factory=list)


def convert_posting_file(conversion: Conversion) -> Converted:
    """Write the lines of a posting file as csv, one at a time. Texts, references and persons stay behind.

    Raises:
        UnreadableFileError: not such a file. WrongMunicipalityError: a header of another municipality.
        RowCountError, ControlTotalError: the lines are not what the header declares. EmptyFileError: no lines.
    """
    expected = conversion.profile.municipality_in_file or conversion.municipality_code[-3:]
    file = _File(conversion.place, expected)
    with open_plain(conversion.path, conversion.place) as reader, RowWriter(conversion.target, COLUMNS) as rows:
        for element in read_elements(reader, conversion.place):
            if element.tag == "HEADER":
                _open_document(element, file)
            elif element.tag == "LINE":
                rows.write(_row(element, file))
            else:
                _close_document(file)
    if not file.declared.lines:
        raise EmptyFileError(conversion.place, "the file has no posting lines", "ask for it again")
    net = file.declared.debit + file.declared.credit
    control = ControlTotal("amount", net, TOLERANCE * 2 * file.documents)
    return Converted(COLUMNS, file.declared.lines, control, tuple(file.warnings))


def read_elements(reader: Reader, place: Place) -> Iterator[etree._Element]:
    """Each HEADER, LINE and POSTING_DOCUMENT as it ends, freed after use. No entity is expanded, nothing fetched."""
    try:
        events = etree.iterparse(
            reader, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False
        )
        _, root = next(events)
        if etree.QName(root).localname != ROOT:
            raise UnreadableFileError(place, f"the root element is not {ROOT}", "deliver a posting file")
        if root.getroottree().docinfo.internalDTD is not None:
            raise UnreadableFileError(place, "the file declares a DTD", "deliver it without")
        for event, element in events:
            if event == "end" and element.tag in READ:
                yield element
                _free(element)
    except (etree.XMLSyntaxError, StopIteration) as error:
        line = f" at line {error.lineno}" if isinstance(error, etree.XMLSyntaxError) else ""
        raise UnreadableFileError(place, f"not well-formed XML{line}", "deliver the file again") from None


def _free(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and parent[0] is not element:
        del parent[0]


def _fields(element: etree._Element) -> dict[str, str]:
    return {child.tag: (child.text or "").strip() for child in element if isinstance(child.tag, str)}


def _open_document(element: etree._Element, file: _File) -> None:
    header = _fields(element)
    if header.get("MUNICIPALITY", "").lstrip("0") != file.expected_municipality.lstrip("0"):
        raise WrongMunicipalityError(
            replace(file.place, field="MUNICIPALITY"), f"the header names another municipality than "
            f"{file.expected_municipality}", "move the file, or set municipality_in_file",
        )  # fmt: skip
    file.header, file.sums = header, _Sums()
    file.documents += 1


def _row(element: etree._Element, file: _File) -> list[str]:
    place = replace(file.place, row=file.declared.lines + file.sums.lines + 1)
    if file.header is None:
        raise UnreadableFileError(place, "a line stands before the header of its document", ADVICE)
    values, sums = _fields(element), file.sums
    amount = _amount(values.get("AMT_DOCCUR", ""), replace(place, field="AMT_DOCCUR"))
    mark = values.get("DEB_CRED_IND", "")
    if mark not in ("D", "K"):
        raise UnreadableFileError(replace(place, field="DEB_CRED_IND"), "neither D nor K", ADVICE)
    sums.lines += 1
    sums.debit += amount if mark == "D" else 0
    sums.credit += amount if mark == "K" else 0
    dates = [file.header.get(name, "") for name in HEADER_FIELDS.values()]
    return [str(file.documents), str(sums.lines), *(values.get(name, "") for name in LINE_FIELDS.values()), *dates]


def _close_document(file: _File) -> None:
    """The header's number of lines must be exact; its totals may be `TOLERANCE` off, which is noted."""
    if file.header is None:
        raise UnreadableFileError(file.place, "a document has no header", ADVICE)
    header, sums, file.header = file.header, file.sums, None
    number = header.get("NO_DOC_POSITION", "")
    if not number.isdigit() or int(number) != sums.lines:
        raise RowCountError(
            replace(file.place, field="NO_DOC_POSITION"),
            f"the header does not declare the {sums.lines} lines of document {file.documents}", ADVICE,
        )  # fmt: skip
    debit = _compare("BALANCE_DEBET", header, sums.debit, file)
    credit = _compare("BALANCE_CREDIT", header, sums.credit, file)
    if debit > 0 and credit > 0:
        problem = f"the credit total of document {file.documents} has no minus: its amounts have no sign to go by"
        raise ControlTotalError(replace(file.place, field="BALANCE_CREDIT"), problem, "ask for credit as negative")
    file.declared.lines += sums.lines
    file.declared.debit += debit
    file.declared.credit += credit


def _compare(name: str, header: dict[str, str], total: Decimal, file: _File) -> Decimal:
    """A total as the header declares it, once it is found close enough to that of the lines."""
    place = replace(file.place, field=name)
    declared = _amount(header.get(name, ""), place)
    difference = declared - total
    problem = f"the header of document {file.documents} differs from its lines by {difference}"
    if abs(difference) > TOLERANCE:
        raise ControlTotalError(place, problem, ADVICE)
    if difference:
        file.warnings.append(f"{place}: the header of document {file.documents} is {difference} off its lines")
    return declared


def _amount(text: str, place: Place) -> Decimal:
    if PLAIN.fullmatch(text) is None:
        raise UnreadableFileError(place, "not a number with a decimal point", ADVICE)
    return Decimal(text)
