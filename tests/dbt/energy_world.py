"""An invented municipality whose every meter shows one rule, and whose numbers can be worked out by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.dbt.small_world import RawDelivery

DENMARK = ZoneInfo("Europe/Copenhagen")
CODE = "0998"


def year_window(year: int) -> tuple[date, date]:
    """The window of a delivery of a year."""
    return date(year, 1, 1), date(year + 1, 1, 1)


def utc(day: date) -> str:
    """The start of a Danish day, as eloverblik writes it."""
    return f"{datetime(day.year, day.month, day.day, tzinfo=DENMARK).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def next_month(day: date) -> date:
    """First day of the month after."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def table(heading: str, lines: Iterable[str]) -> str:
    """Rows as RawDelivery reads them."""
    return "\n".join([heading, *lines])


def months(meter: str, quantity: str, unit: str, year: int = 2024, count: int = 12) -> list[str]:
    """The same quantity in each of the first months of a year, as lines of a file of readings."""
    return [f"{meter}|{year}-{month:02d}|{quantity}|{unit}" for month in range(1, count + 1)]


def power(point: str, quantity: str, kind: str = "A04", year: int = 2024, count: int = 12) -> list[str]:
    """The same quantity in each of the first months of a year, as eloverblik's rows."""
    lines = []
    for month in range(1, count + 1):
        start = date(year, month, 1)
        lines.append(f"{point}|{kind}|kWh|P1M|{utc(start)}|{utc(next_month(start))}|1|{quantity}|A04")
    return lines


