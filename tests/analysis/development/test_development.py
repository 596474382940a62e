"""Status and development: by hand, at the nominal rate of false findings, and found again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from nabolag.analysis.development import Development
from nabolag.analysis.multiplicity import adjusted
from nabolag.core import LANGS, Level, UserError, Worse
from tests.analysis.development.planted import INDICATORS, given


def development(**more) -> Development:
    return Development(**{"id": "s", "level": Level.GRUNNKRETS, "indicators": INDICATORS, **more})


def areas_of(found) -> pl.DataFrame:
    return found.tables["areas"]


def test_planted_areas_are_found_again_and_move_as_planted():
    chance = np.random.default_rng(5)
    effect = chance.normal(0, 0.05, 80)
    slope = np.zeros(80)
    effect[:8], effect[8:16] = 0.9, -0.8
    slope[:4], slope[8:12] = 0.12, -0.12
    areas = areas_of(development().analyse(given(effect, slope)))
    status = areas["status"].to_list()
    assert set(status[:8]) == {"exposed"}
    assert set(status[8:16]) <= {"good", "average"}
    assert sum(s == "exposed" for s in status[16:]) == 0
    assert set(areas["development"][:4]) == {"worsening"}
    assert set(areas["development"][8:12]) == {"improving"}
    assert (areas["development"][16:] == "stable").mean() > 0.95


def test_nothing_but_chance_gives_next_to_no_findings():
    found = 0
    for seed in range(12):
        areas = areas_of(development().analyse(given(np.zeros(60), np.zeros(60), seed=seed)))
        found += areas["status"].is_in(["exposed", "good", "average"]).any()
        found += areas["development"].is_in(["improving", "worsening"]).any()
    # Under no difference at all a family has a false finding in at most 5 % of the draws, twice.
    assert found <= 4


def test_an_area_on_its_way_is_at_risk():
    effect, slope = np.zeros(40), np.zeros(40)
    effect[0], slope[0] = 0.25, 0.2
    effect[1] = 1.2
    areas = areas_of(development().analyse(given(effect, slope, people=3000)))
    first = areas.row(0, named=True)
    assert first["status"] != "exposed"
    assert first["development"] == "worsening"
    assert first["at_risk"]
    assert areas["status"][1] == "exposed"
    assert not areas["at_risk"][1]


def test_a_score_by_hand():
    # One indicator, three areas: differences −0.1, 0 and 0.1 of a mean square of 0.02/3.
    base = given(np.zeros(3), np.zeros(3))
    value = {"99010000": 0.1, "99010001": 0.2, "99010002": 0.3, "9901": 0.2}
    figures = base.observations.filter(pl.col("indicator") == INDICATORS[0]).with_columns(
        value=pl.col("area").replace_strict(value), lower=pl.col("area").replace_strict(value) - 0.02,
        upper=pl.col("area").replace_strict(value) + 0.02,
    )  # fmt: skip
    spec = development(indicators=INDICATORS[:1])
    found = areas_of(spec.analyse(replace(base, observations=figures)))
    spread = (0.02 / 3) ** 0.5
    assert found["score"].to_list() == pytest.approx([-0.1 / spread, 0, 0.1 / spread])
    half = 0.02 / spread
    assert (found["upper"] - found["score"]).to_list() == pytest.approx([half] * 3)
    assert found["status"].to_list() == ["good", "like", "exposed"]
    assert found["slope"].to_list() == pytest.approx([0, 0, 0], abs=1e-12)


def test_low_values_count_as_challenges_where_the_catalogue_says_so():
    base = given(np.array([0.9, 0.0, 0.0, -0.9]), np.zeros(4))
    asset = replace(base.catalogue[INDICATORS[0]], worse=Worse.LOW)
    turned = replace(base, catalogue={**base.catalogue, INDICATORS[0]: asset})
    spec = development(indicators=INDICATORS[:1])
    plain, other = (areas_of(spec.analyse(g))["score"].to_list() for g in (base, turned))
    assert other == pytest.approx([-score for score in plain])


def test_hidden_figures_are_not_known_and_never_zero():
    base = given(np.array([1.0, 0.0, 0.0, 0.0]), np.zeros(4))
    hide = (pl.col("area") == "99010000") & pl.col("indicator").is_in(INDICATORS[:3])
    hidden = base.observations.with_columns(
        status=pl.when(hide).then(pl.lit("suppressed_primary")).otherwise("status")
    )
    row = areas_of(development().analyse(replace(base, observations=hidden))).row(0, named=True)
    assert (row["status"], row["score"], row["known"]) == ("unknown", None, 2)
    less = development(minimum_known=2)
    row = areas_of(less.analyse(replace(base, observations=hidden))).row(0, named=True)
    assert row["status"] == "exposed"


def test_figures_without_counterpart_or_interval_are_told():
    base = given(np.zeros(4), np.zeros(4))
    town = (pl.col("level") == "kommune") & (pl.col("indicator") == INDICATORS[0])
    bare = pl.col("indicator") == INDICATORS[1]
    figures = base.observations.filter(~town).with_columns(
        lower=pl.when(~bare).then("lower"), upper=pl.when(~bare).then("upper")
    )
    found = development().analyse(replace(base, observations=figures))
    told = [(finding.code, finding.params["indicator"]) for finding in found.findings]
    assert told == [("development_no_counterpart", INDICATORS[0]),
                    ("development_no_interval", INDICATORS[1])]  # fmt: skip
    assert set(areas_of(found)["known"]) == {3}


def test_nothing_to_compare_is_told():
    base = given(np.zeros(4), np.zeros(4))
    found = development().analyse(replace(base, observations=base.observations.clear()))
    assert [finding.code for finding in found.findings] == ["development_no_figures"]
    assert areas_of(found).is_empty()


@pytest.mark.parametrize(
    ("indicator", "code"),
    [("immigrants", "analysis_background"), ("nothing", "analysis_unknown_indicator")],
)
def test_refusals(indicator, code):
    with pytest.raises(UserError) as refused:
        development(indicators=(indicator,)).analyse(given(np.zeros(3), np.zeros(3)))
    assert [finding.code for finding in refused.value.findings] == [code]


@pytest.mark.parametrize("lang", LANGS)
def test_the_rule_gives_its_numbers_and_its_source(lang):
    told = development(line=0.85).explain(given(np.zeros(2), np.zeros(2)).catalogue, lang)
    assert "L2556" in told
    assert ("0.85" if lang == "en" else "0,85") in told


@settings(max_examples=50)
@drawn(st.lists(st.one_of(st.floats(0, 1), st.just(float("nan"))), max_size=30))
def test_adjusted_p_values(p):
    values = np.array(p, dtype=float)
    q = adjusted(values)
    known = ~np.isnan(values)
    assert (np.isnan(q) == ~known).all()
    assert (q[known] >= values[known] - 1e-12).all()
    assert (q[known] <= 1).all()
    order = np.argsort(values[known], kind="stable")
    assert (np.diff(q[known][order]) >= -1e-12).all()


def test_adjusted_p_values_of_the_published_example():
    # Benjamini and Hochberg (1995), section 3: fifteen tests, four found at 0.05.
    p = np.array([0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240,
                  0.4262, 0.5719, 0.6528, 0.7590, 1.0])  # fmt: skip
    assert int((adjusted(p) <= 0.05).sum()) == 4


def test_of_two_periods_that_end_in_a_year_the_year_itself_stands():
    base = given(np.linspace(-1, 1, 20), np.zeros(20))
    span = base.observations.filter(pl.col("period") == "2024").with_columns(
        period=pl.lit("2022-2024"), value=pl.lit(0.5), lower=pl.lit(0.4), upper=pl.lit(0.6)
    )
    both = replace(base, observations=pl.concat([base.observations, span]))
    spec = development()
    assert areas_of(spec.analyse(both)).equals(areas_of(spec.analyse(base)))


def test_an_area_that_ended_is_not_told_of_and_one_that_is_hidden_is():
    base = given(np.linspace(-1, 1, 20), np.zeros(20))
    ended = (pl.col("area") == "99010000") & (pl.col("period") == "2024")
    hide = pl.col("area") == "99010001"
    changed = base.observations.filter(~ended).with_columns(
        status=pl.when(hide).then(pl.lit("suppressed_primary")).otherwise("status")
    )
    found = development().analyse(replace(base, observations=changed))
    areas = areas_of(found)
    assert "99010000" not in set(areas["area"])
    assert areas.filter(pl.col("area") == "99010001")["status"].to_list() == ["unknown"]
    assert areas.height == 19
    assert set(found.tables["scores"]["area"]) <= set(areas["area"])
