from __future__ import annotations

import math
import random
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from nabolag.analysis import Accumulation
from nabolag.analysis.flags import line_rank
from nabolag.core import LANGS, Kind, Unit, UserError, Worse
from nabolag.indicators import load_catalogue
from nabolag.store import conform, parse_section
from nabolag.store.frames import ACCUMULATION, LINKS, OBSERVATIONS, REASONS
from tests.indicators.make import indicator

CATALOGUE = {
    "a": indicator("a"),
    "b": indicator("b"),
    "c": indicator("c"),
    "d": indicator("d"),
    "income": indicator("income", Unit.NOK, worse=Worse.LOW),
    "born": indicator("born", kind=Kind.BACKGROUND, worse=Worse.NEITHER),
    "safe": indicator("safe", kind=Kind.ASSET, worse=Worse.LOW),
}
NO_LINKS = pl.DataFrame(schema=LINKS)


def observations(table, level="delbydel"):
    """`{(indicator, period): [values by area]}`; None is missing, a text is a status."""
    rows = []
    for (iid, period), values in table.items():
        for place, value in enumerate(values):
            known = isinstance(value, int | float)
            rows.append({
                "level": level, "area": f"01{place:02d}", "indicator": iid, "period": period,
                "group": "", "value": float(value) if known else None,
                "status": "value" if known else value or "missing",
            })  # fmt: skip
    return conform(pl.DataFrame(rows, infer_schema_length=None), OBSERVATIONS)


def method(*indicators, **more):
    return Accumulation(**{"indicators": indicators, "levels": ("delbydel",), **more})


def classes(result, period="2018", column="class"):
    return result.table.filter(pl.col("period") == period).sort("area")[column].to_list()


def flags(result, iid="a", period="2018"):
    got = result.reasons.filter(pl.col("indicator") == iid, pl.col("period") == period)
    return got.sort("area")["flagged"].to_list()


def run(table, spec, links=NO_LINKS, **level):
    return spec.run(observations(table, **level), CATALOGUE, links)


def codes(result):
    return [finding.code for finding in result.findings]


# --- worked by hand -------------------------------------------------------------------------


def test_eight_areas_by_hand():
    """Eight areas: the line is the second highest of each. Area 7 leads in all four."""
    table = {
        ("a", "2018"): [1, 2, 3, 4, 5, 6, 7, 8],
        ("b", "2018"): [1, 2, 3, 4, 5, 6, 7, 8],
        ("c", "2018"): [7, 2, 3, 4, 5, 6, 1, 8],
        ("income", "2018"): [500, 510, 520, 530, 540, 450, 600, 400],
    }
    got = run(table, method("a", "b", "c", "income"))
    assert classes(got) == ["1", "0", "0", "0", "0", "1", "2-3", "4+"]
    assert classes(got, column="reasons") == ["c", "", "", "", "", "income", "a;b", "a;b;c;income"]
    assert classes(got, column="count") == [1, 0, 0, 0, 0, 1, 2, 4]
    assert classes(got, column="known") == [4] * 8
    lines = {r["indicator"]: r["threshold"] for r in got.thresholds.iter_rows(named=True)}
    assert lines == {"a": 7, "b": 7, "c": 7, "income": 450}
    assert got.findings == ()
    assert dict(got.table.schema) == ACCUMULATION
    assert dict(got.reasons.schema) == REASONS


def test_ties_at_the_line():
    table = {("a", "2018"): [1, 2, 3, 4, 5, 7, 7, 9]}
    assert flags(run(table, method("a"))) == [False] * 5 + [True] * 3
    assert flags(run(table, method("a", ties="exclude"))) == [False] * 7 + [True]
    for ties, flagged in (("include", 3), ("exclude", 1)):
        finding = next(
            f for f in run(table, method("a", ties=ties)).findings if f.code == "accumulation_ties"
        )
        assert (finding.params["flagged"], finding.params["line"]) == (flagged, 2)


def test_ties_that_fit_within_the_share_are_flagged_either_way():
    table = {("a", "2018"): [1, 2, 3, 4, 5, 6, 9, 9]}
    for ties in ("include", "exclude"):
        assert flags(run(table, method("a", ties=ties))) == [False] * 6 + [True] * 2


