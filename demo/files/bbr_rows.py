"""The fictional world as BBR would register it: what stands, what is gone, and copies made by building cases."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from demo.model import Building, Municipality, Property, stream_of
from demo.names import PRIVATE_USES
from demo.world import new_uuid

EXISTING = "6"
VALID = "7"
GONE = "10"
CASE_COPIES = ("4", "9")
MUNICIPAL_OWNER = "50"
PRIVATE_OWNER = "10"
FOREIGN_MUNICIPALITY = "994"
# Rows of another municipality in the file: too few to reject the delivery.
FOREIGN_ROWS = {"0991": 0, "0992": 2, "0993": 1}
UNKNOWN_YEARS = ("1000", "1000", "0")
Row = dict[str, object]


@dataclass
class Register:
    """Rows per entity, and how many of each planted defect they hold."""

    code: str
    rng: random.Random
    rows: dict[str, list[Row]] = field(
        default_factory=lambda: {
            name: [] for name in ("Bygning", "Etage", "Grund", "Ejendomsrelation", "BygningEjendomsrelation")
        }
    )
    defects: dict[str, int] = field(default_factory=dict)

    def add(self, entity: str, identity: str, status: str, **values: object) -> None:
        """Add a row; ids are written in capitals and the municipality without its zero, as the files have them."""
        upper = {key: str(value).upper() for key, value in values.items() if key in _REFERENCES and value}
        self.rows[entity].append(
            {"id_lokalId": identity.upper(), "kommunekode": self.code.lstrip("0"), "status": status, **values, **upper}
        )

    def count(self, defect: str) -> None:
        """Note one planted defect."""
        self.defects[defect] = self.defects.get(defect, 0) + 1


_REFERENCES = ("grund", "bygning", "bestemtFastEjendom", "bygningPåFremmedGrund")


def build_register(municipality: Municipality, seed: int) -> Register:
    """Every row of the municipality's part of BBR."""
    register = Register(municipality.code, stream_of(seed, municipality.code, "bbr"))
    for site in municipality.properties:
        _add_property(register, site)
    for number in range(municipality.private_buildings):
        _add_private(register, number)
    for _ in range(FOREIGN_ROWS[municipality.code]):
        stray = dict(register.rng.choice(register.rows["Bygning"]))
        stray |= {"id_lokalId": new_uuid(register.rng).upper(), "kommunekode": FOREIGN_MUNICIPALITY}
        register.rows["Bygning"].append(stray)
        register.count("bbr_rows_of_another_municipality")
    for rows in register.rows.values():
        register.rng.shuffle(rows)
    return register


def _add_property(register: Register, site: Property) -> None:
    rng = register.rng
    ground, relation = new_uuid(rng), new_uuid(rng)
    owner = PRIVATE_OWNER if site.tenure == "leased" or site.is_on_foreign_ground else MUNICIPAL_OWNER
    bfe = f"8{site.bfe_no}" if site.is_on_foreign_ground else site.bfe_no
    register.add("Grund", ground, VALID, bestemtFastEjendom=relation)
    register.add("Ejendomsrelation", relation, VALID, **_relation(site.property_no, bfe, owner, "1"))
    foreign = new_uuid(rng) if site.is_on_foreign_ground else None
    if foreign:
        register.add("Ejendomsrelation", foreign, VALID, **_relation("", site.bfe_no, MUNICIPAL_OWNER, "2"))
    for building in site.buildings:
        if building.bbr_id is None:
            continue
        register.add("Bygning", building.bbr_id, EXISTING, grund=ground, **_building(building, rng))
        _count_codes(register, building)
        _add_floors(register, building.bbr_id, building)
        if foreign:
            link = {"bygning": building.bbr_id, "bygningPåFremmedGrund": foreign}
            register.add("BygningEjendomsrelation", new_uuid(rng), VALID, **link)
        _add_ghosts(register, building, ground)


def _relation(number: str, bfe: str, owner: str, kind: str) -> Row:
    return {
        "ejendomsnummer": number,
        "bfeNummer": bfe,
        "ejendommensEjerforholdskode": owner,
        "ejendomstype": kind,
    }


