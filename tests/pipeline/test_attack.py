"""Subtraction over years, levels, groups, drawn areas, files and releases finds nothing."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from nabolag.disclosure.primary import primarily
from nabolag.pipeline import build
from nabolag.store import Release, Workspace
from nabolag.store.statuses import without_numbers
from tests.pipeline.attack import Attacker, Key, Vector, printed
from tests.support.delivery import CODES, write_delivery

DISTRICTS = {"990101": CODES[:6], "990102": CODES[6:]}
SEXES = ("kvinner", "menn")
YEARS = ("2020", "2021")
SPAN = "2020-2021"
LIMIT = 5

DRAWN = {"fjell": ("0102", "0103"), "studie": ("0102", "0103", "0201"), "kyst": ("0202", "0204")}
SETS = """
[[custom_area]]
code = "fjell"
name = "Fjell"
set = "Satsinger"
level = "delbydel"
members = ["0102", "0103"]

[[custom_area]]
code = "studie"
name = "Studiesonen"
set = "Forskning"
level = "delbydel"
members = ["0102", "0103", "0201"]

[[custom_area]]
code = "kyst"
name = "Kysten"
set = "Satsinger"
level = "delbydel"
members = ["0202", "0204"]
"""
INDICATOR = """
[[indicator]]
id = "low_income_households"
source = "levekar"
groups = ["sex"]
everybody = { sex = "alle" }
numerator = { measure = "lavinntekt" }
denominator = { measure = "husholdninger" }
"""


def cells(seed: int) -> np.ndarray:
    """Inner cells: area × sex × year × (without, with) the trait. Some with it are few."""
    chance = np.random.default_rng(seed)
    shape = (len(CODES), len(SEXES), len(YEARS))
    many = chance.integers(40, 90, shape)
    few = chance.choice([0, 1, 2, 3, 6, 9, 14, 20], shape)
    return np.stack([many, few], axis=-1)


def delivered(folder: Path, inner: np.ndarray, *, span: bool, drawn: bool, limit: int) -> Path:
    """Write what a municipality was sent: sexes and everybody, years, and pooled years."""
    write_delivery(folder)
    config = (folder / "nabolag.toml").read_text(encoding="utf-8")
    head, _, source = config.partition("[[indicator]]")[0].partition("[[source]]")
    source = _trimmed("[[source]]" + source)
    pooled = source.replace('"levekar"', '"samlet"').replace("levekår.csv", "samlet.csv")
    pooled = pooled.replace('column = "År" }', 'column = "År", kind = "span" }')
    sources = source + INDICATOR
    if span:
        sources += pooled + INDICATOR.replace('"levekar"', '"samlet"')
    rule = f"[[disclosure]]\nnumerator = {limit}\ncomplement = 5\ndenominator = 5\n"
    text = head + sources + rule + (SETS if drawn else "")
    (folder / "nabolag.toml").write_text(text, encoding="utf-8")
    times = {"2020": [0], "2021": [1]}
    (folder / "levekår.csv").write_text(_table(inner, times), encoding="utf-8")
    (folder / "samlet.csv").write_text(_table(inner, {SPAN: [0, 1]}), encoding="utf-8")
    return folder


def _trimmed(source: str) -> str:
    """Return the source with a dimension, without the measures that are not used here."""
    unused = ('"trangt"', '"leier"', '"eneforsorger"', "leave_out")
    lines = [line for line in source.split("\n") if not any(word in line for word in unused)]
    return "\n".join(lines).replace("measure = [", 'dimensions = { sex = "Kjønn" }\nmeasure = [')


def _table(inner: np.ndarray, times: dict[str, list[int]]) -> str:
    lines = ["Delbydel;År;Kjønn;Lavinntekt;Husholdninger"]
    groups = {"kvinner": [0], "menn": [1], "alle": [0, 1]}
    for (a, code), (when, years), (who, sexes) in product(
        enumerate(CODES), times.items(), groups.items()
    ):
        part = inner[a][np.ix_(sexes, years)].sum(axis=(0, 1))
        lines.append(f"{code};{when};{who};{part[1]};{part.sum()}")
    return "\n".join(lines) + "\n"


def sums() -> dict[tuple[Key, str], Vector]:
    """Which inner cells each count of each figure that could be printed adds up."""
    places = {("delbydel", code): (code,) for code in CODES}
    places |= {("bydel", code): members for code, members in DISTRICTS.items()}
    places |= {("custom", code): members for code, members in DRAWN.items()}
    places |= {("kommune", "9901"): CODES}
    groups = {"sex=kvinner": [0], "sex=menn": [1], "": [0, 1]}
    times = {"2020": [0], "2021": [1], SPAN: [0, 1]}
    found = {}
    for (place, members), (who, sexes), (when, years) in product(
        places.items(), groups.items(), times.items()
    ):
        key = (*place, "low_income_households", when, who)
        areas = [CODES.index(code) for code in members]
        for name, traits in (("numerator", [1]), ("denominator", [0, 1])):
            chosen = np.zeros((len(CODES), len(SEXES), len(YEARS), 2), dtype=int)
            chosen[np.ix_(areas, sexes, years, traits)] = 1
            found[key, name] = tuple(chosen.ravel().tolist())
    return found


SUMS = sums()


def small(inner: np.ndarray, limit: int = LIMIT) -> list[tuple[Key, str]]:
    """Counts that must not come out: of those with the trait, where they are few."""
    return [
        (key, name)
        for (key, name), which in SUMS.items()
        if name == "numerator" and 0 < int(np.dot(which, inner.ravel())) < limit
    ]


def built(folder: Path) -> Release:
    build(folder)
    return Workspace(folder).release()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_an_attacker_finds_nothing_over_years_levels_groups_areas_files_and_releases(
    tmp_path: Path, seed: int
) -> None:
    inner, attacker = cells(seed), Attacker(SUMS)
    stages = (
        {"span": False, "drawn": False, "limit": LIMIT},
        {"span": True, "drawn": False, "limit": LIMIT},
        {"span": True, "drawn": True, "limit": LIMIT},
    )
    wanted = small(inner)
    for stage in stages:
        known = attacker.works_out(wanted)
        delivered(tmp_path, inner, **stage)  # type: ignore[arg-type]
        told = {finding.code for finding in build(tmp_path).findings}
        figures = printed(Workspace(tmp_path).release())
        attacker.read(figures)
        there = [which for which in wanted if which[0] in figures]
        out = attacker.works_out(there)
        # Two hidden areas may have a small sum that is known before anybody draws a line round
        # them. What is out before cannot be called back; it is told. Nothing new may come out.
        assert set(out) <= set(known)
        assert ("disclosure_known_before" in told) == bool(out)
        room = [attacker.width(which) for which in there if which not in out]
        assert len(room) > 10
        assert min(room) >= 2 - 1e-6


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_attacker_finds_what_hiding_small_figures_alone_leaves_open(
    tmp_path: Path, seed: int
) -> None:
    inner, attacker = cells(seed), Attacker(SUMS)
    release = built(delivered(tmp_path, inner, span=True, drawn=True, limit=LIMIT))
    snapshot = Workspace(tmp_path).snapshot()
    assert snapshot is not None
    judged, _ = primarily(snapshot.frame("observations"), [], release.indicators, release.links)
    alone = without_numbers(judged).filter(pl.col("value").is_not_null())
    keys = ("level", "area", "indicator", "period", "group")
    attacker.read(
        {
            tuple(row[n] for n in keys): {n: row[n] for n in ("numerator", "denominator")}  # type: ignore[misc]
            for row in alone.iter_rows(named=True)
        }
    )
    assert len(attacker.works_out(small(inner))) > len(small(inner)) // 2


def test_a_stricter_rule_tells_of_what_is_out_already(tmp_path: Path) -> None:
    inner = cells(4)
    build(delivered(tmp_path, inner, span=False, drawn=False, limit=LIMIT))
    summary = build(delivered(tmp_path, inner, span=False, drawn=False, limit=12))
    codes = {finding.code for finding in summary.findings}
    assert {"ledger_shown_before", "disclosure_known_before"} <= codes
