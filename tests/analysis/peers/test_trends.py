"""Areas beside their groups through time: by hand, with breaks, and a planted departure found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from nabolag.analysis.method import Given
from nabolag.analysis.peers import Peers
from nabolag.core import LANGS, Level, Unit, UserError
from nabolag.core.indicator import DefinitionChange
from nabolag.pipeline import build
from nabolag.publish.views.analyses import Asked, analysis_page, area_findings
from nabolag.store import conform, empty
from nabolag.store.frames import AREAS, LINKS, OBSERVATIONS, SHAPES
from tests.analysis.space.planted import catalogue
from tests.pipeline.test_analyses import workspace
from tests.support.analysed import release_of
from tests.support.delivery import CODES

SHARE, TRAIT = "low_income_households", "aged_0_17"
#: Two counties of two municipalities each, and one of one's own across them.
PLACES = {"1101": "11", "1102": "11", "4601": "46", "4602": "46"}


def row(area: str, period: str, n: float | None, d: float, level: str = "kommune") -> dict:
    shown = n is not None
    return {"level": level, "area": area, "indicator": SHARE, "period": period, "group": "",
            "numerator": n, "denominator": d if shown else None, "value": n / d if shown else None,
            "lower": n / d - 0.01 if shown else None, "upper": n / d + 0.01 if shown else None,
            "status": "value" if shown else "suppressed_primary"}  # fmt: skip


def given_of(rows: list[dict]) -> Given:
    traits = [
        {"level": "kommune", "area": area, "indicator": TRAIT, "period": "2024", "group": "",
         "value": 0.2 + 0.01 * n, "status": "value"} for n, area in enumerate(PLACES)
    ]  # fmt: skip
    links = [("kommune", a, "fylke", f) for a, f in PLACES.items()]
    links += [("kommune", a, "custom", "KG1") for a in ("1101", "4601", "4602")]
    links += [("kommune", a, "land", "0") for a in PLACES]
    areas = [("kommune", a, f"By {a}") for a in PLACES]
    areas += [("fylke", "11", "Rogaland"), ("fylke", "46", "Vestland"), ("custom", "KG1", "KG1"),
              ("land", "0", "Norge")]  # fmt: skip
    frame = pl.DataFrame([*rows, *traits], infer_schema_length=None)
    return Given(
        conform(frame, OBSERVATIONS), catalogue(), pl.DataFrame(links, schema=LINKS, orient="row"),
        conform(pl.DataFrame(areas, schema=["level", "code", "name"], orient="row"), AREAS),
        empty(SHAPES), country=("land", "0"),
    )  # fmt: skip


def peers(**more) -> Peers:
    return Peers(**{"id": "p", "level": Level.KOMMUNE, "traits": (TRAIT,), "count": 1,
                    "indicators": (SHARE,), **more})  # fmt: skip


ROWS = [row("1101", "2024", 10, 100), row("1102", "2024", 30, 200), row("4601", "2024", 90, 300),
        row("4602", "2024", None, 1)]  # fmt: skip


def one(found, **where) -> dict:
    return found.tables["trends"].filter(**where).row(0, named=True)


def test_groups_are_summed_without_the_area_itself():
    found = peers(against=("fylke", "custom", "nearest")).analyse(given_of(ROWS))
    county = one(found, area="1101", against="fylke")
    assert (county["reference"], county["basis"]) == (pytest.approx(30 / 200), "sum")
    own = one(found, area="1101", against="custom")
    # KG1 is 1101, 4601 and the hidden 4602: one of the two others is known.
    assert own["reference"] == pytest.approx(90 / 300)
    assert (own["members"], own["known"], own["group"]) == (2, 1, "KG1")
    near = one(found, area="1101", against="nearest")
    assert near["reference"] == pytest.approx(30 / 200)


def test_a_group_known_too_little_is_not_known_and_hidden_is_not_zero():
    found = peers(against=("custom",), minimum_known=0.6).analyse(given_of(ROWS))
    assert one(found, area="1101")["reference"] is None
    hidden = one(peers(against=("fylke",)).analyse(given_of(ROWS)), area="4602")
    assert hidden["value"] is None
    assert hidden["reference"] == pytest.approx(0.3)
    alone = one(peers(against=("fylke",)).analyse(given_of(ROWS)), area="4601")
    assert alone["reference"] is None


def test_a_released_figure_of_the_group_goes_first():
    rows = [*ROWS, row("11", "2024", 41, 300, "fylke"), row("0", "2024", 500, 2000, "land")]
    found = peers(against=("fylke", "country")).analyse(given_of(rows))
    county = one(found, area="1101", against="fylke")
    assert (county["reference"], county["basis"]) == (pytest.approx(41 / 300), "figure")
    assert one(found, area="1101", against="country")["reference"] == pytest.approx(0.25)


def test_what_has_no_numerator_gives_a_median():
    rows = [r | {"numerator": None, "denominator": None} for r in ROWS]
    base = given_of(rows)
    money = replace(base.catalogue[SHARE], unit=Unit.NOK)
    held = replace(base, catalogue={**base.catalogue, SHARE: money})
    found = one(peers(against=("custom",)).analyse(held), area="1101")
    assert (found["basis"], found["reference"]) == ("median", pytest.approx((0.1 + 0.3) / 2))
    share = one(peers(against=("custom",)).analyse(base), area="1101")
    assert share["reference"] is None


def test_breaks_part_the_years():
    rows = [row("1101", str(y), 10 + y - 2020, 100) for y in range(2020, 2025)]
    base = given_of(rows)
    text = base.catalogue[SHARE].label
    broken = replace(base.catalogue[SHARE], changed=(DefinitionChange(2, "2022", text),))
    held = replace(base, catalogue={**base.catalogue, SHARE: broken})
    found = peers(against=("fylke",)).analyse(held).tables["trends"].filter(area="1101")
    assert found["segment"].to_list() == [0, 0, 1, 1, 1]


def test_a_group_that_is_not_there_is_told():
    found = peers(against=("municipality",)).analyse(given_of(ROWS))
    assert [(f.code, f.params["against"]) for f in found.findings] == [
        ("peers_no_group", "municipality")
    ]


def test_refusals():
    with pytest.raises(UserError):
        peers(indicators=("immigrants",)).analyse(given_of(ROWS))
    with pytest.raises(ValueError, match="never names the areas' own level"):
        peers(against=("kommune",))


@settings(max_examples=40, deadline=None)
@drawn(st.lists(st.tuples(st.integers(0, 50), st.integers(50, 500)), min_size=4, max_size=4))
def test_the_reference_lies_among_the_members(counts):
    rows = [row(a, "2024", float(n), float(d)) for a, (n, d) in zip(PLACES, counts, strict=True)]
    found = peers(against=("custom",)).analyse(given_of(rows)).tables["trends"]
    for got in found.iter_rows(named=True):
        others = [r["value"] for r in rows if r["area"] in ("1101", "4601", "4602")
                  and r["area"] != got["area"]]  # fmt: skip
        assert min(others) - 1e-12 <= got["reference"] <= max(others) + 1e-12


def test_a_planted_departure_from_the_group_is_found_again():
    chance = np.random.default_rng(8)
    rows = []
    for n, area in enumerate(PLACES):
        for year in range(2018, 2025):
            true = 0.1 + (0.02 * (year - 2018) if n == 0 else 0.0)
            rows.append(row(area, str(year), float(chance.binomial(20_000, true)), 20_000.0))
    found = peers(against=("custom",)).analyse(given_of(rows)).tables["trends"]
    own = found.filter(area="1101").sort("period")
    gap = (own["value"] - own["reference"]).to_numpy()
    slope = np.polyfit(np.arange(7), gap, 1)[0]
    assert slope == pytest.approx(0.02, abs=0.002)


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_shows_one_area_beside_its_groups(lang: str, tmp_path: Path):
    rows = [*ROWS, row("1101", "2023", 12, 100), row("11", "2024", 41, 300, "fylke")]
    release = release_of(tmp_path, given_of(rows), [peers(against=("fylke", "custom"))])
    view = analysis_page(release, "p", lang, Asked(area="4601"))
    assert {one.name for one in view.choosing} == {"area"}
    assert view.tables[0].name == "trends"
    first = analysis_page(release, "p", lang, Asked(area="1101"))
    assert {r[2].text for r in first.tables[0].rows} >= {"Rogaland"}
    assert "Rogaland" in first.lead[0].text
    said = [f.sentence for f in area_findings(release, "kommune", "1101", lang)]
    assert "Rogaland" in said[0].text
    assert first.pictures[0].spec["description"]


def test_kostra_groups_are_a_delivered_list(tmp_path: Path):
    more = """
[[areas]]
id = "grupper"
level = "custom"
names = { "KG1" = "KOSTRA-gruppe 1", "KG2" = "KOSTRA-gruppe 2" }

[[areas]]
id = "gruppe_av"
file = "grupper.csv"
level = "delbydel"
code = "kode"
name = "navn"
parents = [{ level = "custom", column = "gruppe" }]

[[analysis]]
id = "ligner"
kind = "peers"
level = "delbydel"
traits = ["crowded_households", "tenant_households"]
indicators = ["low_income_households"]
against = ["custom", "municipality"]
"""
    made = workspace(tmp_path, more)
    rows = "".join(f"{c};Område {c};KG{1 + (c[:2] == '02')}\n" for c in CODES)
    (tmp_path / "grupper.csv").write_text("kode;navn;gruppe\n" + rows, encoding="utf-8")
    build(made.root)
    trends = made.release().analyses["ligner"].table("trends")
    own = trends.filter(against="custom", area=CODES[0])
    assert set(own["group"]) == {"KG1"}
    assert own["reference"].null_count() == 0
    assert set(trends.filter(against="municipality")["group"]) == {"9901"}
