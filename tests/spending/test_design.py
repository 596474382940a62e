"""What is refused before anything is estimated, and what is told of what was left out."""

from __future__ import annotations

import polars as pl
import pytest

from nabolag.core import UserError
from nabolag.spending import Inference, Regression
from nabolag.spending.derive import challenge_count, with_derived
from nabolag.spending.design import design_of
from tests.spending.made import panel


def _refused(frame: pl.DataFrame, **asked: object) -> tuple[str, str]:
    regression = Regression.model_validate({"outcome": "y", "terms": ("x",), **asked})
    with pytest.raises(UserError) as wrong:
        design_of(frame, regression, Inference())
    finding = wrong.value.findings[0]
    return finding.code, finding.text("nb")


def test_a_column_that_is_not_there_is_named_with_the_nearest():
    code, text = _refused(panel().rename({"x": "x_share"}), terms=("x_shar",))
    assert code == "spending_column_absent"
    assert "x_share" in text


def test_text_in_a_variable_is_named_with_row_and_column():
    frame = panel().with_columns(x=pl.col("x").cast(pl.String))
    frame[2, "x"] = "12,4,1"
    code, text = _refused(frame)
    assert code == "spending_not_a_number"
    assert "12,4,1" in text
    assert "rad 3" in text
    assert "kolonne «x»" in text


@pytest.mark.parametrize(
    ("variable", "factor", "code"),
    [
        ("share_low_income", 0.01, "spending_fraction_given"),
        ("share_low_income", 3.0, "spending_per_cent_expected"),
        ("qualified_share", 1.0, "spending_fraction_expected"),
        ("analysis_area", 1.0, "spending_flag_expected"),
    ],
)
def test_the_wrong_unit_is_refused(variable, factor, code):
    low, high = panel()["x"].min(), panel()["x"].max()
    scaled = (pl.col("x") - low) / (high - low) * 90 * factor
    assert _refused(panel().with_columns(scaled.alias(variable)), terms=(variable,))[0] == code


def test_rows_that_lack_a_value_are_counted_by_column():
    frame = panel()
    frame[0, "x"] = None
    frame[1, "y"] = None
    design = design_of(frame, Regression(outcome="y", terms=("x",)), Inference())
    assert design.n == frame.height - 2
    assert dict(design.left_out) == {"y": 1, "x": 1, "": 2}
    assert design.findings[0].code == "spending_rows_left_out"
    assert design.findings[0].count == 2


def test_a_missing_value_is_never_a_zero():
    frame = panel().with_columns(x=pl.when(pl.col("unit") < 5).then(None).otherwise("x"))
    design = design_of(frame, Regression(outcome="y", terms=("x",)), Inference())
    assert design.n == frame.filter(pl.col("unit") >= 5).height


def test_rows_alone_in_an_effect_are_left_out_and_told():
    frame = panel().with_columns(
        municipality=pl.when(pl.col("unit") == 3, pl.col("year") == 2015)
        .then(pl.lit("9999"))
        .otherwise("municipality")
    )
    regression = Regression(outcome="y", terms=("x",), fixed_effects=("municipality",))
    design = design_of(frame, regression, Inference())
    assert design.n == frame.height - 1
    assert [f.code for f in design.findings] == ["spending_singletons"]


def test_too_few_rows_are_refused_since_units_could_be_solved_for():
    assert _refused(panel(municipalities=2, schools=2, years=2))[0] == "spending_too_few_rows"


def test_a_yes_for_one_unit_is_refused_since_the_coefficient_would_be_it():
    frame = panel().with_columns(area_initiative=(pl.col("unit") == 4).cast(pl.Float64))
    code, text = _refused(frame, terms=("x", "area_initiative"))
    assert code == "spending_thin_side"
    assert "bare én enhet" in text


def test_rows_that_nobody_asked_for_are_not_there():
    assert _refused(panel(), where={"municipality": ("0301",)})[0] == "spending_no_rows"
    design = design_of(
        panel(),
        Regression(outcome="y", terms=("x",), where={"analysis_area": (1,)}, years=(2016, 2017)),
        Inference(),
    )
    assert design.years == (2016, 2017)
    assert design.n == panel().filter(
        pl.col("analysis_area") == 1, pl.col("year").is_between(2016, 2017)
    ).height  # fmt: skip


def test_variables_are_made_of_others_where_they_are_not_given():
    frame = pl.DataFrame(
        {
            "year": [2016, 2018, 2018, 2018],
            "share_immigrants": [10.0, 20.0, 30.0, 40.0],
            "share_low_income": [8.0, 8.0, 9.0, 30.0],
            "share_single_parent": [1.0, 4.0, 2.0, 3.0],
            "share_low_education": [5.0, None, 6.0, 50.0],
        }
    )
    made = with_derived(frame, ("post_norm", "ses_index", "n_challenges_2_3", "n_challenges_1"))
    assert made["post_norm"].to_list() == [0, 1, 1, 1]
    assert made["ses_index"].to_list() == [6.0, None, 11.75, 30.75]
    assert made["n_challenges_2_3"].to_list() == [0, None, 0, 1]
    assert with_derived(made.with_columns(post_norm=pl.lit(7)), ("post_norm",))["post_norm"][0] == 7


def test_rows_level_with_the_line_are_above_it():
    frame = pl.DataFrame({"a": [1.0, 2.0, 3.0, 3.0], "b": [0.0, 0.0, 0.0, 0.0]})
    assert frame.select(challenge_count(["a", "b"])).to_series().to_list() == [1, 1, 2, 2]
