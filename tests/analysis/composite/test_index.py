"""An index of planted areas: groups, the unknown, sensitivity, editions, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import polars as pl
import pytest
from pydantic import ValidationError

from nabolag.analysis.composite import Index
from nabolag.analysis.composite.editions import Edition, differences
from nabolag.analysis.composite.orders import places
from nabolag.analysis.composite.recipe import Columns, Recipe
from nabolag.analysis.composite.redrawing import Redraw, redrawn
from nabolag.analysis.method import Found, Given
from nabolag.core import LANGS, Level, UserError
from tests.analysis.development.planted import INDICATORS, YEARS, given

FEW = {"draws": 400}
STILL = {"scales": (), "joins": (), "shift": 0, "leave_out": False, "chance": False}
GROUPS = [{"id": "money", "name": "Penger", "members": INDICATORS[:2], "weights": {INDICATORS[0]: 3, INDICATORS[1]: 1}},
          {"id": "home", "members": INDICATORS[2:], "normalise": "percent_rank"}]  # fmt: skip


def index(**more) -> Index:
    return Index(**{"id": "i", "level": Level.GRUNNKRETS, "indicators": INDICATORS,
                    "redraw": FEW, **more})  # fmt: skip


@cache
def town(areas: int = 30) -> Given:
    return given(np.linspace(-1, 1, areas), np.zeros(areas))


def hidden(planted: Given, area: str, indicators: tuple[str, ...] = INDICATORS[:1]) -> Given:
    """The same with some figures of an area hidden, the numbers left under the status."""
    hide = (pl.col("area") == area) & pl.col("indicator").is_in(indicators)
    status = pl.when(hide).then(pl.lit("suppressed_primary")).otherwise("status")
    return replace(planted, observations=planted.observations.with_columns(status=status))


def codes(refused: pytest.ExceptionInfo[UserError]) -> list[str]:
    assert all(f.text(lang) for f in refused.value.findings for lang in LANGS)
    return [finding.code for finding in refused.value.findings]


def row_of(found: Found, area: str) -> dict:
    return found.tables["areas"].filter(pl.col("area") == area).row(0, named=True)


def test_planted_areas_come_first_and_stay_there():
    effect = np.zeros(60)
    effect[:6] = 1.4
    found = index(redraw=FEW | {"top": 6}).analyse(given(effect, np.zeros(60), people=2000))
    areas = found.tables["areas"].sort("area")
    assert (areas["rank"][:6] <= 6).all()
    assert (areas["in_top"][:6] > 0.95).all()
    assert (areas["rank_low"] <= areas["rank_high"]).all()
    lifts = found.tables["parts"].filter(pl.col("area") == areas["area"][0])
    assert (lifts["contribution"] > 0).all()


@pytest.mark.parametrize("how", ["percent_rank", "z", "minmax", "exponential", "log"])
@pytest.mark.parametrize(
    "weights",
    ["equal", "principal", dict.fromkeys(INDICATORS, 2.0),
     [dict.fromkeys(INDICATORS, 20), dict(zip(INDICATORS, (60, 10, 10, 10, 10), strict=True))]],
)  # fmt: skip
def test_every_scale_and_weight_gives_an_index(how, weights):
    found = index(normalise=how, weights=weights, outliers={}).analyse(town())
    areas = found.tables["areas"].sort("area")
    assert areas["rank"].null_count() == 0
    assert areas["score"][-1] > areas["score"][0]
    assert sum(found.facts["weights"].values()) == pytest.approx(1)


def test_groups_are_joined_before_the_index():
    spec = index(groups=GROUPS, normalise="z")
    found = spec.analyse(town())
    groups = found.tables["groups"].pivot("group", index="area", values="score").sort("area")
    areas = found.tables["areas"].sort("area")
    both = (groups["money"] + groups["home"]) / 2
    np.testing.assert_allclose(areas["score"], both, atol=1e-9)
    assert groups["home"].max() == 1.0
    weights = found.facts["weights"]
    assert [weights[i] for i in INDICATORS[:3]] == pytest.approx([0.375, 0.125, 1 / 6])
    assert found.facts["groups"] == {"money": 0.5, "home": 0.5}


def test_contributions_of_a_weighted_mean_add_up():
    found = index(normalise="z").analyse(town())
    parts = found.tables["parts"]
    added = parts.group_by("area").agg(pl.col("contribution").sum()).sort("area")["contribution"]
    middle = parts.group_by("indicator").agg(pl.col("scaled").median())["scaled"].mean()
    scores = found.tables["areas"].sort("area")["score"]
    np.testing.assert_allclose(added, scores - middle, atol=1e-8)


def test_an_area_with_too_little_known_has_no_place_and_a_reason():
    asked = hidden(town(), "99010000")
    found = index().analyse(asked)
    row = row_of(found, "99010000")
    assert (row["rank"], row["score"], row["rank_low"], row["in_top"]) == (None, None, None, None)
    assert (row["known"], row["reason"]) == (4, "too_little_known")
    part = found.tables["parts"].row(by_predicate=(pl.col("area") == "99010000")
                                     & (pl.col("indicator") == INDICATORS[0]), named=True)  # fmt: skip
    assert (part["figure"], part["status"], part["scaled"]) == (None, "suppressed_primary", None)
    assert found.facts["unplaced"] == 1


def test_an_area_of_which_nothing_is_known_is_there_without_a_place():
    row = row_of(index(impute="mean").analyse(hidden(town(), "99010000", INDICATORS)), "99010000")
    assert (row["known"], row["rank"], row["filled"]) == (0, None, 0)


@pytest.mark.parametrize("more", [{"impute": "median"}, {"minimum_known": 4},
                                  {"impute": {"how": "mean", "within": "kommune"}}])  # fmt: skip
def test_enough_known_is_enough(more):
    found = index(**more).analyse(hidden(town(), "99010000"))
    row = row_of(found, "99010000")
    assert row["rank"] is not None
    assert (row["known"], row["filled"]) == (4, 1 if "impute" in more else 0)
    assert ("fill" in found.facts["importance"]) == ("impute" in more)


def test_a_hidden_number_changes_nothing():
    asked = hidden(town(), "99010000")
    wild = asked.observations.with_columns(
        value=pl.when(pl.col("status") == "suppressed_primary").then(999.0).otherwise("value")
    )
    first, second = (index(minimum_known=3).analyse(one).tables["areas"]
                     for one in (asked, replace(asked, observations=wild)))  # fmt: skip
    assert first.equals(second)


def test_a_count_is_divided_by_another():
    chance = np.random.default_rng(1)
    people, share = chance.integers(100, 3000, 20), np.linspace(0.1, 0.5, 20)
    values = np.stack([people * share, chance.random(20)])
    held = replace(Columns.of(values), beside={"population": people.astype(float)})
    recipe = Recipe(indicators=("poor", "b"), per={"poor": "population"})
    np.testing.assert_allclose(recipe.make(held).columns.values[0], share)
    with pytest.raises(UserError) as refused:
        recipe.make(replace(held, beside={"population": np.zeros(20)}))
    assert codes(refused) == ["index_divided_by_nothing"]


def test_what_is_not_drawn_again_moves_nothing():
    figures = np.random.default_rng(3).normal(size=(4, 40))
    recipe = Recipe(indicators=tuple("abcd"), normalise="z")
    made = recipe.make(Columns.of(figures))
    still = redrawn(recipe, made, Redraw(**STILL, draws=200))
    assert still.importance == {}
    np.testing.assert_array_equal(still.places, np.tile(places(made.score), (200, 1)))
    left = redrawn(recipe, made, Redraw(**STILL | {"leave_out": True}, draws=200))
    assert set(left.importance) == {"left_out"}
    assert left.importance["left_out"].total == pytest.approx(1, abs=0.25)


def test_every_choice_that_is_tried_has_a_share():
    planted = hidden(town(), "99010000")
    spec = index(impute="mean", outliers={}, redraw={"draws": 900, "joins": ["arithmetic", "geometric", "harmonic", "copeland"]})  # fmt: skip
    found = spec.analyse(planted)
    assert set(found.facts["importance"]) == {
        "chance",
        "fill",
        "thresholds",
        "scale",
        "join",
        "weights",
        "left_out",
    }
    assert all(share["total"] >= 0 for share in found.facts["importance"].values())


def test_draws_are_the_same_from_the_same_seed_and_not_from_another():
    figures = np.random.default_rng(3).normal(size=(4, 40))
    recipe = Recipe(indicators=tuple("abcd"))
    made = recipe.make(replace(Columns.of(figures), errors=np.full((4, 40), 0.3)))
    one, same, other = (redrawn(recipe, made, Redraw(draws=300, seed=s)).places for s in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()


def test_more_uncertain_figures_give_wider_places():
    figures = np.random.default_rng(3).normal(size=(4, 40))
    recipe = Recipe(indicators=tuple("abcd"), normalise="z")
    widths = []
    for error in (0.05, 0.5):
        made = recipe.make(replace(Columns.of(figures), errors=np.full((4, 40), error)))
        found = redrawn(recipe, made, Redraw(**STILL | {"chance": True}, draws=400))
        widths.append((found.high - found.low).mean())
    assert widths[1] > 2 * widths[0]


def test_weights_may_be_drawn_around_themselves_or_person_by_person():
    figures = np.random.default_rng(3).normal(size=(2, 40))
    budgets = [{"a": 100, "b": 0}, {"a": 0, "b": 100}]
    recipe = Recipe(indicators=("a", "b"), normalise="z", weights=budgets)
    made = recipe.make(Columns.of(figures))
    people = redrawn(recipe, made, Redraw(**STILL | {"weights": "people"}, draws=200))
    each = {tuple(places(row)) for row in figures}
    assert {tuple(row) for row in people.places} == each
    near, far = (
        redrawn(recipe, made, Redraw(**STILL | {"weights": "dirichlet", "alike": a}, draws=200))
        for a in (1e6, 2.0)
    )
    assert (near.high - near.low).mean() < (far.high - far.low).mean()


def test_a_later_edition_stands_on_the_scale_of_an_earlier_one():
    slope = np.zeros(40)
    slope[:4], slope[4:8] = 0.2, -0.2
    planted = given(np.zeros(40), slope, people=4000)
    spec = index(normalise="z", base=str(YEARS[0]), change="score")
    changes = spec.analyse(planted).tables["changes"].sort("area")
    assert changes["moved"][:8].to_list() == ["up"] * 4 + ["down"] * 4
    assert (changes["moved"][8:] == "unsure").mean() > 0.9
    np.testing.assert_allclose(changes["change"], changes["after"] - changes["before"])
    assert (changes["from"] == str(YEARS[0])).all()


def test_what_all_share_is_seen_on_a_kept_scale_and_not_in_places():
    # Everybody gets worse alike: places stand still, scores on the scale of the first year rise.
    planted = given(np.linspace(-1, 1, 30), np.full(30, 0.1), people=4000)
    found = index(normalise="minmax", base=str(YEARS[0]), change="score").analyse(planted)
    assert found.tables["changes"]["change"].min() > 0
    own = index(normalise="minmax").analyse(planted).tables["areas"]
    early = index(normalise="minmax", period=str(YEARS[0])).analyse(planted).tables["areas"]
    both = own.join(early, on="area", suffix="_before")
    assert abs((both["score"] - both["score_before"]).mean()) < 10


def test_places_and_scales_of_two_editions_are_never_subtracted():
    made = Recipe(indicators=("a", "b")).make(Columns.of(np.arange(10.0).reshape(2, 5)))
    one, same, other = (Edition(p, s, list("abcde"), made) for p, s in (("2019", "2019"), ("2024", "2019"), ("2024", "2024")))  # fmt: skip
    assert differences(one, same)["change"].to_list() == [0.0] * 5
    for asked, code in (
        ((one, same, "rank"), "index_change_of_rank"),
        ((one, other), "index_other_scale"),
    ):
        with pytest.raises(UserError) as refused:
            differences(*asked)
        assert codes(refused) == [code]


def as_indicator(planted: Given, old: str, new: str) -> Given:
    renamed = planted.observations.with_columns(indicator=pl.col("indicator").replace(old, new))
    return replace(planted, observations=renamed)


@pytest.mark.parametrize(
    ("more", "code"),
    [({"indicators": ("immigrants", "low_education")}, "analysis_background"),
     ({"indicators": ("low_education", "population")}, "analysis_background"),
     ({"indicators": ("low_education", "not_there")}, "analysis_unknown_indicator"),
     ({"aggregate": "geometric"}, "index_mean_of_nothing"),
     ({"change": "rank", "base": "2019"}, "index_change_of_rank"),
     ({"change": "score"}, "index_change_without_base"),
     ({"base": "2019", "aggregate": "copeland"}, "index_copeland_over_time"),
     ({"base": "1999"}, "index_base_without_figures"),
     ({"per": {INDICATORS[0]: "low_education"}}, "index_not_a_count"),
     ({"normalise": {"how": "minmax", "bounds": {INDICATORS[0]: [0, 0.01]}}}, "index_outside_bounds")],
)  # fmt: skip
def test_what_cannot_be_done_is_said(more, code):
    with pytest.raises(UserError) as refused:
        index(**more).analyse(town(10))
    assert codes(refused) == [code]


def test_what_is_unknown_or_alike_is_refused():
    with pytest.raises(UserError) as refused:
        index(impute="refuse").analyse(hidden(town(10), "99010000"))
    assert codes(refused) == ["index_unknown"]
    planted = town(10)
    alike = pl.when(pl.col("indicator") == INDICATORS[1]).then(0.2).otherwise("value")
    flat = replace(planted, observations=planted.observations.with_columns(value=alike))
    with pytest.raises(UserError) as refused:
        index().analyse(flat)
    assert codes(refused) == ["index_without_spread"]
    assert refused.value.findings[0].params["indicator"] == INDICATORS[1]


def test_a_component_that_weighs_the_opposite_is_refused():
    # Employed share is a challenge where it is low; here it is high where the others are.
    against = as_indicator(town(), INDICATORS[4], "employed_share")
    with pytest.raises(UserError) as refused:
        index(indicators=(*INDICATORS[:4], "employed_share"), weights="principal").analyse(against)
    assert codes(refused) == ["index_principal_against"]


def test_without_figures_it_says_so():
    found = index(period="1999").analyse(town(5))
    assert found.tables["areas"].is_empty()
    assert [finding.code for finding in found.findings] == ["index_no_figures"]


@pytest.mark.parametrize(
    "more",
    [{"weights": {INDICATORS[0]: 1}}, {"weights": [dict.fromkeys(INDICATORS, 19)]},
     {"groups": [{"id": "g", "members": ["stray"]}]},
     {"groups": [{"id": "g", "members": INDICATORS[:2]}, {"id": "h", "members": INDICATORS[1:3]}]},
     {"groups": [{"id": "g", "members": ["h"]}, {"id": "h", "members": ["g"]}]},
     {"minimum_known": 9}, {"indicators": ("a", "a")}, {"base": "lately"},
     {"normalise": {"how": "z", "bounds": {INDICATORS[0]: [0, 1]}}}, {"redraw": {"draws": 1}}],
)  # fmt: skip
def test_a_specification_that_contradicts_itself_is_refused(more):
    with pytest.raises(ValidationError):
        index(**more)


@pytest.mark.parametrize("lang", LANGS)
def test_the_rule_says_every_choice(lang):
    spec = index(
        outliers={"most": 3, "skew": 2.5}, groups=GROUPS, base="2019", redraw=FEW | {"shift": 0.15}
    )
    told = spec.explain(town(2).catalogue, lang)
    skew = "2.5" if lang == "en" else "2,5"
    for word in ("400", "15", "Penger", "2019", skew):
        assert word in told
    assert "{" not in told
