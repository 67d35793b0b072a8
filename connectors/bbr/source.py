"""Buildings, storeys, grounds and property relations of the building register BBR.

Owner: the Danish Property Assessment Agency and the municipalities; distributed by Datafordeleren.
Documentation: https://datafordeler.dk (file download API, register BBR); field names as in BBR v3.
Licence: CC BY 4.0 according to a third-party review; non-confidential data.

Per municipality the newest csv total of current rows is taken of each entity. Current is not existing: staging
filters on status. Folder-delivered extracts are taken too, as csv or as a JSON array of the old REST service.
"""

from connectors.base import Source, Stream, Way
from connectors.bbr.parse import convert_records, fetch_files
from connectors.spelling import both_spellings

IDS = "id_lokalId kommunekode status "
# An extract of the file download API is comma separated UTF-8 with or without byte order mark.
PROFILE = {"delimiter": ",", "decimal": ".", "thousands": ""}
CONVERTERS = {".json": convert_records}


def _entity(name: str, columns: str, numbers: tuple[str, ...] = ()) -> Stream:
    return Stream(
        name=name.lower(),
        path=name,
        key=("id_lokalid",),
        columns=both_spellings(IDS + columns),
        required=("kommunekode", "status"),
        numbers=numbers,
        municipality_column="kommunekode",
        extra_columns="ignore",
        profile=PROFILE,
        converters=CONVERTERS,
    )


SOURCE = Source(
    name="bbr",
    family="bbr",
    ways=(
        Way(
            "file_download",
            fetch_files,
            base_url="https://api.datafordeler.dk/FileDownloads",
            auth="query",
            auth_name="apikey",
        ),
    ),
    streams=(
        _entity(
            "Bygning",
            "byg007Bygningsnummer byg021BygningensAnvendelse byg026Opførelsesår byg038SamletBygningsareal "
            "byg039BygningensSamledeBoligAreal byg040BygningensSamledeErhvervsAreal byg041BebyggetAreal "
            "byg054AntalEtager byg056Varmeinstallation byg404Koordinat grund husnummer jordstykke ejerlejlighed "
            "registreringFra registreringTil virkningFra virkningTil",
            numbers=(
                "byg007bygningsnummer", "byg026opfoerelsesaar", "byg038samletbygningsareal",
                "byg039bygningenssamledeboligareal", "byg040bygningenssamledeerhvervsareal", "byg041bebyggetareal",
                "byg054antaletager",
            ),
        ),
        _entity(
            "Etage",
            "bygning eta006BygningensEtagebetegnelse eta020SamletArealAfEtage eta021ArealAfUdnyttetDelAfTagetage "
            "eta022Kælderareal eta025Etagetype",
            numbers=("eta020samletarealafetage", "eta021arealafudnyttetdelaftagetage", "eta022kaelderareal"),
        ),
        _entity("Grund", "bestemtFastEjendom"),
        _entity(
            "Ejendomsrelation",
            "bfeNummer ejendommensEjerforholdskode ejendomsnummer ejendomstype",
            numbers=("bfenummer",),
        ),
        _entity("BygningEjendomsrelation", "bygning bygningPåFremmedGrund"),
    ),
)  # fmt: skip
