"""Two invented municipalities as raw rows, small enough to work every expected number out by hand.

0998 has FM files, an Opus ledger and faults; 0999 has Dalux, a Prisme ledger and none.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class RawDelivery:
    """A delivery and its rows: a heading of raw columns and lines, blank-trimmed, split by `|`."""

    source: str
    stream: str
    municipality_code: str
    table: str
    load_kind: str = "snapshot"
    state: str = "landed"
    window: tuple[date, date] | None = None
    decimal_mark: str = ","
    rows: list[dict[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        lines = [line.strip() for line in self.table.strip().splitlines()]
        reader = csv.DictReader(io.StringIO("\n".join(lines)), delimiter="|")
        rows = [{str(name).strip(): (value or "").strip() for name, value in row.items()} for row in reader]
        object.__setattr__(self, "rows", rows)


def _year(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year + 1, 1, 1)


BBR = [
    RawDelivery("bbr", "bygning", "0998", """
        id_lokalid|kommunekode|status|byg007bygningsnummer|byg021bygningensanvendelse|byg026opfoerelsesaar|byg038samletbygningsareal|grund|ejerlejlighed
        A1|998|6|1|421|1990|1000|G1|
        A2|998|10|2|421|1980|500|G1|
        A3|998|6|1|321|2001|-20|G5|
        A4|998|6|001|440|1000|300|G1|
        A5|998|6|9|140|1960|200|G9|
        A6|998|6|3|429|2025|400|G1|
    """),
    RawDelivery("bbr", "etage", "0998", """
        id_lokalid|status|bygning|eta020samletarealafetage|eta021arealafudnyttetdelaftagetage|eta022kaelderareal
        F1        |6     |A1     |500                     |                                  |
        F2        |6     |a1     |500                     |50                                |
        F3        |6     |A1     |                        |                                  |100
        F4        |10    |A1     |                        |                                  |999
        F5        |6     |A3     |                        |30                                |
    """),
    RawDelivery("bbr", "grund", "0998", """
        id_lokalid|status|bestemtfastejendom
        G1        |7     |R1
        G5        |7     |R5
        G9        |6     |R1
    """),
    RawDelivery("bbr", "ejendomsrelation", "0998", """
        id_lokalid|status|bfenummer
        R1        |7     |100001
        R2        |7     |100002
        R5        |10    |100005
    """),
    RawDelivery("bbr", "bygningejendomsrelation", "0998", """
        id_lokalid|status|bygning|bygningpaafremmedgrund
        B1        |7     |A4     |R2
        B2        |10    |A1     |R2
    """),
    RawDelivery("bbr", "bygning", "0999", """
        id_lokalid|kommunekode|status|byg007bygningsnummer|byg021bygningensanvendelse|byg026opfoerelsesaar|byg038samletbygningsareal
        C1|0999|6|1|421||2000
    """),
]  # fmt: skip

FM = [
    RawDelivery("fm_files", "properties", "0998", """
        property_no|bfe_no|name       |use          |tenure
        P1         |100001|Skolen     |  Folkeskole |Ejet
        P2         |100002|Myretuen   |             |EJET
        P3         |      |Humlebien  |Børnehave    |Lejet
        P4         |      |Ro         |Ældrebolig   |Udlejet
        P5         |100005|Rådhuset   |RÅDHUS       |Ejet
        P1         |999999|Skolen igen|Børnehave    |Lejet
    """),
    RawDelivery("fm_files", "buildings", "0998", """
        property_no|building_no|bbr_id|name|gross_area|heated_area|cleaning_area
        P1         |001        |A1    |Hus |990       |900        |800
        P1         |2          |A2    |Gl. |          |           |
        P1         |3          |      |Ny  |          |380        |0
        P2         |1          |      |Hus |320,5     |290        |250
        P3         |1          |      |Hus |1.250     |           |1.100
        P4         |7          |      |Hus |205       |           |
        P5         |1          |A3    |Hus |0         |           |
        P6         |1          |      |Hus |77        |           |
    """),
    RawDelivery("fm_dalux", "estates", "0999", """
        estate_id|name |property_no|use   |tenure
        70       |Skole|10         |Skole |Ejet
    """),
    RawDelivery("fm_dalux", "buildings", "0999", """
        building_id|estate_id|name|alternative_name|owned|gross_area|heated_area|cleaning_area|bbr_id
        900        |70       |01  |Hovedbygning    |true |1900.0    |0.0        |1800.0       |C1
    """),
]  # fmt: skip

LEDGERS = [
    RawDelivery("ledger_opus", "psp_elements", "0998", """
        psp_element|function|dranst|property_no
        XG-1       |3.22.01 |1     |P1
        XG-2       |52514   |1     |
        XG-3       |2201.0  |1     |P404
        XG-9       |64550   |1     |
    """),
    RawDelivery("ledger_opus", "postings", "0998", """
        document_no|account |psp_element|debit_credit|amount   |posting_date|fiscal_year
        old        |23100000|XG-1       |Debet       |9.999,00 |31-12-2025  |2025
    """, load_kind="window", state="superseded", window=_year(2025)),
    RawDelivery("ledger_opus", "postings", "0998", """
        document_no|account |psp_element|debit_credit|amount   |posting_date|fiscal_year
        1          |23100000|XG-1       |Debet       |1.000,00 |31-12-2025  |2025
        2          |49100000|XG-1       |Debet       |2.000,50 |05.01.2026  |2025
        3          |71000000|XG-1       |Kredit      |23.350   |20250630    |2025
        4          |23100000|XG-2       |Debet       |100,01   |30062025    |2025
        5          |23100000|XG-8       |Debet       |77,77    |2025-06-30  |2025
        6          |99900000|XG-9       |Debet       |5,00     |            |2025
        7          |23100000|XG-3       |Debet       |11,00    |            |2025
        8          |45200000|XG-1       |Debet       |100,00   |            |2025
    """, load_kind="window", window=_year(2025)),
    RawDelivery("ledger_opus", "postings", "0998", """
        document_no|account |psp_element|debit_credit|amount  |posting_date|fiscal_year
        1          |23100000|XG-1       |Debet       |500,00  |01-02-2024  |
        2          |45100000|XG-1       |Debet       |300,00  |01-02-2024  |2024
        3          |45200000|XG-1       |Debet       |100,00  |01-02-2024  |2024
    """, load_kind="window", window=_year(2024)),
    RawDelivery("ledger_opus", "vouchers", "0998", """
        account |psp_element|debit_credit|amount
        23100000|XG-1       |Kredit      |1.357
        23100000|XG-1       |Debet       |1.357
    """, load_kind="delta", window=(date(2025, 2, 6), date(2025, 2, 7))),
    RawDelivery("ledger_opus", "posting_files", "0998", """
        account |psp_element|debit_credit|amount  |posting_date
        90540000|           |D           |1639.65 |20250428
        79000000|XG-1       |K           |-1639.65|12022025
    """, load_kind="delta", window=(date(2025, 4, 30), date(2025, 5, 1)), decimal_mark="."),
    RawDelivery("ledger_prisme", "cost_centres", "0999", """
        carrier|property_no
        T10    |10
    """),
    RawDelivery("ledger_prisme", "postings", "0999", """
        fiscal_year|voucher|account|function|dranst|carrier|amount    |posting_date
        2025       |V1     |5010   |032201  |1     |T10    |10.000,00 |20250101
        2025       |V2     |5010   |32201   |1     |T10    |500,00-   |20250101
        2025       |V3     |5020   |32201   |1     |T10    |40.000,00 |20250101
        2025       |V4     |5040   |32201   |1     |T10    |3.000,00  |20250101
        2025       |V5     |5041   |32201   |1     |T10    |1.000,00  |20250101
    """, load_kind="window", window=_year(2025)),
]  # fmt: skip

USERS_AND_ENERGY = [
    RawDelivery("statbank", "folk1a", "0998", """
        omraade|koen|alder|civilstand|tid   |indhold
        998    |TOT |IALT |TOT       |2024K1|10000
        998    |TOT |IALT |TOT       |2025K1|10100
        998    |TOT |IALT |TOT       |2025K2|10150
        998    |M   |IALT |TOT       |2025K1|5000
    """),
    RawDelivery("statbank", "folk1a", "0999", """
        omraade|koen|alder|civilstand|tid   |indhold
        999    |TOT |IALT |TOT       |2025K1|500
    """),
    RawDelivery("statbank", "folk1a", "0000", """
        omraade|koen|alder|civilstand|tid   |indhold
        000    |TOT |IALT |TOT       |2025K1|5900000
        910    |TOT |IALT |TOT       |2025K1|1200000
        998    |TOT |IALT |TOT       |2025K1|10100
    """),
    RawDelivery("enrolment", "pupils", "0998", """
        institution_no|count_date|pupils
        S1            |05-09-2024|100
        S1            |05-09-2025|110
    """),
    RawDelivery("enrolment", "pupils", "0999", """
        institution_no|count_date|pupils
        S1            |2024-09-05|95
        S1            |2025-09-05|105
    """),
    RawDelivery("enrolment", "children", "0998", """
        institution_no|count_date|children
        D1            |01.10.2023|20
        D1            |01.10.2024|30
        D1            |01.10.2025|41
    """),
    RawDelivery("energy", "meters", "0998", """
        meter_no|carrier|unit|property_no|building_no
        M1      |el     |kWh |P1         |001
        M2      |varme  |MWh |           |
        M3      |damp   |t   |P1         |
    """),
    RawDelivery("energy", "readings", "0998", """
        meter_no|period |quantity|unit
        M1      |2025-01|100,5   |kWh
        M1      |02-2025|100,5   |kWh
        M2      |2025-01|1,5     |MWh
        M3      |2025-01|9       |t
    """, load_kind="window", window=_year(2025)),
]  # fmt: skip

DELIVERIES = [*BBR, *FM, *LEDGERS, *USERS_AND_ENERGY]

# File name -> text, as a municipality writes it.
CONFIGURATION = {
    "0998/sources.yml": 'municipality_code: "0998"\nname: Opdigtet Kommune (fiktiv)\n',
    "0998/account_rules.csv": """\
