"""The page of segregation: described, with chance beside it, and honest about what is hidden."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from nabolag.analysis.segregation import Segregation
from nabolag.core import LANGS, Level, label
from nabolag.publish.figures import to_svg
from nabolag.publish.views.analyses import Asked, analysis_page, area_findings
from nabolag.store import Release, conform
from nabolag.store.frames import OBSERVATIONS
from tests.analysis.segregation.test_spec import PERSONS, by_education, observations
from tests.support.sample import INDICATORS, write_sample_release


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_describes_and_says_so(sample_release: Release, lang: str) -> None:
    view = analysis_page(sample_release, "hvem-bor-hvor", lang)
    table = sample_release.analyses["hvem-bor-hvor"].table("indices")
    found = table.filter(
        pl.col("index") == "dissimilarity", pl.col("period") == "2017",
        pl.col("indicator") == "immigrants",
    )["value"][0]  # fmt: skip
    assert f"{round(100 * found)}" in view.opening.text
    assert label("segregation.sure.background", lang) in view.sure
    assert {table.name for table in view.tables} == {"indices", "contacts", "parts", "changes"}
    (picture,) = view.pictures
    assert to_svg(picture.spec, lang).startswith("<svg")


def test_chance_stands_in_the_lead(sample_release: Release) -> None:
    view = analysis_page(sample_release, "hvem-bor-hvor", "nb")
    said = " ".join(sentence.text for sentence in view.lead)
    assert "mer enn tilfeldigheter gir" in said
    assert "I området til dem som telles" in said
    assert "endret ujevnheten (M) seg" in said


def test_a_hidden_figure_without_a_size_is_not_guessed(sample_release: Release) -> None:
    view = analysis_page(sample_release, "hvem-bor-hvor", "nb", Asked(indicator="low_income"))
    assert "kan ikke sies" in view.opening.text
    assert "vi vet ikke hvor mange som bor der" in view.opening.text


def test_hidden_figures_with_sizes_are_told_as_bounds(tmp_path: Path) -> None:
    asked = Segregation(
        id="s", level=Level.DELBYDEL, indicators=("immigrants",), size={"immigrants": "persons"}
    )
    rows = pl.DataFrame(observations("0103", period="2019"), infer_schema_length=None)
    release = write_sample_release(
        tmp_path, (*INDICATORS, PERSONS), analyses=[asked], more=conform(rows, OBSERVATIONS)
    )
    view = analysis_page(release, "s", "nb", Asked(period="2019"))
    assert "er mellom 0," in view.opening.text
    assert "noen områder skjuler sitt tall" in view.opening.text
    assert "–" in view.tables[0].rows[0][1].text
    assert "båndet" in view.pictures[0].spec["title"]["subtitle"][0]


def test_several_groups_have_their_own_words(tmp_path: Path) -> None:
    asked = Segregation(id="s", level=Level.DELBYDEL, indicators=("persons",), by="education")
    rows = pl.DataFrame(by_education(), infer_schema_length=None)
    release = write_sample_release(
        tmp_path, (*INDICATORS, PERSONS), analyses=[asked], more=conform(rows, OBSERVATIONS)
    )
    view = analysis_page(release, "s", "en")
    assert "H is 0." in view.opening.text
    contacts = next(table for table in view.tables if table.name == "contacts")
    assert len(contacts.columns) == 4


def test_the_municipality_page_tells_it(sample_release: Release) -> None:
    found = {f.analysis for f in area_findings(sample_release, "kommune", "9901", "nn")}
    assert "hvem-bor-hvor" in found
    smaller = {f.analysis for f in area_findings(sample_release, "delbydel", "0101", "nn")}
    assert "hvem-bor-hvor" not in smaller


def test_a_municipality_that_is_not_measured_is_no_mistake(sample_release: Release) -> None:
    found = {f.analysis for f in area_findings(sample_release, "kommune", "9902", "nb")}
    assert "hvem-bor-hvor" not in found
