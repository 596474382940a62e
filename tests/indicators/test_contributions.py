"""Who stands behind amounts: at every level, whichever way it is known."""

from __future__ import annotations

from collections import defaultdict

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from nabolag.core import LANGS, Severity, Unit
from nabolag.geography.dated.recoder import Recoder
from nabolag.indicators import BindingSpec, Part, contributions, observe
from nabolag.store.frames import CONTRIBUTIONS
from tests.geography.dated.country import LEVEL
from tests.geography.dated.test_recode import way
from tests.geography.places import speaks
from tests.indicators.make import TOWN, cells, indicator, one, register

SPENDING = {"x": indicator("x", Unit.NOK)}
PLACES = register(TOWN | {"delbydel:0301": "custom:mine", "delbydel:0302": "custom:mine"})


def kroner(**more):
    parts = {"value": Part(measure="kr")}
    return BindingSpec(**{"id": "x", "source": "s", "contributors": "school", **parts, **more})


def per_pupil(**more):
    parts = {"numerator": Part(measure="kr"), "denominator": Part(measure="pupils")}
    return BindingSpec(**{"id": "x", "source": "s", "contributors": "school", **parts, **more})


def had(*rows: tuple[str, str, float]) -> pl.DataFrame:
    """Cells of (area, school, kroner)."""
    return cells([(area, "2023", "kr", amount, school) for area, school, amount in rows], "school")


BASE = had(
    ("0101", "a", 90), ("0101", "b", 10), ("0102", "b", 30), ("0102", "c", 40), ("0201", "d", 50)
)  # fmt: skip


def run(binding, frame, places=PLACES, catalogue=SPENDING, recoders=None):
    bindings = binding if isinstance(binding, list) else [binding]
    seen = observe(bindings, {"s": frame}, catalogue, places, "2019", recoders)
    assert not [f for f in seen.findings if f.severity is Severity.ERROR], seen.findings
    found, noticed = contributions(bindings, {"s": frame}, seen.observations, places, recoders)
    return seen.observations, found, noticed


def of(found: pl.DataFrame, area: str, group: str = "") -> dict[str, float]:
    level, code = area.split(":")
    rows = found.filter(level=level, area=code, group=group).select("contributor", "amount")
    return dict(rows.iter_rows())


ZERO = {"absent": "zero"}


def test_contributors_of_an_area_are_those_of_its_parts_and_one_in_two_parts_is_one():
    observations, found, noticed = run(kroner(**ZERO), BASE)
    assert of(found, "delbydel:0101") == {"a": 90.0, "b": 10.0}
    assert of(found, "bydel:030101") == {"a": 90.0, "b": 40.0, "c": 40.0}
    assert of(found, "kommune:0301") == {"a": 90.0, "b": 40.0, "c": 40.0, "d": 50.0}
    assert found.schema == pl.Schema(CONTRIBUTIONS)
    assert noticed == ()
    town = one(observations, "kommune:0301")
    assert (town["value"], town["numerator"], town["denominator"]) == (220.0, 220.0, None)


def test_areas_of_ones_own():
    places = register(TOWN | {"delbydel:0101": "custom:mine", "delbydel:0102": "custom:mine"})
    _, found, _ = run(kroner(**ZERO), BASE, places)
    assert of(found, "custom:mine") == {"a": 90.0, "b": 40.0, "c": 40.0}


def test_the_amounts_of_a_quotient_are_its_numerator():
    rows = [
        ("0101", "2023", "kr", 900, "a"), ("0101", "2023", "pupils", 30, "a"),
        ("0102", "2023", "kr", 600, "b"), ("0102", "2023", "pupils", 20, "b"),
        ("0201", "2023", "kr", 100, "a"), ("0201", "2023", "pupils", 10, "a"),
    ]  # fmt: skip
    observations, found, _ = run(per_pupil(**ZERO), cells(rows, "school"))
    assert of(found, "kommune:0301") == {"a": 1000.0, "b": 600.0}
    assert one(observations, "kommune:0301")["value"] == pytest.approx(1600 / 60)


