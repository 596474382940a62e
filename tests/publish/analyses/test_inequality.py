"""The page of inequality: sentences made of the numbers, and honest where there are none."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from nabolag.analysis.inequality import Inequality
from nabolag.core import LANGS, Level, label
from nabolag.publish.figures import to_svg
from nabolag.publish.numbers import format_number
from nabolag.publish.views.analyses import Asked, analysis_page, area_findings
from nabolag.store import Release
from tests.analysis.inequality.test_spec import by_age
from tests.support.sample import write_sample_release


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_opens_with_the_answer(sample_release: Release, lang: str) -> None:
    view = analysis_page(sample_release, "ulikhet", lang)
    table = sample_release.analyses["ulikhet"].table("measures")
    ratio = table.filter(
        pl.col("measure") == "s80_s20", pl.col("period") == "2017", pl.col("indicator") == "tenants"
    )["value"][0]
    assert format_number(ratio, lang, 2) in view.opening.text
    assert "Eksempel" in view.opening.text
    assert {p.name for p in view.pictures} == {"history", "curve"}
    for picture in view.pictures:
        assert to_svg(picture.spec, lang).startswith("<svg")


@pytest.mark.parametrize(
    ("lang", "written"), [("nb", "20\u00a0%"), ("nn", "20\u00a0%"), ("en", "20%")]
)
def test_the_curve_counts_per_cent_as_the_language_does(
    sample_release: Release, lang: str, written: str
) -> None:
    view = analysis_page(sample_release, "ulikhet", lang)
    (curve,) = (picture for picture in view.pictures if picture.name == "curve")
    assert f">{written}<" in to_svg(curve.spec, lang)


def test_a_change_that_may_be_chance_is_called_so(sample_release: Release) -> None:
    view = analysis_page(sample_release, "ulikhet", "nb")
    said = " ".join(sentence.text for sentence in view.lead)
    assert "var 0," in said
    assert "kan skyldes tilfeldigheter" in said
    assert "ikke en årsak" in said
    assert "mellom bydeler" in said


def test_hidden_areas_are_counted(sample_release: Release) -> None:
    view = analysis_page(sample_release, "ulikhet", "nb", Asked(indicator="low_income"))
    assert any("1 av 6 områder" in words for words in view.sure)
    (gini,) = [row for row in view.tables[0].rows if "Gini" in row[0].text]
    assert [cell.text for cell in gini[3:]] == ["5", "1"]


def test_what_cannot_be_told_is_said_with_its_reason(tmp_path: Path) -> None:
    """With one of six areas hidden, nine in ten are not known."""
    strict = Inequality(id="u", level=Level.DELBYDEL, indicators=("low_income",))
    release = write_sample_release(tmp_path, analyses=[strict])
    view = analysis_page(release, "u", "nb")
    assert "kan ikke sies. For mange områder mangler tall" in view.opening.text
    assert {row[1].text for row in view.tables[0].rows} == {"For mange områder mangler tall"}


@pytest.mark.parametrize("lang", LANGS)
def test_neighbours_are_told_of_where_they_are_asked_about(tmp_path: Path, lang: str) -> None:
    near = Inequality(id="u", level=Level.DELBYDEL, indicators=("tenants",), neighbours="border")
    release = write_sample_release(tmp_path, analyses=[near])
    view = analysis_page(release, "u", lang, Asked(period="2017"))
    (table,) = [table for table in view.tables if table.name == "pairs"]
    row = release.analyses["u"].table("pairs").filter(pl.col("period") == "2017")
    assert [cells[1].sort for cells in table.rows] == [row["near_pairs"][0], row["far_pairs"][0]]
    parts = [cells[2].sort for cells in table.rows]
    assert sum(parts) == pytest.approx(row["gini"][0])  # type: ignore[arg-type]
    assert table.rows[0][-1].sort == row["p"][0]
    said = {key: label(f"sentence.inequality.pairs_{key}", lang, n=None, near="", far="")[:20]
            for key in ("alike", "unlike", "chance")}  # fmt: skip
    told = " ".join(sentence.text for sentence in view.lead)
    expected = "chance" if row["p"][0] > 0.05 else "alike"
    assert [key for key, words in said.items() if words in told] == [expected]
    assert "Rey" in near.explain(release.indicators, lang)


def test_the_split_of_an_area_is_told_on_its_page(tmp_path: Path) -> None:
    split = Inequality(id="u", level=Level.DELBYDEL, indicators=("tenants",), compose="age")
    release = write_sample_release(tmp_path, analyses=[split], more=by_age("0201"))
    (found,) = area_findings(release, "delbydel", "0203", "nb")
    assert "0,0 prosentpoeng blir igjen" in found.sentence.text
    assert "alder" in found.sentence.text
    assert area_findings(release, "delbydel", "0201", "nb") == ()
    gaps = analysis_page(release, "u", "nb").tables[-1]
    assert gaps.rows[-1][1].text == "Skjult av hensyn til personvern"
