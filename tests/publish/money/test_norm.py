"""The page about the teacher norm: its numbers are the method's, in three languages."""

from __future__ import annotations

import pytest

from nabolag.core import LANGS, Lang
from nabolag.publish.figures import to_svg
from nabolag.publish.views.money.norm import has_norm, norm_page
from nabolag.store import Release


@pytest.mark.parametrize("lang", LANGS)
def test_the_answer_is_that_of_the_summary(norm_release: Release, lang: Lang) -> None:
    view = norm_page(norm_release, {}, lang)
    years = norm_release.bundle.frame("teacher_norm-years")
    last = years.filter(years["year"] == 2020)
    assert str(last["met"].sum()) in view.opening
    assert "2020/2021" in view.opening
    assert all("{" not in words for words in (view.opening, *view.lead, *view.sure))


def test_an_earlier_year_has_its_own_norm(norm_release: Release) -> None:
    view = norm_page(norm_release, {"ar": "2018"}, "nb")
    assert "2018/2019" in view.opening
    schools = next(file for file in view.files if file.name == "norm").frame
    assert set(schools["equal"]) == {16.0, 21.0}


def test_strength_moves_ceilings_and_the_cost_stays(norm_release: Release) -> None:
    def ceilings(strength: str) -> list[float]:
        view = norm_page(norm_release, {"styrke": strength, "fordeling": "shared"}, "nb")
        frame = next(file for file in view.files if file.name == "norm").frame
        return frame.filter(frame["stage"] == "1-4")["ceiling"].to_list()

    assert len(set(ceilings("0"))) == 1
    strong = ceilings("15,5")
    assert max(strong) > 15 > min(strong)


def test_a_wrong_number_is_told_and_not_used(norm_release: Release) -> None:
    view = norm_page(norm_release, {"styrke": "mye", "budsjett": "-5"}, "nb")
    problems = {field.name: field.problem for field in view.fields if field.problem}
    assert set(problems) == {"styrke", "budsjett"}
    assert "«mye»" in problems["styrke"]
    usual = norm_page(norm_release, {}, "nb")
    assert view.lead == usual.lead


def test_a_budget_that_is_not_enough_says_what_is(norm_release: Release) -> None:
    view = norm_page(norm_release, {"budsjett": "1", "tak": "0"}, "nb")
    assert any("rekker ikke" in words and "Øk budsjettet" in words for words in view.lead)
    assert [table.name for table in view.tables] == ["trinn", "for_etter", "tredeler"]


def test_the_link_is_told_with_its_sign(norm_release: Release) -> None:
    """Planted: where there are more tenants, groups are larger."""
    view = norm_page(norm_release, {}, "nb")
    links = next(file for file in view.files if file.name == "sammenheng").frame
    now = links.filter((links["stage"] == "1-4") & (links["when"] == "now"))["slope"][0]
    new = links.filter((links["stage"] == "1-4") & (links["when"] == "new"))["slope"][0]
    assert now == pytest.approx(0.6 * 1.707825, rel=0.05)
    assert new < now


def test_the_reports_own_coefficients_stand_beside_ours(norm_release: Release) -> None:
    """Table B2: 0.383 before, 0.317 after, −0.120 as the change; table B7: −0.144***."""
    view = norm_page(norm_release, {}, "nb")
    table = next(one for one in view.tables if one.name == "for_etter")
    rows = {
        (row[0].text, row[1].text, row[2].text): [c.text for c in row[3:]] for row in table.rows
    }
    points, change = "forventede skalapoeng", "endring i sammenhengen etter normen"
    cities = "de fire storbyene i SØF-rapporten (tabell B2)"
    assert rows["1.–4. trinn", cities, points][:2] == [
        "0,383** (feil 0,193)",
        "0,317** (feil 0,139)",
    ]
    assert rows["1.–4. trinn", cities, change][2] == "−0,120 (feil 0,153)"
    country = "alle skoler i Norge i SØF-rapporten (tabell B7)"
    assert rows["8.–10. trinn", country, change][2] == "−0,144*** (feil 0,0513)"


def test_what_is_declared_is_said(norm_release: Release) -> None:
    sure = " ".join(norm_page(norm_release, {}, "nb").sure)
    assert "vedtak 1/26" in sure
    assert "700 000 kroner" in sure.replace("\u00a0", " ")
    assert "ikke hvorfor" in sure


def test_pictures_can_be_drawn_and_are_described(norm_release: Release) -> None:
    for picture in norm_page(norm_release, {}, "nn").pictures:
        assert picture.spec["description"]
        assert "<svg" in to_svg(picture.spec, "nn")


def test_a_release_without_it_says_how(sample_release: Release) -> None:
    assert not has_norm(sample_release)
    view = norm_page(sample_release, {}, "nb")
    assert "[teacher_norm]" in view.opening
    assert "L5410–5418" in view.rule
