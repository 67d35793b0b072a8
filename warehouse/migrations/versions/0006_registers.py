"""All entities of BBR, and what ties addresses (DAR) and BFE numbers (MAT) to its buildings."""

from alembic import op

from warehouse.migrations.raw_tables import add_raw_columns, add_raw_tables, create_raw_schema

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

COLUMNS = {
    "bygning": (
        "datafordeleropdateringstid datafordelerrowid datafordelerrowversion byg024antallejlighedermedkoekken "
        "byg025antallejlighederudenkoekken byg027omtilbygningsaar byg032ydervaeggensmateriale "
        "byg033tagdaekningsmateriale byg034supplerendeydervaeggensmateriale byg035supplerendetagdaekningsmateriale "
        "byg036asbestholdigtmateriale byg037kildetilbygningensmaterialer byg042arealindbyggetgarage "
        "byg043arealindbyggetcarport byg044arealindbyggetudhus byg045arealindbyggetudestueellerlign "
        "byg046samletarealaflukkedeoverdaekningerpaabygningen byg047arealafaffaldsrumiterraenniveau byg048andetareal "
        "byg049arealafoverdaekketareal byg051adgangsareal byg052beregningsprincipcarportareal "
        "byg053bygningsarealerkilde byg055afvigendeetager byg057opvarmningsmiddel byg058supplerendevarme "
        "byg069sikringsrumpladser byg070fredning byg094revisionsdato byg133kildetilkoordinatsaet "
        "byg134kvalitetafkoordinatsaet byg406koordinatsystem"
    ),
    "etage": (
        "registreringfra registreringtil virkningfra virkningtil datafordeleropdateringstid datafordelerrowid "
        "datafordelerrowversion eta023arealaflovligbeboelseikaelder eta024etagensadgangsareal eta026erhvervikaelder"
    ),
    "grund": (
        "registreringfra registreringtil virkningfra virkningtil datafordeleropdateringstid datafordelerrowid "
        "datafordelerrowversion husnummer gru009vandforsyning gru010afloebsforhold"
    ),
    "ejendomsrelation": (
        "registreringfra registreringtil virkningfra virkningtil datafordeleropdateringstid datafordelerrowid "
        "datafordelerrowversion ejerlejlighedsnummer tinglystareal vurderingsejendomsnummer samletfastejendom "
        "bygningpaafremmedgrund ejerlejlighed"
    ),
    "bygningejendomsrelation": (
        "registreringfra registreringtil virkningfra virkningtil datafordeleropdateringstid datafordelerrowid "
        "datafordelerrowversion"
    ),
}
TABLES = {
    "enhed": (
        "id_lokalid status registreringfra registreringtil virkningfra virkningtil datafordeleropdateringstid "
        "datafordelerrowid datafordelerrowversion kommunekode bygning etage opgang adresseidentificerer "
        "enh020enhedensanvendelse enh023boligtype enh026enhedenssamledeareal enh027arealtilbeboelse "
        "enh028arealtilerhverv enh030kildetilenhedensarealer enh031antalvaerelser enh035energiforsyning "
        "enh039andetareal enh045udlejningsforhold enh046offentligstoette enh051varmeinstallation "
        "enh052opvarmningsmiddel enh053supplerendevarme enh060enhedensandelfaellesadgangsareal "
        "enh063antalvaerelsertilerhverv enh065antalvandskylledetoiletter enh066antalbadevaerelser "
        "enh127fysiskarealtilbeboelse enh128fysiskarealtilerhverv"
    ),
    "opgang": (
        "id_lokalid status registreringfra registreringtil virkningfra virkningtil datafordeleropdateringstid "
        "datafordelerrowid datafordelerrowversion kommunekode bygning adgangfrahusnummer opg020elevator "
        "opg021husnummerfunktion"
    ),
    "grundjordstykke": (
        "id_lokalid status registreringfra registreringtil virkningfra virkningtil datafordeleropdateringstid "
        "datafordelerrowid datafordelerrowversion kommunekode grund jordstykke"
    ),
    "enhedejendomsrelation": (
        "id_lokalid status registreringfra registreringtil virkningfra virkningtil datafordeleropdateringstid "
        "datafordelerrowid datafordelerrowversion kommunekode enhed ejerlejlighed"
    ),
    "fordelingsareal": (
        "id_lokalid status registreringfra registreringtil virkningfra virkningtil datafordeleropdateringstid "
        "datafordelerrowid datafordelerrowversion kommunekode bygning for002fordelingsarealnummer "
        "for003arealtilfordeling for004fordelingsnoegle for006rest"
    ),
    "fordelingaffordelingsareal": (
        "id_lokalid status registreringfra registreringtil virkningfra virkningtil datafordeleropdateringstid "
        "datafordelerrowid datafordelerrowversion kommunekode fordelingsareal enhed beboelsesarealfordelttilenhed "
        "erhvervsarealfordelttilenhed"
    ),
    "tekniskanlaeg": (
        "id_lokalid status registreringfra registreringtil virkningfra virkningtil datafordeleropdateringstid "
        "datafordelerrowid datafordelerrowversion kommunekode bygning enhed grund husnummer jordstykke "
        "bygningpaafremmedgrund ejerlejlighed tek007anlaegsnummer tek020klassifikation tek024etableringsaar "
        "tek025tilombygningsaar tek026stoerrelsesklasseolietank tek027placering tek028sloejfningolietank "
        "tek032stoerrelse tek034indholdolietank tek035sloejfningsfristolietank tek036rumfang tek037areal "
        "tek038hoejde tek039effekt tek067fabrikationsaar tek072sloejfningsaar tek109koordinat tek110driftstatus"
    ),
    "bbrsag": (
        "id_lokalid status registreringfra registreringtil virkningfra virkningtil datafordeleropdateringstid "
        "datafordelerrowid datafordelerrowversion kommunekode sag001byggesagsnummer sag002byggesagsdato "
        "sag003byggetilladelsesdato sag005paabegyndelsesdato sag006ibrugtagningstilladelse "
        "sag008faerdigtbygningsareal sag009forventetfuldfoertdato sag010fuldfoerelseafbyggeri sag012byggesagskode "
        "sag016delvisibrugtagningstilladelse sag019bygherreforhold"
    ),
    "sagsniveau": (
        "id_lokalid status registreringfra registreringtil virkningfra virkningtil datafordeleropdateringstid "
        "datafordelerrowid datafordelerrowversion kommunekode byggesag niveautype sagstype stamdatabygning "
        "stamdataenhed stamdataetage stamdatagrund stamdataopgang stamdatatekniskanlaeg sagsdatabygning "
        "sagsdataenhed sagsdataetage sagsdatagrund sagsdataopgang sagsdatatekniskanlaeg"
    ),
}
# Large of the whole country: a partition per municipality.
PARTITIONED = {"enhed", "tekniskanlaeg", "bbrsag", "sagsniveau"}
SCHEMAS = {
    "raw_dar": {
        "husnummer": (
            "id_lokalid status registreringfra registreringtil virkningfra virkningtil datafordeleropdateringstid "
            "datafordelerrowid datafordelerrowversion adgangsadressebetegnelse husnummertekst adgangtilbygning "
            "adgangtiltekniskanlaeg geodanmarkbygning jordstykke kommuneinddeling navngivenvej postnummer"
        ),
        "adresse": (
            "id_lokalid status registreringfra registreringtil virkningfra virkningtil datafordeleropdateringstid "
            "datafordelerrowid datafordelerrowversion adressebetegnelse etagebetegnelse doerbetegnelse husnummer "
            "bygning"
        ),
    },
    "raw_mat": {
        "jordstykke": (
            "id_lokalid status registreringfra registreringtil virkningfra virkningtil datafordeleropdateringstid "
            "datafordelerrowid datafordelerrowversion matrikelnummer ejerlavlokalid kommunelokalid "
            "samletfastejendomlokalid registreretareal vejareal"
        ),
        "samletfastejendom": (
            "id_lokalid status registreringfra registreringtil virkningfra virkningtil datafordeleropdateringstid "
            "datafordelerrowid datafordelerrowversion bfenummer erfaelleslod hovedejendomopdeltiejerlejligh"
        ),
    },
}


def upgrade() -> None:
    for table, columns in COLUMNS.items():
        add_raw_columns(f"raw_bbr.{table}", columns)
    add_raw_tables("raw_bbr", TABLES, PARTITIONED)
    for schema, tables in SCHEMAS.items():
        create_raw_schema(schema, tables)


def downgrade() -> None:
    for schema in SCHEMAS:
        op.execute(f"drop schema {schema} cascade")
    for table in TABLES:
        op.execute(f"drop table raw_bbr.{table} cascade")
        op.execute(f"drop sequence if exists raw_bbr.{table}_row_no")
    for table, columns in COLUMNS.items():
        op.execute(f"alter table raw_bbr.{table} " + ", ".join(f"drop column {name}" for name in columns.split()))
