"""Who may do what: each role its own part only."""

from alembic import op


def grant() -> None:
    """Grant each role what it needs outside the raw schemas, which grant for themselves."""
    op.execute("grant usage on schema ops to ejd_loader, ejd_transformer, ejd_publisher")
    op.execute("grant select on all tables in schema ops to ejd_loader, ejd_transformer, ejd_publisher")
    op.execute("grant insert, update on ops.deliveries to ejd_loader")
    op.execute("grant insert, update on ops.runs to ejd_loader, ejd_transformer, ejd_publisher")
    op.execute("grant insert, update on ops.candidates to ejd_transformer, ejd_publisher")
    op.execute(
        "grant insert, delete on ops.gate_failures, ops.gate_checks, ops.gate_results, ops.withheld_inputs "
        "to ejd_publisher"
    )
    op.execute("grant usage on schema register to ejd_loader, ejd_transformer, ejd_publisher")
    op.execute("grant select, insert, update, delete on all tables in schema register to ejd_loader")
    op.execute("grant select on all tables in schema register to ejd_transformer, ejd_publisher")
    # The register's loader asks whether a version is published, and nothing more: its definition is then fixed.
    op.execute("grant usage on schema published to ejd_loader")
    op.execute("grant select (key_figure_code, version) on published.key_figures to ejd_loader")
    op.execute("grant usage on schema published, marts to ejd_publisher")
    op.execute("grant select, insert on all tables in schema published to ejd_publisher")
    op.execute("grant update on published.pointers to ejd_publisher")
    op.execute("grant select on all tables in schema marts to ejd_publisher, ejd_analyst")
    op.execute("grant usage on schema marts to ejd_analyst")
    op.execute("revoke execute on function marts.key_figures_as_of(timestamptz) from public")
    op.execute("grant execute on function marts.key_figures_as_of(timestamptz) to ejd_publisher, ejd_analyst")
    # The marts views check the reader's own rights on the tables behind them (so that row security can follow),
    # and an analyst has no USAGE on those schemas: the tables cannot be named, only reached through marts.
    op.execute("grant select on all tables in schema published to ejd_analyst")
    op.execute("grant select on register.key_figures, ops.gate_results to ejd_analyst")
