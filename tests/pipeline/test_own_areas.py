"""Areas of one's own in sets that overlap: from `nabolag.toml` to the release."""

from __future__ import annotations

from pathlib import Path

import pytest

from nabolag.core import UserError
from nabolag.pipeline import build
from nabolag.publish.own_area.sums import sums
from nabolag.store import Release, Workspace
from tests.geography.places import speaks
from tests.support.delivery import write_delivery

SETS = """
[[custom_area]]
code = "fjell"
name = "Fjell"
set = "Områdesatsinger"
level = "delbydel"
members = ["0102", "0103"]

[[custom_area]]
code = "studie"
name = "Studiesonen"
set = "Forskning"
level = "delbydel"
members = ["0103", "0104", "0203"]
"""


def own(folder: Path, *changes: tuple[str, str]) -> Path:
    """Write the delivery with areas of one's own, with some texts replaced."""
    write_delivery(folder)
    config = folder / "nabolag.toml"
    text = config.read_text(encoding="utf-8") + SETS
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    config.write_text(text, encoding="utf-8")
    return folder


def figure(release: Release, area: str, indicator: str = "tenant_households") -> dict[str, object]:
    rows = release.observations.filter(area=area, indicator=indicator, period="2021")
    assert rows.height == 1
    return rows.row(0, named=True)


def test_each_set_is_summed_and_the_municipality_is_as_before(tmp_path: Path) -> None:
    plain = write_delivery(tmp_path / "plain")
    build(plain)
    before = figure(Workspace(plain).release(), "9901")
    summary = build(own(tmp_path / "own"))
    release = Workspace(tmp_path / "own").release()
    places = {code: figure(release, code) for code in ("0102", "0103", "0104", "0203")}
    for area, members in (("fjell", ["0102", "0103"]), ("studie", ["0103", "0104", "0203"])):
        told = figure(release, area)
        for part in ("numerator", "denominator"):
            assert told[part] == sum(places[code][part] for code in members)  # type: ignore[misc]
    assert figure(release, "9901") == before
    assert release.about["custom_sets"] == {"Områdesatsinger": ["fjell"], "Forskning": ["studie"]}
    [shared] = [f for f in summary.findings if f.code == "custom_sets_share"]
    assert shared.examples == ("0103 (fjell, studie)",)
    speaks((shared,))
    assert "custom_compared" not in {f.code for f in summary.findings}


def test_one_set_may_not_overlap(tmp_path: Path) -> None:
    with pytest.raises(UserError) as wrong:
        build(own(tmp_path, ('set = "Forskning"', 'set = "Områdesatsinger"')))
    assert speaks(wrong.value.findings) == ["custom_overlap"]
    assert not (tmp_path / "releases").exists()


def test_comparing_areas_that_overlap_is_told_of(tmp_path: Path) -> None:
    summary = build(own(tmp_path, ('levels = ["delbydel"]', 'levels = ["delbydel", "custom"]')))
    told = [f for f in summary.findings if f.code == "custom_compared"]
    assert len(told) == 1
    speaks(tuple(told))


def test_a_difference_of_few_does_not_leave(tmp_path: Path) -> None:
    """0101 has three households in need in 2021; around it lies the rest of an own area."""
    inner = ('members = ["0102", "0103"]', 'members = ["0102", "0103", "0104"]')
    outer = ('members = ["0103", "0104", "0203"]', 'members = ["0101", "0102", "0103", "0104"]')
    summary = build(own(tmp_path, inner, outer))
    release = Workspace(tmp_path).release()
    assert figure(release, "0101", "low_income_households")["status"] == "suppressed_primary"
    told = figure(release, "studie", "low_income_households")
    assert (told["status"], told["reason"], told["value"]) == (
        "suppressed_secondary",
        "overlap",
        None,
    )
    assert figure(release, "fjell", "low_income_households")["status"] == "value"
    assert figure(release, "studie")["status"] == "value"
    assert "overlap_hidden" in {f.code for f in summary.findings}


def test_a_reader_s_sum_is_the_figure_that_the_build_makes_and_tells_nothing_more(
    tmp_path: Path,
) -> None:
    inner = ('members = ["0102", "0103"]', 'members = ["0102", "0103", "0104"]')
    outer = ('members = ["0103", "0104", "0203"]', 'members = ["0101", "0102", "0103", "0104"]')
    build(own(tmp_path, inner, outer))
    release = Workspace(tmp_path).release()
    small = release.observations.filter(level="delbydel")
    told = hidden = 0
    for area, members in (("fjell", ("0102", "0103", "0104")),
                          ("studie", ("0101", "0102", "0103", "0104"))):  # fmt: skip
        for got in sums(small, members, release.indicators).iter_rows(named=True):
            key = {"indicator": got["indicator"], "period": got["period"]}
            made = release.observations.filter(level="custom", area=area, **key).to_dicts()
            if got["value"] is None:
                hidden += 1
            elif made:
                told += 1
                assert made[0]["status"] == "value"
                for part in ("value", "numerator", "denominator", "lower", "upper"):
                    assert got[part] == pytest.approx(made[0][part])
    assert told > 5
    assert hidden > 0