def test_one_line_for_each_year_or_one_for_all():
    table = {("a", "2017"): [1, 2, 3, 4], ("a", "2018"): [11, 12, 13, 14]}
    yearly, pooled = run(table, method("a")), run(table, method("a", pool="all_years"))
    assert flags(yearly, period="2017") == flags(yearly) == [False, False, False, True]
    assert flags(pooled, period="2017") == [False] * 4
    assert flags(pooled) == [False, False, True, True]
    assert set(pooled.thresholds["threshold"]) == {13.0}
    assert pooled.thresholds.height == 2


def test_a_hidden_figure_is_not_known_rather_than_not_flagged():
    table = {
        ("a", "2018"): [1, 2, 3, 4, "suppressed_primary"],
        ("b", "2018"): [1, 2, 3, "not_applicable", None],
        ("c", "2018"): [1, 2, 9, 4, None],
    }
    got = run(table, method("a", "b", "c", minimum_areas=3))
    assert flags(got) == [False, False, False, True, None]
    assert classes(got, column="known") == [3, 3, 3, 2, 0]
    assert classes(got) == ["0", "0", "2-3", "1", "unknown"]
    assert classes(got, column="years")[4] is None
    hidden = got.reasons.filter(pl.col("area") == "0104", pl.col("indicator") == "a")
    assert hidden["status"].to_list() == ["suppressed_primary"]


def test_no_challenges_may_only_be_said_where_enough_is_known():
    table = {
        ("a", "2018"): [1, 2, 3, 4, 5],
        ("b", "2018"): [None, 2, 3, 4, 5],
        ("c", "2018"): [None, None, 3, 4, 5],
        ("d", "2018"): [None, 2, 3, 4, None],
    }
    got = run(table, method("a", "b", "c", "d", minimum_areas=2))
    assert classes(got)[:2] == ["unknown", "0"]  # one of four known; three of four known
    assert (
        classes(run(table, method("a", "b", "c", "d", minimum_areas=2, minimum_known=1)))[0] == "0"
    )
    assert (
        classes(run(table, method("a", "b", "c", "d", minimum_areas=2, minimum_known=4)))[1]
        == "unknown"
    )


def test_what_is_no_place_does_not_count_among_places():
    table = {("a", "2018"): [1, 2, 3, 4, 99]}
    got = run(table, method("a", leave_out=("delbydel:0104",)))
    assert flags(got) == [False, False, False, True]
    with pytest.raises(ValidationError):
        method("a", leave_out=("0104",))


def test_too_few_areas_draw_no_line():
    got = run({("a", "2018"): [1, 2, 3, None]}, method("a"))
    assert flags(got) == [None] * 4
    assert codes(got) == ["accumulation_few_areas"]
    assert got.findings[0].params["needed"] == 4
    assert classes(got) == ["unknown"] * 4
    assert flags(run({("a", "2018"): [1, 2, 3, None]}, method("a", minimum_areas=3))) == [
        False,
        False,
        True,
        None,
    ]


def test_a_year_without_any_figure_is_not_called_few():
    table = {("a", "2017"): [None] * 5, ("a", "2018"): [1, 2, 3, 4, 5]}
    assert codes(run(table, method("a"))) == []


def test_equal_areas_draw_no_line():
    got = run({("a", "2018"): [0.2] * 6}, method("a"))
    assert flags(got) == [None] * 6
    assert codes(got) == ["accumulation_all_equal"]


def test_no_number_that_is_not_one_is_ranked():
    got = run({("a", "2018"): [1, 2, 3, 4, float("nan"), float("inf")]}, method("a"))
    assert flags(got) == [False, False, False, True, None, None]


def test_years_in_a_row():
    table = {
        ("a", y): [1, 2, 3, last]
        for y, last in (("2013", 9), ("2014", 9), ("2015", 0), ("2016", 9), ("2018", 9))
    }
    got = run(table, method("a"))
    last = got.table.filter(pl.col("area") == "0103").sort("period")
    assert last["class"].to_list() == ["1", "1", "0", "1", "1"]
    assert last["years"].to_list() == [
        1,
        2,
        3,
        1,
        1,
    ]  # 2015: three years of 0 or more; 2017 is absent
    mine = got.reasons.filter(pl.col("area") == "0103").sort("period")
    assert mine["years"].to_list() == [1, 2, 0, 1, 1]


