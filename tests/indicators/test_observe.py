from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from pydantic import ValidationError

from nabolag.core import Severity, Unit
from nabolag.core.columns import OBSERVATION_KEY
from nabolag.geography import empty_register
from nabolag.indicators import BindingSpec, Part, observe
from nabolag.store.frames import OBSERVATIONS
from tests.indicators.make import TOWN, cells, indicator, one, register

SHARE = {"x": indicator("x")}
COUNT = {"x": indicator("x", Unit.COUNT)}
PRICE = {"x": indicator("x", Unit.NOK)}


def ratio(**more):
    parts = {"numerator": Part(measure="n"), "denominator": Part(measure="d")}
    return BindingSpec(**{"id": "x", "source": "s", **parts, **more})


def value(**more):
    return BindingSpec(**{"id": "x", "source": "s", "value": Part(measure="v"), **more})


def run(binding, frame, catalogue, places=None, **sources):
    bindings = binding if isinstance(binding, list) else [binding]
    places = places or register(TOWN)
    return observe(bindings, {"s": frame, **sources}, catalogue, places, "2019")


def codes(seen):
    return [finding.code for finding in seen.findings]


BASE = [
    ("0101", "2018", "n", 10), ("0101", "2018", "d", 100),
    ("0102", "2018", "n", 30), ("0102", "2018", "d", 200),
    ("0201", "2018", "n", 50), ("0201", "2018", "d", 100),
]  # fmt: skip


def test_shares_keep_numerator_and_denominator_and_are_summed_from_them():
    seen = run(ratio(), cells(BASE), SHARE)
    assert one(seen.observations, "delbydel:0102")["value"] == 0.15
    district = one(seen.observations, "bydel:030101")
    assert (district["numerator"], district["denominator"]) == (40, 300)
    assert district["value"] == 40 / 300  # not (0.10 + 0.15) / 2
    assert one(seen.observations, "kommune:0301")["value"] == 90 / 400
    assert seen.findings == ()


def test_observations_have_the_schema_and_one_row_a_key():
    got = run(ratio(), cells(BASE), SHARE).observations
    assert dict(got.schema) == OBSERVATIONS
    assert got.select(OBSERVATION_KEY).is_unique().all()
    assert set(got["geography"]) == {"2019"}
    assert set(got["source"]) == {"s"}


def test_a_hidden_part_hides_every_sum_of_it():
    rows = [r if r[:3] != ("0101", "2018", "n") else (*r[:3], "suppressed_primary") for r in BASE]
    got = run(ratio(), cells(rows), SHARE).observations
    for area in ("delbydel:0101", "bydel:030101", "kommune:0301"):
        row = one(got, area)
        assert row["status"] == "suppressed_primary"
        assert row["reason"] == "producer"
        assert row["value"] is row["numerator"] is row["denominator"] is None
    assert one(got, "delbydel:0101")["mark"] == ":"
    assert one(got, "bydel:030102")["status"] == "value"


def test_an_area_nobody_lives_in_is_not_applicable_and_does_not_spoil_the_sum():
    rows = [*BASE[:4], ("0201", "2018", "n", 0), ("0201", "2018", "d", 0)]
    got = run(ratio(), cells(rows), SHARE).observations
    assert one(got, "delbydel:0201")["status"] == "not_applicable"
    assert one(got, "delbydel:0201")["value"] is None
    assert one(got, "bydel:030102")["status"] == "not_applicable"
    assert one(got, "kommune:0301")["value"] == 40 / 300


def test_an_area_the_file_does_not_speak_of_is_missing_and_so_is_the_whole():
    seen = run(ratio(), cells(BASE[:4]), SHARE)
    assert one(seen.observations, "delbydel:0201")["status"] == "missing"
    assert one(seen.observations, "kommune:0301")["status"] == "missing"
    assert one(seen.observations, "bydel:030101")["status"] == "value"
    finding = next(f for f in seen.findings if f.code == "areas_without_figures")
    assert finding.examples == ("delbydel:0201",)


