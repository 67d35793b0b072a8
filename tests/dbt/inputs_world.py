"""Two invented municipalities with every input that is neither area, cost nor energy, small enough to do by hand.

0997 has files; 0996 has Dalux and openMAINT.
"""

from __future__ import annotations

from datetime import date

from tests.dbt.small_world import RawDelivery

CODE, SERVICES = "0997", "0996"
YEARS = (2021, 2022, 2023, 2024, 2025)


def _year(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year + 1, 1, 1)


def _postings(year: int, lines: str) -> RawDelivery:
    table = f"document_no|account|psp_element|debit_credit|amount|fiscal_year\n{lines}"
    return RawDelivery("ledger_opus", "postings", CODE, table, load_kind="window", window=_year(year))


# Means of the quarters: 100, 100, 125, 125, 125. Of 2019 one quarter is not published.
INDEX = {
    2019: ("90", "90", "90", ".."),
    2021: ("98", "99", "101", "102"),
    2022: ("100", "100", "100", "100"),
    **dict.fromkeys((2023, 2024, 2025), ("125", "124", "125", "126")),
}

FM = [
    RawDelivery("fm_files", "properties", CODE, """
        property_no|name     |use      |tenure
        P1         |Skolen   |Skole    |Ejet
        P2         |Rådhuset |Rådhus   |Ejet
        P3         |Hallen   |Idrætshal|Ejet
        P4         |Bøgerne  |Bibliotek|Lejet
        P5         |Stadion  |Stadion  |Ejet
    """),
    RawDelivery("fm_files", "buildings", CODE, """
        property_no|building_no|gross_area|built_year
        P1         |1          |1.000     |1950
        P1         |2          |500       |2023
        P2         |1          |800       |
        P3         |1          |600       |
        P4         |1          |300       |
    """),
    RawDelivery("fm_files", "observations", CODE, """
        property_no|building_no|measure   |year|amount
        P3         |           |N_BESOEG  |2025|52.300
        P1         |2          |A_TOM     |2025|0
        P1         |           |A_BDA     |2025|5
        P1         |           |N_BES     |2025|5
        P9         |           |N_BESOEG  |2025|1
        P1         |7          |A_TOM     |2025|1
        P1         |           |N_PLADS   |2031|1
        P3         |           |N_BESOEG  |2025|1
        P1         |           |N_HAL     |2025|
        P1         |           |N_HAL     |2025|-1
    """),
    RawDelivery("fm_files", "workplaces", CODE, """
        property_no|building_no|count_date|workplaces|employees
        P2         |1          |01-03-2025|50        |40
        P2         |1          |01-10-2025|60        |45
        P2         |           |01-09-2025|5         |
        P1         |1          |01-10-2025|10        |8
    """),
    RawDelivery("fm_files", "rooms", CODE, """
        property_no|building_no|room_no|room_type
        P1         |1          |1      |Klasse
        P1         |1          |2      |KLASSE
        P1         |2          |1      |Håndværk  og design
        P1         |1          |3      |Depot
        P2         |1          |1      |Kontor
    """),
    RawDelivery("fm_files", "work_orders", CODE, """
        order_no|property_no|order_type |created
        1       |P1         |Driftsstop |01-05-2025
        2       |P1         |driftsstop |31-12-2025
        3       |P9         |Driftsstop |01-05-2025
        4       |P1         |Afhjælpende|01-05-2024
    """),
    RawDelivery("fm_files", "opening_hours", CODE, """
        property_no|room_no|weekday|opens|closes|valid_from|valid_to
        P4         |       |Mandag |10:00|18:00 |          |
        P4         |Café   |Mandag |16:00|20:00 |01-07-2025|31-12-2025
        P4         |       |Fredag |20:00|02:00 |          |31-12-9999
        P4         |Café   |Lørdag |01:00|03:00 |          |
        P4         |       |Søndag |00:00|00:00 |          |
        P3         |       |Onsdag |20:00|02:00 |31-12-2025|31-12-2025
        P1         |       |Tirsdag|20:00|02:00 |31-12-2024|31-12-2024
        P2         |       |Fredag |20:00|02:00 |01-08-2025|01-08-2025
    """),
    # 4 January 2025 is a Saturday.
    RawDelivery("fm_files", "bookings", CODE, """
        property_no|room_no|booking_date|starts|ends
        P3         |A      |06-01-2025  |15:00 |17:00
        P3         |a      |06-01-2025  |16:30 |18:00
        P3         |A      |04-01-2025  |18:00 |20:00
        P3         |B      |07-01-2025  |21:00 |23:30
        P3         |A      |08-01-2025  |21:00 |02:00
        P3         |A      |09-01-2025  |08:00 |16:00
        P1         |Sal    |06-01-2025  |18:00 |20:00
        P3         |A      |10-01-2025  |      |
        P9         |A      |10-01-2025  |18:00 |20:00
    """, load_kind="window", window=_year(2025)),
    RawDelivery("fm_files", "condition_surveys", CODE, """
        property_no|building_no|part_code|condition_grade|condition_scale|consequence|priority|amount |surveyed
        P1         |1          |(21)     |TG3            |TG             |KG3        |4       |100.000|01-06-2022
        P1         |1          |(31)     |TG1            |TG             |KG3        |        |60.000 |01-06-2022
        P1         |1          |(37)     |TG3            |TG             |           |        |40.000 |01-06-2021
        P1         |1          |(37)     |TG2            |TG             |           |3       |40.000 |01-03-2024
        P2         |1          |(21)     |A              |A-D            |           |        |0      |01-05-2025
        P2         |1          |(31)     |C              |A-D            |           |        |10.000 |01-05-2025
        P3         |1          |(21)     |TG2            |TG             |KG1        |        |5.000  |01-05-2019
        P4         |1          |(21)     |TG3            |TG             |KG2        |        |       |01-05-2025
        P1         |2          |(21)     |TG3            |TG             |KG3        |        |99.000 |
        P1         |7          |(21)     |TG3            |TG             |KG3        |        |99.000 |01-05-2025
    """),
]  # fmt: skip

