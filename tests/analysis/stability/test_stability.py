"""Accumulation drawn again: by hand, against accumulation itself, and found again."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nabolag.analysis import Accumulation
from nabolag.analysis.stability import Stability
from nabolag.analysis.stability.draws import Redrawn, redraw
from nabolag.core import LANGS, Level, UserError
from tests.analysis.development.planted import INDICATORS, given

PLAIN = Redrawn(draws=1, seed=1, lowest=0.25, highest=0.25, alike=1e9, several=2)


def stability(**more) -> Stability:
    return Stability(**{"id": "s", "level": Level.GRUNNKRETS, "indicators": INDICATORS, **more})


def test_by_hand():
    exposure = np.array([[4.0, 1], [3, 2], [2, 3], [1, np.nan], [0, 0]])
    found = redraw(exposure, np.zeros_like(exposure), PLAIN)
    # A quarter of five is two (rounded up), of four known it is one.
    assert found.flagged.tolist() == [[1, 0], [1, 0], [0, 1], [0, 0], [0, 0]]
    assert found.several.tolist() == [0, 0, 0, 0, 0]
    assert found.count == pytest.approx([1, 1, 1, 0, 0], abs=1e-3)


def test_without_chance_it_is_accumulation():
    planted = given(np.linspace(-1, 1, 60), np.zeros(60))
    spec = Accumulation(indicators=INDICATORS, levels=(Level.GRUNNKRETS,), periods=("2024",))
    classes = spec.run(planted.observations, planted.catalogue, planted.links).table
    found = stability().analyse(planted).tables["areas"]
    both = found.join(classes, on=["level", "area", "period"])
    assert both.height == 60
    assert (both["challenges"] == both["count"]).all()


def test_planted_areas_are_sure_and_those_at_the_line_are_not():
    effect = np.zeros(60)
    effect[:12] = 1.5
    found = stability().analyse(given(effect, np.zeros(60), people=2000)).tables["areas"]
    assert set(found["certainty"][:12]) == {"sure"}
    others = found[12:]
    assert (others["certainty"] == "sure").sum() == 0
    # Chance and the line alone put somebody among the quarter, each time another.
    assert others["certainty"].is_in(["unlikely", "hardly", "likely"]).all()


def test_too_little_known_is_not_no_challenge():
    planted = given(np.zeros(20), np.zeros(20))
    hide = (pl.col("area") == "99010000") & pl.col("indicator").is_in(INDICATORS[:3])
    hidden = planted.observations.with_columns(
        status=pl.when(hide).then(pl.lit("suppressed_primary")).otherwise("status")
    )
    from dataclasses import replace

    found = stability().analyse(replace(planted, observations=hidden))
    row = found.tables["areas"].row(0, named=True)
    assert (row["certainty"], row["known"]) == ("unknown", 2)
    assert found.tables["flags"].filter(area="99010000").height == 2


def test_the_same_seed_gives_the_same_draws_and_another_nearly_the_same():
    planted = given(np.linspace(-1, 1, 40), np.zeros(40))
    one, again, other = (
        stability(seed=seed).analyse(planted).tables["areas"]["several"] for seed in (1, 1, 2)
    )
    assert one.equals(again)
    assert (one - other).abs().max() < 0.1


@drawn(
    arrays(float, st.tuples(st.integers(2, 12), st.integers(2, 4)),
           elements=st.one_of(st.floats(-5, 5), st.just(float("nan")))),
    st.integers(0, 100),
)  # fmt: skip
def test_shares_are_shares_and_the_unknown_is_never_flagged(exposure, seed):
    how = Redrawn(draws=20, seed=seed, lowest=0.2, highest=0.4, alike=5.0, several=2)
    found = redraw(exposure, np.full_like(exposure, 0.1), how)
    assert ((found.several >= 0) & (found.several <= 1)).all()
    assert ((found.flagged >= 0) & (found.flagged <= 1)).all()
    assert (found.flagged[np.isnan(exposure)] == 0).all()
    assert (found.low <= found.high).all()
    assert np.isclose(found.count.sum(), found.flagged.sum(), rtol=0.75, atol=1.0)


@pytest.mark.parametrize(
    ("indicators", "code"),
    [(("immigrants", "low_education"), "analysis_background"),
     (("nothing", "low_education"), "analysis_unknown_indicator")],
)  # fmt: skip
def test_refusals(indicators, code):
    with pytest.raises(UserError) as refused:
        stability(indicators=indicators).analyse(given(np.zeros(3), np.zeros(3)))
    assert [finding.code for finding in refused.value.findings] == [code]


@pytest.mark.parametrize("lang", LANGS)
def test_the_rule_gives_its_numbers_and_its_source(lang):
    told = stability().explain(given(np.zeros(2), np.zeros(2)).catalogue, lang)
    assert "L3413" in told
    assert "1000" in told
