"""Buildings that change use, tenure or area within a year, leases, labels and terrain, in a world of their own.

0997 is invented; every number below can be worked out by hand. 2024 has 366 days, 2025 has 365.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from tests.dbt.conftest import Built, build_world
from tests.dbt.small_world import RawDelivery
from warehouse.settings import Settings

MODELS = ("+int_property_uses__weighted", "+int_areas__measured", "+fct_area_reconciliation", "+fct_unlinked",
          "+dim_buildings", "+dim_properties", "--indirect-selection", "buildable")  # fmt: skip


def raw(source: str, stream: str, table: str) -> RawDelivery:
    return RawDelivery(source, stream, "0997", table)


# A, B ... are properties; their buildings in BBR are a1, a2, b1 ...
DELIVERIES = [
    RawDelivery("energy", "readings", "0997", """
        meter_no|period |quantity|unit
        M1      |2024-01|1       |kWh
        M1      |2025-01|1       |kWh
    """, load_kind="window", window=(date(2024, 1, 1), date(2026, 1, 1))),
    raw("fm_files", "properties", """
        property_no|bfe_no|name      |use      |tenure
        A          |100   |Skolen    |Skole    |Ejet
        B          |200   |Rådhuset  |Rådhus   |Ejet
        C          |      |Humlebien |Børnehave|
        D          |400   |Museet    |Museum   |Ejet
        E          |      |Kontoret  |Kontor   |
        F          |600   |Hallen    |Hal      |Ejet
        G          |700   |Gården    |Materielgård|Ejet
        H          |      |Biblioteket|Bibliotek|Ejet
        I          |500   |Lageret   |Lager    |Ejet
        I          |501   |Lageret   |Lager    |Ejet
        0012345    |      |Garagen   |Garage   |Ejet
        K          |      |Grunden   |Skole    |Ejet
        L          |      |Salen     |Hal      |Ejet
        M          |      |Skuret    |Lager    |Ejet
    """),
    raw("fm_files", "buildings", """
        property_no|building_no|bbr_id|name|gross_area|heated_area|cleaning_area|tenure|road|house_no|zip_code|city|protected
        A      |1|A1|Hus    |1000|730|   |     |         |  |    |   |
        A      |2|A2|Fløj   |510 |   |   |     |         |  |    |   |
        B      |1|B1|Rådhus |183 |   |   |     |         |  |    |   |
        C      |1|  |Børnehus|999|   |   |Lejet|         |  |    |   |
        D      |1|D1|Museum |400 |   |200|     |         |  |    |   |ja
        F      |1|F1|Hal    |250 |   |   |     |         |  |    |   |
        F      |2|F2|Klub   |140 |   |   |     |         |  |    |   |
        G      |1|G1|Lade   |    |   |   |     |         |  |    |   |
        G      |2|G2|Stald  |    |   |   |     |         |  |    |   |
        H      |1|  |Bibliotek|300|  |   |     |Skolevejen|12|4000|Roskilde|
        I      |1|  |Lager  |10  |   |   |     |         |  |    |   |
        I      |3|  |Skur   |20  |   |   |     |         |  |    |   |
        0012345|2|  |Garage |30  |   |   |     |         |  |    |   |
        L      |1|L1|Sal    |200 |   |   |     |         |  |    |   |
        L      |2|L2|Café   |60  |   |   |     |         |  |    |   |
        L      |3|L3|Gang   |900 |   |   |     |         |  |    |   |
        M      |1|  |Skur   |50  |   |   |     |         |  |    |   |
    """),
    raw("fm_files", "leases", """
        lease_no|property_no|building_no|role   |area|annual_rent|valid_from|valid_to
        L1      |C          |001        |lejet  |200 |1          |01-01-2024|31-12-2024
        L2      |C          |1          |lejet  |365 |1          |01-02-2025|31-12-9999
        L3      |D          |1          |udlejet|100 |1          |01-01-2025|14-03-2025
        L4      |E          |           |lejet  |150 |1          |          |
        L5      |F          |           |udlejet|40  |1          |01-01-2024|
        L6      |L          |2          |udlejet|40  |1          |01-01-2024|
    """),
    raw("bbr", "bygning", """
        id_lokalid|status|byg007bygningsnummer|byg021bygningensanvendelse|byg026opfoerelsesaar|byg038samletbygningsareal|byg041bebyggetareal|byg056varmeinstallation|grund|husnummer|virkningfra
        A1        |6     |1|421|1990|900 |600|1|GA|  |2023-05-01T00:00:00Z
        A2        |6     |2|421|1990|500 |   |1|GA|  |
        B1        |6     |1|321|1990|366 |300|1|GB|  |
        D1        |6     |1|413|1990|400 |400|1|GD|  |
        F1        |6     |1|532|1990|300 |300|1|GF|  |
        F2        |6     |2|539|1990|100 |100|1|GF|  |
        G1        |10    |1|323|1990|315 |300|1|GG|  |2025-05-31T22:00:00Z
        G2        |10    |2|323|1990|100 |100|1|GG|  |2019-01-01T00:00:00Z
        G3        |6     |2|323|1990|120 |100|1|GG|  |
        H1        |6     |1|413|1990|290 |290|1|GH|N1|
        H2        |6     |2|413|1990|80  |80 |1|GP|N2|
        H3        |6     |3|413|1990|70  |70 |1|GH|N3|
        I1        |6     |1|323|1990|11  |11 |9|GI|  |
        I2        |6     |1|323|1990|12  |12 |9|GJ|  |
        I3        |6     |3|323|1990|20  |20 |9|GJ|  |
        K1        |6     |2|910|1990|    |30 | |GK|  |
        L1        |6     |1|532|1990|200 |200|1|  |  |
        L2        |6     |2|532|1990|100 |100|1|  |  |
        L3        |6     |3|532|1990|900 |900|1|  |  |
        M1        |6     |7|323|1990|77  |77 |9|  |  |
    """),
    raw("bbr", "etage", """
        id_lokalid|status|bygning|eta021arealafudnyttetdelaftagetage|eta022kaelderareal|virkningfra
        FA1       |6     |A1     |40 |60|2020-01-01T00:00:00Z
        FL1       |6     |L1     |   |100|2020-01-01T00:00:00Z
        FG1       |10    |G1     |50 |  |2025-05-31T22:00:00Z
        FG2       |10    |G1     |   |99|2020-01-01T00:00:00Z
    """),
    raw("bbr", "grund", """
        id_lokalid|status|bestemtfastejendom
        GA|7|RA
        GB|7|RB
        GD|7|RD
        GF|7|RF
        GG|7|RG
        GH|7|RH
        GP|7|RP
        GI|7|RI
        GJ|7|RJ
        GK|7|RK
    """),
    raw("bbr", "ejendomsrelation", """
        id_lokalid|status|bfenummer|ejendomsnummer|ejendommensejerforholdskode
        RA|7|100|111  |50
        RB|7|200|222  |50
        RD|7|400|444  |50
        RF|7|600|666  |50
        RG|7|700|777  |50
        RH|7|800|888  |50
        RP|7|801|889  |10
        RI|7|500|555  |50
        RJ|7|501|556  |50
        RK|7|900|12345|50
    """),
    raw("dar", "husnummer", """
        id_lokalid|status|adgangsadressebetegnelse
        N1        |3     |Skolevej 12, 4000 Roskilde
        N2        |3     |Skolevejen 12, 4000 Roskilde
        N3        |3     |Skolevejen 12, 4100 Roskilde
    """),
    raw("mat", "jordstykke", """
        id_lokalid|samletfastejendomlokalid|status  |registreretareal
        11        |100                     |Gældende|5000
        12        |100                     |Gældende|1000
        13        |100                     |Historisk|9999
        21        |200                     |Gældende|1300
        41        |400                     |Gældende|399
    """),
    raw("emodata", "energy_labels", """
        label_no|bfe_no|building_no|classification|valid_from|valid_to
        E1      |100   |001        |A2020         |01-01-2020|30-06-2025
        E2      |100   |2          |D             |01-01-2020|01-01-2030
        E3      |600   |0          |B             |01-01-2020|2030-01-01
    """),
]  # fmt: skip

CONFIGURATION = {
    "0997/sources.yml": 'municipality_code: "0997"\nname: Opdigtet Kommune (fiktiv)\n',
    "0997/property_periods.csv": """\
