"""Every planted defect is really in the files, in the numbers the truth states."""

import hashlib
import json
from pathlib import Path

from demo.defects import MEANINGS
from demo.files.facilities import write_facilities
from demo.truth import Truth
from demo.world import build_municipalities
from tests.demo.reading import bbr_rows, danish_number, opus_postings, rows_of

CODES = ("0991", "0992", "0993")


def test_the_truth_counts_every_defect_that_is_described(truth: Truth) -> None:
    assert truth.defects.keys() == MEANINGS.keys()
    # Pages of Dalux need more than a hundred items, which the smallest world has not.
    assert {name for name, count in truth.defects.items() if count == 0} <= {"dalux_repeated_ids"}


def test_bbr_holds_rows_that_must_not_count(sources: Path, truth: Truth) -> None:
    buildings = [row for code in CODES for row in bbr_rows(sources, "Bygning", code)]
    negative = [row for row in buildings if row["byg038SamletBygningsareal"].startswith("-")]

    assert len(negative) == truth.defects["bbr_case_copies_with_negative_area"]
    assert {row["status"] for row in negative} <= {"4", "9"}
    assert sum(row["status"] == "10" for row in buildings) >= truth.defects["bbr_rows_of_status_10"]
    assert any(row["byg026Opførelsesår"] == "1000" for row in buildings)


def test_bbr_writes_ids_in_capitals_and_the_municipality_without_its_zero(sources: Path) -> None:
    for row in bbr_rows(sources, "Bygning", "0991"):
        assert row["id_lokalId"] == row["id_lokalId"].upper()
        assert row["kommunekode"] == "991"


def test_old_and_new_use_codes_stand_side_by_side(sources: Path) -> None:
    codes = {row["byg021BygningensAnvendelse"] for code in CODES for row in bbr_rows(sources, "Bygning", code)}

    assert {"420", "421", "440", "441", "320", "321"} <= codes


def test_few_enough_bbr_rows_are_of_another_municipality(sources: Path, truth: Truth) -> None:
    rows = {code: bbr_rows(sources, "Bygning", code) for code in CODES}
    strays = {code: sum(row["kommunekode"] == "994" for row in found) for code, found in rows.items()}

    assert sum(strays.values()) == truth.defects["bbr_rows_of_another_municipality"]
    assert all(strays[code] < len(rows[code]) / 100 for code in CODES)


def test_a_whole_file_of_the_neighbour_lies_in_the_fm_folder(sources: Path) -> None:
    rows = rows_of(sources / "0991" / "fm" / "ejendomme_0994.csv")

    assert rows
    assert {row["Kommunenr."] for row in rows} == {"994"}


def test_a_batch_comes_twice_under_two_names(sources: Path) -> None:
    for first, again in (
        ("0991/ledger/posteringer_2024-05.csv", "0991/ledger/posteringer_2024-05_gensendt.csv"),
        ("0992/ledger/finansposter_2025_02.csv", "0992/ledger/finansposter_2025_02_gensendt.csv"),
    ):
        digests = {hashlib.sha256((sources / name).read_bytes()).hexdigest() for name in (first, again)}
        assert len(digests) == 1


def test_control_totals_agree_but_for_the_one_that_is_an_oere_off(sources: Path) -> None:
    differences = {}
    for path in sorted((sources / "0991" / "ledger").glob("posteringer_????-??.csv")):
        (control,) = rows_of(path.with_name(f"{path.stem}.kontrol.csv"), "cp1252")
        rows = rows_of(path, "cp1252")
        total = sum(danish_number(r["Beløb"]) * (-1 if r["Debet/kredit"] == "Kredit" else 1) for r in rows)
        assert int(control["Antal"]) == len(rows)
        if danish_number(control["Sum"]) != total:
            differences[path.name] = str(danish_number(control["Sum"]) - total)

    assert differences == {"posteringer_2024-08.csv": "0.01"}


def test_one_file_writes_dates_in_two_ways(sources: Path) -> None:
    rows = rows_of(sources / "0991" / "ledger" / "posteringer_2024-03.csv", "cp1252")

    assert {"-" in row["Bogføringsdato"] for row in rows} == {True, False}


def test_whole_kroner_are_written_without_decimals(sources: Path) -> None:
    amounts = [row["Beløb"] for row, _ in opus_postings(sources, "0991")]

    assert any("." in amount and "," not in amount for amount in amounts)


def test_one_row_has_too_few_fields_and_its_file_no_control_file(sources: Path) -> None:
    path = sources / "0993" / "ledger" / "OPUS_202411.csv"
    counts = [line.count(";") for line in path.read_text("cp1252").splitlines() if '"' not in line]

    assert min(counts) == 2
    assert counts.count(2) == 1
    assert not path.with_name("OPUS_202411.kontrol.csv").exists()


def test_a_psp_element_is_posted_on_that_no_master_has(sources: Path) -> None:
    known = {row["PSP-element"] for row in rows_of(sources / "0993" / "ledger" / "PSP.csv", "cp1252")}
    used = {row["PSP-element"] for row, _ in opus_postings(sources, "0993")}

    assert len(used - known) == 1


def test_shared_cost_units_are_split_by_shares_that_sum_to_one(world: tuple[Path, Truth]) -> None:
    for code in CODES:
        rows = rows_of(world[0] / "config" / "municipalities" / code / "property_links.csv", "utf-8", ",")
        keys = [(row["link_type"], row["source_key"]) for row in rows]
        shared = {key for key in keys if keys.count(key) > 1}
        assert {key[0] for key in shared} >= {"cost_centre" if code == "0992" else "psp"}
        for key in shared:
            assert (
                sum(danish_number(r["share"].replace(".", ",")) for r, k in zip(rows, keys, strict=True) if k == key)
                == 1
            )


def test_dalux_repeats_an_id_on_the_next_page_and_leaves_areas_at_zero(tmp_path: Path) -> None:
    municipality = next(m for m in build_municipalities(seed=7, scale=1.0) if m.fm_system == "dalux")
    write_facilities(municipality, tmp_path)
    for name, key in (("estates", "estateId"), ("buildings", "buildingId")):
        items = json.loads((tmp_path / f"{name}.json").read_text(encoding="utf-8"))
        ids = [item[key] for item in items]
        (repeated,) = {identity for identity in ids if ids.count(identity) > 1}
        places = [place for place, identity in enumerate(ids) if identity == repeated]

        assert len(places) == 2
        assert places[0] < 100 <= places[1]
        assert items[places[0]]["lastChangeDate"] > items[places[1]]["lastChangeDate"]
    assert any(item["grossArea"] == 0.0 for item in items)


def test_an_observation_and_a_survey_say_what_nobody_can_place(sources: Path, truth: Truth) -> None:
    strays = 0
    for code, delimiter, encoding in (("0991", ";", "utf-8-sig"), ("0992", ",", "utf-8"), ("0993", "\t", "cp1252")):
        rows = rows_of(sources / code / "fm" / "observations.csv", encoding, delimiter)
        strays += sum(row["Ejendomsnr."] == f"{code}99999" for row in rows)
    scales = [row["Skala"] for row in rows_of(sources / "0991" / "fm" / "condition_surveys.csv")]

    assert strays == truth.defects["observations_of_unknown_properties"]
    assert {"1-5", "0-10"} == set(scales)
    assert scales.count("0-10") == 2
    assert truth.defects["surveys_on_an_unknown_scale"] == 3


def test_the_cadastre_has_parcels_that_are_history(sources: Path, truth: Truth) -> None:
    rows = rows_of(sources / "0991" / "mat" / "jordstykke.csv", "utf-8", ",")

    assert sum(row["status"] == "Historisk" for row in rows) == truth.defects["parcels_no_longer_in_force"] > 0
