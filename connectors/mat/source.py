"""Properties and parcels of the cadastre Matriklen (MAT), as far as they tie a building to a BFE number.

Owner: the Danish Geodata Agency; distributed by Datafordeleren.
Documentation: https://datafordeler.dk (file download API and GraphQL, register MAT).
Licence: CC BY 4.0 according to a third-party review; non-confidential data.

Status words are texts (`Gældende`). A row names no municipality by its code, so national files cannot be sliced; by
GraphQL the municipality is found by its id in the cadastre, `area` in sources.yml.
"""

from connectors.base import Source
from connectors.datafordeler import OPTIONS, Register, entity, usual_ways
from connectors.datafordeler_graphql import Reach

STREAMS = (
    entity("Jordstykke", "matrikelnummer ejerlavLokalId kommuneLokalId samletFastEjendomLokalId registreretAreal# "
           "vejareal#"),
    entity("SamletFastEjendom", "BFEnummer# erFaelleslod hovedejendomOpdeltIEjerlejligh"),
)  # fmt: skip
MAT = Register(
    name="MAT",
    graphql="https://graphql.datafordeler.dk/MAT/v2",
    reaches={
        "Jordstykke": Reach({"kommuneLokalId": "{area}"}),
        "SamletFastEjendom": Reach({}, of="Jordstykke", field="id_lokalId", named="samletFastEjendomLokalId"),
    },
)

SOURCE = Source(name="mat", family="bbr", streams=STREAMS, ways=usual_ways(MAT, national=False), options=OPTIONS)