def test_an_area_that_was_not_there_yet_is_not_waited_for():
    dates = {
        "delbydel:0201": {"valid_from": date(2019, 1, 1)},
        "delbydel:0102": {"valid_to": date(2019, 1, 1)},
    }
    places = register(TOWN, dates)
    got = run(ratio(), cells(BASE[:4]), SHARE, places).observations
    assert got.filter(pl.col("area") == "0201").is_empty()
    assert one(got, "kommune:0301")["value"] == 40 / 300
    later = [(a, "2019", m, v) for a, _, m, v in (*BASE[:2], *BASE[4:])]
    got = run(ratio(), cells(later), SHARE, places).observations
    assert one(got, "kommune:0301")["value"] == 60 / 200


def test_retired_and_shapeless_areas_are_summed_when_there_and_not_waited_for():
    places = register({**TOWN, "delbydel:9999": "kommune:0301"}, shapeless=["delbydel:9999"])
    assert (
        one(run(ratio(), cells(BASE), SHARE, places).observations, "kommune:0301")["value"]
        == 90 / 400
    )
    more = [*BASE, ("9999", "2018", "n", 10), ("9999", "2018", "d", 10)]
    assert (
        one(run(ratio(), cells(more), SHARE, places).observations, "kommune:0301")["value"]
        == 100 / 410
    )


def test_a_blank_cell_of_an_area_that_is_no_more_is_left_out_and_told():
    dates = {"delbydel:0102": {"valid_to": date(2018, 1, 1)}}
    places = register({**TOWN, "delbydel:0199": "kommune:0301"}, dates, retired=["delbydel:0199"])
    blank = [(a, "2018", m, "missing") for a in ("0102", "0199") for m in ("n", "d")]
    seen = run(ratio(), cells([*BASE[:2], *BASE[4:], *blank]), SHARE, places)
    assert set(seen.observations["area"]) == {"0101", "0201", "030101", "030102", "0301"}
    assert one(seen.observations, "kommune:0301")["value"] == 60 / 200
    finding = next(f for f in seen.findings if f.code == "areas_no_more")
    assert set(finding.examples) == {"delbydel:0102 2018", "delbydel:0199 2018"}
    hidden = [("0102", "2018", "n", "suppressed_primary"), ("0102", "2018", "d", 9)]
    seen = run(ratio(), cells([*BASE[:2], *BASE[4:], *hidden]), SHARE, places)
    assert one(seen.observations, "kommune:0301")["status"] == "suppressed_primary"


def test_an_area_outside_the_list_is_kept_and_said_to_be_in_no_sum():
    seen = run(ratio(), cells([*BASE, ("7777", "2018", "n", 1), ("7777", "2018", "d", 9)]), SHARE)
    assert one(seen.observations, "delbydel:7777")["value"] == 1 / 9
    assert one(seen.observations, "kommune:0301")["denominator"] == 400
    finding = next(f for f in seen.findings if f.code == "roll_up_unlinked")
    assert finding.examples == ("delbydel:7777",)
    assert "9" not in str(dict(finding.params))  # a small count is not told in a finding


def test_plain_values_are_never_summed():
    rows = [("0101", "2018", "v", 400_000), ("0102", "2018", "v", 500_000)]
    got = run(value(), cells(rows), PRICE).observations
    assert set(got["level"]) == {"delbydel"}
    assert one(got, "delbydel:0201")["status"] == "missing"


def test_a_mean_with_its_number_is_summed_by_weight():
    rows = [
        ("0101", "2018", "v", 40.0),
        ("0101", "2018", "d", 10),
        ("0102", "2018", "v", 46.0),
        ("0102", "2018", "d", 30),
    ]
    points = {"x": indicator("x", Unit.POINTS)}
    got = run(value(denominator=Part(measure="d")), cells(rows), points).observations
    district = one(got, "bydel:030101")
    assert district["value"] == pytest.approx((40 * 10 + 46 * 30) / 40)
    assert district["denominator"] == 40
    assert district["lower"] is None


