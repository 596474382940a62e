"""The page of a composite index."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from nabolag.analysis.composite import Index
from nabolag.core import LANGS, Level
from nabolag.publish.figures import to_svg
from nabolag.publish.views.analyses import analysis_page, area_findings
from nabolag.store import Release, conform
from nabolag.store.frames import AREAS
from tests.analysis.development.planted import INDICATORS, YEARS, given
from tests.support.analysed import release_of

HIDDEN = "99010029"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    slope = np.zeros(30)
    slope[0] = 0.3
    planted = given(np.linspace(1, -1, 30), slope, people=4000)
    hide = (pl.col("area") == HIDDEN) & (pl.col("indicator") == INDICATORS[0])
    status = pl.when(hide).then(pl.lit("suppressed_primary")).otherwise("status")
    codes = planted.links["code"]
    areas = pl.DataFrame({"level": "grunnkrets", "code": codes, "name": "Krets " + codes})
    shown = replace(planted, observations=planted.observations.with_columns(status=status),
                    areas=conform(areas, AREAS))  # fmt: skip
    whole = {
        "level": Level.GRUNNKRETS,
        "indicators": INDICATORS,
        "redraw": {"draws": 400, "top": 3},
    }
    home = {"id": "home", "name": "Bolig", "members": INDICATORS[1:3]}
    specs = [
        Index(id="plain", **whole),
        Index(id="kept", normalise="z", base=str(YEARS[0]), change="score", groups=[home],
              impute="mean", outliers={}, **whole),
        Index(id="majority", aggregate="copeland", **whole),
        Index(id="nothing", period="1999", **whole),
    ]  # fmt: skip
    return release_of(tmp_path_factory.mktemp("index"), shown, specs)


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_says_who_comes_first_and_how_surely(release: Release, lang: str):
    view = analysis_page(release, "plain", lang)
    assert "Krets 99010000" in view.opening.text
    assert "29" in view.opening.text
    assert "3" in view.lead[0].text
    areas = next(table for table in view.tables if table.name == "areas")
    assert [row[1].sort for row in areas.rows[:2]] == [1, 2]
    hidden = next(row for row in areas.rows if row[0].area == ("grunnkrets", HIDDEN))
    assert [cell.sort for cell in hidden[1:]] == [None, None, None, None, 4]
    assert view.map is not None
    assert {"areas", "parts"} <= {table.name for table in view.downloads}
    assert not any("{" in words for words in (view.rule, *view.sure))


@pytest.mark.parametrize("lang", LANGS)
def test_the_pictures_can_be_drawn(release: Release, lang: str):
    view = analysis_page(release, "kept", lang)
    assert [picture.name for picture in view.pictures] == ["places", "lifts"]
    for picture in view.pictures:
        assert "Krets 99010000" in to_svg(picture.spec, lang)
        assert picture.spec["description"]


@pytest.mark.parametrize("lang", LANGS)
def test_change_is_told_on_the_kept_scale_only(release: Release, lang: str):
    view = analysis_page(release, "kept", lang)
    (changes,) = (table for table in view.tables if table.name == "changes")
    moved = {row[0].area[1]: row[4].sort for row in changes.rows}
    assert moved["99010000"] == "up"
    assert moved[HIDDEN] == "unsure"
    assert str(YEARS[0]) in view.lead[-1].text
    plain = analysis_page(release, "plain", lang)
    assert not [table for table in plain.tables if table.name == "changes"]
    assert plain.sure[1] != view.sure[1]


def test_what_is_filled_in_is_said_to_be(release: Release):
    view = analysis_page(release, "kept", "nb")
    assert any("fylt inn; det er en gjetning" in words for words in view.sure)
    assert "Krets" in view.opening.text


def test_an_order_by_majorities_has_no_parts_to_draw(release: Release):
    view = analysis_page(release, "majority", "nb")
    assert [picture.name for picture in view.pictures] == ["places"]


@pytest.mark.parametrize("lang", LANGS)
def test_an_index_without_figures_has_a_page(release: Release, lang: str):
    view = analysis_page(release, "nothing", lang)
    assert view.pictures == ()
    assert view.tables[0].rows == ()


@pytest.mark.parametrize("lang", LANGS)
def test_areas_are_told_their_place_and_what_lifts_them(release: Release, lang: str):
    first = {f.analysis: f.sentence for f in area_findings(release, "grunnkrets", "99010000", lang)}
    assert "1" in first["plain"].text
    assert {ref.indicator for ref in first["plain"].refs} == set(INDICATORS)
    last = {f.analysis: f.sentence for f in area_findings(release, "grunnkrets", HIDDEN, lang)}
    assert "29" not in last["plain"].text
    assert "nothing" not in first
