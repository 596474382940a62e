from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from nabolag.core import Kind, Level, Status, Unit, Worse
from nabolag.disclosure import DEFAULT_RULE, DisclosureRule, protect, rule_for
from nabolag.disclosure.words import reason_text
from nabolag.store import conform
from nabolag.store.frames import LINKS, OBSERVATIONS
from tests.indicators.make import indicator

CATALOGUE = {
    "poor": indicator("poor"),
    "safe": indicator("safe", kind=Kind.ASSET, worse=Worse.LOW),
    "born": indicator("born", kind=Kind.BACKGROUND, worse=Worse.NEITHER),
    "people": indicator("people", Unit.COUNT, worse=Worse.NEITHER),
    "events": indicator("events", Unit.RATE),
    "price": indicator("price", Unit.NOK_PER_M2, worse=Worse.NEITHER),
    "income": indicator("income", Unit.NOK, worse=Worse.LOW),
    "small": indicator("small", minimum_level=Level.BYDEL),
}

#: Areas that nothing links to one another.
APART = pl.DataFrame(schema=LINKS)


def row(iid="poor", numerator=None, denominator=None, value=None, **more):
    unit = CATALOGUE[iid].unit
    if value is None and numerator is not None and denominator:
        value = numerator / denominator * (1000 if unit is Unit.RATE else 1)
    return {
        "level": "delbydel", "area": "0101", "geography": "2019", "indicator": iid,
        "period": "2018", "group": "", "value": value, "numerator": numerator,
        "denominator": denominator, "lower": value, "upper": value, "status": "value",
        "reason": "", "mark": "", "source": "s", **more,
    }  # fmt: skip


def frame(*rows):
    return conform(pl.DataFrame(list(rows), infer_schema_length=None), OBSERVATIONS)


def after(given_row, *rules):
    return protect(frame(given_row), rules, CATALOGUE, APART).observations.row(0, named=True)


def test_where_nothing_is_declared_five_holds_for_everything():
    assert (DEFAULT_RULE.numerator, DEFAULT_RULE.complement, DEFAULT_RULE.denominator) == (5, 5, 5)
    assert protect(frame(row(numerator=9.0, denominator=90.0)), [], CATALOGUE, APART).summary[
        "rules"
    ] == [DEFAULT_RULE.as_dict()]


@pytest.mark.parametrize(
    ("iid", "numerator", "denominator", "reason"),
    [
        ("poor", 4, 100, "numerator<5"),
        ("poor", 5, 100, ""),
        ("poor", 96, 100, "complement<5"),
        ("poor", 95, 100, ""),
        ("poor", 4, 4, "numerator<5"),
        ("poor", 0, 100, ""),  # nobody has the challenge
        ("poor", 100, 100, "complement<5"),  # everybody has it: that is known of each
        ("poor", 0, 4, "complement<5"),
        ("safe", 0, 100, "numerator<5"),  # nobody is safe: the same, turned about
        ("safe", 100, 100, ""),
        ("born", 0, 100, "numerator<5"),  # no direction is worse: both ends are hidden
        ("born", 100, 100, "complement<5"),
        ("poor", 4.6, 100, "numerator<5"),
    ],
)
def test_thresholds_and_zeros_of_shares(iid, numerator, denominator, reason):
    got = after(row(iid, float(numerator), float(denominator)))
    assert got["reason"] == reason
    assert (got["value"] is None) == (reason != "")
    assert got["status"] == ("suppressed_primary" if reason else "value")


@pytest.mark.parametrize(
    ("zero", "low", "high"), [("show", "", ""), ("hide", "numerator<5", "complement<5")]
)
def test_zeros_as_declared(zero, low, high):
    rule = DisclosureRule(zero=zero)
    assert after(row("poor", 0.0, 50.0), rule)["reason"] == low
    assert after(row("poor", 50.0, 50.0), rule)["reason"] == high


def test_a_hidden_figure_carries_no_number_at_all():
    got = after(row(numerator=3.0, denominator=80.0))
    assert [got[n] for n in ("value", "numerator", "denominator", "lower", "upper")] == [None] * 5


def test_counts_rates_and_means():
    assert after(row("people", value=4.0))["reason"] == "numerator<5"
    assert after(row("people", value=0.0))["reason"] == ""
    assert after(row("people", value=0.0), DisclosureRule(zero="hide"))["reason"] == "numerator<5"
    assert after(row("events", 3.0, 900.0))["reason"] == "numerator<5"
    assert after(row("events", 899.0, 900.0))["reason"] == ""  # events have no complement
    assert (
        after(row("income", 1.0, 900.0, 400_000.0))["reason"] == ""
    )  # a sum of kroner is no count
    assert after(row("income", 1.2e6, 3.0, 400_000.0))["reason"] == "denominator<5"


