"""Figures of rounded counts: what they say of themselves, and when the house refuses."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from pydantic import ValidationError

from nabolag.core import LANGS, Status, UserError
from nabolag.disclosure import DisclosureRule, Earlier, Protected, protect
from nabolag.disclosure.rounding import hellinger
from nabolag.disclosure.words import reason_text
from nabolag.indicators.engine.intervals import exact_bounds
from nabolag.indicators.figures import wilson
from nabolag.store.ledger import SHOWN
from tests.disclosure.make import CATALOGUE, figure, frame
from tests.disclosure.rounding.make import TOWN, Rows, crossed, in_town, traits

ROUND = DisclosureRule(method="round", seed=1)
PEOPLE, POOR = [2, 40, 5, 0, 1, 30, 60], [1, 2, 4, 0, 1, 29, 0]


def rounded(rows: Rows, *rules: DisclosureRule, n: int = 7) -> Protected:
    return protect(frame(rows), rules or [ROUND], CATALOGUE, in_town(n))


def of(done: Protected, iid: str, area: str) -> dict[str, Any]:
    wanted = (pl.col("indicator") == iid) & (pl.col("area") == area)
    return done.observations.filter(wanted).row(0, named=True)


def test_a_share_is_made_anew_of_rounded_counts() -> None:
    done = rounded(traits(PEOPLE, POOR))
    shown = done.observations.filter(pl.col("indicator") == "poor", pl.col("value").is_not_null())
    assert shown.height == 6 - shown.filter(pl.col("denominator") == 0).height
    off = shown.select((pl.col("value") - pl.col("numerator") / pl.col("denominator")).abs().max())
    assert off.item() == 0
    town = of(done, "poor", "9999")
    areas = done.observations.filter(pl.col("indicator") == "poor", pl.col("level") == "delbydel")
    assert town["numerator"] == areas["numerator"].fill_null(0).sum()
    people = done.observations.filter(
        pl.col("indicator") == "people", pl.col("level") == "delbydel"
    )
    assert of(done, "people", "9999")["value"] == people["value"].sum() == town["denominator"]


def test_a_rounded_figure_says_so_and_one_that_cannot_have_changed_does_not() -> None:
    done = rounded(traits(PEOPLE, POOR))
    assert of(done, "poor", "0001")["reason"] == "rounded:3"
    assert of(done, "poor", "0006")["reason"] == "rounded:3"  # a true 0 looks like any other
    assert of(done, "people", "0001")["reason"] == ""
    assert of(done, "people", "9999")["reason"] == "rounded:3"


def test_nobody_and_few_to_count_among_look_the_same() -> None:
    found = set()
    for seed in range(8):
        done = rounded(traits(PEOPLE, POOR), DisclosureRule(method="round", seed=seed))
        for area in ("0003", "0004"):
            if of(done, "people", area)["value"] == 0:
                one = of(done, "poor", area)
                found.add((area, one["status"], one["reason"], one["value"], one["numerator"]))
    assert {row[0] for row in found} == {"0003", "0004"}
    assert {row[1:] for row in found} == {("suppressed_primary", "rounded:3", None, None)}


def test_rates_are_per_thousand_of_rounded_counts() -> None:
    rows = [
        figure(f"delbydel:{i:04}", "events", x, 100.0) for i, x in enumerate([1, 2, 7, 1, 2, 2])
    ]
    done = rounded([*rows, figure(TOWN, "events", 15, 600.0)], n=6)
    town = of(done, "events", "9999")
    assert town["value"] == pytest.approx(1000 * town["numerator"] / 600)
    assert of(done, "events", "0002")["value"] == 70


@pytest.mark.parametrize("kind", ["wilson", "exact", "other"])
def test_bounds_are_those_of_rounded_counts(kind: str) -> None:
    rows = frame([r for r in traits([40] * 6, [1, 2, 9, 2, 1, 1]) if r["indicator"] == "poor"])
    bounds = wilson(pl.col("numerator"), pl.col("denominator"))
    plain = rows.drop("lower", "upper")
    given = {
        "wilson": plain.with_columns(bounds),
        "exact": exact_bounds(plain, 0.95),
        "other": plain.with_columns(lower=pl.col("value") - 0.01, upper=pl.col("value") + 0.01),
    }[kind].select(rows.columns)
    done = protect(given, [ROUND], CATALOGUE, in_town(6)).observations
    if kind == "other":
        assert done["lower"].null_count() == done["upper"].null_count() == done.height
        return
    bare = done.drop("lower", "upper")
    again = bare.with_columns(bounds) if kind == "wilson" else exact_bounds(bare, 0.95)
    assert done["lower"].to_list() == pytest.approx(again["lower"].to_list())
    assert done["upper"].to_list() == pytest.approx(again["upper"].to_list())


def test_means_stay_under_suppression_and_do_not_tell_how_many_there_are() -> None:
    incomes = [
        figure(f"delbydel:{i:04}", "income", 1e5 * of, of)
        for i, of in enumerate(PEOPLE) if of
    ]  # fmt: skip
    done = rounded([*traits(PEOPLE, POOR), *incomes, figure(TOWN, "income", 1e5 * 138, 138)])
    few, many = of(done, "income", "0000"), of(done, "income", "0001")
    assert (few["status"], few["value"]) == ("suppressed_primary", None)
    assert (many["status"], many["value"], many["denominator"]) == ("value", 1e5, 40)
    assert many["numerator"] is None
    town = of(done, "income", "9999")
    assert town["denominator"] == of(done, "people", "9999")["value"]


def test_what_else_a_rule_asks_still_holds() -> None:
    rule = DisclosureRule(method="round", seed=1, unreliable_denominator=35)
    done = rounded(traits(PEOPLE, [1, 12, 4, 0, 1, 15, 20]), rule)
    one = of(done, "poor", "0005")
    assert (one["status"], one["reason"]) == ("unreliable", "denominator<35")
    two = of(done, "poor", "0002")
    assert two["reason"] == "rounded:3;denominator<35"
    grouped = rounded(crossed([[2, 30], [1, 40], [1, 20], [2, 60]]), n=4)
    assert of(grouped, "people", "9999")["status"] == "value"


def test_what_is_not_rounded_is_hidden_as_before() -> None:
    few = DisclosureRule(sources=("other",))
    events = [figure("delbydel:0000", "events", 3, 900, source="other")]
    done = rounded(
        [*traits(PEOPLE, POOR), *events],
        DisclosureRule(method="round", seed=1, sources=("s",)),
        few,
    )
    assert of(done, "events", "0000")["status"] == "suppressed_primary"
    assert done.observations["indicator"].to_list()[-1] == "events"
    assert done.summary["rounding"]["indicators"] == ["people", "poor"]


def test_the_order_and_the_number_of_rows_are_kept() -> None:
    rows = traits(PEOPLE, POOR)
    done = rounded(rows)
    key = ["level", "area", "indicator"]
    assert done.observations.select(key).rows() == frame(rows).select(key).rows()
    assert done.observations.columns == frame(rows).columns


def test_the_release_tells_how_far_figures_were_moved_and_not_the_seed() -> None:
    done = rounded(traits(PEOPLE, POOR))
    told = done.summary["rounding"]
    assert told["base"] == [3]
    assert 0 < told["inner_changed"] <= told["inner_cells"] == 14
    assert told["largest_change"] < 6
    assert 0 < told["utility"] < 1
    assert "seed" not in done.summary["rules"][0]
    assert "rounding" not in rounded(traits(PEOPLE, POOR), DisclosureRule()).summary


def test_the_hellinger_utility_is_that_of_the_package() -> None:
    """Of its own example, 1 to 6 against 0, 3, 3, 3, 6, 6, worked out by hand to six decimals.

    (1 − 0)² + (√2 − √3)² + 0 + (2 − √3)² + (√5 − √6)² + 0 = 1.218366; half of it, its root over
    √21, from 1.
    """
    before, after = ([float(x) for x in xs] for xs in ((1, 2, 3, 4, 5, 6), (0, 3, 3, 3, 6, 6)))
    apart = 1.0 + (2**0.5 - 3**0.5) ** 2 + (2 - 3**0.5) ** 2 + (5**0.5 - 6**0.5) ** 2
    got = hellinger(pl.Series(before).to_numpy(), pl.Series(after).to_numpy())
    assert got == pytest.approx(1 - (apart / 2) ** 0.5 / 21**0.5)
    assert got == pytest.approx(0.829681, abs=1e-6)


def refused(rows: Rows, *rules: DisclosureRule, n: int = 7) -> str:
    with pytest.raises(UserError) as wrong:
        rounded(rows, *rules, n=n)
    return wrong.value.findings[0].code


def test_figures_that_hang_together_are_protected_in_one_way() -> None:
    only = DisclosureRule(method="round", seed=1, indicators=("poor",))
    assert refused(traits(PEOPLE, POOR), only) == "rounding_hangs_together"
    other = DisclosureRule(method="round", seed=2, indicators=("people",))
    assert refused(traits(PEOPLE, POOR), only, other) == "rounding_hangs_together"


def test_rules_that_cover_the_same_must_agree() -> None:
    owner = DisclosureRule(owner="SSB")
    assert refused(traits(PEOPLE, POOR), ROUND, owner) == "rounding_rules_differ"


def test_shares_without_counts_are_refused() -> None:
    bare = figure("delbydel:0000", "poor", None, value=0.125)
    assert refused([bare]) == "rounding_without_counts"
    printed = figure("delbydel:0000", "poor", None, 80.0, value=0.125)
    assert refused([printed]) == "rounding_without_counts"  # 12.5 per cent of 80 may be 10 or not


def test_a_breakdown_that_is_not_crossed_is_refused_and_named() -> None:
    sexes = [figure("delbydel:0000", "people", x, group=g) for g, x in (("sex=f", 4), ("sex=m", 6))]
    ages = [figure("delbydel:0000", "people", x, group=g) for g, x in (("age=a", 2), ("age=b", 8))]
    with pytest.raises(UserError) as wrong:
        rounded([*sexes, *ages, figure("delbydel:0000", "people", 10)])
    (found,) = wrong.value.findings
    assert found.code == "rounding_inner_contradicted"
    assert "delbydel:0000 2020" in found.text("nb")


def test_a_total_with_unknown_parts_is_refused_and_named() -> None:
    hidden = {"status": "suppressed_primary", "reason": "producer"}
    rows = [figure(f"delbydel:{i:04}", "people", x) for i, x in enumerate((4, 9, 12, 7))]
    rows += [figure(f"delbydel:{i:04}", "people", None, **hidden) for i in (4, 5)]
    assert refused([*rows, figure(TOWN, "people", 40)], n=6) == "rounding_inner_unknown"


@pytest.mark.parametrize(
    "wrong",
    [
        {"method": "round"},
        {"method": "round", "seed": 1, "zero": "hide"},
        {"method": "round", "seed": 1, "base": 2},
        {"seed": 1},
        {"base": 5},
        {
            "method": "round",
            "seed": 1,
            "about_people": False,
            "because": "x",
            "indicators": ("poor",),
        },
    ],
)
def test_a_rule_that_rounds_is_declared_whole(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        DisclosureRule(**wrong)


def test_the_words_of_a_rounded_figure() -> None:
    for lang in LANGS:
        shown = reason_text("rounded:5", Status.VALUE, lang)
        assert all(number in shown for number in ("4", "5"))
        hidden = reason_text("rounded:5", Status.SUPPRESSED_PRIMARY, lang)
        assert hidden != shown
        both = reason_text("rounded:5;denominator<30", Status.UNRELIABLE, lang)
        assert both.startswith(shown)
        assert "30" in both
        assert "2013" in reason_text("rounded:3;recoded:2013:merged", Status.VALUE, lang)


def shown(done: Protected) -> pl.DataFrame:
    """What the ledger keeps of a release."""
    return done.observations.filter(pl.col("value").is_not_null()).select(SHOWN)


def again(rows: Rows, *before: Protected, seed: int = 1) -> Protected:
    rule = DisclosureRule(method="round", seed=seed)
    left = [Earlier(str(number), shown(one)) for number, one in enumerate(before)]
    return protect(frame(rows), [rule], CATALOGUE, in_town(7), left)


def test_what_was_shown_is_shown_again_where_the_true_number_allows_it() -> None:
    """A revision of one area, and even another seed, changes no other small cell."""
    first = again(traits(PEOPLE, POOR))
    revised = [*POOR[:5], 20, 0]
    for seed in (1, 2, 3, 4):
        second = again(traits(PEOPLE, revised), first, seed=seed)
        for area in ("0000", "0001", "0002", "0004", "0006"):
            for iid in ("people", "poor"):
                assert of(second, iid, area) == of(first, iid, area)
        assert of(second, "poor", "0005")["numerator"] == 20
        town = of(second, "poor", "9999")
        areas = second.observations.filter(
            pl.col("indicator") == "poor", pl.col("level") != "kommune"
        )
        assert town["numerator"] == areas["numerator"].fill_null(0).sum()


def test_what_is_no_longer_possible_is_not_kept() -> None:
    first = again(traits([40] * 7, [2] * 7))
    up = [r for r in first.observations.filter(pl.col("indicator") == "poor").to_dicts()
          if r["level"] == "delbydel" and r["numerator"] == 3]  # fmt: skip
    assert up
    place = int(up[0]["area"])
    fewer = [2] * 7
    fewer[place] = 0
    second = again(traits([40] * 7, fewer), first)
    assert of(second, "poor", up[0]["area"])["numerator"] == 0


def test_the_last_release_counts() -> None:
    rows = traits([40] * 7, [2] * 7)
    releases = [again(rows, seed=seed) for seed in range(5)]
    different = next(one for one in releases if shown(one).rows() != shown(releases[0]).rows())
    assert shown(again(rows, releases[0], different)).rows() == shown(different).rows()


def test_exact_figures_that_are_out_already_are_told() -> None:
    rows = traits(PEOPLE, [9, 20, 4, 0, 1, 29, 0])
    hidden = rounded(rows, DisclosureRule())
    codes = [f.code for f in again(rows, hidden).findings]
    assert codes.count("rounding_shown_before") == 1
    first = again(rows)
    assert "rounding_shown_before" not in [f.code for f in again(rows, first).findings]
