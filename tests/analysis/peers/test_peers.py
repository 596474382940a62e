"""Comparison groups: by hand, by what must always hold, and found again where they are planted."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nabolag.analysis.method import Given
from nabolag.analysis.peers import Peers
from nabolag.analysis.peers.nearest import nearest
from nabolag.core import LANGS, Level, UserError
from nabolag.indicators import load_catalogue
from nabolag.store import conform, empty
from nabolag.store.frames import AREAS, LINKS, OBSERVATIONS, SHAPES

TRAITS = ("aged_0_17", "tenant_households")


def given_of(rows: list[tuple], **more) -> Given:
    """Rows are area, indicator, period, value, status."""
    frame = pl.DataFrame(
        [{"level": "kommune", "area": a, "indicator": i, "period": p, "group": "", "value": v,
          "status": s} for a, i, p, v, s in rows]
    )  # fmt: skip
    return Given(conform(frame, OBSERVATIONS), load_catalogue(), empty(LINKS), empty(AREAS),
                 empty(SHAPES), **more)  # fmt: skip


def figures(values: dict[str, tuple], period: str = "2024") -> list[tuple]:
    return [
        (area, trait, period, value, "value" if value is not None else "suppressed_primary")
        for area, own in values.items()
        for trait, value in zip(TRAITS, own, strict=True)
    ]


def peers(**more) -> Peers:
    return Peers(**{"id": "p", "level": Level.KOMMUNE, "traits": TRAITS, "count": 2, **more})


def test_by_hand():
    # Two traits with spread: means 2 and 20, standard deviations √2 and √200.
    rows = figures({"0001": (0, 0), "0002": (2, 20), "0003": (4, 40), "0004": (2, 20)})
    found = peers().analyse(given_of(rows)).tables["neighbours"]
    first = found.filter(pl.col("area") == "0001")
    # Both differences are 2/√2 and 20/√200, the same number of standard deviations: √2.
    assert first["peer"].to_list() == ["0002", "0004"]
    assert first["distance"].to_list() == pytest.approx([2**0.5, 2**0.5])
    same = found.filter(pl.col("area") == "0002").row(0, named=True)
    assert (same["peer"], same["distance"], same["rank"]) == ("0004", 0, 1)


def test_what_is_hidden_is_not_compared_and_not_zero():
    rows = figures({"0001": (0, 1), "0002": (None, 1), "0003": (1, 2)})
    found = peers().analyse(given_of(rows))
    assert set(found.tables["neighbours"]["area"]) == {"0001", "0003"}
    assert found.tables["traits"].filter(area="0002")["aged_0_17"].to_list() == [None]
    assert found.facts["compared"] == 2


def test_the_latest_period_that_every_trait_has_is_taken():
    rows = figures({"0001": (0, 1), "0002": (1, 2)}, "2022")
    rows += [("0001", TRAITS[0], "2023", 5.0, "value")]
    assert peers().analyse(given_of(rows)).facts["period"] == "2022"


def test_too_few_are_told():
    found = peers().analyse(given_of(figures({"0001": (0, 1), "0002": (None, 1)})))
    assert [finding.code for finding in found.findings] == ["peers_too_few"]
    assert found.tables["neighbours"].is_empty()


@pytest.mark.parametrize(
    ("traits", "code"),
    [(("aged_0_17", "immigrants"), "peers_origin"), (("nothing",), "analysis_unknown_indicator")],
)
def test_refusals(traits, code):
    with pytest.raises(UserError) as refused:
        peers(traits=traits).analyse(given_of(figures({"0001": (0, 1)})))
    assert [finding.code for finding in refused.value.findings] == [code]


@given(
    st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=2, max_size=30),
    st.integers(1, 5),
    st.floats(0.01, 1000),
    st.randoms(use_true_random=False),
)
def test_units_and_order_change_nothing(values, count, unit, chance):
    frame = pl.DataFrame(
        {"area": [f"{n:04d}" for n in range(len(values))],
         "a": [float(v[0]) for v in values], "b": [float(v[1]) for v in values]}
    )  # fmt: skip
    found = nearest(frame, ("a", "b"), count)
    assert found.height == len(values) * min(count, len(values) - 1)
    assert (found["area"] != found["peer"]).all()
    rising = found.group_by("area", maintain_order=True).agg(pl.col("distance").diff().min())
    assert (rising["distance"].fill_null(0) >= 0).all()
    scaled = nearest(frame.with_columns(pl.col("a") * unit), ("a", "b"), count)
    np.testing.assert_allclose(scaled["distance"], found["distance"], rtol=1e-9, atol=1e-9)
    mixed = frame[chance.sample(range(len(values)), len(values))]
    again = nearest(mixed, ("a", "b"), count).sort("area", "rank")
    np.testing.assert_allclose(again["distance"], found["distance"], rtol=1e-9, atol=1e-9)


def test_planted_pairs_are_found_again():
    chance = np.random.default_rng(3)
    centres = chance.normal(0, 10, (40, 2))
    rows = {}
    for n, centre in enumerate(centres):
        for twin in (0, 1):
            own = centre + chance.normal(0, 0.05, 2)
            rows[f"{n:03d}{twin}"] = tuple(float(v) for v in own)
    found = peers(count=1).analyse(given_of(figures(rows))).tables["neighbours"]
    assert (found["area"].str.slice(0, 3) == found["peer"].str.slice(0, 3)).mean() > 0.95


@pytest.mark.parametrize("lang", LANGS)
def test_the_rule_names_the_traits(lang):
    catalogue = load_catalogue()
    told = peers().explain(catalogue, lang)
    assert all(catalogue[trait].label.in_(lang) in told for trait in TRAITS)
