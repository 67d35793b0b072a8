"""Danish words and numbers of the rendered pages."""

from __future__ import annotations

from decimal import Decimal

from register.formula import plain

TOPIC_NAMES = {
    "administration": ("Administrationsbygninger", "Administration buildings"),
    "schools_daycare": ("Skoler og daginstitutioner", "Schools and daycare"),
    "culture_leisure": ("Kultur og fritid", "Culture and leisure"),
    "maintenance": ("Vedligehold", "Maintenance"),
    "general": ("Generelle nøgletal", "General key figures"),
}
WORDS = {
    "owned": "ejet",
    "leased": "lejet",
    "let_out": "udlejet",
    "none": "ikke knyttet til en ejendom",
    "building": "bygning",
    "property": "ejendom",
    "municipality": "kommune",
    "lower_better": "lavere er bedre",
    "higher_better": "højere er bedre",
    "neutral": "vurderes ikke",
    "draft": "udkast",
    "proposed": "foreslået",
    "adopted": "vedtaget",
    "superseded": "afløst",
    "info": "til orientering",
    "warning": "offentliggøres med advarsel",
    "hold": "holdes tilbage",
    "stop": "stopper hele udgivelsen",
    "area": "areal",
    "cost": "udgift",
    "quantity": "mængde",
    "users": "brugere",
    "numerator": "tæller",
    "denominator": "nævner",
    "fallback_denominator": "reservenævner",
    "cost_part": "del af udgift",
    "hours": "timer",
    "condition": "tilstand",
    "nominal": "årets priser",
    "fixed": "basisårets priser",
    "meaning": "betydning",
    "judgement": "vurdering",
    "wording": "ordlyd",
}


def danish(number: Decimal) -> str:
    """Exact number as Danes write it: 10.600 and 5,3."""
    whole, _, decimals = plain(abs(number)).partition(".")
    grouped = f"{int(whole):,}".replace(",", ".")
    return ("-" if number < 0 else "") + grouped + (f",{decimals}" if decimals else "")