COSTS = [
    RawDelivery(
        "ledger_opus",
        "psp_elements",
        CODE,
        """
        psp_element|function|dranst|property_no
        XG-1       |32201   |1     |P1
        XA-2       |64550   |3     |P2
    """,
    ),
    _postings(2021, "1|45100000|XG-1|Debet|80.000,00|2021"),
    _postings(2022, "1|45200000|XG-1|Debet|40.000,00|2022\n2|46000000|XA-2|Debet|160.000,00|2022"),
    _postings(2023, "1|23100000|XG-1|Debet|7,00|2023"),
    _postings(2024, "1|45100000|XG-1|Debet|30.000,00|2024"),
    _postings(2025, "1|45200000|XG-1|Debet|20.000,00|2025\n2|45200000|XG-8|Debet|500,00|2025"),
]

STATISTICS = [
    RawDelivery("statbank", "regk31", CODE, """
        omraade|funktion|dranst|art|prisenhed|tid |indhold
        997    |32201   |1     |TOT|LOBM     |2024|500
        997    |32201   |1     |UE |LOBM     |2024|700
        997    |32201   |3     |TOT|LOBM     |2024|90
        997    |03231   |1     |TOT|LOBM     |2024|-20
        997    |72203   |1     |TOT|LOBM     |2024|1000
    """),
    RawDelivery("statbank", "regk31", "0000", """
        omraade|funktion|dranst|art|prisenhed|tid |indhold
        000    |32201   |1     |TOT|LOBM     |2023|900000
        910    |32201   |1     |TOT|LOBM     |2023|200000
        997    |32201   |1     |TOT|LOBM     |2023|400
        997    |32201   |1     |TOT|LOBM     |2024|499
        997    |32201   |1     |TOT|LOBM     |2025|600
        997    |03231   |1     |TOT|LOBM     |2025|..
    """),
    RawDelivery("statbank", "byg43", "0000", "hindeks|dindeks|art|tal|tid|indhold\n" + "\n".join(
        f"1|10000|1002|100|{year}K{quarter}|{value}"
        for year, values in INDEX.items()
        for quarter, value in enumerate(values, start=1)
    )),
    RawDelivery("statbank", "pris113", "0000", "type|tid|indhold\n" + "\n".join(
        f"INDEKS|{year}M{month:02}|{100 + month}" for year, months in ((2024, 12), (2025, 11))
        for month in range(1, months + 1)
    )),
    RawDelivery("factors", "price_index", "0000", """
        source_name|vintage|art_group|year_from|year_to|pct
        KL         |2024   |alle     |2021     |2022   |2,0
        KL         |2024   |alle     |2022     |2023   |9,9
        KL         |2025   |alle     |2022     |2023   |5,0
        KL         |2025   |loen     |2023     |2024   |9,0
        KL         |2025   |alle     |2024     |2025   |3,0
    """, load_kind="delta"),
    RawDelivery("factors", "replacement_values", "0000", """
        source_name|vintage|use_category  |price_year|dkk_per_m2
        Bogen      |2024   |Skole         |2024      |20.000
        Bogen      |2023   |Folkeskole    |2023      |1
        Bogen      |2024   |administration|2022      |16.000
    """, load_kind="delta"),
    RawDelivery("enrolment", "pupils", CODE, """
        institution_no|count_date|pupils
        S1            |05-09-2024|100
    """),
    RawDelivery("stil", "pupils", CODE, """
        institution_no|school_year|pupils
        S1            |2023/2024  |90
        S1            |2024/2025  |999
        S1            |2025/2026  |110
        PRIVAT        |2024/2025  |300
        PRIVAT        |2025/2026  |300
    """),
]  # fmt: skip

