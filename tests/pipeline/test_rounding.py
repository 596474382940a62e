"""A workspace that rounds, from its files to its pages and the files it hands on."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from nabolag.core import LANGS, UserError
from nabolag.pipeline import build
from nabolag.pipeline.leaving import ledger_of
from nabolag.publish.exports.notes import cautions, rule_sentences
from nabolag.publish.exports.table import long_table
from nabolag.publish.views.area import area_page
from nabolag.publish.views.method import method_page
from nabolag.store import Release, Workspace
from tests.support.delivery import CODES, CONFIG, write_delivery

HIDES = CONFIG[CONFIG.index("[[disclosure]]") :]
ROUNDS = """
[[disclosure]]
owner = "Prøvekommune"
method = "round"
base = 5
seed = 4
"""


def small(folder: Path) -> Path:
    """The delivery, with single parents few in every area and known in all."""
    write_delivery(folder)
    config = folder / "nabolag.toml"
    config.write_text(config.read_text("utf-8").replace(HIDES, ROUNDS), encoding="utf-8")
    table = folder / "levekår.csv"
    lines = table.read_text("utf-8").splitlines()
    kept = [lines[0]]
    for number, line in enumerate(line for line in lines[1:] if not line.startswith("I alt")):
        code, year, low, crowded, tenants, _, households = line.split(";")
        kept.append(
            ";".join([code, year, low, crowded or "31", tenants, str(number % 6), households])
        )
    table.write_text("\n".join(kept) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = small(tmp_path_factory.mktemp("rounds"))
    build(made)
    return made


@pytest.fixture(scope="module")
def release(folder: Path) -> Release:
    return Workspace(folder).release()


def parents(release: Release, level: str) -> pl.DataFrame:
    mine = (pl.col("indicator") == "single_parent_households") & (pl.col("level") == level)
    return release.observations.filter(mine).sort("area", "period")


def test_nothing_small_is_published_and_nothing_is_hidden(release: Release) -> None:
    areas = parents(release, "delbydel")
    assert areas.height == len(CODES) * 2
    assert areas["status"].unique().to_list() == ["value"]
    assert set(areas["numerator"]) == {0.0, 5.0}
    for name in ("numerator", "denominator"):
        counts = release.observations[name].drop_nulls()
        assert counts.filter((counts > 0) & (counts < 5)).is_empty()


def test_sums_add_up_through_the_levels(release: Release) -> None:
    by_year = parents(release, "delbydel").group_by("period").agg(pl.col("numerator").sum())
    town = parents(release, "kommune").select("period", "numerator")
    assert town.sort("period").rows() == by_year.sort("period").rows()
    districts = parents(release, "bydel").group_by("period").agg(pl.col("numerator").sum())
    assert districts.sort("period").rows() == town.sort("period").rows()


def test_a_figure_says_that_it_is_rounded_on_its_page(release: Release) -> None:
    for lang in LANGS:
        page = area_page(release, "delbydel", "0101", lang)
        assert any("0" in notice and "4" in notice and "5" in notice for notice in page.notices)


def test_the_method_page_tells_the_rule_and_what_it_cost(release: Release) -> None:
    told = release.about["disclosure"]["rounding"]
    assert told["largest_change"] < 10
    assert 0.9 < told["utility"] < 1
    for lang in LANGS:
        said = next(p for p in method_page(release, lang).passages if p.key == "disclosure")
        assert any(str(told["inner_changed"]) in text for text in said.paragraphs)
        assert any("Prøvekommune" in text for text in said.paragraphs)


def test_files_say_so_too(release: Release) -> None:
    for lang in LANGS:
        assert len(cautions(release, lang)) == 2  # invented, and rounded
        assert any("Prøvekommune" in text for text in rule_sentences(release, lang))
        table = long_table(release, parents(release, "delbydel"), lang)
        assert all("5" in note for note in table["note"])
        assert set(table["reason"]) == {"rounded:5"}


def test_the_seed_does_not_leave_the_house(folder: Path, release: Release) -> None:
    for path in release.bundle.path.rglob("*.json"):
        assert "seed" not in path.read_text("utf-8")


def test_the_same_again_and_after_a_revision(folder: Path, release: Release) -> None:
    table = folder / "levekår.csv"
    before = parents(release, "delbydel")
    text = table.read_text("utf-8")
    table.write_text(
        text.replace("0101;2020;40;30;90;0;1 200", "0101;2020;40;30;90;9;1 200"), "utf-8"
    )
    try:
        build(folder)
    finally:
        table.write_text(text, "utf-8")
    after = parents(Workspace(folder).release(), "delbydel")
    changed = before.join(after, on=["area", "period"]).filter(
        pl.col("numerator") != pl.col("numerator_right")
    )
    assert changed.select("area", "period").rows() == [("0101", "2020")]
    assert len(list(ledger_of(Workspace(folder)).entries())) == 2


def test_rules_that_contradict_one_another_stop_the_build(tmp_path: Path) -> None:
    folder = small(tmp_path / "hidden")
    table = folder / "levekår.csv"
    text = table.read_text("utf-8")
    table.write_text(text.replace("0101;2020;40;30;90;0;", "0101;2020;40;30;90;:;"), "utf-8")
    build(folder)  # a town without the hidden part has no figure, and nothing is contradicted
    config = folder / "nabolag.toml"
    config.write_text(config.read_text("utf-8") + '\n[[disclosure]]\nowner = "SSB"\n', "utf-8")
    with pytest.raises(UserError) as wrong:
        build(folder)
    assert wrong.value.findings[0].code == "rounding_rules_differ"
    assert "nabolag.toml" in wrong.value.findings[0].text("nb")
