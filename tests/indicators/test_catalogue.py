from __future__ import annotations

from pathlib import Path

import pytest

from nabolag.core import LANGS, Kind, UserError, Worse
from nabolag.indicators import load_catalogue

ENTRY = """
stairs:
  label: {nb: Trapper, nn: Trapper, en: Stairs}
  definition: {nb: Antall trapper., nn: Talet på trapper., en: Number of stairs.}
  unit: count
  kind: background
  worse: neither
  ring: environment
  reference: egen telling 2024
"""
CAREFUL = ("dårlig", "problemområd", "verst", "belasta", "belastet")


def test_the_house_catalogue_holds_what_the_examples_need():
    catalogue = load_catalogue()
    needed = {
        "low_income_persistent", "low_income_households", "crowded_households",
        "tenant_households", "owner_households", "cooperative_households",
        "mean_household_income", "house_price_m2", "single_person_households",
        "households_with_children", "families_with_three_children", "single_parent_households",
        "population", "employed_share", "social_assistance_recipients", "grunnskolepoeng",
        "low_education", "outside_work_education_20_29", "perceived_safety",
        "meeting_place_access", "immigrants",
    }  # fmt: skip
    assert needed <= set(catalogue)


def test_every_entry_speaks_three_languages_carefully_and_says_where_it_is_from():
    for indicator in load_catalogue().values():
        texts = [indicator.label, indicator.definition, indicator.heading]
        texts += [
            t for t in (indicator.numerator, indicator.denominator, indicator.population) if t
        ]
        for text in texts:
            for lang in LANGS:
                words = text.in_(lang)
                assert words.strip() == words != ""
                assert not any(bad in words.lower() for bad in CAREFUL), (indicator.id, words)
        assert indicator.reference, indicator.id
        assert indicator.population or indicator.numerator, indicator.id


def test_nynorsk_is_not_bokmal():
    bokmal_only = {
        "ikke",
        "husholdninger",
        "husholdningene",
        "hvem",
        "fra",
        "noen",
        "antall",
    }
    for indicator in load_catalogue().values():
        words = set(indicator.definition.nn.lower().replace(",", " ").replace(".", " ").split())
        assert not words & bokmal_only, (indicator.id, words & bokmal_only)


def test_ratios_say_what_is_divided_by_what():
    for indicator in load_catalogue().values():
        if indicator.is_ratio:
            assert indicator.numerator, indicator.id
            assert indicator.denominator, indicator.id


def test_background_has_no_direction_and_can_never_flag():
    for indicator in load_catalogue().values():
        if indicator.kind is Kind.BACKGROUND:
            assert indicator.worse is Worse.NEITHER, indicator.id
            assert not indicator.may_flag


def test_a_workspace_adds_its_own(tmp_path: Path):
    own = tmp_path / "own.yaml"
    own.write_text(ENTRY, encoding="utf-8")
    assert load_catalogue([own])["stairs"].label.en == "Stairs"


@pytest.mark.parametrize(
    ("text", "code", "facts"),
    [
        (ENTRY.replace("worse: neither", "worse: up"), "catalogue_value_wrong", {"key": "worse"}),
        (ENTRY.replace("ring: environment", "ring: moon"), "catalogue_value_wrong", {"key": "ring"}),
        (ENTRY.replace("  unit: count\n", ""), "catalogue_key_absent", {"key": "unit"}),
        (ENTRY.replace("nn: Trapper, ", ""), "catalogue_key_absent", {"key": "label.nn"}),
        (ENTRY + "  colour: red\n", "catalogue_key_unknown", {"key": "colour"}),
        (ENTRY + "  decimals: yes\n", "catalogue_value_wrong", {"key": "decimals"}),
        (ENTRY.replace("stairs:", "population:"), "catalogue_entry_twice", {"entry": "population"}),
        ("stairs: 4\n", "catalogue_not_an_entry", {"entry": "stairs"}),
        ("- one\n- two\n", "catalogue_not_entries", {}),
        ("a: {b: 1\n", "catalogue_not_yaml", {}),
        (ENTRY + "  unit: share\n", "catalogue_not_yaml", {}),
        (ENTRY.replace("label: {nb: Trapper, nn: Trapper, en: Stairs}", "label: Stairs"), "catalogue_value_wrong", {"key": "label"}),
    ],
)  # fmt: skip
def test_a_wrong_file_names_file_entry_and_key(tmp_path, text, code, facts):
    own = tmp_path / "own.yaml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as wrong:
        load_catalogue([own])
    finding = next(f for f in wrong.value.findings if f.code == code)
    assert finding.place.file == "own.yaml"
    assert facts.items() <= dict(finding.params).items()
    for lang in LANGS:
        assert "own.yaml" in finding.text(lang)


def test_every_mistake_of_every_file_comes_at_once(tmp_path):
    own = tmp_path / "own.yaml"
    own.write_text(ENTRY.replace("unit: count", "unit: x").replace("worse: neither", "worse: y"))
    with pytest.raises(UserError) as wrong:
        load_catalogue([own, tmp_path / "none.yaml"])
    assert [f.code for f in wrong.value.findings].count("catalogue_value_wrong") == 2
    assert "catalogue_absent" in [f.code for f in wrong.value.findings]


def test_a_file_in_another_encoding_is_said_to_be_so(tmp_path):
    own = tmp_path / "own.yaml"
    own.write_bytes(ENTRY.replace("Talet på", "Talet på").encode("latin-1"))
    with pytest.raises(UserError) as wrong:
        load_catalogue([own])
    assert wrong.value.findings[0].code == "config_not_utf8"