def test_a_share_with_its_count_has_the_bounds_of_those_that_both_imply():
    rows = [
        ("0101", "2018", "v", 0.7397), ("0101", "2018", "n", 378),
        ("0102", "2018", "v", 0.0), ("0102", "2018", "n", 0),
    ]  # fmt: skip
    given = value(numerator=Part(measure="n"))
    got = run(given, cells(rows), SHARE).observations
    area = one(got, "delbydel:0101")
    whole = run(ratio(), cells([("0101", "2018", "n", 378), ("0101", "2018", "d", 511)]), SHARE)
    sure = one(whole.observations, "delbydel:0101")
    assert (area["lower"], area["upper"]) == pytest.approx((sure["lower"], sure["upper"]), abs=1e-4)
    assert area["denominator"] is None
    nobody = one(got, "delbydel:0102")
    assert (nobody["value"], nobody["lower"], nobody["upper"]) == (0.0, None, None)
    assert set(got["level"]) == {"delbydel"}  # nothing is summed of what is only implied
    without = run(value(numerator=Part(measure="n"), interval="none"), cells(rows), SHARE)
    assert without.observations["lower"].null_count() == without.observations.height


def test_a_mean_of_nobody_weighs_nothing():
    rows = [
        ("0101", "2018", "v", "not_applicable"),
        ("0101", "2018", "d", 0),
        ("0102", "2018", "v", 46.0),
        ("0102", "2018", "d", 30),
    ]
    got = run(
        value(denominator=Part(measure="d")), cells(rows), {"x": indicator("x", Unit.POINTS)}
    ).observations
    assert one(got, "delbydel:0101")["status"] == "not_applicable"
    assert one(got, "bydel:030101")["value"] == 46.0


def test_counts_are_summed_and_rates_are_per_thousand():
    got = run(value(value=Part(measure="n")), cells(BASE), COUNT).observations
    assert one(got, "kommune:0301")["value"] == 90
    rate = run(ratio(), cells(BASE), {"x": indicator("x", Unit.RATE)}).observations
    assert one(rate, "kommune:0301")["value"] == pytest.approx(225.0)


def test_sums_stop_at_the_municipality_unless_asked():
    places = register({**TOWN, "kommune:0301": "land:0"})
    assert "land" not in set(run(ratio(), cells(BASE), SHARE, places).observations["level"])
    asked = run(ratio(roll_up=("land",)), cells(BASE), SHARE, places).observations
    assert set(asked["level"]) == {"delbydel", "land"}
    assert one(asked, "land:0")["value"] == 90 / 400
    none = run(ratio(roll_up=()), cells(BASE), SHARE, places).observations
    assert set(none["level"]) == {"delbydel"}


def test_the_producers_own_figure_stands_before_a_sum_and_a_difference_is_told():
    rows = [*BASE, ("kommune:0301", "2018", "n", 92), ("kommune:0301", "2018", "d", 405)]
    seen = run(ratio(), cells(rows), SHARE)
    assert one(seen.observations, "kommune:0301")["denominator"] == 405
    assert "sum_differs_from_producer" in codes(seen)
    same = [*BASE, ("kommune:0301", "2018", "n", 90), ("kommune:0301", "2018", "d", 400)]
    assert "sum_differs_from_producer" not in codes(run(ratio(), cells(same), SHARE))


def test_what_the_producer_hides_of_the_whole_is_not_worked_out_from_the_parts():
    rows = [
        *BASE,
        ("kommune:0301", "2018", "n", "suppressed_primary"),
        ("kommune:0301", "2018", "d", 400),
    ]
    assert (
        one(run(ratio(), cells(rows), SHARE).observations, "kommune:0301")["status"]
        == "suppressed_primary"
    )


