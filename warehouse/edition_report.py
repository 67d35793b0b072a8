"""What the commands about editions show."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from warehouse.editions import Difference, Edition, SeenScope
from warehouse.report import _number, _table
from warehouse.verify import Verification


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


def show_verification(console: Console, verification: Verification) -> None:
    """What was compared, what could not be rebuilt, and every table and scope that differs."""
    comparison = verification.comparison
    console.print(
        f"Edition {verification.edition_id} was rebuilt from {verification.deliveries} deliveries: {comparison.scopes} "
        f"scopes and {comparison.rows} rows compared.", highlight=False, soft_wrap=True,
    )  # fmt: skip
    if verification.kept_figures:
        console.print(
            f"  {verification.kept_figures} figures were taken over from earlier editions (last good or withdrawn) and "
            "are compared, not rebuilt.", highlight=False, soft_wrap=True,
        )  # fmt: skip
    for one in comparison.differences:
        place = " ".join(str(part) for part in one.scope)
        console.print(
            f"  differs: {one.table} of {place}: {one.only_stored} rows only stored, {one.only_rebuilt} only rebuilt",
            style="red", highlight=False, soft_wrap=True,
        )  # fmt: skip
        for example in one.examples:
            console.print(f"    {example}", style="red", highlight=False, soft_wrap=True, markup=False)
    if verification.is_same:
        console.print("Every row is the same, byte for byte.", style="green")