property_no,building_no,valid_from,valid_to,use_category,tenure,area_m2,note
A,001,2025-07-01,,daycare,,,moved in
B,,2024-03-01,2025-03-02,,leased,,sold and leased back
B,,2025-03-02,,,none,,moved out
K,,2024-01-01,2024-02-01,daycare,,,
L,3,2024-01-01,2025-01-01,,,820,BBR has the extension a year too early
X,,2024-01-01,,daycare,,,nobody knows this property
""",
    "0997/property_links.csv": """\
link_type,source_key,property_no,share,valid_from,valid_to,note
bbr_building,M1,M,1,,2024,
""",
}

# building, year, use, tenure -> square metres times days, whole numbers by hand
AREA_DAYS = {
    ("0997-A-1", 2024, "school", "owned"): 1000 * 366,  # 900 and 40 of the attic and 60 of the basement
    ("0997-A-1", 2025, "school", "owned"): 1000 * 181,
    ("0997-A-1", 2025, "daycare", "owned"): 1000 * 184,
    ("0997-B-1", 2024, "administration", "owned"): 366 * 60,  # January, and February of a leap year
    ("0997-B-1", 2024, "administration", "leased"): 183 * 306,  # leased: what the FM system says is rented
    ("0997-B-1", 2025, "administration", "leased"): 183 * 60,
    ("0997-C-1", 2024, "daycare", "leased"): 200 * 366,  # the lease, not the 999 m2 of the FM system
    ("0997-C-1", 2025, "daycare", "leased"): 365 * 334,  # nothing in January
    ("0997-D-1", 2025, "culture", "owned"): 400 * 365 - 100 * 73,
    ("0997-D-1", 2025, "culture", "let_out"): 100 * 73,  # 14 March is the last day
    ("0997-E-lease", 2024, "administration", "leased"): 150 * 366,  # only the lease list knows it
    ("0997-F-1", 2025, "sports", "owned"): 270 * 365,  # 40 m2 let out of the property: 30 and 10
    ("0997-F-1", 2025, "sports", "let_out"): 30 * 365,
    ("0997-F-2", 2025, "sports", "let_out"): 10 * 365,
    ("0997-G-1", 2024, "technical", "owned"): 365 * 366,  # 315 and the attic that went with it, not the cellar
    ("0997-G-1", 2025, "technical", "owned"): 365 * 151,  # gone on 1 June, Danish time
    ("0997-L-3", 2024, "sports", "owned"): 820 * 366,  # the municipality knows better
    ("0997-L-3", 2025, "sports", "owned"): 900 * 365,
    ("0997-M-1", 2024, "technical", "owned"): 77 * 366,  # tied by hand up to 2024
    ("0997-M-1", 2025, "technical", "owned"): 50 * 365,
}
# property, year -> use, tenure, weight
SHARES = {
    ("0997-A", 2024): {("school", "owned"): 1},
    ("0997-A", 2025): {("school", "owned"): 181_000 + 500 * 365, ("daycare", "owned"): 184_000},
    ("0997-B", 2024): {("administration", "owned"): 21_960, ("administration", "leased"): 55_998},
    ("0997-B", 2025): {("administration", "leased"): 1},
    ("0997-D", 2025): {("culture", "owned"): 138_700, ("culture", "let_out"): 7_300},
    ("0997-K", 2024): {("daycare", "owned"): 31, ("school", "owned"): 335},  # no building: by days
    ("0997-K", 2025): {("school", "owned"): 1},
}
# measure, year, unit -> amount, or None where it is missing
MEASURES = [
    ("A_OPV", 2025, "0997-A-1", "school", "362"),  # 730 m2, 181 of 365 days
    ("A_OPV", 2025, "0997-A-1", "daycare", "368"),
    ("A_RENG", 2025, "0997-D-1", "culture", "190"),  # 200 m2 less a quarter of them for 73 days
    ("A_UDLEJET", 2025, "0997-D-1", "culture", "20"),
    ("A_BDA", 2025, "0997-D-1", "culture", "380"),
    ("A_MRK", 2024, "0997-A-1", "school", "1000"),
    ("A_MRK_AC", 2024, "0997-A-1", "school", "1000"),
    ("A_MRK", 2025, "0997-A-2", "school", "500"),
    ("A_MRK_AC", 2025, "0997-A-2", "school", "0"),  # D
    ("A_MRK_AC", 2025, "0997-A-1", "school", "0"),  # ran out in June
    ("A_MRK", 2025, "0997-D-1", "culture", "0"),  # protected
    ("A_MRK_AC", 2025, "0997-F-1", "sports", "270"),  # a label of the whole property; what is let out is not in it
    ("A_MRK", 2025, "0997-F-2", "sports", "0"),  # 100 m2
    ("A_MRK", 2024, "0997-C-1", "daycare", "0"),  # 200 m2
    ("A_MRK", 2025, "0997-C-1", "daycare", None),  # 365 m2, and BBR's use is not known
    ("A_TERRAEN", 2024, "0997-A", "school", "5400"),  # 6000 less 600
    ("A_TERRAEN", 2024, "0997-D", "culture", None),  # 400 m2 of house on 399 m2 of land: a parcel is missing
    ("A_TERRAEN", 2024, "0997-G", "technical", None),
]
# building -> BBR building, method, confidence
LINKS = {
    "0997-A-1": ("a1", "uuid", "1.0"),
    "0997-G-1": ("g1", "uuid", "1.0"),
    "0997-G-2": ("g3", "bfe_building_no", "0.9"),  # what stands comes before what its UUID names and is gone
    "0997-H-1": (None, "none", "0"),  # an address is no link
    "0997-I-1": (None, "none", "0"),  # building 1 of two BFE numbers
    "0997-I-3": ("i3", "bfe_building_no", "0.9"),
    "0997-0012345-2": ("k1", "esr_building_no", "0.8"),
    "0997-M-1": ("m1", "manual", "1.0"),
}
REASONS = {
    "0997-A-1": "equal",
    "0997-A-2": "within_5_pct",
    "0997-C-1": "differs",
    "0997-D-1": "equal",
    "0997-E-lease": "fm_missing",
    "0997-F-1": "differs",
    "0997-G-1": "gone",
    "0997-G-2": "fm_missing",
    "0997-H-1": "bbr_missing",
    "0997-0012345-2": "bbr_missing",
    "0997-L-1": "attic_or_basement",
    "0997-L-2": "leased_part",
}


@pytest.fixture(scope="module")
def world(warehouse: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    yield build_world(warehouse, tmp_path_factory.mktemp("periods"), CONFIGURATION, DELIVERIES, *MODELS)


@pytest.mark.parametrize("unit", AREA_DAYS)
def test_area_counts_by_the_days_it_was_used_and_held_so(world: Built, unit: tuple[str, int, str, str]) -> None:
    building_id, year, use_category, tenure = unit
    row = world.row("int_building_uses__weighted", building_id=building_id, year=year, use_category=use_category,
                    tenure=tenure)  # fmt: skip
    assert row["area_days"] == AREA_DAYS[unit]


def test_a_building_has_no_other_rows_than_those_of_its_days(world: Built) -> None:
    expected = {unit for unit in AREA_DAYS if unit[0] in ("0997-A-1", "0997-B-1", "0997-C-1", "0997-G-1")}
    found = {
        (row["building_id"], row["year"], row["use_category"], row["tenure"])
        for row in world.tables["int_building_uses__weighted"]
    }
    assert {unit for unit in found if unit[0] in {building for building, *_ in expected}} == expected


def test_a_days_share_is_of_the_years_days_and_of_the_area_where_a_part_is_let_out(world: Built) -> None:
    shares = {
        row["tenure"]: row["day_share"]
        for row in world.rows("int_building_uses__weighted", building_id="0997-D-1", year=2025)
    }
    assert shares == {"owned": Decimal("0.95"), "let_out": Decimal("0.05")}


@pytest.mark.parametrize("unit", SHARES)
def test_what_is_known_per_property_is_spread_by_days_and_area(world: Built, unit: tuple[str, int]) -> None:
    property_id, year = unit
    rows = world.rows("int_property_uses__weighted", property_id=property_id, year=year)
    total = sum(SHARES[unit].values())
    assert sum(row["share"] for row in rows) == 1
    found = {(row["use_category"], row["tenure"]): row["share"] for row in rows}
    assert found.keys() == SHARES[unit].keys()
    for key, weight in SHARES[unit].items():
        assert abs(found[key] - Decimal(weight) / total) < Decimal("1e-12")


def test_what_is_let_out_has_no_part_in_the_municipalitys_own_use(world: Built) -> None:
    rows = world.rows("int_property_uses__weighted", property_id="0997-D", year=2025)
    assert {row["tenure"]: row["used_share"] for row in rows} == {"owned": 1, "let_out": 0}


@pytest.mark.parametrize(("measure", "year", "unit", "use_category", "amount"), MEASURES)
def test_a_measure_has_its_amount(
    world: Built, measure: str, year: int, unit: str, use_category: str, amount: str | None
) -> None:
    (row,) = [
        row
        for row in world.rows("int_areas__measured", measure_code=measure, year=year, use_category=use_category)
        if unit == (row["building_id"] or row["property_id"]) and row["tenure"] != "none"
    ]
    assert (row["amount"] is None) == (row["status_code"] == "x") == (amount is None)
    if amount is not None:
        assert round(row["amount"], 9) == Decimal(amount)


def test_terrain_whose_footprints_are_not_all_known_is_estimated(world: Built) -> None:
    (row,) = world.rows("int_areas__measured", measure_code="A_TERRAEN", year=2024, property_id="0997-A")
    assert row["status_code"] == "e"


def test_leased_land_is_nobodys_terrain(world: Built) -> None:
    properties = {row["property_id"] for row in world.rows("int_areas__measured", measure_code="A_TERRAEN", year=2025)}
    assert "0997-A" in properties
    assert not properties & {"0997-B", "0997-C", "0997-E"}


@pytest.mark.parametrize("building_id", LINKS)
def test_a_building_is_tied_by_the_surest_way(world: Built, building_id: str) -> None:
    row = world.row("dim_buildings", building_id=building_id)
    bbr_id, method, confidence = LINKS[building_id]
    assert (row["bbr_id"], row["link_method"], row["link_confidence"]) == (bbr_id, method, Decimal(confidence))


def test_a_building_knows_since_when_and_until_when_it_stands(world: Built) -> None:
    row = world.row("dim_buildings", building_id="0997-G-1")
    assert (row["stands_from"], row["stands_to"]) == (date(1990, 1, 1), date(2025, 6, 1))
    assert (row["link_valid_from"], row["link_valid_to"]) == (None, date(2025, 6, 1))


def test_today_is_what_has_no_end(world: Built) -> None:
    uses = {
        row["building_id"]: (row["use_category"], row["use_source"], row["tenure"], row["tenure_source"])
        for row in world.tables["dim_buildings"]
    }
    assert uses["0997-A-1"] == ("daycare", "period", "owned", "fm_property")
    assert uses["0997-A-2"] == ("school", "fm_property", "owned", "fm_property")
    assert uses["0997-B-1"] == ("administration", "fm_property", "none", "period")
    assert uses["0997-E-lease"] == ("administration", "fm_property", "leased", "lease")
    assert world.row("dim_properties", property_id="0997-B")["tenure"] == "owned"


@pytest.mark.parametrize("building_id", REASONS)
def test_a_difference_of_areas_has_a_reason(world: Built, building_id: str) -> None:
    assert world.row("fct_area_reconciliation", building_id=building_id)["reason"] == REASONS[building_id]


def test_a_difference_is_in_square_metres_and_per_cent(world: Built) -> None:
    row = world.row("fct_area_reconciliation", building_id="0997-A-2")
    assert (row["fm_area_m2"], row["bbr_area_m2"]) == (510, 500)
    assert (row["difference_m2"], row["difference_pct"]) == (10, 2)
    lease = world.row("fct_area_reconciliation", building_id="0997-C-1")
    assert (lease["lease_area_m2"], lease["difference_m2"]) == (365, 634)


def test_what_has_no_counterpart_is_listed_with_the_most_like_address(world: Built) -> None:
    fm = {row["unit_id"]: row for row in world.rows("fct_unlinked", side="fm")}
    assert set(fm) == {"0997-C-1", "0997-E-lease", "0997-H-1", "0997-I-1"}
    assert (fm["0997-H-1"]["suggested_unit_id"], fm["0997-H-1"]["similarity"]) == ("h2", 1)
    assert fm["0997-I-1"]["suggested_unit_id"] is None


def test_buildings_of_the_municipality_that_no_fm_system_has_are_listed(world: Built) -> None:
    bbr = {row["unit_id"]: row for row in world.rows("fct_unlinked", side="bbr")}
    # h2 is somebody else's, g1 and g2 are gone; h3 has the same address, in another town
    assert set(bbr) == {"h1", "h3", "i1", "i2"}
    assert bbr["h1"]["suggested_unit_id"] == "0997-H-1"
    assert 0.6 <= bbr["h1"]["similarity"] < 1
    assert bbr["h3"]["suggested_unit_id"] is None
