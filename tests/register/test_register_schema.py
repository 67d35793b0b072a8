"""The files of the register: strict, consistent, and every fault one sentence that names file and field."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from register.read import read_register
from register.schema import RegisterError, fold_use

Change = Callable[[Path, str, str], None]
GEN_04 = "general/gen_04.yml"

FAULTS = [
    (GEN_04, "direction:", "colour: red\ndirection:", "gen_04.yml, field colour: is not a known key; remove it."),
    (GEN_04, "high: 900", "hihg: 900, high: 900", "field bounds.hihg: is not a known key; did you mean high?"),
    (GEN_04, "unit: DKK/m2\n", "", "gen_04.yml, field unit: is missing; write it."),
    (
        GEN_04,
        "measure: C_DRIFT",
        "measure: C_DRIVT",
        "field numerator.measure: C_DRIVT is not known; did you mean C_DRIFT?",
    ),
    (GEN_04, "low: 150", "low: '150'", "field bounds.low: is not valid: "),
    (GEN_04, "low: 150", "low: true", "field bounds.low: is not valid: "),
    (GEN_04, "low: 150", "low: .nan", "field bounds.low: is not valid: "),
    (GEN_04, "low: 150", "low: 1000", "field bounds: low is not below high; exchange them."),
    (GEN_04, "needed_pct: 90", "needed_pct: 101", "field coverage.needed_pct: is not valid: "),
    (GEN_04, "state: proposed", "state: adopted", "field adoption: an adopted definition has a date; write the date"),
    (GEN_04, "state: proposed", "state: agreed", "field adoption.state: is not valid: "),
    (
        GEN_04,
        "topic: general",
        "topic: maintenance",
        "field topic: has topic maintenance; move it to register/maintenance/.",
    ),
    (GEN_04, "version: 1", "version: 2", "is the file of GEN-04 version 2; call it gen_04_v2.yml."),
    (GEN_04, "version: 1", "version: 1\nversion: 1", "is not valid YAML: key version is there twice; correct line 3."),
    (GEN_04, "version: 1", "version: [", "gen_04.yml: is not valid YAML: "),
    (GEN_04, "levels:", "denominator_constant: 1\nlevels:", "give either denominator or denominator_constant"),
    (GEN_04, "valid_from: 2007", "valid_from: 2007\nvalid_to: 2006", "valid_to is before valid_from"),
    (GEN_04, "use_category: school", "use_category: scool", "is not known; did you mean school?"),
    (
        GEN_04,
        "measure: C_VEDL_PL,",
        "measure: C_VEDL,",
        "field example.rows: C_VEDL is a sum; give the measures it sums",
    ),
    (
        "schools_daycare/sko_01.yml",
        "persons_measure: N_ELEV",
        "persons_measure: N_ELVE",
        "field suppression.persons_measure: N_ELVE is not known; did you mean N_ELEV?",
    ),
    (
        "schools_daycare/sko_01.yml",
        "persons_measure: N_ELEV",
        "persons_measure: A_BDA",
        "field suppression.persons_measure: A_BDA does not count persons; name a measure of kind users.",
    ),
    ("schools_daycare/sko_01.yml", "min_persons: 5", "min_persons: 0", "field suppression.min_persons: is not valid: "),
    ("schools_daycare/sko_01.yml", "min_persons: 5, ", "", "field suppression.min_persons: is missing; write it."),
    (
        "measures.yml",
        "derived_from: [Q_VARME]",
        "derived_from: [Q_VAMRE]",
        "field derived_from: Q_VAMRE is not known; ",
    ),
    ("schools_daycare/sko_01.yml", "[school]", "[skole]", "field filter.use_categories: skole is not known; "),
    ("measures.yml", "[C_VEDL_PL, C_VEDL_AK]", "[C_VEDL_PL, C_DRIFT]", "field sum_of: C_DRIFT is not a base measure"),
    ("measures.yml", "- measure: A_EJET", "- measure: A_BDA", "field measure: A_BDA is there twice; remove one."),
    ("use_categories.yml", "- Forvaltning\n", "- folkeSKOLE\n", "field fm_uses: Folkeskole is there twice; "),
    ("use_categories.yml", "use_category: none", "use_category: nothing", "use category none is missing; add it"),
]


@pytest.mark.parametrize(("file", "old", "new", "sentence"), FAULTS)
def test_a_fault_is_one_sentence_that_names_file_and_field(
    own_register: Path, change: Change, file: str, old: str, new: str, sentence: str
) -> None:
    change(own_register / file, old, new)
    with pytest.raises(RegisterError) as caught:
        read_register(own_register)
    message = str(caught.value)
    assert sentence in message
    assert message.startswith(f"register/{file}")
    assert message.endswith((".", "?")) and not message.endswith("?.")
    assert "\n" not in message


def test_versions_of_a_key_figure_may_not_be_valid_in_the_same_year(own_register: Path, change: Change) -> None:
    old = own_register / GEN_04
    new = old.with_name("gen_04_v2.yml")
    new.write_text(old.read_text(encoding="utf-8"), encoding="utf-8")
    change(new, "version: 1", "version: 2")
    change(new, "valid_from: 2007", "valid_from: 2025")
    with pytest.raises(RegisterError, match=r"valid in years of version 2; end it with 2024\.$"):
        read_register(own_register)
    change(old, "valid_from: 2007", "valid_from: 2007\nvalid_to: 2024")
    assert [entry.version for entry in read_register(own_register).versions("GEN-04")] == [1, 2]


def test_a_decimal_is_read_exactly(own_register: Path, change: Change) -> None:
    change(own_register / GEN_04, "high: 900", "high: 900.10")
    entry = read_register(own_register).versions("GEN-04")[0]
    assert str(entry.bounds.high) == "900.10"


def test_a_file_outside_the_topic_folders_is_not_a_key_figure(own_register: Path) -> None:
    (own_register / "notes.yml").write_text("anything: goes\n", encoding="utf-8")
    assert len(read_register(own_register).key_figures) == 95


def test_spellings_of_a_use_are_folded() -> None:
    assert fold_use("  Rådhus og\t Ældrecenter på Ø ") == "raadhus og aeldrecenter paa oe"


def test_every_topic_has_a_key_figure() -> None:
    topics = {entry.topic for entry in read_register().key_figures}
    assert topics == {"administration", "schools_daycare", "culture_leisure", "maintenance", "general"}
