"""The budget workshop: what it says, what the address carries, and what cannot be shared."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from nabolag.allocation.b11 import table_b11
from nabolag.core import LANGS, Lang, UserError
from nabolag.publish.views.money.allocation import AllocationView, allocation_page
from nabolag.publish.views.money.allocation.book import allocation_workbook
from nabolag.store import Release
from tests.support.formulas import Book
from tests.support.shared_schools import DECLARED, ZONE, rows, write_shared_schools


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """Ten schools that share ten million."""
    return write_shared_schools(tmp_path_factory.mktemp("shared")).release()


def column(view: AllocationView, table: str, key: str) -> list[object]:
    """Return what the cells of a column are sorted by."""
    found = next(one for one in view.tables if one.name == table)
    place = [c.key for c in found.columns].index(key)
    return [row[place].sort for row in found.rows]


def asked_by(query: str) -> dict[str, str]:
    """Return a query as the view is given it."""
    return dict(parse_qsl(query))


@pytest.mark.parametrize("lang", LANGS)
def test_it_opens_with_the_answer(release: Release, lang: Lang) -> None:
    view = allocation_page(release, {}, lang)
    assert view.opening.startswith("10 ")
    assert sum(column(view, "enheter", "kroner")) == 10_000_000
    assert sum(column(view, "enheter", "change")) == 0
    assert view.map is not None
    assert view.pictures
    assert view.workbook
    assert not view.problems
    assert all("{" not in text for text in (*view.lead, *view.sure, view.rule))


def test_weights_in_the_address_change_the_kroner(release: Release) -> None:
    first = column(allocation_page(release, {}, "nb"), "enheter", "kroner")
    other = allocation_page(release, {"elever": "60", "v_low_income": "10"}, "nb")
    assert column(other, "enheter", "kroner") != first
    assert other.sliders[0].field.value == "60"
    assert "50" in other.points_note
    same = allocation_page(release, asked_by(other.query), "nb")
    assert column(same, "enheter", "kroner") == column(other, "enheter", "kroner")


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"elever": "mange"}, "elever"),
        ({"elever": "140"}, "elever"),
        ({"v_crowded": "-3"}, "v_crowded"),
    ],
)
def test_a_number_that_is_wrong_is_told_at_its_field(
    release: Release, asked: dict[str, str], field: str
) -> None:
    view = allocation_page(release, asked, "nb")
    (told,) = [s.field.problem for s in view.sliders if s.field.name == field]
    assert "det som sto før, gjelder" in told
    assert column(view, "enheter", "kroner") == column(
        allocation_page(release, {}, "nb"), "enheter", "kroner"
    )


def test_what_cannot_be_shared_is_said_and_nothing_lost(release: Release) -> None:
    view = allocation_page(release, {"grunn": "2000000", "elever": "30"}, "nb")
    assert "10\u00a0000\u00a0000 kroner for lite" in view.problems[0]["what"]
    assert not view.tables
    assert view.sliders[0].field.value == "30"
    with pytest.raises(UserError, match="too small"):
        allocation_workbook(release, {"grunn": "2000000"}, "nb")
    low = allocation_page(release, {"v_points": "50"}, "nb")
    assert "gap" in low.problems[0]["do"]
    nothing = allocation_page(release, {"v_low_income": "0", "v_crowded": "0"}, "nb")
    assert nothing.problems
    assert "minst ett behov" in nothing.points_note


def test_a_scenario_is_named_kept_opened_and_compared_with(release: Release) -> None:
    view = allocation_page(
        release, {"elever": "80", "v_low_income": "33.5", "navn": "Flest, elever"}, "nb"
    )
    (kept,) = view.saved
    assert kept.name == "Flest elever"
    again = allocation_page(
        release, {**asked_by(view.query), "elever": "10", "mot": "Flest elever"}, "nb"
    )
    assert column(again, "alternativer", "s0")[:-1] == column(view, "enheter", "kroner")
    assert "Flest elever" in again.opening
    opened = allocation_page(release, asked_by(again.saved[0].query), "nb")
    assert column(opened, "enheter", "kroner") == column(view, "enheter", "kroner")
    assert not allocation_page(release, asked_by(again.saved[0].without), "nb").saved


def test_years_guarantee_and_units_left_out(release: Release) -> None:
    view = allocation_page(release, {"aar": "4", "garanti": "90", "uten": "3"}, "nb")
    assert len(column(view, "enheter", "kroner")) == 9
    assert min(column(view, "enheter", "kroner")) >= 900_000
    for year in range(1, 5):
        every = column(view, "overgang", f"y{year}")
        assert sum(every[:-1]) == every[-1]
    assert column(view, "overgang", "y4")[-1] == 10_000_000


def test_the_question_turned_round(release: Release) -> None:
    made = column(allocation_page(release, {}, "nb"), "enheter", "kroner")
    wish = {"enhet1": "2", "minst1": str(int(made[1] * 1.05))}
    view = allocation_page(release, wish, "nb")
    assert view.answer is not None
    assert view.answer.possible
    used = allocation_page(release, asked_by(view.answer.query), "nb")
    assert column(used, "enheter", "kroner")[1] >= int(wish["minst1"])
    hard = allocation_page(release, {"enhet1": "2", "minst1": "9000000"}, "nb")
    assert hard.answer is not None
    assert not hard.answer.possible
    assert any("kan høyst få" in words for words in hard.answer.words)
    both = {"enhet1": "1", "minst1": str(int(made[0] * 1.3)), "enhet2": "2", "minst2": str(int(made[1] * 1.3)),
            "enhet3": "3", "minst3": str(int(made[2] * 1.3))}  # fmt: skip
    assert allocation_page(release, both, "nb").answer is not None


def test_hidden_need_stops_or_bounds_or_leaves_out(tmp_path: Path) -> None:
    table = rows().replace(";20;", ";2;")
    hidden = write_shared_schools(tmp_path, table).release()
    view = allocation_page(hidden, {}, "nb")
    assert "personvern" in view.problems[0]["what"]
    assert len(view.ways_out) == 2
    bounds = allocation_page(hidden, asked_by(view.ways_out[0][0]), "nb")
    low, high = column(bounds, "grenser", "low"), column(bounds, "grenser", "high")
    assert all(a <= b for a, b in zip(low, high, strict=True))
    out = allocation_page(hidden, asked_by(view.ways_out[1][0]), "nb")
    assert len(column(out, "enheter", "kroner")) < 10
    assert "ikke regnet som 0" in out.lead[0]


def test_described_models_say_what_they_lack_and_their_lines(release: Release) -> None:
    lines = {one.id: one for one in allocation_page(release, {}, "nn").presets}
    assert lines["trondheim-skole"].background
    assert "L4114" in lines["trondheim-skole"].reference
    assert lines["trondheim-skole"].lacks
    assert not lines["trondheim-skole"].query
    assert len(lines["bergen-soner"].listed) == 28


def test_the_example_is_open_to_anybody_and_agrees(
    release: Release, sample_release: Release
) -> None:
    for held in (release, sample_release):
        view = allocation_page(held, {"for": "b11", "elever": "25"}, "nb")
        assert "204 av dem" in view.lead[0]
        assert column(view, "enheter", "kroner") == table_b11()["alloc_25_75"].to_list()
        assert column(view, "tabell-b11", "alloc_0_100") == table_b11()["alloc_0_100"].to_list()
        (file,) = [one for one in view.files if one.name == "tabell-b11"]
        assert file.frame["alloc_75_25"].equals(
            file.frame["computed_alloc_75_25"], check_names=False
        )
    assert allocation_page(sample_release, {}, "nb").opening.startswith("51 ")


def test_the_workbook_of_an_address(release: Release) -> None:
    asked = {"elever": "40", "v_points": "50", "regel": "index", "garanti": "80"}
    made = column(allocation_page(release, asked, "nb"), "enheter", "kroner")
    book = Book(allocation_workbook(release, asked, "nb"))
    letter, row = book.find("Tildeling (kr)")
    assert book.column(letter, row + 1, row + 10) == made


def test_another_name_is_refused(release: Release) -> None:
    with pytest.raises(UserError, match="no sharing"):
        allocation_page(release, {"for": "nei"}, "nb")


def test_uncertain_coefficients_become_kroner(release: Release) -> None:
    asked = {"k_low_income": "900", "f_low_income": "300", "k_crowded": "400", "f_crowded": "300"}
    view = allocation_page(release, asked, "nb")
    low, high = column(view, "koeffisienter", "low"), column(view, "koeffisienter", "high")
    assert all(a < b for a, b in zip(low, high, strict=True))
    assert sum(column(view, "koeffisienter", "chosen")) == pytest.approx(10_000_000, abs=10)
    assert len(view.uncertain) == 2
    sure = allocation_page(release, {**asked, "f_low_income": "0", "f_crowded": "0"}, "nb")
    pairs = zip(
        column(sure, "koeffisienter", "low"), column(sure, "koeffisienter", "high"), strict=True
    )
    assert all(b - a <= 1 for a, b in pairs)
    assert allocation_page(release, {"k_points": "5"}, "nb").uncertain


def test_a_zone_model_asks_for_its_line_and_says_that_it_is_historical(tmp_path: Path) -> None:
    held = write_shared_schools(tmp_path, declared=DECLARED + ZONE).release()
    first = allocation_page(held, {}, "nb")
    assert "share_in_zone" not in [s.field.name.removeprefix("v_") for s in first.sliders]
    (bergen,) = [one for one in first.presets if one.id == "bergen-soner"]
    opened = allocation_page(held, asked_by(bergen.query), "nb")
    assert "grense" in opened.problems[0]["what"]
    assert opened.background
    used = allocation_page(held, {**asked_by(bergen.query), "grense": "50"}, "nb")
    kroner = column(used, "enheter", "kroner")
    assert [amount > 0 for amount in kroner] == [False] * 5 + [True] * 5
    assert sum(kroner) == 10_000_000
    book = Book(allocation_workbook(held, {**asked_by(bergen.query), "grense": "50"}, "nb"))
    letter, row = book.find("Tildeling (kr)")
    assert book.column(letter, row + 1, row + 10) == kroner


def test_of_several_pots_the_first_is_the_readers(tmp_path: Path) -> None:
    before, after = DECLARED.split("model = {")
    _, rest = after.split("] }] }\n", 1)
    two = """model = { pots = [
  { id = "all", share = "0.8", pupils = "0.25", criteria = [{ need = "low_income", weight = 1 }] },
  { id = "early", share = "0.2", rule = "gap", criteria = [{ need = "points", weight = 1, worse = "low" }] }] }
"""
    held = write_shared_schools(tmp_path, declared=before + two + rest).release()
    view = allocation_page(held, {}, "nb")
    assert any("flere potter (2)" in words for words in view.lead)
    assert sum(column(view, "enheter", "kroner")) == 10_000_000
    assert not view.workbook
    other = allocation_page(held, {"elever": "90"}, "nb")
    assert column(other, "enheter", "kroner") != column(view, "enheter", "kroner")
    (file,) = [one for one in other.files if one.name == "enheter"]
    assert file.frame["early:points"].sum() == pytest.approx(2_000_000)
    with pytest.raises(UserError, match="one pot"):
        allocation_workbook(held, {}, "nb")
