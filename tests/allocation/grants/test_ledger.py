"""The ledger of state grants: table 26 to the krone, one's own, and what the state covers."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nabolag.allocation.grants import Covered, Entry, Ledger, ledger, other_grants, read_ledger
from nabolag.core import LANGS, UserError, label

#: Table 26 of SØF-rapport 04/20 (L3863–L3914), NOK 1 000: the printed sums.
BY_PLACE = {
    "groruddalen": 44014, "oslo_indre_ost": 41750, "oslo_sor": 60000, "fjell": 10600,
    "storhaug": 13000, "bergen": 10700, "trondheim": 3100, "on_application": 38400,
}  # fmt: skip
BY_MINISTRY = {
    "KMD": 82974, "ASD": 13000, "HOD": 12900, "JD": 37000, "KD": 66190, "KLD": 2000, "KUD": 7500,
}  # fmt: skip


def test_rows_and_columns_sum_to_the_printed_total():
    held = ledger()
    assert held.total == 221_564_000
    assert {k: v // 1000 for k, v in held.sums("place").items()} == BY_PLACE
    assert {k: v // 1000 for k, v in held.sums("ministry").items()} == BY_MINISTRY
    assert held.years == (2019,)


def test_two_thirds_go_to_three_areas_in_oslo():
    oslo = ledger().where(municipality="Oslo")
    assert len(oslo.places) == 3
    assert oslo.total / ledger().total == pytest.approx(0.658, abs=0.0005)


def test_everything_has_lines_and_words():
    assert all(entry.lines.startswith("L") for entry in ledger().entries)
    for lang in LANGS:
        for grant in other_grants():
            assert grant.lines.startswith("L")
            assert label(f"grants.other.{grant.id}", lang)
            assert label(f"grants.document.{grant.document}", lang)
            assert grant.value is None or label(f"grants.unit.{grant.unit}", lang, number="1")
        for ministry in ledger().ministries:
            assert label(f"grants.ministry.{ministry}", lang)


def test_what_has_no_amount_is_no_zero():
    assert sum(grant.value is None for grant in other_grants()) == 10
    assert all(grant.value != 0 for grant in other_grants())


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("XY"), st.integers(0, 10**9))))
def test_sums_of_any_ledger_agree(rows):
    held = Ledger(tuple(Entry(p, p, "", m, 2020, k) for p, m, k in rows))
    assert sum(held.sums("place").values()) == sum(held.sums("ministry").values()) == held.total


def test_ones_own_ledger(tmp_path: Path):
    path = tmp_path / "egne.csv"
    path.write_text("place;ministry;year;kroner\nÅsen;KMD;2024;1 200 000\n", encoding="utf-8")
    held = read_ledger(path)
    assert held.total == 1_200_000
    assert held.name("Åsen") == "Åsen"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("place;ministry;year\nA;K;2024\n", "kroner"),
        ("place;ministry;year;kroner\nA;K;i fjor;12\n", "row 2, column «year»"),
        ("place;ministry;year;kroner\nA;K;2024;12,5\n", "not whole kroner"),
        ("place;ministry;year;kroner\n;K;2024;12\n", "cell is empty"),
        ("place;ministry;year;kroner\nA;K;2024;1\nA;K;2024;2\n", "stands twice"),
    ],
)
def test_a_ledger_that_cannot_be_read_says_where(tmp_path: Path, text: str, words: str):
    path = tmp_path / "egne.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=words):
        read_ledger(path)


def test_what_the_state_covers():
    told = Covered(state=50.0, municipality=50.0, spending=2000.0)
    assert told.of_initiative == 0.5
    assert told.of_spending == 0.025
    assert told.initiative_of_spending == 0.05


def test_an_amount_that_is_not_known_is_no_zero():
    assert Covered(state=50.0).of_initiative is None
    assert Covered(state=50.0, municipality=50.0).of_spending is None
    assert Covered(municipality=5.0, spending=10.0).of_spending is None


def test_amounts_that_cannot_be():
    with pytest.raises(UserError, match="zero or more"):
        Covered(state=-1.0)
    with pytest.raises(UserError, match="more than all"):
        Covered(state=10.0, spending=5.0)
