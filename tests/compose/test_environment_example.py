from __future__ import annotations

import re

from tests.compose.conftest import variables_in
from warehouse.settings import PROJECT

EXAMPLE = (PROJECT / ".env.example").read_text()


def test_the_example_has_exactly_the_variables_that_compose_reads() -> None:
    assert set(re.findall(r"^([A-Z_]+)=", EXAMPLE, re.MULTILINE)) == variables_in(PROJECT / "docker-compose.yml")


def test_no_secret_has_a_value_in_the_example() -> None:
    for name, value in re.findall(r"^([A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE):
        assert not value or not name.endswith(("PASSWORD", "SECRET", "KEY")), name


def test_defaults_of_the_example_are_those_of_compose() -> None:
    compose = (PROJECT / "docker-compose.yml").read_text()
    for name, value in re.findall(r"^([A-Z_]+)=(.+)$", EXAMPLE, re.MULTILINE):
        assert set(re.findall(rf"\$\{{{name}:-([^}}]*)\}}", compose)) == {value}, name


def test_git_ignores_the_file_with_secrets() -> None:
    assert ".env" in (PROJECT / ".gitignore").read_text().split()