def test_scale_groups_where_and_levels_are_those_of_the_binding():
    rows = [
        ("0101", "2023", "kr", 9, "a", "gift", "run"), ("0101", "2023", "kr", 1, "b", "tax", "run"),
        ("0101", "2023", "kr", 5, "a", "gift", "build"), ("bydel:030101", "2023", "kr", 7, "a", "tax", "run"),
    ]  # fmt: skip
    frame = cells(rows, "school", "from", "for")
    binding = kroner(
        value=Part(measure="kr", where={"for": "run"}), groups=("from",), scale=1000.0,
        levels=("delbydel",), roll_up=(), **ZERO,
    )  # fmt: skip
    _, found, _ = run(binding, frame)
    assert of(found, "delbydel:0101", "from=gift") == {"a": 9000.0}
    assert of(found, "delbydel:0101", "from=tax") == {"b": 1000.0}
    assert set(found["level"]) == {"delbydel"}


def test_one_without_a_name_is_one_of_its_own():
    frame = BASE.with_columns(pl.when(pl.col("school") != "a").then(pl.col("school")))
    _, found, _ = run(kroner(**ZERO), frame)
    assert of(found, "delbydel:0101") == {"": 90.0, "b": 10.0}


def test_a_total_that_the_file_gives_tells_less_than_the_parts_that_make_it():
    """The municipality stands in the file too, with one row for «all»."""
    whole = pl.concat([BASE, had(("kommune:0301", "all", 220))])
    _, found, _ = run(kroner(**ZERO), whole)
    assert of(found, "kommune:0301") == {"a": 90.0, "b": 40.0, "c": 40.0, "d": 50.0}
    other = pl.concat([BASE, had(("kommune:0301", "all", 300))])
    _, found, _ = run(kroner(**ZERO), other)
    assert of(found, "kommune:0301") == {"all": 300.0}  # the parts are not all there is


def test_a_figure_without_a_number_has_no_contributors():
    hidden = cells(
        [("0101", "2023", "kr", "suppressed_primary", "a"), ("0101", "2023", "kr", 9, "b"),
         ("0102", "2023", "kr", 7, "c"), ("0201", "2023", "kr", 8, "d")], "school",
    )  # fmt: skip
    _, found, _ = run(kroner(**ZERO), hidden)
    assert set(found["area"]) == {"0102", "0201", "030102"}


def test_indicators_without_contributors_have_none():
    observations, found, _ = run(
        BindingSpec(id="x", source="s", value=Part(measure="kr")), BASE.unique("area")
    )
    assert observations.height > 0
    assert found.is_empty()
    assert found.schema == pl.Schema(CONTRIBUTIONS)


SOME = st.lists(
    st.tuples(st.sampled_from(["0101", "0102", "0201"]), st.sampled_from("abcd"), st.integers(0, 99)),
    min_size=1, max_size=20,
)  # fmt: skip


