"""Pupils per institution and school year, and the register of institutions: the Ministry's education statistics.

Owner: the Danish Agency for IT and Learning (STIL).
Documentation: https://api.uddannelsesstatistik.dk/swagger/v1/swagger.json
Licence: free reuse; "Kilde: Uddannelsesstatistik.dk" and the date of retrieval wherever a number is shown.

Cells of fewer than three observations are left out of the answer: a school that is absent is too small to show, never
without pupils. Pupils are counted where the school is, not where they live. One school stands in several buildings: its
figure belongs to the institution and is never summed over buildings; a main school and its units are both in the
register (`unit_kind`), and summing over both counts twice.

The register comes as a file from uddannelsesstatistik.dk (Institutionsregister), 30 columns of which these are let in;
others may name people. It writes "Københavns Kommune" where the statistics write "København".
"""

from connectors.base import RateLimit, Source, Stream, Way
from connectors.stil.parse import fetch_pupils, show_key

SOURCE = Source(
    name="stil",
    family="statistics",
    scope="both",
    ways=(
        Way(
            "api",
            fetch_pupils,
            base_url="https://api.uddannelsesstatistik.dk/Api/v1",
            auth="token",
            auth_name="Authorization",
            login=show_key,
            limits=(RateLimit(30, 60, at_once=1),),  # none is documented
            streams=frozenset({"pupils"}),
            note="a municipality needs name_in_source, spelled as the statistics do: København; 0000 gets all",
        ),
    ),
    options=frozenset({"name_in_source"}),
    streams=(
        Stream(
            name="pupils",
            path="GS/ELEV/ELEVEX",
            key=("institution_no", "school_year"),
            # The last part of a field's name in the answer: [Skoleår].[Skoleår].[Skoleår] is Skoleår.
            columns={
                "Institutionsnummer": "institution_no",
                "Institution": "institution_name",
                "Beliggenhedskommune": "municipality_name",
                "Skoleår": "school_year",
                "Antal elever": "pupils",
            },
            required=("pupils",),
        ),
        Stream(
            name="institutions",
            key=("institution_no",),
            columns={
                "Institutionsnummer": "institution_no",
                "Institutionsnavn": "institution_name",
                "Institutionstype, nr": "institution_type_no",
                "Institutionstype, navn": "institution_type_name",
                "Beliggenhedskommune": "municipality_name",
                "Enhedsart": "unit_kind",
                "Hovedinstitution": "main_institution_no",
                "Adresse": "address",
                "Postnummer": "zip_code",
                "Geokode: Breddegrad": "latitude",
                "Geokode: Længdegrad": "longitude",
            },
            required=("institution_name", "municipality_name", "latitude", "longitude"),
            holds_personal_data=True,
            extra_columns="ignore",
            profile={"decimal": "."},
        ),
    ),
)
