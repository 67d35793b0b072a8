"""Staging of DAR and MAT: an address tied to a building, a parcel tied to a BFE number; their own status words."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.connectors.datafordeleren import Downloads, connect_to, named, packed, run
from tests.connectors.drops import configure
from tests.connectors.scripted import serve
from tests.staging.staged import stage
from warehouse.settings import Settings

FILES = {
    named("Husnummer", 636, register="DAR"): (
        "id_lokalId,status,adgangsadressebetegnelse,adgangTilBygning,husnummertekst\nH1,3,Prøvevej 1,B1,1\n"
    ),
    named("Adresse", 636, register="DAR"): (
        "id_lokalId,status,adressebetegnelse,dørbetegnelse,etagebetegnelse,husnummer\nA1,3,\"Prøvevej 1, st. tv\",tv,st,H1\n"
    ),
    named("Jordstykke", 525, register="MAT"): (
        "id_lokalId,status,matrikelnummer,samletFastEjendomLokalId,registreretAreal\n1372860,Gældende,6hh,2154708,812\n"
    ),
    named("SamletFastEjendom", 525, register="MAT"): "id_lokalId,status,BFEnummer,erFaelleslod\n2154708,Gældende,2154708,false\n",
}  # fmt: skip


def test_an_address_is_tied_to_its_building_and_a_parcel_to_its_bfe_number(
    clean_warehouse: Settings, config_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(config_folder, "0992", dar={"connection": "bbr"}, mat={"connection": "bbr"})
    with serve(Downloads({name: packed(text) for name, text in FILES.items()}).respond) as server:
        connect_to(monkeypatch, server.url)
        assert {result.outcome for source in ("dar", "mat") for result in run("0992", source)} == {"landed"}
    tables = stage(clean_warehouse, tmp_path, "dar", "mat")
    (house,), (address,) = tables["stg_dar__husnumre"], tables["stg_dar__adresser"]
    assert (house["house_number_id"], house["bbr_id"], house["status_code"]) == ("h1", "b1", "3")
    assert (address["house_number_id"], address["floor_name"], address["door_name"]) == ("h1", "st", "tv")
    (parcel,), (whole,) = tables["stg_mat__jordstykker"], tables["stg_mat__samlede_faste_ejendomme"]
    assert (parcel["parcel_id"], parcel["bfe_number"], parcel["status_name"]) == ("1372860", "2154708", "gældende")
    assert (whole["whole_property_id"], whole["bfe_number"], whole["is_common_lot"]) == ("2154708", "2154708", False)