def test_a_denominator_that_can_be_worked_out_counts():
    assert after(row(numerator=96.0, value=0.96))["reason"] == "complement<5"
    assert after(row(numerator=50.0, value=0.5))["reason"] == ""


def test_figures_without_counts_are_told():
    got = protect(frame(row(value=0.2), row("price", value=9e4)), [], CATALOGUE, APART)
    assert [f.code for f in got.findings] == ["disclosure_no_counts"] * 2
    assert got.observations["status"].to_list() == ["value", "value"]


def test_an_exemption_names_its_indicators_and_its_reason():
    rule = DisclosureRule(indicators=("price",), about_people=False, because="prisen på boliger")
    got = protect(
        frame(row("price", value=9e4, denominator=2.0)), [rule, DisclosureRule()], CATALOGUE, APART
    )
    assert got.observations["value"].to_list() == [9e4]
    assert got.findings == ()
    for wrong in (
        {"about_people": False, "because": "x"},
        {"about_people": False, "indicators": ("price",)},
    ):
        with pytest.raises(ValidationError):
            DisclosureRule(**wrong)


def test_the_strictest_of_several_owners_holds():
    loose, strict = (
        DisclosureRule(owner="A", numerator=3, denominator=30),
        DisclosureRule(owner="B", sources=("s",), numerator=10),
    )
    rule = rule_for("poor", "s", [loose, strict])
    assert (rule.numerator, rule.denominator, rule.owner) == (10, 30, "A, B")
    assert rule_for("poor", "t", [loose, strict]).numerator == 3
    assert rule_for("poor", "t", [strict]) == DEFAULT_RULE


def test_a_figure_of_few_may_be_shown_as_uncertain():
    got = after(row(numerator=10.0, denominator=25.0), DisclosureRule(unreliable_denominator=30))
    assert (got["status"], got["reason"], got["value"]) == ("unreliable", "denominator<30", 0.4)


def test_an_area_of_ones_own_is_as_large_as_its_members():
    figure = row("small", 20.0, 80.0, level="custom", area="mine")

    def told(level):
        links = pl.DataFrame([(level, "0101", "custom", "mine")], schema=LINKS, orient="row")
        seen = protect(frame(figure), [], CATALOGUE, links).observations
        return seen["status"].item()

    assert told("bydel") == "value"
    assert told("delbydel") == "suppressed_rule"
    assert after(figure)["status"] == "suppressed_rule"


def test_no_figure_below_its_smallest_level():
    assert after(row("small", 20.0, 80.0))["status"] == "suppressed_rule"
    assert after(row("small", 20.0, 80.0))["reason"] == "minimum_level=bydel"
    assert after(row("small", 2.0, 80.0))["status"] == "suppressed_primary"
    assert after(row("small", 20.0, 80.0, level="bydel", area="030101"))["status"] == "value"


@pytest.mark.parametrize(
    "status", ["missing", "not_applicable", "suppressed_primary", "suppressed_secondary"]
)
def test_what_has_no_number_keeps_its_status_and_loses_any_number(status):
    got = after(row(numerator=50.0, denominator=90.0, status=status, reason="producer"))
    assert (got["status"], got["reason"], got["value"], got["denominator"]) == (
        status,
        "producer",
        None,
        None,
    )


@st.composite
def tables(draw):
    rows = []
    for place in range(draw(st.integers(1, 8))):
        iid = draw(st.sampled_from(["poor", "safe", "born", "people", "events"]))
        denominator = float(draw(st.integers(0, 40)))
        numerator = float(draw(st.integers(0, int(denominator))))
        status = draw(st.sampled_from(["value", "unreliable", "missing", "suppressed_primary"]))
        value = numerator if iid == "people" else None
        if iid == "people":
            numerator = denominator = None
        rows.append(row(iid, numerator, denominator, value, area=f"{place:04d}", status=status))
    return frame(*rows)


RULES = st.builds(
    DisclosureRule,
    numerator=st.integers(0, 12), complement=st.integers(0, 12), denominator=st.integers(0, 12),
    unreliable_denominator=st.integers(0, 20), zero=st.sampled_from(["show", "hide", "by_direction"]),
)  # fmt: skip


@given(tables(), RULES)
@settings(max_examples=150, deadline=None)
def test_nothing_below_a_threshold_survives(table, rule):
    for got in protect(table, [rule], CATALOGUE, APART).observations.iter_rows(named=True):
        if not Status(got["status"]).has_value:
            assert all(
                got[n] is None for n in ("value", "numerator", "denominator", "lower", "upper")
            )
            continue
        if got["indicator"] == "people":
            assert got["value"] >= rule.numerator or (got["value"] == 0 and rule.zero != "hide")
            continue
        if got["denominator"] is not None:
            assert got["denominator"] >= rule.denominator
            zeros = () if rule.zero == "hide" else (0.0,)
            assert got["numerator"] >= rule.numerator or got["numerator"] in zeros
            rest = got["denominator"] - got["numerator"]
            assert got["indicator"] == "events" or rest >= rule.complement or rest in zeros


