"""A workspace's own numbers of rules, from `[rules]` to what a reader and a file is told."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest

from nabolag.core import LANGS, OWN_NUMBERS, UserError, source_ids
from nabolag.disclosure import DisclosureRule
from nabolag.indicators import load_definitions
from nabolag.pipeline import build, check_deliveries, counting
from nabolag.pipeline.observed import years_counted
from nabolag.pipeline.rule_numbers import GivenNumbers, NumbersUsed
from nabolag.publish.exports import jsonstat, spreadsheet
from nabolag.publish.exports.delimited import csv_bytes
from nabolag.publish.views import area_page, indicator_page, method_page
from nabolag.registers import CONTRACTS, write_part
from nabolag.rules import RuleNumbers, read_book
from nabolag.store import Release, Workspace
from tests.pipeline.test_counting import AREAS, CONFIG, KILL, YEARS, contents, figure, write_town

LONG_TERM = "social_assistance_long_term"
OWN = """
long_term_social_assistance:
  - {from: 2022-01-01, minimum_months: 9, reference: Vedtak 12/26}
"""
#: Months of assistance of everybody who had some, the same every year in both areas.
MONTHS = [1 + number % 12 for number in range(1, 101)]


def town(folder: Path, own: str | None = OWN, rules: str = "") -> Path:
    """The town of the counting tests, where a hundred in each area had social assistance."""
    write_town(folder)
    written = '\n[rules]\nsettings = "regler.yaml"\n' if own is not None else "\n[rules]\n"
    config = CONFIG.replace("single_person_households", LONG_TERM) + written + rules
    (folder / "nabolag.toml").write_text(config, encoding="utf-8")
    if own is not None:
        (folder / "regler.yaml").write_text(own, encoding="utf-8")
    for year in YEARS:
        rows = [
            {"year": year, "person_id": 10 * (100 * place + number), "months": months,
             "amount": 1000.0}
            for place in range(len(AREAS)) for number, months in enumerate(MONTHS, start=1)
        ]  # fmt: skip
        write_part(pl.DataFrame(rows), folder / "registers", CONTRACTS["social_assistance"], year)
    return folder


def share(least: int) -> float:
    return sum(months >= least for months in MONTHS) / len(MONTHS)


def sources(release: Release, period: str) -> set[str]:
    rows = release.observations.filter(indicator=LONG_TERM, period=period)
    return set(rows["source"])


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = town(tmp_path_factory.mktemp("own"))
    build(folder)
    return folder


def test_a_build_counts_with_ones_own_numbers_from_their_date(built: Path) -> None:
    assert figure(built, LONG_TERM, "9901", "2021") == pytest.approx(share(6))
    assert figure(built, LONG_TERM, "9901", "2022") == pytest.approx(share(9))


def test_every_figure_says_which_numbers_it_was_counted_with(built: Path) -> None:
    """What the workspace wrote stands apart from what the house has set; the rest has neither."""
    release = Workspace(built).release()
    own = "own_numbers:long_term_social_assistance:2022-01-01"
    assert sources(release, "2022") == {f"registers;{own}"}
    assert sources(release, "2021") == {"registers;house_numbers"}
    assert set(release.observations.filter(indicator="population")["source"]) == {"registers"}
    told = release.sources[own]
    assert (told.producer, told.file) == ("Prøvekommune", "regler.yaml")
    assert told.sha256
    assert told.definition_version
    assert "9" in told.title.nb
    assert "Vedtak 12/26" in told.title.nb
    assert told.note is not None
    assert "6" in told.note.nb
    assert release.sources["house_numbers"].producer == "Nabolag"
    assert "6" in release.sources["house_numbers"].note.nb
    assert [p.name.partition("-")[2] for p in (built / "raw").iterdir()] == ["regler.yaml"]


@pytest.mark.parametrize("lang", LANGS)
def test_pages_say_it_in_words(built: Path, lang) -> None:
    release = Workspace(built).release()
    own = release.sources["own_numbers:long_term_social_assistance:2022-01-01"]
    title = own.title.in_(lang)
    assert "{" not in title
    page = indicator_page(release, LONG_TERM, lang)
    assert any(title in notice for notice in page.notices)
    assert any(title in line.text for line in page.sources)
    # The series is broken where the number changed, and the chart draws it.
    (broken,) = page.breaks
    assert broken.period == "2022"
    assert "9" in broken.text
    assert "6" in broken.text
    other = indicator_page(release, "population", lang)
    assert not any("Vedtak" in notice for notice in other.notices)
    place = area_page(release, "grunnkrets", AREAS[0], lang)
    assert any(title in line.text for line in place.sources)
    assert any(title == source.title for source in method_page(release, lang).sources)


def test_exports_say_it_in_words(built: Path) -> None:
    release = Workspace(built).release()
    title = release.sources["own_numbers:long_term_social_assistance:2022-01-01"].title.nb
    rows = csv_bytes(release, "nb").decode("utf-8-sig").splitlines()
    told = [row for row in rows if LONG_TERM in row and ";2022;;" in row]
    assert told
    assert all(title in row for row in told)
    document = jsonstat.jsonstat_document(release, "nb")
    assert any(title in note for note in document["note"])
    versions = {s["source_code"]: s["definition_version"] for s in document["extension"]["sources"]}
    assert versions["own_numbers:long_term_social_assistance:2022-01-01"]
    book = pl.read_excel(BytesIO(spreadsheet.xlsx_bytes(release, "nb")), sheet_id=0)
    assert any(title in str(row) for sheet in book.values() for row in sheet.iter_rows())


def test_a_rule_for_the_registers_holds_for_figures_with_more_sources() -> None:
    """What a data owner asks to be hidden is hidden, whatever else a figure is made of."""
    rule = DisclosureRule(sources=("registers",), numerator=50)
    assert rule.covers(LONG_TERM, "registers;own_numbers:long_term_social_assistance:always")
    assert not rule.covers(LONG_TERM, "other;house_numbers")
    assert source_ids(None) == source_ids("") == ()


def test_without_numbers_of_a_document_figures_are_missing_and_it_is_said(tmp_path: Path) -> None:
    folder = town(tmp_path, OWN, "house_numbers = false\n")
    summary = build(folder)
    rows = Workspace(folder).release().observations.filter(indicator=LONG_TERM)
    assert set(rows.filter(pl.col("period") != "2022").select("status", "reason").iter_rows()) == {
        ("missing", "rule_numbers_absent")
    }
    assert figure(folder, LONG_TERM, "9901", "2022") == pytest.approx(share(9))
    (told,) = [f for f in summary.findings if f.code == "measure_rule_numbers_absent"]
    assert told.examples == ("2020", "2021")
    for lang in LANGS:
        for word in ("long_term_social_assistance", "minimum_months", "settings", "reference"):
            assert word in told.text(lang)


@pytest.mark.parametrize(
    ("own", "code"),
    [
        (OWN.replace("minimum_months: 9", "minimum_months: mange"), "rule_settings_value"),
        (OWN.replace("minimum_months", "minimum_month"), "rule_settings_key"),
        (OWN.replace("long_term_social", "longterm_social"), "rule_settings_unknown"),
        (OWN.replace(", reference: Vedtak 12/26", ""), "rule_settings_lacks"),
    ],
)
def test_wrong_numbers_are_refused_and_what_was_stands(tmp_path: Path, own: str, code: str) -> None:
    folder = town(tmp_path)
    build(folder)
    (folder / "regler.yaml").write_text(own, encoding="utf-8")
    before = contents(folder)
    for go in (build, lambda path: check_deliveries(Workspace(path))):
        with pytest.raises(UserError) as refused:
            go(folder)
        told = refused.value.findings[0]
        assert (told.code, told.place.file) == (code, "regler.yaml")
        assert contents(folder) == before


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    folder = town(tmp_path)
    (folder / "regler.yaml").unlink()
    with pytest.raises(UserError) as refused:
        build(folder)
    assert [f.code for f in refused.value.findings] == ["delivered_file_absent"]
    config = (folder / "nabolag.toml").read_text(encoding="utf-8")
    (folder / "nabolag.toml").write_text(config.replace('"regler', '"/etc/regler'), "utf-8")
    with pytest.raises(UserError) as refused:
        build(folder)
    assert "config_path_absolute" in {f.code for f in refused.value.findings}


def years_counted_anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Build, and return the years that were counted and not taken from what was kept."""
    counted: list[int] = []
    keep = counting.YearsKept.keep

    def watched(self: counting.YearsKept, year: int, measured) -> None:
        counted.append(year)
        keep(self, year, measured)

    monkeypatch.setattr(counting.YearsKept, "keep", watched)
    build(folder)
    return counted


