"""The drawings in a profile: places on paper that follow the figures."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from nabolag.publish.pdf.locator import locator_svg
from nabolag.publish.pdf.marks import spine_svg, trend_svg
from nabolag.publish.views import AreaRow, area_page
from nabolag.store import Release


def row(release: Release, code: str, indicator: str) -> AreaRow:
    return next(
        r for r in area_page(release, "delbydel", code, "nb").rows if r.indicator == indicator
    )


def shapes(svg: str, name: str) -> list[dict[str, str]]:
    return [node.attrib for node in ET.fromstring(svg).iter() if node.tag.endswith(name)]


def test_a_higher_figure_lies_further_right(sample_release: Release) -> None:
    drawn = [spine_svg(row(sample_release, code, "crowded"), "nb") for code in ("0102", "0203")]
    places = [float(shapes(mark.svg, "circle")[0]["cx"]) for mark in drawn if mark]
    assert places[0] < places[1]


def test_a_hidden_figure_has_no_mark(sample_release: Release) -> None:
    mark = spine_svg(row(sample_release, "0101", "low_income"), "nb")
    assert mark is not None
    assert shapes(mark.svg, "circle") == []
    assert len(shapes(mark.svg, "rect")) == 3
    assert "Åsen" not in mark.alt


def test_a_zero_keeps_its_place(sample_release: Release) -> None:
    held = row(sample_release, "0101", "crowded")
    zero = replace(held, shown=replace(held.shown, value=0.0, lower=None, upper=None))
    mark = spine_svg(zero, "nb")
    assert mark is not None
    assert float(shapes(mark.svg, "circle")[0]["cx"]) == pytest.approx(5.0)


def test_counts_are_not_drawn_beside_a_whole_town(sample_release: Release) -> None:
    held = row(sample_release, "0203", "crowded")
    assert spine_svg(held, "nb") != spine_svg(replace(held, unit="count"), "nb")
    mark = spine_svg(replace(held, unit="count"), "nb")
    assert mark is not None
    assert len(shapes(mark.svg, "rect")) == 2
    assert "Eksempel" not in mark.alt


def test_without_others_to_lie_among_there_is_no_spine(sample_release: Release) -> None:
    held = row(sample_release, "0203", "crowded")
    assert held.spread is not None
    assert spine_svg(replace(held, spread=None), "nb") is None
    assert spine_svg(replace(held, spread=replace(held.spread, count=1)), "nb") is None


def test_a_trend_has_a_gap_where_a_figure_is_hidden(sample_release: Release) -> None:
    whole = trend_svg(row(sample_release, "0203", "low_income"), "nb")
    held = row(sample_release, "0203", "low_income")
    own = held.history[0]
    hole = replace(own.points[1], value=None)
    broken = replace(held, history=(replace(own, points=(own.points[0], hole, own.points[2])),))
    mark = trend_svg(broken, "nb")
    assert whole is not None
    assert mark is not None
    assert len(shapes(whole.svg, "polyline")) == 1 + 2
    assert len(shapes(mark.svg, "polyline")) == 1
    assert len(shapes(mark.svg, "circle")) == 3
    assert mark.caption == "2015–2017"


def test_one_period_is_no_trend(sample_release: Release) -> None:
    held = row(sample_release, "0203", "crowded")
    own = held.history[0]
    assert trend_svg(replace(held, history=(replace(own, points=own.points[:1]),)), "nb") is None
    assert trend_svg(replace(held, history=()), "nb") is None


def test_the_map_shows_the_area_among_the_others(sample_release: Release) -> None:
    svg = locator_svg(sample_release, "delbydel", "0203", ["0201", "0202"])
    assert svg is not None
    fills = [path["fill"] for path in shapes(svg, "path")]
    assert len(fills) == 6
    assert len(set(fills)) == 3
    assert fills[-1] not in fills[:-1]
    west = min(float(x) for x in re.findall(r"[ML](-?[\d.]+) ", shapes(svg, "path")[-1]["d"]))
    assert west == pytest.approx(140 * 2 / 3, abs=1)


def test_no_shape_no_map(sample_release: Release) -> None:
    assert locator_svg(sample_release, "kommune", "9901", []) is None
