"""The page of how figures lie in space."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from nabolag.analysis.space import Space
from nabolag.core import LANGS, Level
from nabolag.publish.figures import to_svg
from nabolag.publish.views.analyses import Asked, analysis_page, area_findings
from nabolag.store import Release
from tests.analysis.space.planted import INDICATOR, codes, given, patched
from tests.support.analysed import release_of
from tests.support.sample import write_sample_release


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder: Path = tmp_path_factory.mktemp("space")
    spec = Space(id="naboer", level=Level.DELBYDEL, indicators=("tenants", "low_income"))
    return write_sample_release(folder, analyses=[spec])


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_says_how_the_figures_lie(release: Release, lang: str) -> None:
    view = analysis_page(release, "naboer", lang)
    moran = release.analyses["naboer"].table("moran").row(0, named=True)
    assert "2017" in view.opening.text
    areas, whole = view.tables
    assert len(areas.rows) == 6
    assert whole.rows[0][3].sort == pytest.approx(moran["moran"])
    assert view.map is not None
    assert view.pictures[0].spec["description"]
    assert "5" in view.sure[0]


def test_a_hidden_area_is_not_known_on_map_and_in_table(release: Release) -> None:
    view = analysis_page(release, "naboer", "nb", Asked(indicator="low_income"))
    row = next(row for row in view.tables[0].rows if row[0].text == "Åsen")
    assert row[1].text == "Vi vet ikke"
    assert "Skjult" in row[2].text
    assert row[3].sort is None
    assert any("1 av områdene har ikke et tall" in words for words in view.sure)


@pytest.mark.parametrize("lang", LANGS)
def test_areas_are_told_only_what_is_no_chance(lang: str, tmp_path: Path) -> None:
    values = patched(9, np.random.default_rng(1), slice(1, 5), 0.3)
    spec = Space(id="naboer", level=Level.GRUNNKRETS, indicators=(INDICATOR,))
    release = release_of(tmp_path, given(values), [spec])
    held = release.analyses["naboer"].table("areas")
    sure = held.filter(~pl.col("cluster").is_in(["chance", "unknown", "alone"]))
    said = {code: area_findings(release, "grunnkrets", code, lang) for code in held["area"]}
    assert {code for code, one in said.items() if one} == set(sure["area"])
    middle = said[codes(9)[2 * 9 + 2]][0].sentence
    assert [ref.indicator for ref in middle.refs] == [INDICATOR]
    view = analysis_page(release, "naboer", lang)
    high = (sure["cluster"] == "high_high").sum()
    assert f"{high} " in view.opening.text
    assert view.map is not None
    assert {area.class_index for area in view.map.areas} >= {0, 4}


def test_the_picture_can_be_drawn(release: Release) -> None:
    view = analysis_page(release, "naboer", "en")
    assert "Cannot be told apart from chance" in to_svg(view.pictures[0].spec, "en")