SERVED = [
    RawDelivery("fm_dalux", "estates", SERVICES, """
        estate_id|property_no|use   |tenure
        70       |10         |Skole |Ejet
    """),
    RawDelivery("fm_dalux", "buildings", SERVICES, """
        building_id|estate_id|name
        900        |70       |01
    """),
    RawDelivery("fm_dalux", "floors", SERVICES, """
        floor_id|building_id
        5       |900
    """),
    RawDelivery("fm_dalux", "rooms", SERVICES, """
        room_id|floor_id|building_id|room_type |use
        1      |5       |           |          |Musik
        2      |        |900        |Stamklasse|
        3      |5       |900        |Toilet    |Klasse
    """),
    RawDelivery("fm_dalux", "ticket_topics", SERVICES, """
        id|name
        6 |Belysning
        7 |Strømsvigt
    """),
    RawDelivery("fm_dalux", "tickets", SERVICES, """
        ticket_id|topic_id|estate_ids|building_ids|created_date
        1        |7       |          |900;901     |2025-03-01T08:00:00Z
        2        |7       |70        |            |2025-03-02T08:00:00Z
        3        |6       |70        |            |2025-03-02T08:00:00Z
    """),
    RawDelivery("fm_openmaint", "buildings", SERVICES, """
        building_id|property_no
        10         |20
    """),
    RawDelivery("fm_openmaint", "rooms", SERVICES, """
        room_id|building_id|room_type
        31     |10         |class
    """),
    RawDelivery("fm_openmaint", "maintenance_requests", SERVICES, """
        request_id|building_id|category_code|opened_at
        80        |10         |breakdown    |2025-06-01T08:00:00
    """),
    RawDelivery("fm_files", "properties", SERVICES, """
        property_no|use  |tenure
        20         |Skole|Ejet
    """),
    RawDelivery("energy", "readings", SERVICES, """
        meter_no|period |quantity|unit
        M1      |2025-01|1       |kWh
    """, load_kind="window", window=_year(2025)),
]  # fmt: skip

DELIVERIES = [*FM, *COSTS, *STATISTICS, *SERVED]

CONFIGURATION = {
    f"{CODE}/sources.yml": f'municipality_code: "{CODE}"\nname: Filby (fiktiv)\n',
    f"{CODE}/account_rules.csv": """\
priority,account,function,psp,cost_centre,dranst,cost_category,valid_from,valid_to,note
10,451*,,,,1,C_VEDL_PL,,,
10,452*,,,,,C_VEDL_AK,,,
10,46*,,,,3,C_ANLAEG,,,
""",
    f"{CODE}/property_links.csv": """\
link_type,source_key,property_no,share,valid_from,valid_to,note
institution,S1,P1,1,,,
""",
    f"{SERVICES}/sources.yml": f'municipality_code: "{SERVICES}"\nname: Kaldby (fiktiv)\n',
}
