"""What any FM, cleaning, lease, survey or booking system can write to a file.

Owner: the municipality; the file is an extract of its system (MainManager, Caretaker, a spreadsheet, a COBie workbook).
Documentation: none in common; `sources.yml` says what each heading means, see docs/how-to/map-a-file.md. COBie is
    chapter 4.2 of the National BIM Standard - United States.
Licence: the municipality's own data.

`municipality_no` is optional: an extract of a system shared by several municipalities has it, and a file of the
neighbour is then stopped at the door. Descriptions, tenants, landlords and whoever ordered or booked are never let in.

`observations` is what no system is known to have: a measure of the register that may be delivered (`is_delivered` in
register/measures.yml), per property or building and year. A zero is written as 0; no row means missing.
"""

from connectors.base import Source, Stream, same
from connectors.fm_files.cobie import COBIE_BUILDINGS, COBIE_PROPERTIES, COBIE_ROOMS

PERIOD_IN_NAME = r"(?P<year>20\d{2})(?:-?(?P<month>\d{2}))?"

SOURCE = Source(
    name="fm_files",
    family="fm",
    streams=(
        Stream(
            name="properties",
            key=("property_no",),
            columns=same("municipality_no property_no bfe_no name use tenure address"),
            required=("use", "tenure"),
            municipality_column="municipality_no",
            presets={"cobie": COBIE_PROPERTIES},
        ),
        Stream(
            name="buildings",
            key=("property_no", "building_no"),
            columns=same(
                "municipality_no property_no building_no bbr_id name use tenure gross_area heated_area cleaning_area "
                "built_year alternative_name road house_no zip_code city owner_cvr net_area bda_area rebuilt_year "
                "protected heating energy_label label_valid_to"
            ),
            required=("gross_area",),
            numbers=(
                "gross_area",
                "heated_area",
                "cleaning_area",
                "built_year",
                "net_area",
                "bda_area",
                "rebuilt_year",
            ),
            dates=("label_valid_to",),
            municipality_column="municipality_no",
            presets={"cobie": COBIE_BUILDINGS},
        ),
        Stream(
            name="rooms",
            key=("building_no", "room_no"),
            columns=same(
                "municipality_no property_no building_no floor room_no name room_type area gross_area area_unit "
                "floor_material cleaning_profile frequency_per_week minutes cleaning_code"
            ),
            required=("area",),
            numbers=("area", "gross_area", "frequency_per_week", "minutes"),
            municipality_column="municipality_no",
            holds_personal_data=True,
            presets={"cobie": COBIE_ROOMS},
        ),
        Stream(
            name="work_orders",
            key=("order_no",),
            columns=same(
                "municipality_no order_no property_no building_no status order_type priority created closed deadline "
                "expected_cost actual_cost account cost_centre"
            ),
            required=("status", "created"),
            numbers=("expected_cost", "actual_cost"),
            dates=("created", "closed", "deadline"),
            municipality_column="municipality_no",
            holds_personal_data=True,
        ),
        Stream(
            name="condition_surveys",
            key=("building_no", "part_code"),
            columns=same(
                "municipality_no property_no building_no part_code part_classification condition_grade "
                "condition_scale consequence remaining_life_years priority due_year amount quantity unit "
                "interval_years surveyed"
            ),
            required=("condition_grade", "condition_scale"),
            numbers=("remaining_life_years", "amount", "quantity", "interval_years"),
            dates=("surveyed",),
            years=("due_year",),
            municipality_column="municipality_no",
            holds_personal_data=True,
        ),
        Stream(
            name="leases",
            key=("lease_no",),
            columns=same(
                "municipality_no lease_no property_no building_no area annual_rent valid_from valid_to notice_months "
                "role"
            ),
            required=("annual_rent", "role"),
            numbers=("area", "annual_rent", "notice_months"),
            dates=("valid_from", "valid_to"),
            municipality_column="municipality_no",
            holds_personal_data=True,
        ),
        Stream(
            name="workplaces",
            key=("property_no", "count_date"),
            columns=same("municipality_no property_no building_no count_date workplaces employees"),
            required=("workplaces",),
            numbers=("workplaces", "employees"),
            dates=("count_date",),
            municipality_column="municipality_no",
        ),
        Stream(
            name="opening_hours",
            key=("property_no", "weekday"),
            columns=same("municipality_no property_no building_no room_no weekday opens closes valid_from valid_to"),
            required=("opens", "closes"),
            dates=("valid_from", "valid_to"),
            municipality_column="municipality_no",
        ),
        Stream(
            name="bookings",
            key=("property_no", "booking_date"),
            columns=same("municipality_no property_no building_no room_no booking_date starts ends hours kind"),
            load_kind="window",
            numbers=("hours",),
            dates=("booking_date",),
            municipality_column="municipality_no",
            holds_personal_data=True,
            profile={"window": PERIOD_IN_NAME},
        ),
        Stream(
            name="observations",
            key=("property_no", "measure", "year"),  # building_no too, where the row is of one building
            columns=same("municipality_no property_no building_no measure year amount"),
            required=("amount",),
            numbers=("amount",),
            years=("year",),
            municipality_column="municipality_no",
        ),
    ),
)
