"""The catalogue: every table of the report is there, names what it rests on, and can be asked."""

from __future__ import annotations

import pytest

from nabolag.core import LANGS, UserError
from nabolag.spending import named_model, named_models, uses_background, variables

TABLES = [
    *(f"table-{n:02d}" for n in range(2, 26)),
    *(f"table-a{n}" for n in range(1, 13)),
    *(f"table-b{n}" for n in range(1, 11)),
]


def test_tables_2_to_25_a1_to_a12_and_b1_to_b10_are_there_in_the_reports_order():
    assert list(named_models()) == TABLES


def test_there_are_as_many_columns_as_the_report_prints():
    assert sum(len(spec.columns) for spec in named_models().values()) == 249


@pytest.mark.parametrize("model", TABLES)
def test_every_variable_has_a_name_and_every_table_lines_and_choices(model):
    spec = named_model(model)
    named = variables()
    assert all(name in named for c in spec.columns for name in (c.outcome, *c.variables))
    assert spec.lines.startswith("L")
    assert spec.main
    assert any(choice.stated for choice in spec.choices)
    assert any(not choice.stated for choice in spec.choices)
    assert all(choice.lines for choice in spec.choices if choice.stated)
    assert all(choice.text.in_(lang) for choice in spec.choices for lang in LANGS)


def test_the_four_columns_of_the_school_panel():
    """Plain, school type, size, municipality fixed effects (L1373–1385)."""
    plain, kind, size, within = named_model("table-02").columns
    assert plain.terms == ("analysis_area",)
    assert set(kind.terms) - set(plain.terms) == {
        "lower_secondary_school",
        "combined_school",
        "share_grade1_4_pupils",
    }
    assert set(size.terms) - set(kind.terms) == {"pupils"}
    assert within.terms == size.terms
    assert (within.fixed_effects, within.cluster) == (("municipality",), "municipality")
    assert {column.years for column in (plain, kind, size, within)} == {(2015, 2018)}


def test_one_indicator_at_a_time_and_then_all():
    columns = named_model("table-21").columns
    ages = ("share_age_0_15", "share_age_67plus")
    assert all(column.terms[:2] == ages for column in columns)
    single = [column.terms[2:] for column in columns[:4]]
    assert all(len(one) == 1 for one in single)
    assert set(columns[4].terms[2:]) == {one for (one,) in single}
    assert all(column.year_dummies and column.cluster == "unit" for column in columns)


def test_samples_grow_from_cities_to_all_municipalities():
    groups = [column.where["area_group"] for column in named_model("table-a7").columns]
    assert groups[::3] == [("city",), ("city", "large"), ("city", "large", "other")]


def test_the_norm_is_told_before_after_and_by_a_product():
    before, after, both = named_model("table-b2").columns
    assert (before.years, after.years, both.years) == ((2016, 2017), (2018, 2018), (2016, 2018))
    assert "expected_scale_points:post_norm" in both.terms
    assert named_model("table-b2").main[0] == "expected_scale_points:post_norm"


def test_tables_with_background_are_known():
    assert uses_background(named_model("table-14"))
    assert not uses_background(named_model("table-02"))
    assert uses_background(named_model("table-23"))


def test_columns_can_be_left_out_and_the_main_terms_with_them():
    some = named_model("table-14").only((1, 2))
    assert some.main == ("share_low_income", "share_single_parent")
    assert not uses_background(some)
    with pytest.raises(IndexError):
        named_model("table-14").only((6,))


def test_a_model_nobody_knows_is_told_with_the_nearest():
    with pytest.raises(UserError, match="table-02"):
        named_model("table-2")


def _printed_term(table: str, term: str) -> str:
    """Return what the catalogue calls a term of the printed tables."""
    lower = table in ("B4", "B7")
    points = "expected_scale_points_lower_sec" if lower else "expected_scale_points"
    return {
        "expected_scale_points": points,
        "expected_scale_points_g5": points,
        "expected_scale_points_primary": points,
        "expected_scale_points_x_post": f"{points}:post_norm",
        "analysis_area_with_area_initiative": "analysis_area:area_initiative",
    }.get(term, term)


@pytest.mark.parametrize("model", TABLES)
def test_each_column_has_the_terms_and_effects_that_are_printed(model):
    from nabolag.spending.printed import report

    spec, printed = named_model(model), report().table(model)
    assert len(printed.columns) == len(spec.columns)
    for column in printed.columns:
        terms = {c.key.term for c in printed.cells if c.key.model == column.model} - {"const"}
        ours = spec.columns[column.model - 1]
        assert {_printed_term(printed.id, term) for term in terms} == set(ours.terms)
        assert bool(ours.fixed_effects) == (column.estimator == "fixed")


@pytest.mark.parametrize("model", TABLES)
def test_the_lines_are_those_of_the_printed_table(model):
    from nabolag.spending.printed import report

    lines = report().table(model).lines
    assert lines is not None
    assert named_model(model).lines == f"L{lines[0]}–L{lines[1]}"
