"""A new definition is a break: no chart draws across it, no sentence compares across it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nabolag.core import LANGS, DefinitionChange, Indicator, Text
from nabolag.indicators import load_catalogue
from nabolag.publish import figures
from nabolag.publish.exports.notes import indicator_facts
from nabolag.publish.figures import to_svg
from nabolag.publish.views import area_page, indicator_page, overview
from nabolag.publish.views.broken import series_breaks
from nabolag.store import Release
from nabolag.web.places.tables import history_lines, history_table
from tests.support.sample import INDICATORS, write_sample_release

CHANGE = DefinitionChange(
    2,
    "2016",
    Text("Grensen ble senket.", "Grensa vart senka.", "The limit was lowered."),
    "a test",
)


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The sample, where crowding has a new definition from 2016."""
    changed = [
        replace(entry, version=2, changed=(CHANGE,)) if entry.id == "crowded" else entry
        for entry in INDICATORS
    ]
    return write_sample_release(tmp_path_factory.mktemp("broken"), changed)


def crowded(release: Release) -> Indicator:
    return release.indicators["crowded"]


def test_the_release_keeps_what_changed(broken: Release) -> None:
    assert crowded(broken).changed == (CHANGE,)


def test_a_break_stands_before_the_first_period_that_has_the_new_definition(broken) -> None:
    entry = crowded(broken)
    assert [b.period for b in series_breaks(entry, ["2015", "2016", "2017"], "en")] == ["2016"]
    assert [b.period for b in series_breaks(entry, ["2014", "2017"], "en")] == ["2017"]
    assert series_breaks(entry, ["2016", "2017"], "en") == ()
    assert series_breaks(entry, [], "en") == ()


@pytest.mark.parametrize("lang", LANGS)
def test_the_area_page_says_it_and_compares_only_after_it(broken: Release, lang) -> None:
    view = area_page(broken, "delbydel", "0101", lang)
    row = next(row for row in view.rows if row.indicator == "crowded")
    assert CHANGE.what.in_(lang) in row.breaks[0].text
    assert "2015" not in row.trend.text
    assert {ref.period for ref in row.trend.refs} <= {"2016", "2017"}
    untouched = next(row for row in view.rows if row.indicator == "tenants")
    assert untouched.breaks == ()
    assert {ref.period for ref in untouched.trend.refs} >= {"2015"}


def test_a_lone_figure_after_a_break_says_why_it_is_not_compared(broken: Release) -> None:
    view = area_page(broken, "delbydel", "0101", "nb", period="2016")
    row = next(row for row in view.rows if row.indicator == "crowded")
    assert row.trend.text.startswith("Fra 2016 gjelder en ny definisjon")
    assert {ref.period for ref in row.trend.refs} == {"2016"}


def test_the_chart_draws_the_break_and_no_line_across_it(broken: Release) -> None:
    view = area_page(broken, "delbydel", "0101", "nb")
    row = next(row for row in view.rows if row.indicator == "crowded")
    spec = figures.trend(row, "nb")
    segments = {
        point["period"]: point["segment"]
        for layer in spec["layer"]
        for point in layer.get("data", {}).get("values", [])
        if "segment" in point
    }
    assert segments == {"2015": 0, "2016": 1, "2017": 1}
    lines = [
        x for x in spec["layer"] if isinstance(x["mark"], dict) and x["mark"]["type"] == "line"
    ]
    assert all(line["encoding"]["detail"]["field"] == "segment" for line in lines)
    drawing = to_svg(spec, "nb")
    assert ">Brudd<" in drawing
    assert "Grensen ble senket." in spec["description"]
    other = next(row for row in view.rows if row.indicator == "tenants")
    assert ">Brudd<" not in to_svg(figures.trend(other, "nb"), "nb")


def test_the_indicator_page_and_its_figure_show_it(broken: Release) -> None:
    view = indicator_page(broken, "crowded", "nn")
    assert [b.period for b in view.breaks] == ["2016"]
    assert "Brot frå 2016" in view.breaks[0].text
    assert ">Brot<" in to_svg(figures.spread_history(view), "nn")


def test_a_change_over_the_break_is_not_told_on_the_front_page(tmp_path) -> None:
    """The municipality's two latest figures stand on either side of the break."""
    late = replace(CHANGE, from_period="2017")
    entries = [
        replace(entry, version=2, changed=(late,)) if entry.id == "crowded" else entry
        for entry in INDICATORS
    ]
    release = write_sample_release(tmp_path, entries)
    view = overview(release, "nb")
    assert "crowded" not in {change.indicator for change in (*view.better, *view.worse)}
    assert "husholdninger som bor trangt" in view.changes_note
    plain = overview(write_sample_release(tmp_path / "plain", INDICATORS), "nb")
    assert "definisjonen er ny" not in plain.changes_note


def test_files_say_where_a_series_breaks_and_how_far_it_compares(broken: Release) -> None:
    facts = indicator_facts(crowded(broken), "nb")
    assert facts["breaks"].startswith("Brudd fra 2016: Grensen ble senket.")
    assert indicator_facts(broken.indicators["tenants"], "nb")["breaks"] == ""
    lonely = load_catalogue()["lonely_youth"]
    assert indicator_facts(lonely, "nn")["comparability"].startswith(
        "Kan samanliknast med atterhald."
    )


def test_tables_hold_a_row_for_the_break_and_lose_none(broken: Release) -> None:
    view = area_page(broken, "delbydel", "0101", "nb")
    row = next(row for row in view.rows if row.indicator == "crowded")
    lines = history_table(row)["lines"]
    assert [bool(line["broken"]) for line in lines] == [False, True, False]
    twice = replace(row, breaks=(*row.breaks, replace(row.breaks[0], text="Nye grenser.")))
    told = history_table(twice)["lines"][1]["broken"]
    assert told == f"{row.breaks[0].text} Nye grenser."
    page = indicator_page(broken, "crowded", "nb")
    assert [bool(words) for _, words in history_lines(page)] == [False, True, False]
