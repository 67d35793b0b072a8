"""How the nearest municipalities are found, and own lists of peers: read strictly, refused with a place."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from register.peer_groups import read_lists, read_method
from register.schema import TOPICS, RegisterError

METHOD = """
version: 2
variables:
  - {variable: inhabitants, log: true}
  - {variable: share_0_5_pct}
topics:
  schools_daycare: {inhabitants: 0, share_0_5_pct: 3}
"""


def test_the_method_in_force_weighs_something_for_every_topic() -> None:
    assert {row[1] for row in read_method().rows()} == set(TOPICS)


def test_weights_are_those_of_the_topic_and_otherwise_one(tmp_path: Path) -> None:
    path = tmp_path / "peer_groups.yml"
    path.write_text(METHOD, encoding="utf-8")
    rows = list(read_method(path).rows())
    assert [row for row in rows if row[1] == "schools_daycare"] == [
        (2, "schools_daycare", "share_0_5_pct", Decimal(3), False)
    ]
    assert [row[2:] for row in rows if row[1] == "general"] == [
        ("inhabitants", Decimal(1), True), ("share_0_5_pct", Decimal(1), False),
    ]  # fmt: skip


def test_a_variable_without_a_weight_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "peer_groups.yml"
    path.write_text(METHOD.replace("inhabitants: 0, ", ""), encoding="utf-8")
    with pytest.raises(RegisterError, match="give each a weight"):
        read_method(path)


def test_own_lists_are_read_with_four_digits(tmp_path: Path) -> None:
    assert read_lists(tmp_path) == []
    (tmp_path / "peer_groups.csv").write_text("group,municipality_code,note\ncoast,991,\ncoast,0992,by the sea\n")
    assert read_lists(tmp_path) == [("coast", "0991", None), ("coast", "0992", "by the sea")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("group,code\n", "config/peer_groups.csv: has another heading; write group,municipality_code,note"),
        ("group,municipality_code,note\n,0991,\n", "row 1, field group: is empty"),
        ("group,municipality_code,note\ncoast,Ribe,\n", "row 1, field municipality_code: is no municipality code"),
        ("group,municipality_code,note\na,0991,\na,991,\n", "row 2: the municipality is on the list twice"),
    ],
)
def test_a_wrong_list_is_refused_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "peer_groups.csv").write_text(text)
    with pytest.raises(RegisterError, match=message):
        read_lists(tmp_path)
