"""Ranks as a declared analysis: from protected figures to places, and what is refused."""

from __future__ import annotations

import polars as pl
import pytest
from pydantic import ValidationError

from nabolag.analysis.method import Given
from nabolag.analysis.ranks import Ranks, rank_sets
from nabolag.core import LANGS, Level, UserError
from tests.support import sample


def given(observations: pl.DataFrame | None = None) -> Given:
    catalogue = {i.id: i for i in sample.INDICATORS}
    seen = sample.observations() if observations is None else observations
    return Given(seen, catalogue, sample.links(), sample.areas(), sample.shapes())


def ranks(**more: object) -> Ranks:
    wanted = {"id": "r", "level": Level.DELBYDEL, "indicators": ("crowded",), **more}
    return Ranks.model_validate(wanted)


def test_a_hidden_figure_has_no_place_and_is_told() -> None:
    found = ranks().analyse(given())
    table = found.tables["ranks"]
    assert set(table["period"]) == {"2017"}
    hidden = table.filter(pl.col("area") == "0202").row(0, named=True)
    assert (hidden["rank"], hidden["lower"], hidden["may_be_top"]) == (None, None, None)
    assert (hidden["status"], hidden["value"]) == ("missing", None)
    assert sorted(table["rank"].drop_nulls()) == [1, 2, 3, 4, 5]
    assert [finding.code for finding in found.findings] == ["ranks_unknown"]
    (one,) = found.facts["sets"]
    assert (one["ranked"], one["unknown"], one["no_error"]) == (5, 1, 0)


def test_the_table_holds_the_places_of_the_method() -> None:
    table = ranks(indicators=("tenants",)).analyse(given()).tables["ranks"]
    sets = rank_sets(table["value"].to_numpy(), table["error"].to_numpy())
    for name in ("rank", "lower", "upper", "all_lower", "all_upper"):
        assert table[name].to_list() == getattr(sets, name).tolist()
    assert (table["all_lower"] <= table["rank"]).all()
    assert (table["rank"] <= table["upper"]).all()


def test_a_number_under_a_hidden_status_is_not_used() -> None:
    """However it got there."""
    leaking = sample.observations().with_columns(
        pl.when(pl.col("area") == "0202").then(0.99).otherwise(pl.col("value")).alias("value"),
        pl.when(pl.col("area") == "0202").then(0.9).otherwise(pl.col("lower")).alias("lower"),
        pl.when(pl.col("area") == "0202").then(1.0).otherwise(pl.col("upper")).alias("upper"),
    )
    table = ranks().analyse(given(leaking)).tables["ranks"]
    assert table.filter(pl.col("area") == "0202")["rank"].to_list() == [None]


def test_low_first_is_high_first_read_from_behind() -> None:
    high = ranks(first="high").analyse(given()).tables["ranks"].drop_nulls("rank")
    low = ranks(first="low").analyse(given()).tables["ranks"].drop_nulls("rank")
    assert (high["rank"] + low["rank"] == high.height + 1).all()


def test_where_the_error_comes_from_is_said() -> None:
    both = ranks().analyse(given()).tables["ranks"].drop_nulls("rank")
    assert set(both["basis"]) == {"bounds"}
    counts = ranks(basis=("counts",)).analyse(given()).tables["ranks"].drop_nulls("rank")
    assert set(counts["basis"]) == {"counts"}
    # The sample's bounds are the ordinary ones, which counts come close to.
    assert (counts["error"] / both["error"]).is_between(0.9, 1.1).all()


def test_income_without_bounds_has_no_place_and_is_told() -> None:
    found = ranks(indicators=("mean_income",)).analyse(given())
    assert found.tables["ranks"]["rank"].null_count() == 6
    assert {f.code: f.count for f in found.findings} == {"ranks_unknown": 1, "ranks_no_error": 5}


def test_background_and_the_unknown_are_refused() -> None:
    with pytest.raises(UserError) as wrong:
        ranks(indicators=("immigrants", "nothing")).analyse(given())
    assert [f.code for f in wrong.value.findings] == [
        "analysis_background", "analysis_unknown_indicator",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "more",
    [{"indicators": ()}, {"indicators": ("crowded", "crowded")}, {"confidence": 1.0},
     {"draws": 10}, {"periods": ("last year",)}, {"basis": ()}, {"top": 0}],
)  # fmt: skip
def test_a_specification_checks_itself(more: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ranks(**more)


def test_the_rule_names_its_parameters_in_every_language() -> None:
    spec = ranks(confidence=0.9, draws=500, seed=7, top=3)
    for lang in LANGS:
        said = spec.explain({}, lang)
        assert all(part in said for part in ("90", "500", "7", "3", "Mogstad"))


def test_no_figures_at_all_is_told() -> None:
    found = ranks(periods=("1999",)).analyse(given())
    assert found.tables["ranks"].is_empty()
    assert [finding.code for finding in found.findings] == ["ranks_no_figures"]
