"""A workspace whose borders changed: every year's figures in today's, and sums of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nabolag.core import Lang, UserError
from nabolag.disclosure import recoded_words
from nabolag.geography.dated import breaks
from nabolag.pipeline import BuildSummary, build
from nabolag.publish.views import area_page
from nabolag.store import Release, Workspace
from tests.geography.places import speaks
from tests.support.moved import CHANGES, CONFIG, OWN, write_moved

Built = tuple[BuildSummary, Release]


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = write_moved(tmp_path_factory.mktemp("moved"))
    return build(folder), Workspace(folder).release()


def figure(built: Built, area: str, period: str, indicator: str = "crowded_households") -> Any:
    rows = built[1].observations.filter(area=area, period=period, indicator=indicator)
    assert rows.height == 1
    return rows.row(0, named=True)


def test_every_year_stands_in_todays_borders(moved: Built) -> None:
    then = figure(moved, "0104", "2005")
    assert then["denominator"] == pytest.approx(700.0)
    assert then["value"] == pytest.approx(0.14)
    assert (then["status"], then["reason"]) == ("unreliable", "recoded:2005:mostly")
    assert (then["lower"], then["upper"]) == (pytest.approx(0.0), pytest.approx(0.2))
    assert figure(moved, "0104", "2018")["reason"] == "recoded:2018:mostly"
    assert figure(moved, "0104", "2021")["reason"] == ""
    assert figure(moved, "0301", "2005")["reason"] == "recoded:2005:renumbered"
    assert figure(moved, "0301", "2018")["reason"] == ""
    assert {row["geography"] for row in moved[1].observations.iter_rows(named=True)} == {"2024"}


def test_the_series_breaks_where_borders_begin_to_be_known(moved: Built) -> None:
    marks = breaks(moved[1].observations).filter(level="kommune").select("area", "period").rows()
    assert marks == [("0104", "2021"), ("0105", "2021")]


def test_an_area_of_ones_own_is_summed_and_says_of_its_parts(moved: Built) -> None:
    """What was divided between its members comes together again."""
    own = figure(moved, "gamle_asvik", "2005")
    assert (own["level"], own["numerator"], own["denominator"]) == (
        "custom", pytest.approx(140.0), pytest.approx(1000.0),
    )  # fmt: skip
    assert own["reason"] == "recoded:2005:mostly"
    assert figure(moved, "gamle_asvik", "2021")["value"] == pytest.approx(0.19)
    assert moved[1].areas.filter(level="custom")["name"].to_list() == ["Gamle Åsvik"]


def test_a_price_is_never_averaged(moved: Built) -> None:
    assert figure(moved, "0301", "2005", "house_price_m2")["value"] == 25_000
    stuck = figure(moved, "0105", "2005", "house_price_m2")
    assert (stuck["value"], stuck["status"], stuck["reason"]) == (
        None, "missing", "recoded:2005:unmoved",
    )  # fmt: skip


def test_what_was_done_is_told(moved: Built) -> None:
    codes = speaks(moved[0].findings)
    assert {"recode_done", "recode_unmoved"} <= set(codes)
    assert "crosswalk_guessed" not in codes


def test_areas_that_began_later_have_figures_of_before(tmp_path: Path) -> None:
    """With dates on today's areas nothing is taken to be «of an area that is no more»."""
    listed = 'names = { "0104" = "Nye Ås", "0105" = "Nye Vik", "0301" = "Dal" }'
    assert listed in CONFIG
    dated = CONFIG.replace(listed, f"{listed}\nvalid_from = 2020-01-01")
    folder = write_moved(tmp_path, dated)
    told = (build(folder), Workspace(folder).release())
    stuck = figure(told, "0105", "2005", "house_price_m2")
    assert (stuck["status"], stuck["reason"]) == ("missing", "recoded:2005:unmoved")
    assert figure(told, "0104", "2018")["value"] == pytest.approx(0.15)
    assert not {f.code for f in told[0].findings} & {"match_retired", "match_other_time"}


def test_without_people_the_split_is_told_to_be_a_guess(tmp_path: Path) -> None:
    before, rest = CONFIG.split("[[area_population]]")
    config = before + "[[areas]]" + rest.split("[[areas]]", 1)[1]
    told = build(write_moved(tmp_path, config))
    assert "crosswalk_guessed" in speaks(told.findings)


def test_an_unknown_code_stops_the_build_and_says_when_it_was_in_use(tmp_path: Path) -> None:
    folder = write_moved(tmp_path)
    (folder / "own.csv").write_text(OWN + "0103;2021;9;90\n", encoding="utf-8")
    with pytest.raises(UserError) as wrong:
        build(folder)
    told = [f for f in wrong.value.findings if f.code == "recode_code_unknown"]
    assert told[0].examples == ("0103",)
    assert told[0].place.file == "own.csv"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('members = ["0104", "0105"]', 'members = ["0104", "0199"]', "custom_member_unknown"),
        ('file = "changes.csv"', 'file = "borte.csv"', "file_absent"),
        ('from_code = "from"', 'from_code = "fra"', "area_column_absent"),
        ('id = "people"', 'id = "changes"', "config_id_repeated"),
    ],
)
def test_mistakes_are_told_in_words(tmp_path: Path, old: str, new: str, code: str) -> None:
    assert old in CONFIG
    with pytest.raises(UserError) as wrong:
        build(write_moved(tmp_path, CONFIG.replace(old, new)))
    codes = speaks(wrong.value.findings)
    assert code in codes or (code == "file_absent" and any("absent" in c for c in codes))


def test_dates_that_cannot_be_read_stop_with_the_row(tmp_path: Path) -> None:
    folder = write_moved(tmp_path)
    text = CHANGES.replace("2015-01-01", "nyttår 2015")
    (folder / "changes.csv").write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as wrong:
        build(folder)
    [told] = wrong.value.findings
    assert (told.code, told.place.row, told.place.column) == ("dated_date_unread", 4, "date")


@pytest.mark.parametrize("lang", ["nb", "nn", "en"])
def test_the_page_draws_the_break_and_says_why(moved: Built, lang: Lang) -> None:
    [row] = [
        row
        for row in area_page(moved[1], "kommune", "0104", lang).rows
        if row.indicator == "crowded_households"
    ]
    assert [mark.period for mark in row.breaks] == ["2021"]
    assert recoded_words("recoded:2018:mostly", lang) in row.breaks[0].text
    [dal] = [
        row
        for row in area_page(moved[1], "kommune", "0301", lang).rows
        if row.indicator == "crowded_households"
    ]
    assert dal.breaks == ()