@pytest.mark.parametrize(
    ("own", "anew"),
    [
        (OWN, [2022]),
        # Written otherwise, with the same numbers: nothing that is kept is wrong.
        (OWN + "\nhigh_debt:\n  - {from: null, times_income: 4, reference: her}\n", [2022]),
        (OWN.replace("2022-01-01", "2021-01-01"), [2021, 2022]),
        (OWN + "  - {from: null, minimum_months: 3, reference: her}\n", [2020, 2021, 2022]),
    ],
)
def test_a_year_is_counted_anew_where_a_number_it_used_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own: str, anew: list[int]
) -> None:
    """Killed after 2021, with 2020 and 2021 kept; then somebody writes other numbers."""
    folder = town(tmp_path)
    subprocess.run([sys.executable, "-c", KILL, str(folder)], check=False)
    (folder / "regler.yaml").write_text(own, encoding="utf-8")
    assert years_counted_anew(folder, monkeypatch) == anew
    least = 3 if "minimum_months: 3" in own else 6
    assert figure(folder, LONG_TERM, "9901", "2020") == pytest.approx(share(least))


def test_a_year_is_counted_anew_where_the_house_has_changed_a_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nabolag.rules import parameters

    folder = town(tmp_path, None)
    subprocess.run([sys.executable, "-c", KILL, str(folder)], check=False)
    book = dict(parameters.house_book())
    (entry,) = book["long_term_social_assistance"]
    book["long_term_social_assistance"] = ({**entry, "minimum_months": 5},)
    monkeypatch.setattr(parameters, "house_book", lambda: book)
    assert years_counted_anew(folder, monkeypatch) == [2020, 2021, 2022]
    assert figure(folder, LONG_TERM, "9901", "2020") == pytest.approx(share(5))


