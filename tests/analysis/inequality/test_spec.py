"""Inequality as a declared analysis: from protected figures to tables, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from pydantic import ValidationError

from nabolag.analysis.inequality import Inequality
from nabolag.analysis.inequality.measures import concentration, ordered
from nabolag.analysis.method import Given
from nabolag.analysis.neighbours import neighbours_of
from nabolag.core import LANGS, Level, UserError
from nabolag.store import conform
from nabolag.store.frames import OBSERVATIONS
from tests.support import sample


def given(more: pl.DataFrame | None = None) -> Given:
    catalogue = {i.id: i for i in sample.INDICATORS}
    seen = sample.observations()
    seen = seen if more is None else pl.concat([seen, more])
    return Given(seen, catalogue, sample.links(), sample.areas(), sample.shapes())


def spec(**more: object) -> Inequality:
    wanted = {"id": "u", "level": Level.DELBYDEL, "indicators": ("tenants",), **more}
    return Inequality.model_validate(wanted)


def one(table: pl.DataFrame, **wanted: str) -> dict[str, object]:
    return table.filter(pl.col(k) == v for k, v in wanted.items()).row(0, named=True)


def test_a_measure_is_that_of_the_figures_with_their_denominators() -> None:
    table = spec().analyse(given()).tables["measures"]
    assert set(table["period"]) == set(sample.PERIODS)
    rows = sample.observations().filter(
        pl.col("indicator") == "tenants", pl.col("level") == "delbydel", pl.col("period") == "2017"
    )
    by_hand = concentration(ordered(rows["value"].to_numpy(), rows["denominator"].to_numpy()))
    found = one(table, measure="gini", period="2017")
    assert found["value"] == pytest.approx(by_hand)
    assert (found["level"], found["area"], found["areas"]) == ("kommune", "9901", 6)
    assert found["lower"] < found["value"] < found["upper"]


def test_hidden_figures_are_left_out_and_counted_or_the_measure_is_refused() -> None:
    strict = spec(indicators=("low_income",)).analyse(given())
    hidden = one(strict.tables["measures"], measure="gini", period="2017")
    assert (hidden["value"], hidden["reason"]) == (None, "too_few_known")
    assert (hidden["areas"], hidden["unknown"]) == (5, 1)
    assert [f.code for f in strict.findings] == ["inequality_too_few_known"]
    assert strict.findings[0].examples == ("2017",)
    mild = spec(indicators=("low_income",), minimum_known=0.8).analyse(given())
    assert one(mild.tables["measures"], measure="gini", period="2017")["value"] is not None
    assert mild.findings == ()


def test_too_few_areas_are_not_measured() -> None:
    table = spec(within=Level.BYDEL).analyse(given()).tables["measures"]
    assert set(table["reason"]) == {"too_few_areas"}
    assert set(table["area"]) == {"990101", "990102"}


def test_gradients_leave_out_whom_they_cannot_order() -> None:
    table = spec(along="mean_income").analyse(given()).tables["measures"]
    slope, gini = (one(table, measure=m, period="2016") for m in ("slope", "gini"))
    assert (slope["areas"], gini["areas"]) == (6, 6)
    assert slope["value"] < 0
    assert one(table, measure="concentration", period="2016")["value"] < 0
    # 0102 has no mean income in 2017: five of six are fewer than nine in ten.
    assert one(table, measure="slope", period="2017")["reason"] == "too_few_known"
    assert one(table, measure="gini", period="2017")["value"] is not None


def test_parts_add_up_to_theil() -> None:
    found = spec(nest=Level.BYDEL).analyse(given()).tables
    for period in sample.PERIODS:
        parts = found["parts"].filter(pl.col("period") == period)
        whole = one(found["measures"], measure="theil", period=period)["value"]
        assert parts["value"].sum() == pytest.approx(whole, abs=1e-12)
        assert parts["share"].sum() == pytest.approx(1)
        assert parts["part_area"].to_list() == ["", "990101", "990102"]


def test_the_gini_within_a_part_needs_five_areas() -> None:
    parts = spec(nest=Level.BYDEL).analyse(given()).tables["parts"]
    assert parts["gini"].is_null().all()  # three areas in each bydel
    inside = pl.when(pl.col("parent_level") == "bydel").then(pl.lit("990101"))
    links = sample.links().with_columns(parent_code=inside.otherwise("parent_code"))
    whole = spec(nest=Level.BYDEL).analyse(replace(given(), links=links)).tables
    part = whole["parts"].filter(pl.col("period") == "2017", pl.col("part_area") != "")
    expected = one(whole["measures"], measure="gini", period="2017")["value"]
    assert part["gini"].to_list() == [pytest.approx(expected, abs=1e-12)]


@pytest.mark.parametrize("way", ["border", "nearest"])
def test_gini_is_taken_apart_by_who_are_neighbours(way: str) -> None:
    found = spec(neighbours=way, count=2, permutations=199).analyse(given()).tables
    for period in sample.PERIODS:
        row = one(found["pairs"], period=period)
        whole = one(found["measures"], measure="gini", period=period)["value"]
        assert row["near"] + row["far"] == pytest.approx(whole, abs=1e-12)  # type: ignore[operator]
        assert row["near_pairs"] + row["far_pairs"] == 15  # type: ignore[operator]
        assert 1 / 100 <= row["p"] <= 1  # type: ignore[operator]
    codes = sample.areas().filter(pl.col("level") == "delbydel")["code"].sort()
    near = neighbours_of(given(), Level.DELBYDEL, codes, way, 2)  # type: ignore[arg-type]
    pairs = {frozenset(pair) for pair in zip(near.own, near.other, strict=True)}
    assert row["near_pairs"] == len(pairs) > 0


def test_hidden_areas_are_in_no_pair_and_without_neighbours_it_is_told() -> None:
    asked = spec(indicators=("low_income",), minimum_known=0.8, neighbours="border")
    row = one(asked.analyse(given()).tables["pairs"], period="2017")
    assert (row["areas"], row["unknown"]) == (5, 1)
    assert row["near_pairs"] + row["far_pairs"] == 10  # type: ignore[operator]
    strict = spec(indicators=("low_income",), neighbours="border").analyse(given())
    assert one(strict.tables["pairs"], period="2017")["reason"] == "too_few_known"
    bare = replace(given(), shapes=sample.shapes().clear())
    alone = spec(neighbours="border").analyse(bare)
    assert set(alone.tables["pairs"]["reason"]) == {"no_neighbours"}
    assert alone.tables["pairs"]["gini"].is_null().all()
    assert [f.code for f in alone.findings] == ["inequality_no_neighbours"]


def test_the_curve_ends_at_everything() -> None:
    curve = spec().analyse(given()).tables["curve"].filter(pl.col("period") == "2017")
    assert curve.height == 7
    assert curve.select("people", "share").row(0) == (0, 0)
    assert curve.select("people", "share").row(-1) == pytest.approx((1, 1))
    assert (curve["share"] <= curve["people"] + 1e-12).all()


AGES = ("age=0-17", "age=18-66", "age=67+")


def by_age(hidden: str = "") -> pl.DataFrame:
    """Tenants by age: the same rates everywhere, and more of the young the further out."""
    rows = []
    rate = np.array([0.5, 0.3, 0.1])
    for position, code in enumerate(sample.AREA_NAMES):
        of = np.array([100.0 + 40 * position, 300, 200])
        rows += [("delbydel", code, g, r * n, n) for g, r, n in zip(AGES, rate, of, strict=True)]
    for g, r in zip(AGES, rate, strict=True):
        n = sum(row[4] for row in rows if row[2] == g and row[0] == "delbydel")
        rows.append(("kommune", "9901", g, r * n, n))
    names = ["level", "area", "group", "numerator", "denominator"]
    frame = pl.DataFrame(rows, schema=names, orient="row").with_columns(
        indicator=pl.lit("tenants"), period=pl.lit("2017"), source=pl.lit("deliveries"),
        status=pl.when((pl.col("area") == hidden) & (pl.col("group") == AGES[0]))
        .then(pl.lit("suppressed_primary")).otherwise(pl.lit("value")),
        value=pl.col("numerator") / pl.col("denominator"),
    )  # fmt: skip
    return conform(frame, OBSERVATIONS)


def test_a_gap_that_was_planted_in_composition_is_found_there() -> None:
    table = spec(compose="age").analyse(given(by_age())).tables["gaps"]
    assert table.height == 6
    assert table["rates"].to_numpy() == pytest.approx(0, abs=1e-12)
    assert table["composition"].to_list() == pytest.approx(table["gap"].to_list())
    assert table["gap"].is_sorted()
    assert ((table["rates_lower"] < 0) & (table["rates_upper"] > 0)).all()
    assert set(table["base_area"]) == {"9901"}


def test_a_hidden_group_hides_the_split() -> None:
    """Also where a number still stands beside the status that hides it."""
    table = spec(compose="age").analyse(given(by_age("0201"))).tables["gaps"]
    row = one(table, area="0201")
    assert row["status"] == "suppressed_primary"
    numbers = [row[name] for name in ("gap", "rates", "composition", "rates_lower")]
    assert numbers == [None] * 4
    assert table.filter(pl.col("status") == "value").height == 5
    whole = spec(compose="age").analyse(given(by_age("9901"))).tables["gaps"]
    assert set(whole["status"]) == {"suppressed_primary"}


def test_background_does_not_order_areas() -> None:
    with pytest.raises(UserError) as wrong:
        spec(along="immigrants").analyse(given())
    assert [f.code for f in wrong.value.findings] == ["analysis_background"]


@pytest.mark.parametrize(
    "more",
    [{"indicators": ()}, {"measures": ()}, {"nest": Level.DELBYDEL}, {"nest": Level.KOMMUNE},
     {"measures": ("gini", "gini")}, {"minimum_known": 0}, {"weight": "size"}],
)  # fmt: skip
def test_a_specification_checks_itself(more: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        spec(**more)


@pytest.mark.parametrize("bounds", ["errors", "jackknife", "bootstrap"])
def test_the_rule_says_what_the_bounds_are(bounds: str) -> None:
    made = spec(bounds=bounds, along="mean_income", nest=Level.BYDEL, compose="age")
    assert len({made.explain({}, lang) for lang in LANGS}) == 3
    table = made.analyse(given()).tables["measures"]
    gini = one(table, measure="gini", period="2016")
    assert gini["lower"] < gini["value"] < gini["upper"]


def test_an_indicator_without_figures_is_told() -> None:
    found = spec(periods=("1999",)).analyse(given())
    assert [f.code for f in found.findings] == ["inequality_no_figures"]