def hours(point: str, first: date, last: date) -> list[str]:
    """A kWh each hour of Danish days, as eloverblik's rows: 23 and 25 of them when the clock is changed."""
    lines, day = [], first
    while day <= last:
        start, end = utc(day), utc(day + timedelta(days=1))
        length = datetime.fromisoformat(end) - datetime.fromisoformat(start)
        lines += [
            f"{point}|A04|kWh|PT1H|{start}|{end}|{position}|1|A04"
            for position in range(1, length // timedelta(hours=1) + 1)
        ]
        day += timedelta(days=1)
    return lines


def days(point: str, quality: dict[date, str], year: int = 2024) -> list[str]:
    """24 kWh each day of a year, as eloverblik's rows; where a reading is missing its quantity is nonsense."""
    lines, day = [], date(year, 1, 1)
    while day.year == year:
        code, tomorrow = quality.get(day, "A04"), day + timedelta(days=1)
        quantity = 999 if code == "A02" else 24
        lines.append(f"{point}|A04|kWh|PT1D|{utc(day)}|{utc(tomorrow)}|1|{quantity}|{code}")
        day = tomorrow
    return lines


POINTS = "metering_point_id|parent_metering_point_id|type_of_mp|meter_number|dar_reference"
READINGS = "metering_point_id|series_type|unit|resolution|period_start|period_end|position|quantity|quality"
EK109 = "line_no|installation_no|meter_no|energy_code|read_at|valid_from|art_code|type_code|value|unit|is_zero_line"

PROPERTIES = [
    RawDelivery("fm_files", "properties", CODE, """
        property_no|name    |use         |tenure
        P1         |Skolen  |Folkeskole  |Ejet
        P2         |Hallen  |Idrætshal   |Ejet
        P3         |Myretuen|Børnehave   |Ejet
        P4         |Rådhuset|Rådhus      |Ejet
        P5         |Bøgerne |Bibliotek   |Ejet
        P6         |Skole 6 |Folkeskole  |Ejet
        P7         |Solgård |Plejehjem   |Ejet
        P8         |Skole 8 |Folkeskole  |Ejet
        P9         |Skole 9 |Folkeskole  |Ejet
        P10        |Skiftet |Folkeskole  |Ejet
    """),
    RawDelivery("fm_files", "buildings", CODE, """
        property_no|building_no|bbr_id|heated_area
        P1         |1          |      |900
        P1         |2          |      |400
        P3         |1          |      |366
        P4         |1          |      |500
        P7         |1          |B7    |700
        P9         |1          |      |
    """),
    RawDelivery("bbr", "bygning", CODE, """
        id_lokalid|kommunekode|status|byg007bygningsnummer|byg021bygningensanvendelse|husnummer
        B7        |998        |6     |1                   |160                       |HN7
    """),
    RawDelivery("dar", "adresse", CODE, """
        id_lokalid|husnummer|registreringfra          |virkningfra
        AD7       |HN7      |2020-01-01T00:00:00+01:00|2020-01-01T00:00:00+01:00
    """),
]  # fmt: skip

FILES = [
    RawDelivery("energy", "meters", CODE, """
        meter_no|carrier      |unit|property_no|building_no
        E1      |el           |kWh |P1         |
        F1      |fjernvarme   |MWh |P1         |001
        W1      |vand         |m³  |P1         |
        G1      |naturgas     |m3  |P2         |
        S1      |solceller    |kWh |P2         |
        S2      |solgt el     |kWh |P2         |
        H1      |varme        |kWh |P3         |1
        W2      |vand         |m3  |           |
        K1      |fjernkøling  |kWh |P5         |
        U1      |varme        |bar |P9         |
        X1      |trykluft     |m3  |P5         |
        N1      |fjernvarme   |kWh |P8         |
        O1      |el           |kWh |P8         |
        S3      |solgt el     |kWh |P9         |
        T1      |fjernvarme   |kWh |P10        |
    """),
    RawDelivery("energy", "readings", CODE, table("meter_no|period|quantity|unit", [
        *months("E1", "777", "kWh"),  # eloverblik has the same meter
        *months("F1", "10", "MWh"),
        *months("W1", "25", "m³"),
        "G1|2024|1.000|Nm3",  # a year in one number
        *months("S1", "200", "kWh"),
        *months("S2", "50", "kWh"),
        *months("H1", "100", "kWh", count=11),
        *months("W2", "10", "m3"),
        *months("K1", "75", "kWh"),
        *months("U1", "1", "bar"),
        *months("X1", "1", "m3"),
        *months("N1", "-5", "kWh"),
        *months("O1", "30", "kWh"),
        *months("S3", "5", "kWh"),
        *months("T1", "30,5", "kWh"),
        *months("LOST", "9", "kWh"),
    ]), load_kind="window", window=year_window(2024)),
]  # fmt: skip

ELECTRICITY = [
    RawDelivery("eloverblik", "metering_points", CODE, table(POINTS, [
        "5701|||E1|",
        "5702||E17|X|",
        "5703||E17||",
        "5704|5701|D14|E1|",  # electric heating: part of 5701
        "5705||E18||",
        "5706|5705|D06||",
        "5707|5799|D07||",  # its parent has no readings
        "5708||E17||AD7",
        "5709||E17||",
        "5710||E17||",
    ])),
    RawDelivery("eloverblik", "readings", CODE, table(READINGS, [
        *power("5701", "100"),
        *hours("5702", date(2024, 3, 1), date(2024, 3, 31)),
        *hours("5702", date(2024, 10, 27), date(2024, 10, 27)),
        # all of 2024 but January 2 to 10, and one day estimated
        *days("5703", {**{date(2024, 1, day): "A02" for day in range(2, 11)}, date(2024, 5, 1): "A03"}),
        *power("5704", "60"),
        *power("5705", "90", "A01"),
        *power("5706", "40"),
        *power("5707", "20"),
        *power("5708", "10"),
        f"5709|A04|kWh|PT1Y|{utc(date(2024, 1, 1))}|{utc(date(2025, 1, 1))}|1|1500|A04",
        *power("5709", "130", count=1),  # the year again in part, after the aggregation was changed
        # 20 days of January are missing
        *days("5710", {date(2024, 1, day): "A02" for day in range(1, 21)}),
    ]), load_kind="window", window=year_window(2024), decimal_mark="."),
]  # fmt: skip

HEAT = [
    RawDelivery("ek109", "readings", CODE, table(EK109, [
        # M1 is replaced by M2 on 1 July; art 2 of a heat meter is water that flowed through
        "1|I1|M1|4|2024-01-01T00:00:00||1|1|100|MWh|0",
        "2|I1|M1|4|2024-04-01T00:00:00||1|1|160|MWh|0",
        "3|I1|M1|4|2024-05-01T00:00:00||1|1|0|MWh|1",  # a failed reading
        "4|I1|M1|4|2024-07-01T00:00:00||1|1|170|MWh|0",
        "4|I1|M1|4|2024-07-01T00:00:00||2|1|4000|m3|0",
        "5|I1|M2|4|2024-07-01T00:00:00||1|1|0|mWh|0",
        "6|I1|M2|4|2025-01-01T00:00:00||1|1|30|mWh|0",
        # consumption beside a counter: once; delivered calorific value 39.6 MJ/m3 is 11, here 36 is 10
        "7|I2|GA|6|2024-07-01T00:00:00|2024-01-01T00:00:00|2|2|500|m3|0",
        "7|I2|GA|6|2024-07-01T00:00:00|2024-01-01T00:00:00|201|10|36|MJ/m3|0",
        "8|I2|GA|6|2025-01-01T00:00:00|2024-07-01T00:00:00|2|2|500|m3|0",
        "9|I2|GA|6|2024-01-01T00:00:00||2|1|7000|m3|0",
        "10|I2|GA|6|2025-01-01T00:00:00||2|1|8001|m3|0",
        # over New Year: 60 of 91 days in 2024, 31 in 2025
        "11|I3|WB|2|2024-11-02T00:00:00||2|1|0|m3|0",
        "12|I3|WB|2|2025-02-01T00:00:00||2|1|91|m3|0",
        # the counter turns over
        "13|I4|WC|2|2024-01-01T00:00:00||2|1|990|m3|0",
        "14|I4|WC|2|2024-06-01T00:00:00||2|1|10|m3|0",
        "15|I4|WC|2|2025-01-01T00:00:00||2|1|40|m3|0",
    ]), load_kind="delta", window=(date(2025, 2, 2), date(2025, 2, 3)), decimal_mark="."),
]  # fmt: skip

FACTORS = [
    RawDelivery("factors", "degree_days", "0000", """
        source_name|vintage|area  |year|month|is_normal_year|degree_days
        DMI        |2025   |Landet|2024|0    |0             |2.841,5
        DMI        |2026   |Landet|2024|0    |0             |2540
        DMI        |2025   |Landet|2020|0    |1             |3175
        TI         |2026   |Landet|2024|0    |0             |2000
        TI         |2026   |Landet|2020|0    |1             |2906
        TI         |2026   |Landet|2023|0    |0             |2000
    """, load_kind="delta", window=(date(2026, 1, 1), date(2026, 1, 2))),
    RawDelivery("factors", "emission_factors", "0000", """
        source_name|vintage|carrier   |area  |year|method|kg_co2e_per_kwh
        Energinet  |2025   |El        |DK1   |2024|125 % |0,10
        Energinet  |2026   |El        |DK1   |2024|125 % |0,08
        Energinet  |2026   |El        |DK1   |2024|200 % |0,90
        Energinet  |2026   |El        |DK2   |2024|125 % |0,70
        Energinet  |2026   |El        |Landet|2024|125 % |0,60
        ENS        |2025   |Fjernvarme|Landet|2024|200 % |0,05
        ENS        |2025   |Naturgas  |Landet|2024|brændt|0,2
    """, load_kind="delta", window=(date(2026, 1, 1), date(2026, 1, 2))),
]  # fmt: skip

DELIVERIES = [*PROPERTIES, *FILES, *ELECTRICITY, *HEAT, *FACTORS]

CONFIGURATION = {
    f"{CODE}/sources.yml": f'municipality_code: "{CODE}"\nname: Opdigtet Kommune (fiktiv)\n',
    f"{CODE}/property_links.csv": """\
link_type,source_key,property_no,share,valid_from,valid_to,note
meter,W2,P3,0.25,,,
meter,W2,P4,0.75,,,
meter,M1,P6,1,,,
meter,M2,P6,1,,,
meter,GA,P6,1,,,
meter,WB,P6,1,,,
meter,5705,P8,1,,,
meter,5706,P8,1,,,
meter,5707,P9,1,,,
meter,5709,P6,1,,,
""",
    # a school until July 2024, 182 of its 366 days, and a daycare since
    f"{CODE}/property_periods.csv": """\
property_no,building_no,valid_from,valid_to,use_category,tenure,area_m2,note
P10,,,2024-07-01,school,owned,,
P10,,2024-07-01,,daycare,owned,,
""",
}
