"""COBie handover workbooks as ready-made profiles: `preset: cobie`.

One workbook is one facility, which is one building: its sheet Facility names it and says in which unit all areas are.
COBie knows neither the municipality's property number nor tenure: `constants` gives what it lacks.
"""

NULLS = ("n/a", "na", "none", "unknown")
FACILITY = {"SiteName": "property_no", "Name": "building_no"}
COMMON = {"nulls": NULLS, "decimal": ".", "thousands": "", "date_formats": ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%S")}

COBIE_PROPERTIES = {
    **COMMON,
    "sheet": "Facility",
    "columns": {"SiteName": "property_no", "ProjectName": "name", "Category": "use"},
}
# Of a building COBie has no area: that is the sum of its rooms, and intermediate's business.
COBIE_BUILDINGS = {
    **COMMON,
    "sheet": "Facility",
    "columns": {**FACILITY, "Category": "use"},
    "constants": {"gross_area": ""},
}
COBIE_ROOMS = {
    **COMMON,
    "sheet": "Space",
    "columns": {
        "Name": "room_no", "FloorName": "floor", "Description": "name", "Category": "room_type", "NetArea": "area",
        "GrossArea": "gross_area",
    },
    "one_row": {"sheet": "Facility", "columns": {**FACILITY, "AreaUnits": "area_unit"}},
}  # fmt: skip
