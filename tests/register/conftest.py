"""Fixtures of the register's tests: a municipality's files, and a register that a test may change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from register.read import REGISTER

RULE_HEADING = "priority,account,function,psp,cost_centre,dranst,cost_category,valid_from,valid_to,note\n"
LINK_HEADING = "link_type,source_key,property_no,share,valid_from,valid_to,note\n"
PERIOD_HEADING = "property_no,building_no,valid_from,valid_to,use_category,tenure,area_m2,note\n"


@pytest.fixture
def configure(tmp_path: Path) -> Callable[..., Path]:
    """Make or replace one municipality's folder; rules, links and periods are rows without heading."""

    def write(code: str, rules: str | None = None, links: str | None = None, periods: str | None = None) -> Path:
        folder = tmp_path / "config" / "municipalities" / code
        folder.mkdir(parents=True, exist_ok=True)
        sources = f'municipality_code: "{code}"\nname: Eksempelby (fiktiv)\n'
        (folder / "sources.yml").write_text(sources, encoding="utf-8")
        if rules is not None:
            (folder / "account_rules.csv").write_text(RULE_HEADING + rules, encoding="utf-8")
        if links is not None:
            (folder / "property_links.csv").write_text(LINK_HEADING + links, encoding="utf-8")
        if periods is not None:
            (folder / "property_periods.csv").write_text(PERIOD_HEADING + periods, encoding="utf-8")
        return folder

    return write


@pytest.fixture
def own_register(tmp_path: Path) -> Path:
    """A copy of the register's files."""
    folder = tmp_path / "register"
    for path in REGISTER.rglob("*.yml"):
        copy = folder / path.relative_to(REGISTER)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    return folder


@pytest.fixture
def change() -> Callable[[Path, str, str], None]:
    """Replace text in a file; the text must be there."""

    def replace(path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old} is not in {path.name}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace
