"""Figures in other borders: what is conserved, what travels, and how far off it may be."""

from __future__ import annotations

from collections import defaultdict

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nabolag.core import Severity
from nabolag.geography.dated import Crosswalk, crosswalk_between, crosswalk_of, recode_figures
from nabolag.geography.dated.crosswalk import Basis
from tests.geography.dated.country import LEVEL, changes, figures, lists, one, people
from tests.geography.places import speaks

FULL: dict[str, tuple[float | None, float | None] | str] = {
    "0101": (60.0, 600.0), "0102": (80.0, 400.0), "0201": (50.0, 500.0), "0401": (100.0, 1000.0),
    "0402": (100.0, 2000.0),
}  # fmt: skip


def way(to: str = "2018") -> Crosswalk:
    return crosswalk_between(lists(), changes(), "2005", to, people())


def test_a_merger_adds_numerators_and_denominators() -> None:
    told = recode_figures(figures(FULL), way(), "share")
    merged = one(told.figures, "0103")
    assert (merged["numerator"], merged["denominator"], merged["value"]) == (140.0, 1000.0, 0.14)
    assert (merged["conversion"], merged["lower"], merged["geography"]) == ("merged", None, "2018")
    assert one(told.figures, "0301")["conversion"] == "renumbered"
    assert one(told.figures, "0402")["conversion"] == ""
    assert told.findings == ()


def test_a_mean_of_means_is_not_made() -> None:
    told = recode_figures(figures(FULL), way(), "share").figures
    assert one(told, "0103")["value"] != pytest.approx((0.1 + 0.2) / 2)


def test_a_split_is_divided_and_bounded_by_what_weights_cannot_know() -> None:
    told = recode_figures(figures(FULL), way("2024"), "share").figures
    north = one(told, "0104")
    assert north["numerator"] == pytest.approx(98.0)
    assert north["denominator"] == pytest.approx(700.0)
    assert north["value"] == pytest.approx(0.14)
    # All 140 among 700, or as few as 300 others can hold none of: nobody.
    assert north["lower"] == pytest.approx(0.0)
    assert north["upper"] == pytest.approx(140 / 700)
    assert (north["conversion"], north["rank"]) == ("mostly", 1)
    nes = one(told, "0402")
    assert nes["conversion"] == "slight"
    assert nes["rank"] == 0
    assert nes["lower"] == pytest.approx(100 / 2100)
    assert nes["upper"] == pytest.approx(200 / 2100)


def test_totals_are_conserved() -> None:
    for to in ("2010", "2018", "2024"):
        told = recode_figures(figures(FULL), way(to), "share").figures
        assert told["numerator"].sum() == pytest.approx(390.0)
        assert told["denominator"].sum() == pytest.approx(4500.0)


def test_there_and_back_conserves_totals_and_gives_back_people() -> None:
    there = way("2024")
    out = recode_figures(figures(FULL), there, "share").figures.drop("conversion", "lower", "upper")
    back = recode_figures(out, there.inverse(people(2005).drop("year")), "share").figures
    assert back["numerator"].sum() == pytest.approx(390.0)
    assert one(back, "0101")["denominator"] == pytest.approx(600.0)
    assert one(back, "0201")["numerator"] == pytest.approx(50.0)


@pytest.mark.parametrize("status", ["suppressed", "missing"])
def test_a_hidden_or_missing_part_makes_the_sum_so(status: str) -> None:
    told = recode_figures(figures({**FULL, "0102": status}), way(), "share").figures
    rank = {"suppressed": 6, "missing": 3}[status]
    merged = one(told, "0103")
    assert (merged["rank"], merged["value"], merged["numerator"]) == (rank, None, None)


def test_a_split_of_a_hidden_figure_is_hidden_on_every_side() -> None:
    told = recode_figures(figures({**FULL, "0101": "suppressed"}), way("2024"), "share").figures
    for area in ("0104", "0105"):
        assert (one(told, area)["rank"], one(told, area)["value"]) == (6, None)
        assert (one(told, area)["lower"], one(told, area)["upper"]) == (None, None)


def test_a_part_with_nobody_hides_nothing() -> None:
    told = recode_figures(figures({**FULL, "0102": (0.0, 0.0)}), way(), "share").figures
    assert one(told, "0103")["value"] == pytest.approx(0.1)
    empty = {**FULL, "0101": (0.0, 0.0), "0102": (0.0, 0.0)}
    nobody = one(recode_figures(figures(empty), way(), "share").figures, "0103")
    assert (nobody["rank"], nobody["value"]) == (2, None)


def test_a_row_that_lacks_makes_the_sum_missing_not_smaller() -> None:
    rows = {code: given for code, given in FULL.items() if code != "0102"}
    merged = one(recode_figures(figures(rows), way(), "share").figures, "0103")
    assert (merged["rank"], merged["value"], merged["conversion"]) == (3, None, "")
    assert (merged["numerator"], merged["numerator_rank"]) == (None, 3)
    assert (merged["denominator"], merged["denominator_rank"]) == (None, 3)


def without_parts(rows: dict[str, float]) -> pl.DataFrame:
    frame = figures({code: (value, 1.0) for code, value in rows.items()})
    nothing = {"numerator": pl.Float64, "numerator_rank": pl.Int64, "denominator": pl.Float64,
               "denominator_rank": pl.Int64}  # fmt: skip
    return frame.with_columns(pl.lit(None, kind).alias(name) for name, kind in nothing.items())


def test_a_value_without_parts_moves_only_whole_or_among_alike() -> None:
    rows = {"0101": 0.1, "0102": 0.2, "0201": 0.3, "0401": 0.5, "0402": 0.6}
    told = recode_figures(without_parts(rows), way(), "mean").figures
    stuck = one(told, "0103")
    assert (stuck["value"], stuck["rank"], stuck["conversion"]) == (None, 3, "unmoved")
    assert one(told, "0301")["value"] == 0.3
    alike = recode_figures(without_parts({**rows, "0102": 0.1}), way(), "mean").figures
    assert (one(alike, "0103")["value"], one(alike, "0103")["conversion"]) == (0.1, "merged")
    split = recode_figures(without_parts({**rows, "0102": 0.1}), way("2024"), "mean").figures
    assert one(split, "0104")["conversion"] == "unmoved"
    assert one(split, "0402")["conversion"] == "unmoved"


def test_a_share_and_its_count_say_how_many_they_are_of() -> None:
    frame = figures(FULL).with_columns(
        pl.lit(None, pl.Float64).alias("denominator"),
        pl.lit(None, pl.Int64).alias("denominator_rank"),
    )
    merged = one(recode_figures(frame, way(), "share").figures, "0103")
    assert merged["denominator"] == pytest.approx(1000.0)
    assert merged["value"] == pytest.approx(0.14)


def test_counts_are_added_and_bounded_by_all_or_nothing() -> None:
    rows = figures(FULL).with_columns(value=pl.col("numerator"))
    told = recode_figures(rows, way("2024"), "count").figures
    assert one(told, "0104")["value"] == pytest.approx(98.0)
    assert (one(told, "0104")["lower"], one(told, "0104")["upper"]) == (0.0, 140.0)
    assert (one(told, "0402")["lower"], one(told, "0402")["upper"]) == (100.0, 200.0)
    assert told["value"].sum() == pytest.approx(390.0)


def test_a_band_of_a_few_persons_is_not_told() -> None:
    """With the figure of the whole area beside it, the band would say how many the part had."""
    rows = figures({**FULL, "0401": (3.0, 1000.0)}).with_columns(value=pl.col("numerator"))
    berg = one(recode_figures(rows, way("2024"), "count").figures, "0402")
    assert (berg["lower"], berg["upper"]) == (None, None)


def codes_of_2013(policy: str) -> Crosswalk:
    rows = pl.DataFrame(
        [("2012", "1901"), ("2012", "1915"), ("2013", "1903")],
        schema=["geography", "from_code"], orient="row",
    )  # fmt: skip
    made = rows.with_columns(level=pl.lit(LEVEL), to_code=pl.lit("5503"), weight=pl.lit(1.0))
    return crosswalk_of(made, "2024", old_codes=policy)


