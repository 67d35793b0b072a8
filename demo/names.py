"""Names and codes of the fictional world. Nothing here exists; the towns' names say so."""

from __future__ import annotations

PLACES = (
    "Eksempelby",
    "Prøvekøbing",
    "Øvelsesborg",
    "Opdigtelse",
    "Påfundby",
    "Tænkeby",
    "Fabelstrup",
    "Digterlev",
    "Skrøneholm",
    "Drømmelund",
    "Testerup",
    "Modelby",
    "Skitseby",
    "Udkasthøj",
    "Attrapborg",
    "Kulisseby",
    "Maskeby",
    "Legeby",
    "Syntested",
    "Ingenstedlund",
)
STREETS = ("Prøvevej", "Eksempelgade", "Øvelsesallé", "Modelstræde", "Fabelvej", "Skitsebakken", "Ingenvej")
KIND_NAMES = {
    "school": "Skolen",
    "daycare": "Børnehuset",
    "administration": "Rådhuset",
    "culture": "Kulturhuset",
    "sports": "Hallen",
    "health_social": "Plejecentret",
    "housing": "Boligerne",
    "technical": "Materielgården",
    "other": "Pavillonen",
}
# How each municipality's FM system spells a use.
FM_USES = {
    "0991": {
        "school": "Skole",
        "daycare": "Daginstitution",
        "administration": "Rådhus",
        "culture": "Bibliotek",
        "sports": "Idrætshal",
        "health_social": "Plejecenter",
        "housing": "Bolig",
        "technical": "Materielgård",
        "other": "Andet",
    },
    "0992": {
        "school": "Skoler",
        "daycare": "Daginstitutioner",
        "administration": "Administration",
        "culture": "Kultur",
        "sports": "Idræt",
        "health_social": "Sundhed",
        "housing": "Boliger",
        "technical": "Teknik",
        "other": "Øvrige",
    },
    "0993": {
        "school": "FOLKESKOLE",
        "daycare": "Børnehus",
        "administration": "Kontor",
        "culture": "Kulturhus",
        "sports": "Svømmehal",
        "health_social": "Sundhedscenter",
        "housing": "Ældrebolig",
        "technical": "Brandstation",
        "other": "Øvrigt",
    },
}
FM_TENURES = {"owned": "Ejet", "leased": "Lejet", "let_out": "Udlejet"}
# BBR use codes: codes that are being phased out live beside the new ones, as in the register.
BBR_USES = {
    "school": ("420", "421", "421", "429"),
    "daycare": ("440", "441"),
    "administration": ("320", "321"),
    "culture": ("410", "411", "412", "413", "419"),
    "sports": ("530", "532", "533"),
    "health_social": ("430", "433", "439"),
    "housing": ("130", "131", "140"),
    "technical": ("223", "323"),
    "other": ("490", "329"),
}
PRIVATE_USES = ("120", "120", "120", "131", "132", "140", "217", "321", "323", "910", "920")
# The function of the authorised chart of accounts that the running of such a property is posted on.
FUNCTIONS = {
    "school": "32201",
    "daycare": "52514",
    "administration": "64550",
    "culture": "33564",
    "sports": "03231",
    "health_social": "53027",
    "housing": "02511",
    "technical": "22205",
    "other": "02510",
}
