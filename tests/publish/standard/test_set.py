"""The set as pages and files: whole in three languages, narrowed as asked, equal to its manual."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from nabolag.core import LANGS, UserError, label
from nabolag.indicators import standard_set
from nabolag.indicators.engine.expressions import parse
from nabolag.publish.standard import SET_FORMATS, Choices, entry_page, set_bytes, set_page
from nabolag.publish.standard.files import set_rows
from nabolag.publish.standard.measure_words import in_words, is_condition, measure_sentences
from nabolag.publish.standard.written import written
from nabolag.publish.views.model import strings_of
from tests.support.sample import INDICATORS, write_sample_release

SET = standard_set()
MANUAL = Path(__file__).parents[3] / "docs" / "standard-set.md"
CAREFUL = ("dårlig", "problemområd", "verst", "belasta", "belastet")


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_holds_the_whole_set(lang) -> None:
    view = set_page(lang)
    listed = [line.indicator for group in view.groups for line in group.lines]
    assert sorted(listed) == sorted(SET.indicators)
    assert view.shown == view.count == len(listed)
    assert not any(line.has_figures for group in view.groups for line in group.lines)
    assert {g.ring for g in view.groups if g.note} == set(SET.edition.without_asset)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", SET.indicators)
def test_every_indicator_has_a_whole_page(name: str, lang) -> None:
    view = entry_page(name, lang)
    assert view.formula
    assert view.comparability_text
    assert view.sources
    assert view.asked
    assert bool(view.counted) == (name in SET.measures)
    said = " ".join(strings_of(view))
    assert "{" not in said
    assert not any(bad in said.lower() for bad in CAREFUL)


def test_no_fact_or_rule_of_a_measure_is_without_words() -> None:
    """What has no words is shown in «»; a measure of the house must have them all."""
    for name, measure in SET.measures.items():
        for lang in LANGS:
            said = " ".join(measure_sentences(measure, lang))
            assert "«" not in said, (name, said)


def test_a_release_tells_which_have_figures(tmp_path: Path) -> None:
    crowded = replace(SET.indicators["crowded_households"], version=1)
    renamed = [replace(i, id=crowded.id) if i.id == "crowded" else i for i in INDICATORS]
    release = write_sample_release(tmp_path, renamed)
    view = set_page("nb", release, chosen=Choices(figures="with"))
    listed = {line.indicator for group in view.groups for line in group.lines}
    assert listed == {"crowded_households", "immigrants", "mean_income"}
    assert entry_page("crowded_households", "nb", release).has_figures
    assert not entry_page("turnover", "nb", release).has_figures


def test_a_release_with_another_version_of_a_definition_says_so(tmp_path: Path) -> None:
    old = replace(SET.indicators["teacher_norm_met"], version=1, changed=())
    release = write_sample_release(tmp_path, [*INDICATORS, old])
    words = entry_page("teacher_norm_met", "en", release).version_note
    assert words == label("set.other_version", "en", release=1, edition=2)


@pytest.mark.parametrize(
    ("chosen", "kept"),
    [
        (Choices(kind="asset"), lambda e: e.kind.value == "asset"),
        (Choices(source="ungdata"), lambda e: "ungdata" in {o.producer for o in e.sources}),
        (Choices(words="trångbudd"), lambda e: e.id in {"crowded_households", "crowded_families"}),
        (Choices(level="kommune", kind="challenge"), lambda e: e.kind.value == "challenge"),
        (Choices(figures="with"), lambda _: False),
    ],
)
def test_the_set_is_narrowed_as_asked(chosen: Choices, kept) -> None:
    words = Choices(**{**_given(chosen), "words": "trongbudd"}) if chosen.words else chosen
    view = set_page("nn", chosen=words)
    listed = {line.indicator for group in view.groups for line in group.lines}
    assert listed == {e.id for e in SET.indicators.values() if kept(e)}


def _given(chosen: Choices) -> dict[str, str]:
    return {name: getattr(chosen, name) for name in Choices.__dataclass_fields__}


def test_a_level_keeps_what_may_be_shown_for_it() -> None:
    view = set_page("nb", chosen=Choices(level="grunnkrets"))
    listed = {line.indicator for group in view.groups for line in group.lines}
    assert "crowded_households" in listed
    assert not {"turnout", "job_opportunities"} & listed


def test_an_unknown_indicator_is_told_with_the_nearest() -> None:
    with pytest.raises(UserError) as wrong:
        entry_page("crowded_housholds", "nb")
    assert "crowded_households" in wrong.value.findings[0].text("nb")


def test_breaks_stand_on_the_page_with_the_period_and_what_changed() -> None:
    view = entry_page("teacher_norm_met", "nb")
    ((when, what),) = view.breaks
    assert "2019" in when
    assert "fra 16 til 15" in what
    assert "SØF L5410–5418" in what


@pytest.mark.parametrize("form", SET_FORMATS)
@pytest.mark.parametrize("lang", LANGS)
def test_every_form_holds_every_indicator(form: str, lang) -> None:
    content = set_bytes(form, lang)
    assert content == set_bytes(form, lang)
    if form == "xlsx":
        text = zipfile.ZipFile(io.BytesIO(content)).read("xl/sharedStrings.xml").decode()
    else:
        text = content.decode("utf-8-sig")
    assert all(name in text for name in SET.indicators)


def test_the_csv_reads_back_as_the_rows() -> None:
    text = set_bytes("csv", "nn").decode("utf-8-sig")
    assert list(csv.DictReader(io.StringIO(text), delimiter=";")) == set_rows(SET, "nn")


def test_the_json_holds_what_a_program_needs() -> None:
    document = json.loads(set_bytes("json", "nb"))
    told = {entry["id"]: entry for entry in document["indicators"]}
    crowded = told["crowded_households"]
    assert crowded["label"].keys() == set(LANGS)
    assert crowded["measure"]["numerator"] == "crowded(persons, rooms, area_m2)"
    assert told["teacher_norm_met"]["changed"][0]["from_period"] == "2019/2020"
    assert told["life_expectancy"]["measure"] is None


def test_an_unknown_form_is_told_with_those_that_are() -> None:
    with pytest.raises(UserError) as wrong:
        set_bytes("docx", "nb")
    assert "markdown" in wrong.value.findings[0].text("nb")


def test_the_manual_is_what_the_catalogue_generates() -> None:
    """Where this fails: `make docs-set`."""
    assert MANUAL.read_bytes() == set_bytes("markdown", "nb")


@pytest.mark.parametrize(
    "text",
    [
        "between(age, 20, 66)",
        "(age < 20) or (age > 66)",
        "not (known(rooms) and (rooms <= 2))",
        "tenure in ('owner', 'cooperative')",
        "tenure in ('owner',)",
        "crowded(persons, rooms, area_m2)",
        "(hours_other / (hours_ordinary + hours_other)) >= 0.5",
        "immigration_category == 'B'",
    ],
)
def test_an_expression_written_back_reads_as_the_same(text: str) -> None:
    assert parse(written(parse(text))) == parse(text)


@pytest.mark.parametrize("name", SET.measures)
def test_the_measures_written_back_read_as_the_same(name: str) -> None:
    for expression in SET.measures[name].expressions:
        assert parse(written(expression)) == expression


def test_words_of_an_expression() -> None:
    said = in_words(parse("known(assistance_months) and assistance_months >= 1"), "nb")
    assert said == "antall måneder med sosialhjelp er minst 1"
    assert in_words(parse("rooms <= 2 or not between(age, 1, 5)"), "en") == (
        "the number of rooms is at most 2 or it is not so that age on 1 January is from 1 to 5"
    )
    assert in_words(parse("unheard_of"), "nb") == "«unheard_of»"
    assert is_condition(parse("crowded(persons, rooms, area_m2)"))
    assert not is_condition(parse("age + 1"))
