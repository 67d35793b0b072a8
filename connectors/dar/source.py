"""Addresses of the Danish address register DAR, as far as they tie an address to a building.

Owner: the Agency for Climate Data; distributed by Datafordeleren.
Documentation: https://datafordeler.dk (file download API and GraphQL, register DAR).
Licence: CC BY 4.0 according to a third-party review; non-confidential data.

Status words are DAR's own: 2 provisional, 3 in force, 4 closed, 5 shelved. A row names no municipality by its code, so
national files cannot be sliced; by GraphQL the municipality is found by its id in DAGI, `area` in sources.yml.
"""

from connectors.base import Source
from connectors.datafordeler import OPTIONS, Register, entity, usual_ways
from connectors.datafordeler_graphql import Reach

STREAMS = (
    entity("Husnummer", "adgangsadressebetegnelse husnummertekst adgangTilBygning adgangTilTekniskAnlæg "
           "geoDanmarkBygning jordstykke kommuneinddeling navngivenVej postnummer"),
    entity("Adresse", "adressebetegnelse etagebetegnelse dørbetegnelse husnummer bygning"),
)  # fmt: skip
DAR = Register(
    name="DAR",
    graphql="https://graphql.datafordeler.dk/DAR/v1",
    reaches={
        "Husnummer": Reach({"kommuneinddeling": "{area}"}),
        "Adresse": Reach({}, of="Husnummer", field="husnummer"),
    },
)

SOURCE = Source(name="dar", family="bbr", streams=STREAMS, ways=usual_ways(DAR, national=False), options=OPTIONS)