def test_what_the_producer_does_not_have_may_be_a_sum():
    rows = [*BASE, ("kommune:0301", "2018", "n", "missing"), ("kommune:0301", "2018", "d", 400)]
    assert one(run(ratio(), cells(rows), SHARE).observations, "kommune:0301")["value"] == 90 / 400


def test_a_value_the_producer_hides_is_hidden_though_its_counts_are_there():
    rows = [
        *BASE,
        ("0101", "2018", "v", "suppressed_primary"),
        ("0102", "2018", "v", 0.15),
        ("0201", "2018", "v", 0.5),
    ]
    got = run(ratio(value=Part(measure="v")), cells(rows), SHARE).observations
    assert one(got, "delbydel:0101")["status"] == "suppressed_primary"
    assert one(got, "bydel:030101")["status"] == "suppressed_primary"
    assert one(got, "bydel:030102")["value"] == 0.5


def test_a_stated_value_that_is_not_its_own_quotient_is_told():
    rows = [
        *BASE,
        ("0101", "2018", "v", 0.1),
        ("0102", "2018", "v", 0.25),
        ("0201", "2018", "v", 0.5),
    ]
    seen = run(ratio(value=Part(measure="v")), cells(rows), SHARE)
    finding = next(f for f in seen.findings if f.code == "stated_value_differs")
    assert finding.examples == ("delbydel:0102 2018",)
    assert one(seen.observations, "delbydel:0102")["value"] == 0.15


TYPES = [
    ("0101", "2018", "n", 5, "par"), ("0101", "2018", "n", 15, "enslig"),
    ("0102", "2018", "n", 8, "par"),
    ("0201", "2018", "n", 2, "par"), ("0201", "2018", "n", 6, "enslig"),
]  # fmt: skip


def of_type(**more):
    parts = {
        "numerator": Part(measure="n", where={"type": "enslig"}),
        "denominator": Part(measure="n"),
    }
    return BindingSpec(**{"id": "x", "source": "s", **parts, **more})


def test_a_category_without_a_cell_is_missing_until_it_is_declared_to_be_zero():
    strict = run(of_type(), cells(TYPES, "type"), SHARE).observations
    assert one(strict, "delbydel:0101")["value"] == 0.75
    assert one(strict, "delbydel:0102")["status"] == "missing"
    declared = run(of_type(absent="zero"), cells(TYPES, "type"), SHARE).observations
    assert one(declared, "delbydel:0102")["value"] == 0.0
    assert one(declared, "delbydel:0102")["denominator"] == 8
    assert one(declared, "kommune:0301")["value"] == 21 / 36


def test_an_empty_cell_is_zero_only_where_declared_and_a_mark_never_is():
    frame = cells(
        [
            ("0101", "2018", "v", "missing"),
            ("0102", "2018", "v", "missing"),
            ("0201", "2018", "v", 7),
        ]
    )
    frame = frame.with_columns(mark=pl.Series(["", "..", ""]))
    strict = run(value(), frame, COUNT)
    assert one(strict.observations, "delbydel:0101")["status"] == "missing"
    declared = run(value(blank="zero"), frame, COUNT)
    assert one(declared.observations, "delbydel:0101")["value"] == 0
    assert one(declared.observations, "delbydel:0102")["status"] == "missing"
    finding = next(f for f in declared.findings if f.code == "blank_read_as_zero")
    assert finding.count == 1


def test_zero_is_only_for_places_the_file_speaks_of():
    rows = [row for row in TYPES if row[0] != "0201"]
    got = run(of_type(absent="zero"), cells(rows, "type"), SHARE).observations
    assert one(got, "delbydel:0201")["status"] == "missing"


def test_a_category_of_another_year_is_not_waited_for():
    rows = [*TYPES[:2], ("0101", "2019", "n", 7, "par")]
    got = run(value(value=Part(measure="n")), cells(rows, "type"), COUNT).observations
    assert one(got, "delbydel:0101", period="2019")["value"] == 7