def _building(building: Building, rng: random.Random) -> Row:
    return {
        "byg007Bygningsnummer": building.number,
        "byg021BygningensAnvendelse": building.use_code,
        "byg026Opførelsesår": building.built_year or rng.choice(UNKNOWN_YEARS),
        "byg038SamletBygningsareal": building.bbr_area,
        "byg039BygningensSamledeBoligAreal": building.bbr_area if building.use_code.startswith("1") else "",
        "byg040BygningensSamledeErhvervsAreal": "" if building.use_code.startswith("1") else building.bbr_area,
        "byg041BebyggetAreal": round(building.bbr_area / building.floors),
        "byg054AntalEtager": building.floors,
        "byg056Varmeinstallation": rng.choice("1127"),
        "byg404Koordinat": f"POINT ({rng.uniform(5e5, 6e5):.2f} {rng.uniform(6.1e6, 6.2e6):.2f})",
    }


def _count_codes(register: Register, building: Building) -> None:
    if building.use_code in ("320", "420", "440", "410", "430", "530", "130", "490"):
        register.count("bbr_old_use_codes")
    if building.built_year is None:
        register.count("bbr_built_year_1000_or_0")


def _add_floors(register: Register, identity: str, building: Building) -> None:
    whole, rest = divmod(building.bbr_area, building.floors)
    for floor in range(building.floors):
        area = whole + (rest if floor == 0 else 0)
        label = "st" if floor == 0 else str(floor)
        register.add("Etage", new_uuid(register.rng), EXISTING, bygning=identity, **_floor(label, area))
    if building.attic:
        attic = _floor(str(building.floors), building.attic, attic=building.attic)
        register.add("Etage", new_uuid(register.rng), EXISTING, bygning=identity, **attic)
    if building.basement:
        basement = _floor("kl", building.basement, basement=building.basement)
        register.add("Etage", new_uuid(register.rng), EXISTING, bygning=identity, **basement)


def _floor(label: str, area: int, attic: int = 0, basement: int = 0) -> Row:
    return {
        "eta006BygningensEtagebetegnelse": label,
        "eta020SamletArealAfEtage": area,
        "eta021ArealAfUdnyttetDelAfTagetage": attic or "",
        "eta022Kælderareal": basement or "",
        "eta025Etagetype": 2 if basement else 1 if attic else 0,
    }


def _add_ghosts(register: Register, building: Building, ground: str) -> None:
    """Rows that look like the building and must not count."""
    rng = register.rng
    if rng.random() < 0.06:
        values = _building(building, rng) | {"byg038SamletBygningsareal": rng.randint(50, 900)}
        register.add("Bygning", new_uuid(rng), GONE, grund=ground, **values)
        register.count("bbr_rows_of_status_10")
    if rng.random() < 0.05:
        values = {
            "byg007Bygningsnummer": building.number,
            "byg021BygningensAnvendelse": building.use_code,
            "byg038SamletBygningsareal": -rng.randint(10, 300),
            "byg404Koordinat": "GEOMETRYCOLLECTION EMPTY",
        }
        register.add("Bygning", new_uuid(rng), rng.choice(CASE_COPIES), grund=ground, **values)
        register.count("bbr_case_copies_with_negative_area")
    if building.bbr_id and rng.random() < 0.04:
        floor = _floor("kl", 75, basement=75)
        register.add("Etage", new_uuid(rng), GONE, bygning=building.bbr_id, **floor)
        register.count("bbr_floors_of_status_10")


def _add_private(register: Register, number: int) -> None:
    """A building of somebody else, as most of the register is."""
    rng = register.rng
    ground, relation, identity = new_uuid(rng), new_uuid(rng), new_uuid(rng)
    use = rng.choice(PRIVATE_USES)
    area = rng.randint(60, 420)
    status = GONE if rng.random() < 0.07 else EXISTING
    small = use.startswith("9")
    values: Row = {
        "byg007Bygningsnummer": 1,
        "byg021BygningensAnvendelse": use,
        "byg026Opførelsesår": rng.choice((*UNKNOWN_YEARS, "")) if rng.random() < 0.1 else rng.randint(1870, 2024),
        "byg038SamletBygningsareal": "" if small else area,
        "byg041BebyggetAreal": area,
        "byg404Koordinat": "GEOMETRYCOLLECTION EMPTY" if status == GONE else "POINT (571497.63 6224220.14)",
        "byg500Notatlinjer": 'Rettet efter "besigtigelse", jf. sag' if rng.random() < 0.02 else "",
    }
    register.add("Grund", ground, VALID, bestemtFastEjendom=relation)
    bfe = str(int(register.code) * 100_000 + 50_000 + number)
    register.add("Ejendomsrelation", relation, VALID, **_relation("", bfe, PRIVATE_OWNER, "1"))
    register.add("Bygning", identity, status, grund=ground, **values)
    register.add("Etage", new_uuid(rng), EXISTING, bygning=identity, **_floor("st", area))
