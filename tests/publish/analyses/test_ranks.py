"""The page of ranks: its sentence is made of the numbers, in three languages."""

from __future__ import annotations

import polars as pl
import pytest

from nabolag.core import LANGS, UserError
from nabolag.publish.figures import to_svg
from nabolag.publish.views.analyses import Asked, analysis_page, area_findings
from nabolag.store import Release


def table_of(release: Release, indicator: str) -> pl.DataFrame:
    held = release.analyses["rangering"].table("ranks")
    return held.filter(pl.col("indicator") == indicator)


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_says_who_may_be_first(sample_release: Release, lang: str) -> None:
    view = analysis_page(sample_release, "rangering", lang, Asked(indicator="tenants"))
    held = table_of(sample_release, "tenants")
    assert f"{held['may_be_top'].sum()} " in view.opening.text or held["may_be_top"].sum() == 1
    assert "2017" in view.opening.text
    (table,) = view.tables
    assert len(table.rows) == held.height
    first = held.filter(pl.col("rank") == 1).row(0, named=True)
    span = {str(first["lower"]), f"{first['lower']}–{first['upper']}"}
    assert table.rows[0][3].text in span
    (picture,) = view.pictures
    assert picture.spec["description"]


def test_an_area_without_a_figure_is_shown_with_the_reason(sample_release: Release) -> None:
    view = analysis_page(sample_release, "rangering", "nb", Asked(indicator="crowded"))
    last = view.tables[0].rows[-1]
    assert last[0].text == "Skogly"
    assert "Ikke levert" in last[1].text
    assert {cell.text for cell in last[2:]} == {"ingen plass"}
    assert any("1 av 6 områder" in words for words in view.sure)


def test_the_area_page_says_its_place_and_refers_to_the_figure(sample_release: Release) -> None:
    found = [f for f in area_findings(sample_release, "delbydel", "0203", "nb")
             if f.analysis == "rangering"]  # fmt: skip
    (one,) = found
    place = table_of(sample_release, "tenants").filter(pl.col("area") == "0203")
    assert f"plass {place['rank'][0]} av 6" in one.sentence.text
    assert {ref.indicator for ref in one.sentence.refs} == {"crowded", "tenants"}


def test_the_picture_can_be_drawn(sample_release: Release) -> None:
    view = analysis_page(sample_release, "rangering", "nn", Asked(indicator="tenants"))
    assert "Fjæra" in to_svg(view.pictures[0].spec, "nn")


def test_what_is_not_ranked_is_told(sample_release: Release) -> None:
    with pytest.raises(UserError, match=r"crowded, tenants"):
        analysis_page(sample_release, "rangering", "nb", Asked(indicator="low_income"))