priority,account,function,psp,cost_centre,dranst,cost_category,valid_from,valid_to,note
1,2310*,52514,,,1,C_VARME,,,daycare has electric heating
10,2310*,,,,1,C_EL,,,
10,4910*,,,,1,C_RENG,,,
10,451*,,,,1,C_VEDL_PL,,,
10,4520*,,XG-1,,1,C_VEDL_AK,,2024,
20,45*,,,,1,C_OEVR,,,
10,71*,,,,1,I_LEJE,,,
90,79*,,,,1,C_IKKE,,,
""",
    "0998/property_links.csv": """\
link_type,source_key,property_no,share,valid_from,valid_to,note
psp,XG-2,P2,0.3333,,,
psp,XG-2,P3,0.6667,,,
institution,S1,P1,1,,,
institution,D1,P2,1,,,
meter,M2,P2,0.5,,,
meter,M2,P3,0.5,,,
bbr_building,A5,P4,1,,,
""",
    "0999/sources.yml": 'municipality_code: "0999"\nname: Opspunden Kommune (fiktiv)\n',
    "0999/account_rules.csv": """\
priority,account,function,psp,cost_centre,dranst,cost_category,valid_from,valid_to,note
10,5010,,,T*,1,C_EL,,,
10,5020,,,,1,C_VARME,,,
10,5040,,,,1,C_VEDL_PL,,,
10,5041,,,,1,C_VEDL_AK,,,
""",
    "0999/property_links.csv": """\
link_type,source_key,property_no,share,valid_from,valid_to,note
institution,S1,10,1,,,
""",
}