def test_groups_are_kept_apart_and_everybody_is_the_empty_group():
    rows = [
        ("0101", "2018", "v", 0.1, "alle", "0"), ("0101", "2018", "v", 0.2, "kvinner", "0"),
        ("0101", "2018", "v", 0.3, "kvinner", "1"), ("0101", "2018", "v", 0.4, "alle", "1"),
    ]  # fmt: skip
    binding = value(groups=("sex", "born"), everybody={"sex": "alle", "born": "0"})
    got = run(
        binding, cells(rows, "sex", "born"), SHARE, register({"delbydel:0101": "bydel:030101"})
    )
    assert {r["group"]: r["value"] for r in got.observations.iter_rows(named=True)} == {
        "": 0.1, "sex=kvinner": 0.2, "born=1;sex=kvinner": 0.3, "born=1": 0.4,
    }  # fmt: skip


def test_a_dimension_may_be_called_what_we_call_a_column():
    rows = [("0101", "2018", "v", 3, "a", "b"), ("0101", "2018", "v", 4, "a", "c")]
    got = run(value(), cells(rows, "group", "rank"), COUNT).observations
    assert one(got, "delbydel:0101")["value"] == 7


def test_per_cent_is_scaled_or_else_refused():
    rows = [("0101", "2018", "v", 26.3), ("0102", "2018", "v", 28.36), ("0201", "2018", "v", 40)]
    seen = run(value(), cells(rows), SHARE)
    finding = next(f for f in seen.findings if f.code == "share_above_one")
    assert finding.severity is Severity.ERROR
    assert "0.01" in finding.text("nb")
    scaled = run(value(scale=0.01), cells(rows), SHARE)
    assert scaled.findings == ()
    assert one(scaled.observations, "delbydel:0101")["value"] == pytest.approx(0.263)


def test_per_cent_scaled_twice_is_told():
    rows = [(f"01{i:02d}", "2018", "v", 0.26 + i / 100) for i in range(6)]
    assert "share_very_small" in codes(run(value(scale=0.01), cells(rows), SHARE, empty_register()))


def test_a_numerator_above_its_denominator_is_told_and_has_no_bounds():
    seen = run(ratio(), cells([("0101", "2018", "n", 7), ("0101", "2018", "d", 6)]), SHARE)
    assert "numerator_above_denominator" in codes(seen)
    assert one(seen.observations, "delbydel:0101")["upper"] is None


def test_a_negative_count_is_refused():
    seen = run(value(), cells([("0101", "2018", "v", -999)]), COUNT)
    assert [f.severity for f in seen.findings if f.code == "figure_negative"] == [Severity.ERROR]


@pytest.mark.parametrize(
    ("binding", "code"),
    [
        (ratio(id="y"), "indicator_unknown"),
        (ratio(source="t"), "binding_source_unknown"),
        (ratio(numerator=Part(measure="m")), "binding_measure_absent"),
        (ratio(groups=("sex",)), "binding_dimension_absent"),
        (ratio(numerator=Part(measure="n", where={"sex": "1"})), "binding_dimension_absent"),
        (of_type(numerator=Part(measure="n", where={"type": "Par"})), "binding_value_absent"),
    ],
)
def test_a_binding_that_fits_nothing_is_an_error_and_gives_nothing(binding, code):
    frame = cells(TYPES, "type") if "type" in str(binding) else cells(BASE)
    seen = run(binding, frame, SHARE)
    finding = next(f for f in seen.findings if f.code == code)
    assert finding.severity is Severity.ERROR
    assert finding.text("nn") != finding.text("nb")
    assert seen.observations.is_empty()


def test_a_count_is_one_value():
    for binding in (ratio(), value(value=Part(measure="n"), denominator=Part(measure="d"))):
        assert "binding_count_needs_value" in codes(run(binding, cells(BASE), COUNT))


