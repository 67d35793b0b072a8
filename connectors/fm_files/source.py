"""Properties and buildings from any FM system that can write a file.

Owner: the municipality; the file is an extract of its FM system (MainManager, Caretaker, a spreadsheet).
Documentation: none in common; the municipality's `sources.yml` says what each heading means.
Licence: the municipality's own data.

`municipality_no` is optional: an extract of a system shared by several municipalities has it, and a file of the
neighbour is then stopped at the door.
"""

from connectors.base import Source, Stream, same

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
        ),
        Stream(
            name="buildings",
            key=("property_no", "building_no"),
            columns=same(
                "municipality_no property_no building_no bbr_id name use tenure gross_area heated_area cleaning_area "
                "built_year"
            ),
            required=("gross_area",),
            numbers=("gross_area", "heated_area", "cleaning_area", "built_year"),
            municipality_column="municipality_no",
        ),
    ),
)