@given(tables(), RULES)
@settings(max_examples=100, deadline=None)
def test_statuses_only_get_stronger_rows_stay_and_twice_is_once(table, rule):
    once = protect(table, [rule], CATALOGUE, APART).observations
    key = ["level", "area", "indicator", "period", "group"]
    assert once.select(key).equals(table.select(key))
    for before, later in zip(table["status"], once["status"], strict=True):
        assert Status(later).rank >= Status(before).rank
    assert protect(once, [rule], CATALOGUE, APART).observations.equals(once)


@given(tables(), RULES, st.integers(0, 10))
@settings(max_examples=60, deadline=None)
def test_a_stricter_rule_never_shows_more(table, rule, more):
    stricter = rule.model_copy(
        update={"numerator": rule.numerator + more, "complement": rule.complement + more}
    )
    loose, strict = (protect(table, [r], CATALOGUE, APART).observations for r in (rule, stricter))
    shown = loose["value"].is_not_null()
    assert (~strict["value"].is_not_null() | shown).all()


LINKED = pl.DataFrame(
    [("delbydel", "0101", "bydel", "030101"), ("delbydel", "0102", "bydel", "030101")],
    schema=LINKS,
    orient="row",
)


def test_a_total_that_would_give_a_hidden_part_away_is_hidden_with_it():
    hidden = row(numerator=3.0, denominator=80.0)
    other, total = (
        row(numerator=30.0, denominator=80.0, area="0102"),
        row(numerator=33.0, denominator=160.0, level="bydel", area="030101"),
    )
    got = protect(frame(hidden, other, total), [], CATALOGUE, LINKED)
    assert got.summary["hidden"] == {"suppressed_primary": 1, "suppressed_secondary": 1}
    assert got.summary["audit"]["exact"] == 0
    assert got.findings == ()


def test_a_total_is_hidden_by_its_producer_and_its_parts_must_not_tell_it():
    total = row(value=0.4, status="suppressed_primary", level="bydel", area="030101")
    one, other = (
        row(numerator=30.0, denominator=80.0),
        row(numerator=30.0, denominator=80.0, area="0102"),
    )
    got = protect(frame(total, one, other), [], CATALOGUE, LINKED)
    assert "suppressed_secondary" in got.observations["status"].to_list()


def test_a_hidden_part_without_a_total_hides_nothing_else():
    hidden, other = (
        row(numerator=3.0, denominator=80.0),
        row(numerator=30.0, denominator=80.0, area="0102"),
    )
    elsewhere = row(numerator=33.0, denominator=160.0, level="bydel", area="030101", period="2017")
    got = protect(frame(hidden, other, elsewhere), [], CATALOGUE, LINKED)
    assert got.summary["hidden"] == {"suppressed_primary": 1}
    assert got.summary["hidden_by_reason"] == {"numerator<5": 1}


def test_of_two_groups_that_make_everybody_none_is_shown_where_one_is_hidden():
    women = row(numerator=3.0, denominator=40.0, group="sex=2")
    men = row(numerator=27.0, denominator=40.0, group="sex=1")
    got = protect(
        frame(women, men, row(numerator=30.0, denominator=80.0)), [], CATALOGUE, APART
    ).observations
    assert got["status"].to_list().count("value") == 1
    hidden = got.filter(pl.col("status") != "value")
    assert (
        hidden.select("value", "numerator", "denominator", "lower", "upper").null_count().row(0)
        == (2,) * 5
    )


def test_an_unknown_indicator_is_not_let_through():
    with pytest.raises(KeyError):
        protect(
            frame(row(numerator=9.0, denominator=90.0) | {"indicator": "nothing"}),
            [],
            CATALOGUE,
            APART,
        )


@pytest.mark.parametrize(
    ("reason", "status", "words"),
    [
        ("numerator<5", "suppressed_primary", "færre enn 5"),
        ("complement<5", "suppressed_primary", "nesten alle"),
        ("denominator<30", "unreliable", "Usikkert"),
        ("denominator<5", "suppressed_primary", "personvern"),
        ("minimum_level=bydel", "suppressed_rule", "bydel"),
        ("recoded:2013:merged", "value", "grensene i 2013"),
        ("recoded:2013:unmoved", "missing", "Kan ikke regnes om"),
        ("producer", "suppressed_primary", "laget tallene"),
        ("whole_series", "suppressed_rule", "mange år"),
        ("coverage", "suppressed_rule", "få områder"),
        ("", "missing", ""),
    ],
)
def test_reasons_in_words(reason, status, words):
    assert words in reason_text(reason, Status(status), "nb")
    assert (reason_text(reason, Status(status), "nn") == "") == (words == "")
