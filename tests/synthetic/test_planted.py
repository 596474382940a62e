"""What is planted can be found again: the exposed areas are high where it was planted."""

from __future__ import annotations

import itertools
from functools import cache

import polars as pl
import pytest

from nabolag.synthetic import CHALLENGES, INDICATOR_OF, MunicipalitySpec, lay_ground, live
from nabolag.synthetic.counts import Counter
from tests.synthetic.conftest import SEED, Town

PARTS = {
    "low_income": ("low_income", "income_persons"),
    "crowding": ("crowded", "home_known"),
    "single_parents": ("single_parents", "with_children"),
    "low_education": ("low_education", "education_known"),
    "tenants": ("tenants", "tenure_known"),
}
TOP = 20  # a quarter of eighty areas


@cache
def shares(seed: int) -> pl.DataFrame:
    """Return area, year, challenge and share, counted in the records themselves."""
    counter = Counter()
    counted = pl.concat(
        counter.count(frames, year) for year, frames in live(lay_ground(MunicipalitySpec(seed)))
    )
    return pl.concat(
        counted.select(
            "year",
            "grunnkrets",
            pl.lit(name).alias("challenge"),
            (pl.col(upper) / pl.col(lower)).alias("share"),
        )
        for name, (upper, lower) in PARTS.items()
    ).drop_nulls("share")


def flagged(table: pl.DataFrame) -> set[tuple[int, str, str]]:
    """Return (year, area, challenge) of the quarter of areas with the highest shares."""
    rank = pl.col("share").rank("ordinal", descending=True).over("year", "challenge")
    top = table.filter(rank <= TOP)
    return set(top.select("year", "grunnkrets", "challenge").iter_rows())


def test_what_is_planted_is_worded_and_whole(town: Town) -> None:
    truth = town.truth
    assert set(INDICATOR_OF) == set(CHALLENGES) == set(PARTS)
    assert len(truth["exposed"]) == 8
    assert len(truth["decoys"]) == 5
    assert all(len(entry["challenges"]) >= 3 for entry in truth["exposed"].values())
    assert all(len(entry["challenges"]) == 1 for entry in truth["decoys"].values())
    decoyed = itertools.chain(*(entry["challenges"] for entry in truth["decoys"].values()))
    assert set(decoyed) == set(CHALLENGES)
    special = [*truth["exposed"], *truth["decoys"]]
    special += [truth["worsening"]["area"], truth["improving"]["area"]]
    special += [truth["deliveries"]["retired"]["merged_into"]]
    assert len(set(special)) == len(special)
    assert set(truth["settings"]) == set(town.ground.areas.codes)


def test_each_cluster_hangs_together_and_decoys_lie_apart(town: Town) -> None:
    areas, truth = town.ground.areas, town.ground.truth
    for cluster in truth.clusters:
        reached = {cluster[0]}
        for _ in cluster:
            reached |= {j for i in reached for j in cluster if areas.neighbours[i, j]}
        assert reached == set(cluster)
    one, other = truth.clusters
    assert not areas.neighbours[list(one)][:, list(other)].any()
    assert not areas.neighbours[list(truth.decoys)][:, list(truth.exposed)].any()


@pytest.mark.parametrize("seed", [SEED, 2])
def test_exposed_areas_are_high_where_planted_in_every_year(seed: int) -> None:
    truth = lay_ground(MunicipalitySpec(seed))
    table = shares(seed)
    found, codes = flagged(table), truth.areas.codes
    years = {name: set(table.filter(pl.col("challenge") == name)["year"]) for name in PARTS}
    hits = [
        (year, codes[area], challenge) in found
        for area, challenges in truth.truth.exposed.items()
        for challenge in challenges
        for year in years[challenge]
    ]
    # Nearly always in the highest quarter; areas are small, so once in a while not.
    assert sum(hits) / len(hits) > 0.97
    # And far above the ordinary: at least a third above the median area, every single time.
    middle = table.with_columns(middle=pl.col("share").median().over("year", "challenge"))
    for area, challenges in truth.truth.exposed.items():
        own = middle.filter(
            pl.col("grunnkrets") == codes[area], pl.col("challenge").is_in(list(challenges))
        )
        assert (own["share"] / own["middle"]).min() > 1.3  # type: ignore[operator]


@pytest.mark.parametrize("seed", [SEED, 2])
def test_decoys_are_high_on_one_challenge_and_not_on_several(seed: int) -> None:
    ground = lay_ground(MunicipalitySpec(seed))
    found = flagged(shares(seed))
    own, others = [], []
    for area, (planted,) in ground.truth.decoys.items():
        for year in range(2017, 2025):
            flags = {c for y, code, c in found if (y, code) == (year, ground.areas.codes[area])}
            own.append(planted in flags)
            others.append(len(flags - {planted}))
    assert sum(own) / len(own) > 0.95
    # By chance a quarter of four other challenges would be one; decoys were made calm.
    assert sum(others) / len(others) < 0.5
    assert max(others) < 3


@pytest.mark.parametrize(("planted", "sign"), [("worsening", 1), ("improving", -1)])
def test_one_area_gets_worse_and_one_gets_better(town: Town, planted: str, sign: int) -> None:
    area = town.truth[planted]["area"]
    table = shares(SEED).filter(pl.col("challenge") == "low_income")
    own = table.filter(pl.col("grunnkrets") == area).sort("year")["share"]
    change = sign * (own[-1] - own[0])
    assert change > 0.08
    # No other unplanted area changes as much.
    ends = (
        table.sort("year")
        .group_by("grunnkrets")
        .agg((pl.col("share").last() - pl.col("share").first()).alias("change"))
    )
    special = [*town.truth["exposed"], *town.truth["decoys"]]
    rest = ends.filter(~pl.col("grunnkrets").is_in([*special, area]))["change"] * sign
    assert rest.max() < change  # type: ignore[operator]


def test_the_truth_states_the_numbers_that_were_used(town: Town) -> None:
    settings, areas = town.ground.truth.settings, town.ground.areas
    for i, code in enumerate(areas.codes):
        stated = town.truth["settings"][code]
        assert stated["share_rental"] == pytest.approx(settings.rental[i], abs=1e-4)
        assert stated["log_income_last_year"] == pytest.approx(settings.income[i, -1], abs=1e-4)
    worse = town.truth["settings"][town.truth["worsening"]["area"]]
    step = (worse["log_income_last_year"] - worse["log_income_first_year"]) / 9
    assert step == pytest.approx(town.truth["worsening"]["log_income_a_year"], abs=1e-4)
