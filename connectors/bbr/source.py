"""The building register BBR: all fourteen entities, with the fields that matter to key figures of property.

Owner: the Danish Property Assessment Agency and the municipalities; distributed by Datafordeleren.
Documentation: https://datafordeler.dk (file download API and GraphQL, register BBR); field names as in BBR v3.
Licence: CC BY 4.0 according to a third-party review; non-confidential data.

Current is not existing: rows of every status land, and models choose. Free text (notes, names) is never let in.
Folder-delivered extracts are taken too: csv, a JSON array as the old REST service wrote it, and the old file extract
`{"BygningList": [...]}` in its zip, which is being shut down.
"""

from connectors.base import Source
from connectors.bbr.rest import REST
from connectors.datafordeler import OPTIONS, Register, entity, usual_ways
from connectors.datafordeler_graphql import Reach

KOMMUNE = "kommunekode"
IN_MUNICIPALITY = {KOMMUNE: "{code}"}
OF_RELATION = "Ejendomsrelation"

ENTITIES = {
    "Bygning": (
        "byg007Bygningsnummer# byg021BygningensAnvendelse byg024AntalLejlighederMedKøkken# "
        "byg025AntalLejlighederUdenKøkken# byg026Opførelsesår# byg027OmTilbygningsår# byg032YdervæggensMateriale "
        "byg033Tagdækningsmateriale byg034SupplerendeYdervæggensMateriale byg035SupplerendeTagdækningsMateriale "
        "byg036AsbestholdigtMateriale byg037KildeTilBygningensMaterialer byg038SamletBygningsareal# "
        "byg039BygningensSamledeBoligAreal# byg040BygningensSamledeErhvervsAreal# byg041BebyggetAreal# "
        "byg042ArealIndbyggetGarage# byg043ArealIndbyggetCarport# byg044ArealIndbyggetUdhus# "
        "byg045ArealIndbyggetUdestueEllerLign# byg046SamletArealAfLukkedeOverdækningerPåBygningen# "
        "byg047ArealAfAffaldsrumITerrænniveau# byg048AndetAreal# byg049ArealAfOverdækketAreal# byg051Adgangsareal# "
        "byg052BeregningsprincipCarportAreal byg053BygningsarealerKilde byg054AntalEtager# byg055AfvigendeEtager "
        "byg056Varmeinstallation byg057Opvarmningsmiddel byg058SupplerendeVarme byg069Sikringsrumpladser# "
        "byg070Fredning byg094Revisionsdato byg133KildeTilKoordinatsæt byg134KvalitetAfKoordinatsæt "
        "byg404Koordinat byg406Koordinatsystem grund husnummer jordstykke ejerlejlighed"
    ),
    "Etage": (
        "bygning eta006BygningensEtagebetegnelse eta020SamletArealAfEtage# "
        "eta021ArealAfUdnyttetDelAfTagetage# eta022Kælderareal# eta023ArealAfLovligBeboelseIKælder# "
        "eta024EtagensAdgangsareal# eta025Etagetype eta026ErhvervIKælder#"
    ),
    "Grund": (
        "bestemtFastEjendom husnummer gru009Vandforsyning gru010Afløbsforhold"
    ),
    OF_RELATION: (
        "bfeNummer# ejendommensEjerforholdskode ejendomsnummer# ejendomstype ejerlejlighedsnummer# "
        "tinglystAreal# vurderingsejendomsnummer# samletFastEjendom bygningPåFremmedGrund ejerlejlighed"
    ),
    "BygningEjendomsrelation": (
        "bygning bygningPåFremmedGrund"
    ),
    "Enhed": (
        "bygning etage opgang adresseIdentificerer enh020EnhedensAnvendelse enh023Boligtype "
        "enh026EnhedensSamledeAreal# enh027ArealTilBeboelse# enh028ArealTilErhverv# enh030KildeTilEnhedensArealer "
        "enh031AntalVærelser# enh035Energiforsyning enh039AndetAreal# enh045Udlejningsforhold "
        "enh046OffentligStøtte enh051Varmeinstallation enh052Opvarmningsmiddel enh053SupplerendeVarme "
        "enh060EnhedensAndelFællesAdgangsareal# enh063AntalVærelserTilErhverv# enh065AntalVandskylledeToiletter# "
        "enh066AntalBadeværelser# enh127FysiskArealTilBeboelse# enh128FysiskArealTilErhverv#"
    ),
    "Opgang": (
        "bygning adgangFraHusnummer opg020Elevator opg021HusnummerFunktion"
    ),
    "GrundJordstykke": (
        "grund jordstykke"
    ),
    "EnhedEjendomsrelation": (
        "enhed ejerlejlighed"
    ),
    "Fordelingsareal": (
        "bygning for002Fordelingsarealnummer# for003ArealTilFordeling# for004FordelingsNøgle "
        "for006Rest#"
    ),
    "FordelingAfFordelingsareal": (
        "fordelingsareal enhed beboelsesArealFordeltTilEnhed# "
        "erhvervsArealFordeltTilEnhed#"
    ),
    "TekniskAnlæg": (
        "bygning enhed grund husnummer jordstykke bygningPåFremmedGrund ejerlejlighed "
        "tek007Anlægsnummer# tek020Klassifikation tek024Etableringsår# tek025TilOmbygningsår# "
        "tek026StørrelsesklasseOlietank tek027Placering tek028SløjfningOlietank tek032Størrelse# "
        "tek034IndholdOlietank tek035SløjfningsfristOlietank tek036Rumfang# tek037Areal# tek038Højde# tek039Effekt# "
        "tek067Fabrikationsår# tek072Sløjfningsår# tek109Koordinat tek110Driftstatus"
    ),
    "BBRSag": (
        "sag001Byggesagsnummer sag002Byggesagsdato sag003Byggetilladelsesdato sag005Påbegyndelsesdato "
        "sag006IbrugtagningsTilladelse sag008FærdigtBygningsareal# sag009ForventetFuldførtDato "
        "sag010FuldførelseAfByggeri sag012Byggesagskode sag016DelvisIbrugtagningsTilladelse sag019Bygherreforhold"
    ),
    "Sagsniveau": (
        "byggesag niveautype sagstype stamdataBygning stamdataEnhed stamdataEtage stamdataGrund "
        "stamdataOpgang stamdataTekniskAnlæg sagsdataBygning sagsdataEnhed sagsdataEtage sagsdataGrund "
        "sagsdataOpgang sagsdataTekniskAnlæg"
    ),
}  # fmt: skip
STREAMS = tuple(entity(name, f"{KOMMUNE} {columns}", municipality_column=KOMMUNE) for name, columns in ENTITIES.items())

# What the municipalities own, by the codes of the main owner: 50 = the municipality itself, 60 = another one.
OWNED = Reach({KOMMUNE: "{code}", "ejendommensEjerforholdskode": ("50", "60"), "status": "7"})
OF_BUILDINGS = Reach({}, of="Bygning", field="bygning")
MUNICIPAL = {
    OF_RELATION: OWNED,
    "Grund": Reach({}, of=OF_RELATION, field="bestemtFastEjendom"),
    "GrundJordstykke": Reach({}, of="Grund", field="grund"),
    "Bygning": Reach({}, of="Grund", field="grund"),
    **dict.fromkeys(("Etage", "Opgang", "Enhed", "BygningEjendomsrelation"), OF_BUILDINGS),
}
BBR = Register(
    name="BBR",
    graphql="https://graphql.datafordeler.dk/BBR/v3",
    reaches={stream.path: Reach(IN_MUNICIPALITY) for stream in STREAMS},
    municipal=MUNICIPAL,
)

SOURCE = Source(
    name="bbr",
    family="bbr",
    streams=STREAMS,
    ways=(*usual_ways(BBR, national=True), REST),
    options=OPTIONS,
    scope="both",
)
