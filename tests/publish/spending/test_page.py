"""The page about spending models: it never says more than is sure."""

from __future__ import annotations

from pathlib import Path

import pytest

from nabolag.core import LANGS
from nabolag.pipeline import build
from nabolag.publish.views.money.spending import has_models, spending_page
from nabolag.store import Release, Workspace
from tests.support.models import write_models


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder = write_models(Path(tmp_path_factory.mktemp("side")))
    build(folder)
    return Workspace(folder).release()


def test_the_opening_says_how_much_and_that_it_is_no_cause(release):
    page = spending_page(release, {"modell": "aktiviteter"}, "nb")
    assert "ett prosentpoeng høyere" in page.opening
    assert "kr høyere (fra" in page.opening
    assert page.opening.endswith("Det er en sammenheng, ikke en årsak.")


def test_what_groups_are_too_few_for_is_not_said(release):
    page = spending_page(release, {"modell": "egen"}, "nb")
    assert page.opening.startswith("Vi kan ikke si om")
    assert "4 grupper" in page.opening
    assert any("minst 6" in words for words in page.sure)
    assert page.title == "Vår egen modell"


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("model", ["aktiviteter", "egen"])
def test_no_reader_sees_a_word_from_the_code(release, lang, model):
    page = spending_page(release, {"modell": model}, lang)
    shown = [page.title, page.opening, page.rule, *page.lead, *page.sure]
    shown += [cell.text for table in page.tables for row in table.rows for cell in row]
    shown += [column.heading for table in page.tables for column in table.columns]
    codes = ("share_", "_per_", "too_few", "wild_", "unit", "None", "nan")
    if lang == "en":
        codes = tuple(one for one in codes if one != "unit")
    assert not [words for words in shown for code in codes if code in words]


def test_the_table_is_in_the_reports_layout_with_groups_told(release):
    table = spending_page(release, {"modell": "aktiviteter"}, "nb").tables[0]
    rows = {row[0].text: [cell.text for cell in row[1:]] for row in table.rows}
    assert rows["Antall grupper (G)"] == ["15"] * 5
    assert rows["Observasjoner"] == ["60"] * 5
    assert "(" in rows["Andel lavinntektshusholdninger"][0]
    assert rows["Andel lavinntektshusholdninger"][1] == ""


def test_every_method_is_laid_beside_the_others(release):
    table = spending_page(release, {"modell": "aktiviteter"}, "nb").tables[1]
    methods = {row[1].text.removeprefix("▸ ") for row in table.rows}
    assert methods == {
        "robuste feil", "grupperte feil, t(G−1)", "én gruppe ute om gangen (CR3)",
        "wild cluster bootstrap",
    }  # fmt: skip
    assert sum(row[1].text.startswith("▸") for row in table.rows) == 2


def test_background_is_told_of_where_it_is_among_the_variables(release):
    said = " ".join(spending_page(release, {"modell": "aktiviteter"}, "nb").lead)
    assert "hvor folk kommer fra" in said
    assert "peke ut områder" in said


def test_the_figure_draws_each_coefficient_once(release):
    picture = spending_page(release, {"modell": "aktiviteter"}, "nb").pictures[0]
    drawn = picture.spec["layer"][2]["data"]["values"]
    assert len(drawn) == 2 * 3
    assert picture.spec["description"]


def test_without_a_choice_every_model_is_listed_with_its_answer(release):
    page = spending_page(release, {"modell": "nei"}, "nb")
    assert page.title == "Utgiftsmodeller"
    assert page.opening == "I 1 av 2 modeller kan vi si at noe henger sammen, og hvor mye."
    assert [line.id for line in page.lines] == ["aktiviteter", "egen"]
    assert page.lines[0].opening == (
        spending_page(release, {"modell": "aktiviteter", "utfall": "nei"}, "nb").opening
    )
    assert page.files[0].frame.height == 2


def test_a_release_without_models_says_so(sample_release):
    assert not has_models(sample_release)
    assert "ingen utgiftsmodeller" in spending_page(sample_release, {}, "nb").opening


def test_the_reports_tables_are_listed_whatever_the_release_holds(release, sample_release):
    for one in (release, sample_release):
        table = spending_page(one, {}, "nb").tables[0]
        assert len(table.rows) == 46
        assert [cell.text for cell in table.rows[0]][::4] == ["2", "table-02"]


def test_where_groups_are_too_few_dealing_anew_is_told_of():
    from nabolag.publish.spending import model_of_result
    from nabolag.publish.views.money.spending import _dealt
    from nabolag.publish.views.money.spending_shown import Shown
    from nabolag.spending import Inference, ModelSpec, Regression, estimate
    from tests.spending.made import panel

    column = Regression(
        outcome="y", terms=("analysis_area", "x"), errors="cluster", cluster="municipality"
    )
    spec = ModelSpec(id="a", title="A", columns=(column,), main=("analysis_area",))
    how = Inference(permutations=199, draws=99)
    found = model_of_result(estimate(spec, panel(municipalities=4, schools=8), how))
    assert "gir p = " in _dealt(Shown(found, "y", "nb"))
    many = model_of_result(estimate(spec, panel(municipalities=8), how))
    assert _dealt(Shown(many, "y", "nb")) == ""