def test_a_heavier_class_before_counts_as_the_same():
    rising = {("a", y): [1, 2, 3, 9] for y in ("2016", "2017")} | {
        ("b", "2016"): [1, 2, 3, 9],
        ("b", "2017"): [1, 9, 3, 2],
    }
    last = run(rising, method("a", "b")).table.filter(pl.col("area") == "0103").sort("period")
    assert last["class"].to_list() == ["2-3", "1"]
    assert last["years"].to_list() == [1, 2]


def test_a_year_that_is_not_known_ends_the_row():
    table = {
        ("a", "2016"): [1, 2, 3, 4, 9],
        ("a", "2017"): [1, 2, 3, 4, None],
        ("a", "2018"): [1, 2, 3, 4, 9],
    }
    got = run(table, method("a"))
    mine = got.reasons.filter(pl.col("area") == "0104").sort("period")
    assert mine["years"].to_list() == [1, None, 1]


# --- periods --------------------------------------------------------------------------------

APART = {("a", "2015"): [1, 2, 3, 4], ("a", "2017"): [4, 3, 2, 1], ("b", "2016"): [1, 2, 3, 4]}


def used(result, period):
    got = result.reasons.filter(pl.col("period") == period).unique(
        ["indicator"], maintain_order=True
    )
    return dict(got.select("indicator", "used_period").rows())


def test_years_are_not_mixed_by_default():
    got = run(APART, method("a", "b"))
    assert set(got.table["period"]) == {"2015", "2016", "2017"}
    assert used(got, "2016") == {"a": None, "b": "2016"}
    assert flags(got, "a", "2016") == [None] * 4
    assert classes(got, "2016", "known") == [1] * 4


def test_an_older_figure_is_used_only_where_asked_and_says_its_year():
    got = run(APART, method("a", "b", period="latest_within", max_age=1))
    assert used(got, "2016") == {"a": "2015", "b": "2016"}
    assert used(got, "2017") == {"a": "2017", "b": "2016"}
    assert used(got, "2015") == {"a": "2015", "b": None}  # never a later one
    assert flags(got, "a", "2016") == [False, False, False, True]
    assert classes(got, "2016") == ["0", "0", "0", "2-3"]


def test_an_old_figure_does_not_make_a_challenge_last_longer():
    table = {
        ("a", "2015"): [1, 2, 3, 4],
        **{("b", y): [1, 2, 3, 4] for y in ("2015", "2016", "2017")},
    }
    got = run(table, method("a", "b", period="latest_within", max_age=5))
    mine = got.reasons.filter(pl.col("area") == "0103", pl.col("period") == "2017")
    assert dict(mine.select("indicator", "years").rows()) == {"a": 1, "b": 3}


def test_a_hidden_figure_is_not_replaced_by_an_older_one():
    table = {("a", "2016"): [1, 2, 3, 4, 9], ("a", "2017"): [1, 2, 3, 4, "suppressed_primary"]}
    got = run(table, method("a", period="latest_within", max_age=3))
    assert used(got, "2017") == {"a": "2017"}
    assert flags(got, period="2017")[4] is None


def test_only_the_periods_asked_for():
    got = run(APART, method("a", "b", periods=("2017",)))
    assert set(got.table["period"]) == set(got.reasons["period"]) == {"2017"}


# --- beside the municipality and the country -----------------------------------------------


def test_distances_to_municipality_and_country():
    own = observations({("a", "2018"): [0.1, 0.2, 0.3, 0.4]})
    town = observations({("a", "2018"): [0.25]}, level="kommune").with_columns(area=pl.lit("0301"))
    country = observations({("a", "2018"): [0.2]}, level="land").with_columns(area=pl.lit("0"))
    links = pl.DataFrame(
        [("delbydel", f"010{i}", "bydel", "030101") for i in range(3)] + [("bydel", "030101", "kommune", "0301")],
        schema=LINKS, orient="row",
    )  # fmt: skip
    got = method("a").run(pl.concat([own, town, country]), CATALOGUE, links).reasons.sort("area")
    assert got["municipality"].to_list() == [0.25, 0.25, 0.25, None]  # 0103 lies nowhere
    assert got["to_municipality"].to_list()[:3] == pytest.approx([-0.15, -0.05, 0.05])
    assert got["to_country"].to_list() == pytest.approx([-0.1, 0.0, 0.1, 0.2])


def test_levels_have_lines_of_their_own():
    small = observations({("a", "2018"): [1, 2, 3, 4]})
    large = observations({("a", "2018"): [40, 30, 20, 10]}, level="bydel")
    got = method("a", levels=("delbydel", "bydel")).run(
        pl.concat([small, large]), CATALOGUE, NO_LINKS
    )
    flagged = got.table.filter(pl.col("count") == 1).select("level", "area").rows()
    assert sorted(flagged) == [("bydel", "0100"), ("delbydel", "0103")]


# --- what may be an input -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("iid", "code"),
    [
        ("born", "accumulation_background"),
        ("safe", "accumulation_no_challenge"),
        ("z", "accumulation_unknown_indicator"),
    ],
)
def test_what_may_not_be_an_input(iid, code):
    with pytest.raises(UserError) as wrong:
        run({("a", "2018"): [1, 2, 3, 4]}, method("a", iid))
    assert [f.code for f in wrong.value.findings] == [code]
    assert all(wrong.value.findings[0].text(lang) for lang in LANGS)


def test_the_historical_preset_holds_background_and_says_so():
    catalogue = load_catalogue()
    spec = Accumulation(preset="sof_2020", levels=("bydel",))
    assert spec.chosen == (
        "immigrants_sof",
        "low_income_households",
        "single_parent_households",
        "low_education",
    )
    table = {(iid, "2018"): [1, 2, 3, 4] for iid in spec.chosen}
    got = spec.run(observations(table, level="bydel"), catalogue, NO_LINKS)
    assert classes(got) == ["0", "0", "0", "4+"]
    assert "historisk" in got.explain("nb")
    assert "historical" in got.explain("en")


def test_an_indicator_without_figures_is_told():
    got = run({("a", "2018"): [1, 2, 3, 4]}, method("a", "b"))
    assert ("accumulation_no_figures", "b") in [
        (f.code, f.params["indicator"]) for f in got.findings
    ]
    nothing = run({("c", "2018"): [1, 2, 3, 4]}, method("a"))
    assert nothing.table.is_empty()
    assert nothing.reasons.is_empty()


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"indicators": ["a"]},
        {"indicators": ["a", "a"], "levels": ["bydel"]},
        {"indicators": ["a"], "preset": "sof_2020", "levels": ["bydel"]},
        {"indicators": ["a"], "levels": ["bydel"], "top_share": 1.0},
        {"indicators": ["a"], "levels": ["bydel"], "period": "latest_within"},
        {"indicators": ["a"], "levels": ["bydel"], "max_age": 2},
        {"indicators": ["a"], "levels": ["bydel"], "periods": ["i fjor"]},
        {"indicators": ["a"], "levels": ["by"]},
    ],
)
def test_a_specification_that_contradicts_itself_is_refused(wrong):
    with pytest.raises(UserError):
        parse_section(Accumulation, wrong, "nabolag.toml", "accumulation")
    with pytest.raises(ValidationError):
        Accumulation.model_validate(wrong)


def test_the_rule_in_words_has_its_parameters():
    spec = method(
        "a", "income", top_share=0.125, pool="all_years", period="latest_within", max_age=3
    )
    got = run({("a", "2018"): list(range(9)), ("income", "2018"): list(range(9))}, spec)
    said = {lang: got.explain(lang) for lang in LANGS}
    assert "12,5" in said["nb"]
    assert "12.5" in said["en"]
    assert "lave verdier" in said["nb"]
    assert "inntil 3 år" in said["nb"]
    assert len(set(said.values())) == 3
    assert got.spec.as_dict()["minimum_areas"] == 8


# --- properties -----------------------------------------------------------------------------

VALUES = st.one_of(st.integers(0, 9).map(float), st.none())
TABLES = st.integers(4, 14).flatmap(
    lambda n: st.fixed_dictionaries({
        (iid, period): st.lists(VALUES, min_size=n, max_size=n)
        for iid in ("a", "b", "income") for period in ("2017", "2018")
    })
)  # fmt: skip
SPECS = st.builds(
    lambda share, pool, ties: method("a", "b", "income", top_share=share, pool=pool, ties=ties),
    st.sampled_from([0.1, 0.2, 0.25, 0.3, 0.5]),
    st.sampled_from(["year", "all_years"]),
    st.sampled_from(["include", "exclude"]),
)