def test_means_are_not_added_over_categories():
    rows = [("0101", "2018", "v", 400_000, "par"), ("0101", "2018", "v", 300_000, "enslig")]
    seen = run(value(), cells(rows, "type"), PRICE)
    finding = next(f for f in seen.findings if f.code == "binding_not_additive")
    assert finding.params["dimensions"] == "type"
    both = Part(measure="v", where={"type": ("par", "enslig")})
    assert "binding_not_additive" in codes(run(value(value=both), cells(rows, "type"), PRICE))
    chosen = Part(measure="v", where={"type": "par"})
    seen = run(value(value=chosen), cells(rows, "type"), PRICE, empty_register())
    assert one(seen.observations, "delbydel:0101")["value"] == 400_000


def test_shares_of_one_whole_are_added_only_where_the_categories_are_named():
    rows = [
        ("0101", "2018", "v", 0.5, "eier"),
        ("0101", "2018", "v", 0.2, "andel"),
        ("0101", "2018", "v", 0.3, "leier"),
    ]
    owners = Part(measure="v", where={"tenure": ("eier", "andel")})
    got = run(value(value=owners), cells(rows, "tenure"), SHARE).observations
    assert one(got, "delbydel:0101")["value"] == pytest.approx(0.7)
    assert "binding_not_additive" in codes(run(value(), cells(rows, "tenure"), SHARE))


def test_two_sources_need_a_precedence():
    old = cells([("0101", "2018", "v", 0.2), ("0102", "2018", "v", 0.2)])
    new = cells([("0101", "2018", "v", 0.3)])
    seen = run([value(), value(source="t")], old, SHARE, t=new)
    finding = next(f for f in seen.findings if f.code == "precedence_absent")
    assert finding.severity is Severity.ERROR
    assert finding.examples == ("delbydel:0101 2018",)
    ordered = [value(precedence=2), value(source="t", precedence=1)]
    seen = run(ordered, old, SHARE, t=new)
    assert "precedence_absent" not in codes(seen)
    assert one(seen.observations, "delbydel:0101")["source"] == "t"
    assert one(seen.observations, "delbydel:0102")["source"] == "s"


def test_two_sources_for_different_places_need_none():
    old, new = cells([("0101", "2018", "v", 0.2)]), cells([("kommune:0301", "2018", "v", 0.3)])
    seen = run([value(), value(source="t")], old, SHARE, t=new)
    assert "precedence_absent" not in codes(seen)
    assert one(seen.observations, "kommune:0301")["value"] == 0.3


def test_what_the_first_source_hides_is_not_taken_from_the_second():
    hidden, open_ = (
        cells([("0101", "2018", "v", "suppressed_primary")]),
        cells([("0101", "2018", "v", 0.3)]),
    )
    seen = run([value(precedence=1), value(source="t", precedence=2)], hidden, SHARE, t=open_)
    assert one(seen.observations, "delbydel:0101")["status"] == "suppressed_primary"


def test_levels_limit_what_is_read():
    rows = [*BASE, ("kommune:0301", "2018", "n", 92), ("kommune:0301", "2018", "d", 405)]
    got = run(ratio(levels=("delbydel",)), cells(rows), SHARE).observations
    assert one(got, "kommune:0301")["denominator"] == 400


def test_the_order_of_rows_does_not_matter():
    frame = cells(TYPES, "type")
    straight = run(of_type(absent="zero"), frame, SHARE).observations
    turned = run(of_type(absent="zero"), frame.reverse(), SHARE).observations
    assert straight.equals(turned)


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "x", "source": "s"},
        {"id": "x", "source": "s", "numerator": {"measure": "n"}},
        {"id": "x", "source": "s", "value": {"measure": "v", "where": {"area": "0101"}}},
        {"id": "x", "source": "s", "value": {"measure": "v"}, "everybody": {"sex": "alle"}},
        {"id": "x", "source": "s", "value": {"measure": "v"}, "background": ["origin"]},
        {"id": "x", "source": "s", "value": {"measure": "v"}, "scale": 0},
    ],
)
def test_a_binding_that_contradicts_itself_is_refused(wrong):
    with pytest.raises(ValidationError):
        BindingSpec.model_validate(wrong)
