"""Every trap in the list has a test, and that test exists."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

from warehouse.settings import PROJECT

TEST_ID = re.compile(r"\btests/[\w/]+\.py(?:::\w+)*")


LIST = PROJECT / "docs" / "traps.md"


@cache
def names_in(path: Path) -> frozenset[str]:
    """Names of a file's tests, those of a class as Class::test."""
    if not path.is_file():
        return frozenset()
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        members = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"{node.name}::" if isinstance(node, ast.ClassDef) else ""
        found |= {prefix + one.name for one in members if isinstance(one, ast.FunctionDef)}
    return frozenset(found)


def missing(text: str, project: Path = PROJECT) -> list[str]:
    """Ids that no test of the project has."""
    ids = dict.fromkeys(TEST_ID.findall(text))
    return [
        one for one in ids if "::" not in one or one.partition("::")[2] not in names_in(project / one.split("::")[0])
    ]


def rows(text: str) -> list[list[str]]:
    """Cells of the tables, without headings and rules."""
    found = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")
    ]
    return [cells for cells in found if cells[0] not in ("trap", "") and not set(cells[0]) <= {"-", ":"}]


def test_every_test_that_the_list_of_traps_names_exists() -> None:
    assert missing(LIST.read_text(encoding="utf-8")) == []


def test_every_trap_has_its_source_and_a_test() -> None:
    traps = rows(LIST.read_text(encoding="utf-8"))
    assert [cells[0] for cells in traps if not TEST_ID.search(cells[-1])] == []
    assert len(traps) > 200


def test_a_test_that_does_not_exist_is_found_out(tmp_path: Path) -> None:
    (tmp_path / "tests" / "a").mkdir(parents=True)
    (tmp_path / "tests" / "a" / "test_b.py").write_text(
        "def test_c() -> None: ...\nclass TestD:\n    def test_e(self): ...\n"
    )
    text = "\n".join(
        f"| trap | reference | `{one}` |"
        for one in (
            "tests/a/test_b.py::test_c", "tests/a/test_b.py::test_c[x-1]", "tests/a/test_b.py::TestD::test_e",
            "tests/a/test_b.py::test_gone", "tests/a/test_z.py::test_c", "tests/a/test_b.py",
        )
    )  # fmt: skip
    assert missing(text, tmp_path) == [
        "tests/a/test_b.py::test_gone", "tests/a/test_z.py::test_c", "tests/a/test_b.py",
    ]  # fmt: skip