def brute_force(table, spec):
    """The rule again, area by area, without ranks: who has fewer than m areas above it?"""
    found = {}
    for (iid, period), values in table.items():
        sign = -1 if iid == "income" else 1
        years = [period] if spec.pool == "year" else ["2017", "2018"]
        pool = [(i, sign * v) for y in years for i, v in enumerate(table[iid, y]) if v is not None]
        scores = [score for _, score in pool]
        m = math.ceil(Fraction(str(spec.top_share)) * len(scores))
        drawable = len({i for i, _ in pool}) >= spec.areas_needed and len(set(scores)) > 1
        for place, value in enumerate(values):
            if value is None or not drawable:
                found[iid, period, place] = None
                continue
            above = sum(score > sign * value for score in scores)
            level = sum(score == sign * value for score in scores)
            inside = above + 1 if spec.ties == "include" else above + level
            found[iid, period, place] = inside <= m
    return found


@given(TABLES, SPECS)
@settings(max_examples=120, deadline=None)
def test_flags_agree_with_brute_force(table, spec):
    got = run(table, spec)
    expected = brute_force(table, spec)
    for row in got.reasons.iter_rows(named=True):
        place = int(row["area"][2:])
        if row["used_period"] is None:
            assert row["flagged"] is None
        else:
            assert row["flagged"] == expected[row["indicator"], row["period"], place]


@given(TABLES, SPECS)
@settings(max_examples=60, deadline=None)
def test_with_ties_in_at_least_the_share_is_flagged_and_without_at_most(table, spec):
    got = run(table, spec)
    for line in got.thresholds.filter(pl.col("drawn")).iter_rows(named=True):
        least = math.ceil(Fraction(str(spec.top_share)) * line["n"])
        assert line["flagged"] >= least if spec.ties == "include" else line["flagged"] <= least


@given(TABLES, SPECS, st.integers(0, 3), st.integers(1, 9))
@settings(max_examples=60, deadline=None)
def test_more_of_a_challenge_never_takes_a_flag_away(table, spec, place, more):
    before = run(table, spec)
    if table["a", "2018"][place] is None:
        return
    raised = {k: list(v) for k, v in table.items()}
    raised["a", "2018"][place] += more
    after = run(raised, spec)
    key = (pl.col("area") == f"01{place:02d}") & (pl.col("period") == "2018")
    was, now = (r.table.filter(key)["count"].to_list() for r in (before, after))
    even = "accumulation_all_equal" in codes(after)  # equal areas have no line at all
    assert even or was <= now


@given(TABLES, SPECS, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_rows_does_not_matter(table, spec, chance: random.Random):
    frame = observations(table)
    order = list(range(frame.height))
    chance.shuffle(order)
    straight = spec.run(frame, CATALOGUE, NO_LINKS)
    mixed = spec.run(frame[order], CATALOGUE, NO_LINKS)
    assert straight.table.equals(mixed.table)
    assert straight.reasons.equals(mixed.reasons)


@given(TABLES, SPECS)
@settings(max_examples=40, deadline=None)
def test_the_unit_of_measurement_does_not_matter(table, spec):
    scaled = {k: [None if v is None else 8 * v for v in values] for k, values in table.items()}
    assert run(table, spec).table.equals(run(scaled, spec).table)


@given(st.integers(1, 400), st.sampled_from([0.05, 0.1, 0.2, 0.25, 0.3, 1 / 3]))
def test_the_line_is_exact(n, share):
    assert line_rank(n, share) == math.ceil(Fraction(str(share)) * n)
    assert line_rank(10, 0.1) == 1
    assert line_rank(10, 0.3) == 3


# --- a planted truth ------------------------------------------------------------------------


def test_planted_areas_are_found():
    """Sixty areas, four challenges with chance variation, six areas lifted on all of them."""
    chance = random.Random(20)
    planted = {5, 17, 23, 31, 44, 58}
    table = {
        (iid, "2018"): [
            0.10 + chance.gauss(0, 0.02) + (0.12 if place in planted else 0.0)
            for place in range(60)
        ]
        for iid in ("a", "b", "c", "d")
    }
    got = run(table, method("a", "b", "c", "d"))
    heavy = {i for i, name in enumerate(classes(got)) if name == "4+"}
    assert planted <= heavy
    assert len(heavy - planted) <= 3  # by chance alone 54 · (9/54)⁴ ≈ 0.04 would be there
    assert sum(len(r.split(";")) for r in classes(got, column="reasons") if r) == 4 * 15
