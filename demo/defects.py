"""The defects planted in the demo's files: one sentence each. `Truth.defects` says how many of each there are.

What happens to them: rejected = the row or file does not land; kept = it lands and must not count; shown = it lands,
counts, and is visible as a warning or as unmapped money.
"""

from __future__ import annotations

from datetime import date

from demo.economy import STOPPED_MONTHS
from demo.files.bbr_rows import Register
from demo.files.facilities import DALUX_PAGE
from demo.files.ledgers import CONTROL_OFF, SENT_AGAIN
from demo.files.records import UNKNOWN_PROPERTY
from demo.levels import WHOLE_KRONER
from demo.model import YEARS, Municipality

MEANINGS = {
    "bbr_old_use_codes": "kept: buildings with a use code that is being phased out (320, 420, 440 ...)",
    "bbr_built_year_1000_or_0": "shown: built year 1000 or 0 means unknown",
    "bbr_rows_of_status_10": "kept: buildings that are gone, with the number of one that stands",
    "bbr_case_copies_with_negative_area": "kept: status 4 or 9, the area is a planned change",
    "bbr_floors_of_status_10": "kept: basements that are gone",
    "bbr_rows_of_another_municipality": "rejected: rows with municipality code 994",
    "fm_file_of_another_municipality": "rejected: the neighbour's extract in the wrong folder",
    "fm_buildings_not_in_bbr": "shown: the area comes from the FM system",
    "fm_buildings_without_any_area": "shown: measured by nobody; status x",
    "fm_properties_without_use": "kept: the use follows from BBR's use code",
    "fm_building_numbers_with_zeros": "kept: 001 and 1 are the same building",
    "fm_buildings_without_bbr_id": "kept: linked by BFE number and building number",
    "fm_buildings_without_heated_area": "shown: blank, 0 or 0.0 means unknown",
    "fm_buildings_without_cleaned_area": "shown: blank, 0 or 0.0 means unknown",
    "dalux_repeated_ids": "kept: an item comes again on the next page, older",
    "ledger_batches_sent_again": "rejected as unchanged: same bytes, new name",
    "ledger_control_totals_off_by_one_oere": "shown: within the tolerance, so a warning",
    "ledger_files_with_two_date_formats": "kept: dd-mm-yyyy and yyyymmdd in one file",
    "ledger_rows_with_too_few_fields": "rejected: one row of a file that has no control file",
    "ledger_unmapped_cost_units": "shown: postings on a PSP element or carrier that no master has",
    "ledger_shared_cost_units": "kept: one PSP element or carrier of two properties, fixed shares",
    "ledger_amounts_in_whole_kroner": "kept: charges whose amounts are written 23.350 for 23350,00",
    "observations_of_unknown_properties": "kept: rows of a property that does not exist",
    "surveys_on_an_unknown_scale": "shown: a part without a grade, so its building has no known backlog",
    "labels_that_ran_out": "kept: energy labels whose ten years are over before the last year ends",
    "parcels_no_longer_in_force": "kept: parcels of the cadastre that are history",
    "meters_that_stopped": "shown: electricity meters without readings for the last quarter of 2023",
    "fault_cost_units_in_oere": "held: cleaning of schools posted in oere for a year",
}


def count_defects(municipalities: list[Municipality], registers: list[Register]) -> dict[str, int]:
    """How often each defect occurs, all three municipalities together."""
    counts = dict.fromkeys(MEANINGS, 0)
    for register in registers:
        for defect, count in register.defects.items():
            counts[defect] += count
    for municipality in municipalities:
        for defect, count in _count(municipality).items():
            counts[defect] += count
    counts["ledger_files_with_two_date_formats"] = 1
    counts["ledger_rows_with_too_few_fields"] = 1
    counts["fm_file_of_another_municipality"] = 1
    return counts


def _count(municipality: Municipality) -> dict[str, int]:
    return {**_count_buildings(municipality), **_count_ledger(municipality), **_count_records(municipality)}


def _count_records(municipality: Municipality) -> dict[str, int]:
    records, last_day = municipality.records, date(YEARS[-1], 12, 31)
    return {
        "observations_of_unknown_properties": UNKNOWN_PROPERTY.get(municipality.code, 0),
        "surveys_on_an_unknown_scale": sum(survey.grade is None for survey in records.surveys),
        "labels_that_ran_out": sum(label.valid_to < last_day for label in records.labels),
        "parcels_no_longer_in_force": sum(not parcel.is_current for parcel in records.parcels),
        "meters_that_stopped": sum(STOPPED_MONTHS[0] not in meter.monthly and (2023, 1) in meter.monthly
                                   for meter in municipality.meters),
    }  # fmt: skip


def _count_buildings(municipality: Municipality) -> dict[str, int]:
    sites = municipality.properties
    buildings = [b for p in sites for b in p.buildings]
    lists = (len(sites), len(buildings)) if municipality.fm_system == "dalux" else ()
    return {
        "fm_buildings_not_in_bbr": sum(b.bbr_id is None for b in buildings),
        "fm_buildings_without_any_area": sum(b.operating_area(p.tenure) is None for p in sites for b in p.buildings),
        "fm_properties_without_use": sum(not p.has_fm_use for p in sites),
        "fm_building_numbers_with_zeros": sum(b.number % 2 for b in buildings) if municipality.code == "0991" else 0,
        "fm_buildings_without_bbr_id": sum(b.bbr_id is not None and not b.fm_knows_bbr_id for b in buildings),
        "fm_buildings_without_heated_area": sum(b.heated is None for b in buildings),
        "fm_buildings_without_cleaned_area": sum(b.cleaned is None for b in buildings),
        "dalux_repeated_ids": sum(length > DALUX_PAGE for length in lists),
    }


def _count_ledger(municipality: Municipality) -> dict[str, int]:
    short = municipality.code == "0991"
    return {
        "ledger_batches_sent_again": int(municipality.code in SENT_AGAIN),
        "ledger_control_totals_off_by_one_oere": int(municipality.code in CONTROL_OFF),
        "ledger_unmapped_cost_units": sum(not unit.is_in_master for unit in municipality.units),
        "ledger_shared_cost_units": sum(
            len(unit.shares) > 1 and not unit.is_tied_by_rule for unit in municipality.units
        ),
        "ledger_amounts_in_whole_kroner": sum(c.category in WHOLE_KRONER for c in municipality.charges) if short else 0,
        "fault_cost_units_in_oere": sum(c.posted != c.intended and c.year in YEARS for c in municipality.charges),
    }
