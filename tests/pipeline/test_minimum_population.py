"""`[minimum_population]` from `nabolag.toml` to the release: delivered figures, and counted ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from nabolag.core import LANGS, Severity, UserError
from nabolag.pipeline import build
from nabolag.pipeline.build import check_deliveries
from nabolag.publish.views import method_page
from nabolag.store import Release, Workspace
from tests.geography.places import speaks
from tests.pipeline.test_counting import AREAS, write_town
from tests.pipeline.test_own_areas import figure, own
from tests.support.delivery import CODES

PEOPLE = """
[[source]]
id = "folketall"
file = "folketall.csv"
producer = "Prøvekommune"
title = "Folketall"
licence = "CC BY 4.0"
retrieved = "2026-11-01"
geography = "2020"
period = { column = "År" }
area = [{ level = "delbydel", column = "Delbydel" }]
measure = [{ id = "personer", column = "Personer", min = 0 }]
read = { delimiter = ";", encoding = "utf-8" }

[[indicator]]
id = "population"
source = "folketall"
value = { measure = "personer" }
"""
#: «fjell» has two areas and «studie» three, with 200 residents each, one fewer in each in 2020.
LIVING = {2020: 199, 2021: 200}


def rule(treatment: str, least: int = 500, more: str = "") -> str:
    return f'\n[minimum_population]\nleast = {least}\ntreatment = "{treatment}"\n{more}\n'


def town(
    folder: Path,
    text: str,
    years: tuple[int, ...] = (2020, 2021),
    changes: tuple[tuple[str, str], ...] = (),
) -> Path:
    own(folder, *changes)
    rows = [f"{code};{year};{LIVING[year]}" for year in years for code in CODES]
    table = "\n".join(["Delbydel;År;Personer", *rows]) + "\n"
    (folder / "folketall.csv").write_text(table, encoding="utf-8")
    with (folder / "nabolag.toml").open("a", encoding="utf-8") as config:
        config.write(PEOPLE + text)
    return folder


def released(folder: Path) -> Release:
    return Workspace(folder).release()


def test_what_is_hidden_has_no_number_and_the_population_stays(tmp_path: Path) -> None:
    summary = build(town(tmp_path, rule("hide")))
    release = released(tmp_path)
    told = figure(release, "fjell")
    assert (told["status"], told["reason"]) == ("suppressed_rule", "population<500")
    assert [told[name] for name in ("value", "numerator", "denominator", "lower")] == [None] * 4
    assert figure(release, "fjell", "population")["value"] == 400
    # 600 live in the other area, and nobody asked about its members, who are 200 each.
    assert figure(release, "studie")["status"] == "value"
    assert figure(release, "0102")["status"] == "value"
    [finding] = [f for f in summary.findings if f.code == "population_few_hidden"]
    assert finding.examples == ("fjell (2020, 2021)",)
    speaks((finding,))
    # Of some areas it is hidden how many live there: the list of them stays in the house.
    assert not any(f.code.startswith("population_") for f in release.findings)


def test_each_year_is_held_to_its_own_population(tmp_path: Path) -> None:
    build(town(tmp_path, rule("hide", 400)))
    observations = released(tmp_path).observations
    own_figures = observations.filter(area="fjell", indicator="tenant_households")
    assert dict(own_figures.select("period", "status").rows()) == {
        "2020": "suppressed_rule",
        "2021": "value",
    }


def test_uncertain_figures_keep_their_numbers(tmp_path: Path) -> None:
    build(town(tmp_path / "plain", ""))
    build(town(tmp_path / "held", rule("unreliable")))
    plain, held = (figure(released(tmp_path / n), "fjell") for n in ("plain", "held"))
    assert (held["status"], held["reason"]) == ("unreliable", "population<500")
    assert held["value"] == plain["value"]
    assert held["numerator"] == plain["numerator"]


def test_a_report_changes_no_figure(tmp_path: Path) -> None:
    build(town(tmp_path / "plain", ""))
    summary = build(town(tmp_path / "told", rule("report")))
    plain, told = (released(tmp_path / n).observations for n in ("plain", "told"))
    assert told.equals(plain)
    [finding] = [f for f in summary.findings if f.code == "population_few"]
    assert finding.severity is Severity.WARNING


def test_nothing_is_built_on_a_guess(tmp_path: Path) -> None:
    """The population of 2020 is not delivered, and that of 2021 says nothing of it."""
    folder = town(tmp_path, rule("hide"), years=(2021,))
    with pytest.raises(UserError) as refused:
        build(folder)
    assert speaks(refused.value.findings) == ["population_unknown_refused"]
    assert not (folder / "releases").exists()
    checked = check_deliveries(Workspace(folder))
    assert "population_unknown_refused" in {f.code for f in checked.findings}


def test_it_weakens_no_protection(tmp_path: Path) -> None:
    """«fjell» lies in «studie»; the difference is 0101, where three households are in need.

    That «fjell» is hidden, for few live there, must not bring «studie» out: what «fjell» has can
    be added up from its members.
    """
    inner = ('members = ["0102", "0103"]', 'members = ["0102", "0103", "0104"]')
    outer = ('members = ["0103", "0104", "0203"]', 'members = ["0101", "0102", "0103", "0104"]')
    build(town(tmp_path, rule("hide", 601), changes=(inner, outer)))
    release = released(tmp_path)
    told = {a: figure(release, a, "low_income_households")["reason"] for a in ("fjell", "studie")}
    assert told == {"fjell": "population<601", "studie": "overlap"}
    few = figure(release, "0101", "low_income_households")
    assert few["status"] == "suppressed_primary"


def test_the_release_counts_and_tells_what_is_hidden(tmp_path: Path) -> None:
    build(town(tmp_path, rule("hide")))
    release = released(tmp_path)
    hidden = release.observations.filter(reason="population<500").height
    assert hidden > 0
    assert release.about["disclosure"]["hidden_by_reason"]["population<500"] == hidden
    for lang in LANGS:
        [passage] = [p for p in method_page(release, lang).passages if p.key == "population"]
        assert "500" in passage.paragraphs[0]
        assert len(set(passage.paragraphs)) == 3


def test_registers_are_held_to_it_as_well(tmp_path: Path) -> None:
    folder = write_town(tmp_path)
    with (folder / "nabolag.toml").open("a", encoding="utf-8") as config:
        config.write(rule("hide", 151, 'levels = ["grunnkrets"]'))
    build(folder)
    release = released(folder)
    told = figure(release, AREAS[0])
    assert (told["status"], told["reason"], told["value"]) == (
        "suppressed_rule",
        "population<151",
        None,
    )
    assert figure(release, AREAS[0], "population")["value"] == 150
    assert figure(release, "9901")["status"] == "value"


@pytest.mark.parametrize("wrong", ["", 'treatment = "delete"', "least = 5"])
def test_least_and_treatment_must_be_said(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(UserError) as refused:
        build(town(tmp_path, f"\n[minimum_population]\n{wrong}\n"))
    assert {f.code for f in refused.value.findings} <= {"config_key_absent", "config_value_wrong"}


def test_an_area_of_ones_own_has_no_such_key(tmp_path: Path) -> None:
    """What nothing acts on is not accepted."""
    changed = own(tmp_path, ('name = "Fjell"', 'name = "Fjell"\nminimum_population = 300'))
    with pytest.raises(UserError) as refused:
        build(changed)
    assert [f.code for f in refused.value.findings] == ["config_unknown_key"]