@given(SOME, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_contributions_add_up_to_every_figure_in_whatever_order_rows_stand(rows, random):
    observations, found, _ = run(kroner(**ZERO), had(*rows))
    expected: dict[tuple[str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for area, school, amount in rows:
        bydel = TOWN[f"delbydel:{area}"]
        for place in (f"delbydel:{area}", bydel, TOWN[bydel]):
            expected[place][school] += amount
    for row in observations.filter(status="value").iter_rows(named=True):
        place = f"{row['level']}:{row['area']}"
        assert of(found, place) == expected[place], place
        assert sum(of(found, place).values()) == row["value"]
    random.shuffle(rows)
    assert run(kroner(**ZERO), had(*rows))[1].equals(found)


def test_in_other_borders_contributors_follow_the_areas_they_were_in():
    """0101 and 0102 became 0103: whoever was in either is in it, one in both with the sum."""
    rows = [("0101", "a", 90.0), ("0101", "b", 10.0), ("0102", "b", 30.0), ("0201", "c", 5.0)]
    frame = cells([(area, "2005", "kr", x, school) for area, school, x in rows], "school")
    frame = frame.with_columns(level=pl.lit(LEVEL))
    places = register(dict.fromkeys([f"{LEVEL}:0103", f"{LEVEL}:0301"], ""))
    recoder = Recoder(way(), "2005")
    observations, found, _ = run(kroner(roll_up=(), **ZERO), frame, places, recoders={"s": recoder})
    assert of(found, f"{LEVEL}:0103") == {"a": 90.0, "b": 40.0}
    assert of(found, f"{LEVEL}:0301") == {"c": 5.0}
    assert one(observations, f"{LEVEL}:0103")["value"] == 130.0


def test_a_divided_area_hands_its_contributors_on_by_weight():
    amounts = pl.DataFrame(
        {"level": [LEVEL] * 2, "area": ["0101", "0102"], "period": ["2005"] * 2,
         "group": ["", ""], "contributor": ["a", "a"], "amount": [60.0, 80.0]}
    )  # fmt: skip
    told = Recoder(way("2024"), "2005").amounts(amounts)
    assert told.columns == amounts.columns
    assert told["amount"].sum() == pytest.approx(140.0)
    assert told.filter(area="0104")["amount"].sum() == pytest.approx(98.0)


def problems(binding, frame=BASE, catalogue=SPENDING):
    return [f for f in observe([binding], {"s": frame}, catalogue, PLACES, "2019").findings
            if f.severity is Severity.ERROR]  # fmt: skip


@pytest.mark.parametrize(
    ("binding", "unit", "code"),
    [
        (kroner(contributors="skole"), Unit.NOK, "binding_dimension_absent"),
        (kroner(contributors="area"), Unit.NOK, "binding_dimension_absent"),
        (kroner(), Unit.COUNT, "contributors_not_an_amount"),
        (per_pupil(numerator=Part(measure="kr"), denominator=Part(measure="kr")), Unit.SHARE,
         "contributors_not_an_amount"),
        (kroner(), Unit.MEAN, "contributors_without_sum"),
        (kroner(denominator=Part(measure="kr")), Unit.NOK, "contributors_without_sum"),
    ],
)  # fmt: skip
def test_what_is_refused_and_why(binding, unit, code):
    found = problems(binding, catalogue={"x": indicator("x", unit)})
    assert speaks(tuple(found)) == [code]
    assert all("contributors" in found[0].text(lang) for lang in LANGS)


@pytest.mark.parametrize(
    "wrong",
    [{"groups": ("school",)}, {"value": Part(measure="kr", where={"school": "a"})}],
)
def test_a_dimension_that_is_kept_apart_or_chosen_from_has_no_sum(wrong):
    with pytest.raises(ValidationError, match="contributors names school"):
        kroner(**wrong)


def test_amounts_below_nothing_stop_the_build_where_dominance_is_asked():
    frame = had(("0101", "a", 90), ("0101", "b", -10), ("0102", "b", 30), ("0201", "d", 50))
    seen = observe([kroner(**ZERO)], {"s": frame}, SPENDING, PLACES, "2019")
    _, (found,) = contributions([kroner(**ZERO)], {"s": frame}, seen.observations, PLACES)
    assert speaks((found,)) == ["contributors_negative"]
    assert found.severity is Severity.ERROR
    assert found.examples == ("delbydel:0101 2023",)
    for lang in LANGS:
        assert "10" not in found.text(lang).replace("0101", "")  # an amount is nobody's business


def test_a_refund_within_what_a_contributor_has_is_no_trouble():
    frame = had(("0101", "a", 90), ("0101", "a", -10), ("0102", "b", 30), ("0201", "d", 50))
    _, found, noticed = run(kroner(**ZERO), frame)
    assert of(found, "delbydel:0101") == {"a": 80.0}
    assert noticed == ()


def test_prices_are_still_not_added_up():
    plain = BindingSpec(id="x", source="s", value=Part(measure="kr"))
    assert [f.code for f in problems(plain)] == ["binding_not_additive"]
