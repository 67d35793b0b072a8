"""The access matrix as data: which audience sees rows of which class in which relation of schema marts.

Read by the page docs/access.md, by `ejendomstal access test` and by the tests, cell by cell.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

OPEN, OWN, ANALYST, PUBLISHER = "open reader", "municipality's reader", "ejd_analyst", "ejd_publisher"
AUDIENCES = (OPEN, OWN, ANALYST, PUBLISHER)
ROW_CLASSES = {
    "open": "of a whole municipality or more, or not about a municipality",
    "own": "detail of the reader's own municipality",
    "shared": "detail of a municipality that shares its properties with the reader's",
    "other": "detail of any other municipality",
    "protected": "a figure from whose parts a restricted property could be worked out",
    "restricted": "detail of a restricted property, or of one hidden with it",
}
EVERYBODY = AUDIENCES
OWN_AND_UP, ANALYST_AND_UP, NOBODY_ELSE = (OWN, ANALYST, PUBLISHER), (ANALYST, PUBLISHER), (PUBLISHER,)


@dataclass(frozen=True)
class Kind:
    """Relations that treat rows alike: who sees which class, and how a row's class is told."""

    name: str
    seen_by: Mapping[str, tuple[str, ...]]
    row_class: str


# Placeholders are arrays of texts: own, shared (codes), hidden (property ids), protected (keys of figures).
_WHOSE = "when {code} = any (%(own)s) then 'own' when {code} = any (%(shared)s) then 'shared' else 'other' end"
_FIGURE = "concat_ws('|', municipality_code, year, key_figure_code, version, {use}) = any (%(protected)s)"
_WHOSE_ROW = _WHOSE.format(code="municipality_code")

GENERAL = Kind("general", {"open": EVERYBODY}, "'open'")


def _figures(has_value: str) -> Kind:
    """Figures; one that shows no value (any more) gives nothing away."""
    seen_by = {"open": EVERYBODY, "own": OWN_AND_UP, "shared": OWN_AND_UP, "other": ANALYST_AND_UP}
    return Kind(
        "figures",
        {**seen_by, "protected": NOBODY_ELSE},
        f"case when {has_value} and {_FIGURE.format(use='use_category')} then 'protected' "
        f"when level = 'municipality' then 'open' {_WHOSE_ROW}",
    )


FIGURES = _figures("value is not null")
REVISIONS = _figures("(old_value is not null or new_value is not null)")
COVERAGE = Kind(
    "coverage",
    {"open": EVERYBODY, "protected": NOBODY_ELSE},
    f"case when {_FIGURE.format(use=chr(39) * 2)} then 'protected' else 'open' end",
)
_SHARED_DETAIL = {"own": OWN_AND_UP, "shared": OWN_AND_UP, "other": ANALYST_AND_UP, "restricted": NOBODY_ELSE}
_OWN_DETAIL = {**_SHARED_DETAIL, "shared": ANALYST_AND_UP}
_DETAIL_CLASS = f"case when property_id = any (%(hidden)s) then 'restricted' {_WHOSE_ROW}"
DETAIL = Kind("detail", _SHARED_DETAIL, _DETAIL_CLASS)
TERMS = Kind(
    "terms",
    {**_SHARED_DETAIL, "protected": NOBODY_ELSE},
    f"case when property_id = any (%(hidden)s) then 'restricted' "
    f"when {_FIGURE.format(use='figure_use_category')} then 'protected' {_WHOSE_ROW}",
)
LINEAGE = Kind("lineage", _OWN_DETAIL, _DETAIL_CLASS)
OPERATIONS = Kind(
    "operations",
    {"own": OWN_AND_UP, "shared": ANALYST_AND_UP, "other": ANALYST_AND_UP},
    f"case {_WHOSE_ROW}",
)
QUALITY = Kind(
    "quality",
    _OWN_DETAIL,
    "case when exists (select from unnest(%(hidden)s::text[]) h where strpos(key, h) > 0) then 'restricted' "
    + _WHOSE_ROW,
)
LINES = "lineage_postings()"
AS_OF = "key_figures_as_of()"
RELATIONS: Mapping[str, Kind] = {
    "benchmarks": GENERAL,
    "dim_cost_categories": GENERAL,
    "dim_key_figures": GENERAL,
    "dim_municipalities": GENERAL,
    "editions": GENERAL,
    "finals": GENERAL,
    "group_key_figures": GENERAL,
    "peer_groups": GENERAL,
    "key_figures": FIGURES,
    AS_OF: FIGURES,
    "positions": FIGURES,
    "revisions": REVISIONS,
    "revision_triangle": FIGURES,
    "coverage": COVERAGE,
    "dim_properties": DETAIL,
    "dim_buildings": DETAIL,
    "measures": DETAIL,
    "heat_correction": DETAIL,
    "property_key_figures": DETAIL,
    "building_key_figures": DETAIL,
    "lineage_terms": TERMS,
    "lineage_costs": LINEAGE,
    "lineage_meters": LINEAGE,
    LINES: LINEAGE,
    "area_reconciliation": LINEAGE,
    "unlinked": LINEAGE,
    "measure_deliveries": OPERATIONS,
    "deliveries": OPERATIONS,
    "gate_verdicts": OPERATIONS,
    "data_quality": QUALITY,
}
# Computed from the tables behind the others when they are asked: at the size of the country that takes too long to
# count for every login. What they read is tested there.
COMPUTED = ("property_key_figures", "building_key_figures", "lineage_terms", "lineage_costs", LINES, AS_OF)
# Rows of the municipality as a whole (property_id is null) belong to its detail as well.


def count_query(relation: str, source: str | None = None) -> str:
    """Query that counts rows by class, for values own, shared, hidden and protected.

    Args:
        relation: a key of RELATIONS.
        source: what to read, where it is a function; default: the view of that name.
    """
    return (
        f"select {RELATIONS[relation].row_class} as row_class, count(*) from {source or 'marts.' + relation} group by 1"
    )


def allowed(kind: Kind, audience: str) -> Collection[str]:
    """The classes of rows that the audience sees in a relation of this kind."""
    return [row_class for row_class, audiences in kind.seen_by.items() if audience in audiences]


def render() -> str:
    """The matrix as a table in Markdown: a row per kind of relation and class of rows, a column per audience."""
    lines = ["| relations of `marts` | rows | " + " | ".join(AUDIENCES) + " |", "|" + "---|" * (2 + len(AUDIENCES))]
    kinds = {kind.name: kind for kind in RELATIONS.values()}
    for name, kind in kinds.items():
        shown = ", ".join(f"`{relation}`" for relation, of in RELATIONS.items() if of.name == name)
        for row_class, audiences in kind.seen_by.items():
            seen = ["yes" if audience in audiences else "no" for audience in AUDIENCES]
            lines.append("| " + " | ".join([shown, row_class, *seen]) + " |")
            shown = ""
    return "\n".join(lines) + "\n"
