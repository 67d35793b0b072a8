"""Row-level security: which rows of which table a reader's query can touch at all.

`(select f())` is asked once per statement, and the comparison with its answer can use an index.
"""

VISIBLE = "municipality_code = any ((select ops.visible_municipalities())::text[])"
OWN = "municipality_code = any ((select ops.own_municipalities())::text[])"
NOT_HIDDEN = "(property_id is null or property_id not in (select h from ops.hidden_property_ids() h))"
FIGURE = "(municipality_code, year, key_figure_code, version, use_category)"
NOT_PROTECTED = "{figure} not in (select k.* from ops.protected_figure_keys() k)"
OF_MUNICIPALITY = f"(level = 'municipality' or {VISIBLE})"
NOT_MENTIONED = "not ops.mentions_hidden(concat_ws(' ', key, observed, expected, exception_reason))"

# Table: what an analyst of the collaboration may see of it, and what a reader of it may see besides.
EVERYTHING = ("true", "true")
UNPROTECTED = f"(value is null or {NOT_PROTECTED.format(figure=FIGURE)})"
POLICIES = {
    "published.editions": EVERYTHING,
    "published.pointers": EVERYTHING,
    "published.scope_editions": EVERYTHING,
    "published.finals": EVERYTHING,
    "published.municipalities": EVERYTHING,
    "published.benchmarks": EVERYTHING,
    "published.benchmark_pointers": EVERYTHING,
    "published.peer_group_members": EVERYTHING,
    "published.key_figures": (UNPROTECTED, OF_MUNICIPALITY),
    "published.positions": (NOT_PROTECTED.format(figure=FIGURE), OF_MUNICIPALITY),
    "published.revisions": (
        f"(old_value is null and new_value is null or {NOT_PROTECTED.format(figure=FIGURE)})",
        OF_MUNICIPALITY,
    ),
    "published.coverage": (
        NOT_PROTECTED.format(figure="(municipality_code, year, key_figure_code, version, '')"),
        "true",
    ),
    "published.measures": (NOT_HIDDEN, VISIBLE),
    "published.properties": (NOT_HIDDEN, VISIBLE),
    "published.buildings": (NOT_HIDDEN, VISIBLE),
    "published.heat_correction": (NOT_HIDDEN, VISIBLE),
    "published.area_reconciliation": (NOT_HIDDEN, OWN),
    "published.unlinked": (
        f"{NOT_HIDDEN} and not ops.mentions_hidden(concat_ws(' ', unit_id, suggested_unit_id))",
        OWN,
    ),
    "published.cost_keys": ("true", OWN),
    "published.cost_destinations": (NOT_HIDDEN, OWN),
    "published.meter_quantities": (NOT_HIDDEN, OWN),
    "published.measure_deliveries": ("true", OWN),
    "ops.deliveries": ("true", OWN),
    "ops.gate_results": ("true", OWN),
    "ops.gate_failures": (NOT_MENTIONED, OWN),
}
# Those who make the rows. The loader asks which definitions are published and sees no more columns than that.
WRITERS = {"published": "ejd_publisher", "ops": "ejd_loader, ejd_transformer, ejd_publisher"}
LOADER_READS = ("published.key_figures",)
# Names and addresses tell the planner nothing that a query needs, and EXPLAIN would tell a reader how often one occurs.
WITHOUT_STATISTICS = {
    "published.properties": ("name", "bfe_number"),
    "published.buildings": ("name", "bbr_id"),
    "published.unlinked": ("name", "address", "suggested_address", "bfe_number"),
}


def upgrades() -> list[str]:
    """Statements that put every table under row security."""
    statements = []
    for table, (analyst, reader) in POLICIES.items():
        writers = WRITERS[table.split(".")[0]]
        read = analyst if reader == "true" else reader if analyst == "true" else f"{reader} and {analyst}"
        statements += [
            f"alter table {table} enable row level security",
            f"create policy writers on {table} to {writers} using (true) with check (true)",
            f"create policy analysts on {table} for select to ejd_analyst using ({analyst})",
            f"create policy readers on {table} for select to ejd_reader using ({read})",
        ]
    statements += [f"create policy loader on {table} for select to ejd_loader using (true)" for table in LOADER_READS]
    statements += _statistics(0)
    return statements


def downgrades() -> list[str]:
    """Statements that take row security away again."""
    statements = _statistics(-1)
    statements += [f"drop policy loader on {table}" for table in LOADER_READS]
    for table in POLICIES:
        statements += [f"drop policy {name} on {table}" for name in ("writers", "analysts", "readers")]
        statements.append(f"alter table {table} disable row level security")
    return statements


def _statistics(target: int) -> list[str]:
    return [
        f"alter table {table} alter column {column} set statistics {target}"
        for table, columns in WITHOUT_STATISTICS.items()
        for column in columns
    ]
