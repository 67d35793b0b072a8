"""What the commands about editions show."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from warehouse.editions import Difference, Edition, SeenScope
from warehouse.report import _number, _table


def show_editions(console: Console, editions: Sequence[Edition]) -> None:
    """One line per edition."""
    rows = [
        (
            one.edition_id, one.kind, f"{one.published_at:%Y-%m-%d %H:%M:%S}", one.scopes_written, one.scopes_final,
            one.revisions, one.note,
        )
        for one in editions
    ]  # fmt: skip
    _table(console, "Editions", "edition kind published scopes_written scopes_final revisions note", rows)


def show_scopes(console: Console, scopes: Sequence[SeenScope]) -> None:
    """One line per municipality, year and topic: how it stands."""
    rows = [(one.municipality_code, one.year, one.topic, one.edition_id, one.standing) for one in scopes]
    _table(console, "What readers see", "municipality year topic edition standing", rows)


def show_differences(console: Console, differences: Sequence[Difference], limit: int) -> None:
    """One line per figure, the first `limit` of them."""
    rows = [
        (
            one.municipality_code, one.year, one.key_figure_code, one.version, one.use_category or "all",
            _number(one.old_value), _number(one.new_value), _number(one.difference),
            f"{'–' if one.old_status_code is None else one.old_status_code or 'normal'} → "
            f"{'–' if one.new_status_code is None else one.new_status_code or 'normal'}",
        )
        for one in differences[:limit]
    ]  # fmt: skip
    _table(console, "Differences", "municipality year code version use old new difference status", rows)
    more = len(differences) - len(rows)
    console.print(f"{len(differences)} figures differ" + (f", {more} of them not shown." if more else "."))