def test_a_year_is_counted_anew_where_a_definition_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = town(tmp_path, None)
    config = (folder / "nabolag.toml").read_text(encoding="utf-8")
    config = config.replace(LONG_TERM, "own_long_term").replace(
        'main_level = "grunnkrets"', 'main_level = "grunnkrets"\ncatalogue = ["egne.yaml"]'
    )
    (folder / "nabolag.toml").write_text(config, encoding="utf-8")
    entry = """
own_long_term:
  label: {nb: a, nn: a, en: a}
  definition: {nb: a, nn: a, en: a}
  unit: share
  kind: challenge
  worse: high
  ring: income
  reference: her
  measure: {unit: person, statistic: share, where: assistance_months >= 1,
            numerator: assistance_months >= 4}
"""
    (folder / "egne.yaml").write_text(entry, encoding="utf-8")
    subprocess.run([sys.executable, "-c", KILL, str(folder)], check=False)
    (folder / "egne.yaml").write_text(entry.replace(">= 4", ">= 5"), encoding="utf-8")
    assert years_counted_anew(folder, monkeypatch) == [2020, 2021, 2022]
    assert figure(folder, "own_long_term", "9901", "2020") == pytest.approx(share(5))


def test_a_school_year_is_counted_in_the_year_it_begins():
    assert years_counted(["2023", "2022/2023", "2022"]) == (2022, 2023)


def test_numbers_for_schools_are_told_of_school_years(tmp_path: Path) -> None:
    """Figures of schools are of the school year that begins in the year they are counted in."""
    norm = "teacher_norm_met"
    own = tmp_path / "tall.yaml"
    own.write_text(
        "teacher_norm:\n  - {from: 2021-01-01, maximum_grades_1_4: 14, "
        "maximum_grades_5_10: 19, reference: Vedtak 3/26}\n",
        encoding="utf-8",
    )
    given = GivenNumbers(RuleNumbers(read_book(own)), own.name, own)
    asked = load_definitions()
    only = replace(asked, measures={norm: asked.measures[norm]})
    used = NumbersUsed(only, (2020, 2021, 2022), given, "Byen")
    periods = ["2020/2021", "2021/2022", "2022/2023"]
    figures = pl.DataFrame({"indicator": norm, "period": periods, "source": "registers"})
    stamped = used.stamped(figures, "registers")["source"].to_list()
    assert [OWN_NUMBERS in source for source in stamped] == [False, True, True]
    entry = used.broken(asked.indicators)[norm]
    assert len(entry.breaks_between("2020/2021", "2021/2022")) == 1 + len(
        asked.indicators[norm].breaks_between("2020/2021", "2021/2022")
    )
    assert entry.breaks_between("2021/2022", "2022/2023") == ()
