"""One school has nine tenths of what an area spends: from `nabolag.toml` to the release."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from nabolag.core import LANGS, Level, UserError
from nabolag.pipeline import build, check_deliveries
from nabolag.pipeline.auditing import audit_release
from nabolag.publish.exports import csv_bytes
from nabolag.publish.views import area_page, method_page
from nabolag.store import Release, Workspace
from tests.geography.places import speaks
from tests.support.spending import AREAS, SPENDING, spending, write_spending

_HIDDEN = pl.col("status").str.starts_with("suppressed")
PER_PUPIL = (
    'id = "school_spending"\nsource = "regnskap"\nvalue = { measure = "kroner" }',
    'id = "spending_per_pupil"\nsource = "regnskap"\nnumerator = { measure = "kroner" }\n'
    'denominator = { measure = "elever" }',
)
RULED = ('indicators = ["school_spending"]', 'indicators = ["spending_per_pupil"]')


def built(folder: Path, *changes: tuple[str, str], table: str = "") -> Release:
    build(write_spending(folder, *changes, table=table))
    return Workspace(folder).release()


def statuses(release: Release) -> dict[str, tuple[str, str]]:
    told = release.observations.select("area", "status", "reason")
    return {area: (status, reason) for area, status, reason in told.iter_rows()}


def test_the_amount_is_hidden_with_its_reason_and_what_would_give_it_away(tmp_path: Path) -> None:
    release = built(tmp_path)
    told = statuses(release)
    assert told["0101"] == ("suppressed_primary", "dominance")
    hidden = release.observations.filter(_HIDDEN)
    others = set(hidden["area"]) - {"0101"}
    assert others
    assert others <= {"0102", "0103", "990101"}  # what it can be subtracted from
    assert told["9901"][0] == "value"
    assert hidden.select("value", "numerator").null_count().row(0) == (hidden.height,) * 2
    assert release.about["disclosure"]["hidden_by_reason"]["dominance"] == 1


def test_no_sum_gives_it_away_by_a_reader_of_our_own(tmp_path: Path) -> None:
    """What is shown of the district, less what is shown in it, must hold more than 0101 alone."""
    release = built(tmp_path)
    shown = dict(release.observations.filter(status="value").select("area", "value").iter_rows())
    own, needed = sum(SPENDING["0101"].values()), 0.5 * sum(SPENDING["0101"].values())
    inside = [a for a, bydel in AREAS.items() if bydel == "990101"]
    district = shown.get("990101", shown["9901"] - shown.get("990102", 0))
    left = district - sum(shown.get(a, 0) for a in inside)
    assert left > own
    assert left >= needed
    seen = audit_release(Workspace(tmp_path)).audit
    assert set(seen.by_verdict.values()) == {0}
    assert release.about["disclosure"]["audit"]["exact"] == 0


def test_a_mean_is_tried_on_its_amounts_and_may_be_about_people(tmp_path: Path) -> None:
    about = ('about_people = false\nbecause = "Beløp som skoler har brukt, ikke tall om personer."',
             "numerator = 5")  # fmt: skip
    release = built(tmp_path, PER_PUPIL, RULED, about)
    assert statuses(release)["0101"] == ("suppressed_primary", "dominance")
    assert release.observations.filter(_HIDDEN).height > 1
    assert set(audit_release(Workspace(tmp_path)).audit.by_verdict.values()) == {0}


def test_many_schools_of_the_same_size_hide_nothing(tmp_path: Path) -> None:
    fair = {**SPENDING, "0101": {f"s{n}": 2_500_000 for n in range(31, 35)}}
    assert built(tmp_path, table=spending(fair)).observations.filter(_HIDDEN).is_empty()


def test_a_school_in_several_parts_is_one_behind_their_sum(tmp_path: Path) -> None:
    """Three schools with nine tenths of a part each have a third of the district; one has it all.

    Where all three parts are hidden, the district needs no hiding to protect them.
    """

    def district(name: str, big: dict[str, str]) -> str:
        parts = {a: {one: 9_000_000, f"{a}x": 1_000_000} for a, one in big.items()}
        release = built(tmp_path / name, table=spending({**SPENDING, **parts}))
        told = statuses(release)
        assert all(told[a] == ("suppressed_primary", "dominance") for a in parts)
        return told["990101"][0]

    parts = ("0101", "0102", "0103")
    assert district("three", {a: f"big{a}" for a in parts}) == "value"
    assert district("one", dict.fromkeys(parts, "big")).startswith("suppressed")


def test_without_a_rule_nothing_is_asked_and_nothing_is_hidden(tmp_path: Path) -> None:
    off = ("dominance_n = 1\ndominance_k = 80\n", "")
    assert built(tmp_path, off).observations.filter(_HIDDEN).is_empty()


def test_pages_and_files_say_why(tmp_path: Path) -> None:
    release = built(tmp_path)
    assert ";suppressed_primary;dominance;" in csv_bytes(release, "nb", "no").decode("utf-8-sig")
    said = {
        "nb": ("Skjult fordi noen få står bak det meste av beløpet",
               "Alle kilder: et beløp skjules når den største bak det har mer enn 80 prosent."),
        "nn": ("Skjult fordi nokre få står bak det meste av beløpet",
               "Alle kjelder: eit beløp blir skjult når den største bak det har meir enn 80 prosent."),
        "en": ("Hidden because a few stand behind most of the amount",
               "All sources: an amount is hidden when the largest contributor has more than 80 per cent of it."),
    }  # fmt: skip
    for lang in LANGS:
        words, rule = said[lang]
        page = area_page(release, Level.DELBYDEL, "0101", lang)
        assert words in str(page)
        assert rule in str(method_page(release, lang))


def test_a_rule_that_cannot_be_tried_is_told_of_and_the_build_goes_on(tmp_path: Path) -> None:
    summary = build(write_spending(tmp_path, PER_PUPIL, RULED, ('contributors = "school"\n', "")))
    (told,) = [f for f in summary.findings if f.code == "disclosure_no_contributors"]
    speaks((told,))
    assert told.count == 8
    release = Workspace(tmp_path).release()
    assert "disclosure_no_contributors" in {f.code for f in release.findings}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ((('contributors = "school"', 'contributors = "skole"'),), "skole"),
        ((('contributors = "school"', 'contributors = "school"\ngroups = ["school"]'),), "groups"),
        (
            (('value = { measure = "kroner" }', 'value = { measure = "kroner", where = { school = "s1" } }'),),
            "where",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_released(
    tmp_path: Path, changes: tuple[tuple[str, str], ...], words: str
) -> None:
    with pytest.raises(UserError) as wrong:
        build(write_spending(tmp_path, *changes))
    speaks(wrong.value.findings)
    for lang in LANGS:
        text = " ".join(f.text(lang) for f in wrong.value.findings)
        assert "contributors" in text
        assert words in text
    assert not (tmp_path / "releases").exists()


def test_amounts_below_nothing_stop_the_build_and_the_check_says_so(tmp_path: Path) -> None:
    owed = spending({**SPENDING, "0103": {"s9": 1_900_000, "s10": -500_000}})
    with pytest.raises(UserError) as wrong:
        build(write_spending(tmp_path, table=owed))
    assert speaks(wrong.value.findings) == ["contributors_negative"]
    assert not (tmp_path / "releases").exists()
    report = check_deliveries(Workspace(tmp_path))
    assert "contributors_negative" in {f.code for f in report.findings}