def test_a_code_that_was_given_up_is_explained_and_stops_or_is_declared() -> None:
    old = figures({"1901": (10.0, 100.0)}, "2013")
    refused = recode_figures(old, codes_of_2013("refuse"), "share")
    assert refused.left["area"].to_list() == ["1901"]
    assert refused.figures.is_empty()
    assert [f.severity for f in refused.findings] == [Severity.ERROR]
    assert "1901: 2012–2012 → 5503" in refused.findings[0].text("nb")
    used = recode_figures(old, codes_of_2013("use"), "share")
    assert speaks(used.findings) == ["recode_code_old"]
    assert one(used.figures, "5503")["value"] == 0.1


def test_an_old_code_beside_its_successor_is_not_counted_twice() -> None:
    both = figures({"1901": (10.0, 100.0), "1903": (12.0, 110.0)}, "2013")
    told = recode_figures(both, codes_of_2013("use"), "share")
    assert one(told.figures, "5503")["denominator"] == 110.0
    assert "recode_code_double" in speaks(told.findings)


def test_levels_and_years_without_a_way_pass_and_are_told() -> None:
    rows = figures({"03010101": (1.0, 10.0)}, level="grunnkrets")
    told = recode_figures(rows, way(), "share")
    assert told.figures["area"].to_list() == ["03010101"]
    assert speaks(told.findings) == ["recode_no_way"]


def test_a_code_of_another_level_never_takes_the_way_of_its_twin() -> None:
    pairs = pl.DataFrame(
        {
            "geography": ["2005"] * 2, "level": ["levekarssone", "grunnkrets"],
            "from_code": ["03010101"] * 2, "to_code": ["03010102", "03010103"],
            "weight": [1.0, 1.0],
        }
    )  # fmt: skip
    zone = figures({"03010101": (1.0, 10.0)}, level="levekarssone")
    circle = figures({"03010101": (5.0, 20.0)}, level="grunnkrets")
    told = recode_figures(pl.concat([zone, circle]), crosswalk_of(pairs, "2024"), "share").figures
    assert told.select("level", "area", "numerator").sort("level").rows() == [
        ("grunnkrets", "03010103", 5.0),
        ("levekarssone", "03010102", 1.0),
    ]


PEOPLE = st.dictionaries(
    st.tuples(st.sampled_from("ABC"), st.sampled_from("XYZ")),
    st.tuples(st.integers(0, 400), st.floats(0, 1)),
    min_size=1,
)


@given(PEOPLE)
def test_the_truth_lies_in_the_band(people: dict[tuple[str, str], tuple[int, float]]) -> None:
    """Who really lives where is known here: the recoded share must not exclude the true one."""
    cells = {pair: (float(round(d * part)), float(d)) for pair, (d, part) in people.items()}
    old: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    new: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for (a, b), (n, d) in cells.items():
        for side, code in ((old, a), (new, b)):
            side[code][0] += n
            side[code][1] += d
    rows = [
        ("2005", LEVEL, a, b, d / old[a][1], Basis.PARTS.value)
        for (a, b), (_, d) in cells.items()
        if old[a][1]
    ]
    names = ["geography", "level", "from_code", "to_code", "weight", "basis"]
    if not rows:
        return
    pairs = crosswalk_of(pl.DataFrame(rows, schema=names, orient="row"), "2024")
    given_rows = {a: (n, d) for a, (n, d) in old.items() if d}
    told = recode_figures(figures(given_rows), pairs, "share").figures  # type: ignore[arg-type]
    assert told["numerator"].sum() == pytest.approx(sum(n for n, _ in given_rows.values()))
    for row in told.iter_rows(named=True):
        n, d = new[row["area"]]
        assert row["denominator"] == pytest.approx(d)
        if row["conversion"] in ("merged", "renumbered"):
            assert row["numerator"] == pytest.approx(n)
        elif row["lower"] is not None:
            assert row["lower"] - 1e-9 <= n / d <= row["upper"] + 1e-9
            assert row["lower"] - 1e-9 <= row["value"] <= row["upper"] + 1e-9
