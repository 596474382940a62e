"""Planted rates are found again, scenarios stand in order, and the tables tell what was run."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from nabolag.core import UserError
from nabolag.projection import Projection
from nabolag.projection.axes import AGES, Ages
from nabolag.projection.given import read, residents
from nabolag.projection.method import EVERYBODY, path_of, rates_of
from nabolag.projection.rates import Smoothing, held, relative, smooth, spread
from nabolag.projection.reading import Delivered
from nabolag.projection.result import PEOPLE
from nabolag.projection.spec import ScenarioSection
from nabolag.store.frames import CELLS
from tests.projection import made

SCENARIOS = [
    {"id": "main"},
    {"id": "low", "births": 0.9, "deaths": 1.05, "moved_in": 0.8},
    {"id": "high", "over": 5, "births": 1.1, "deaths": 0.95, "moved_in": 1.2},
]


def test_a_window_is_a_ratio_of_sums() -> None:
    events, people = np.zeros(AGES), np.zeros(AGES)
    events[10:13], people[10:13] = [1, 2, 3], [10, 20, 30]
    found = smooth(events, people, Smoothing(window=1, exposure=0))
    assert found[11] == pytest.approx(6 / 60)
    assert found[10] == pytest.approx(3 / 30)
    assert found[60] > 0, "an age nobody has borrows from the nearest"


def test_a_window_widens_until_enough_stand_behind() -> None:
    events, people = np.zeros(AGES), np.full(AGES, 10.0)
    events[50] = 5
    narrow = smooth(events, people, Smoothing(window=0, exposure=0))
    wide = smooth(events, people, Smoothing(window=0, exposure=50))
    assert narrow[50] == pytest.approx(0.5)
    assert wide[50] == pytest.approx(5 / 50)
    assert wide[47] == 0
    assert wide[48] == pytest.approx(5 / 50)


def test_evened_counts_have_the_same_sum() -> None:
    counts = np.arange(AGES, dtype=float)
    assert spread(counts, 3).sum() == pytest.approx(counts.sum())


def test_an_areas_own_number_is_held_towards_one() -> None:
    expected = np.array([100.0, 100.0, 0.0])
    assert held(np.array([150.0, 100.0, 0.0]), expected, 100) == pytest.approx([1.25, 1, 1])


def test_an_areas_own_number_says_how_it_differs_from_the_others() -> None:
    """Counting only some of the moves, alike everywhere, changes nothing."""
    where, expected = made.places(4, 2), np.array([100.0, 300.0, 50.0, 50.0])
    some = relative(expected / 3, expected, where, Smoothing())
    assert some == pytest.approx(1)
    uneven = relative(np.array([80.0, 120.0, 0.0, 0.0]), expected, where, Smoothing(events=0.001))
    assert uneven[0] / uneven[1] == pytest.approx(2, rel=1e-3)
    assert uneven[2:] == pytest.approx(1)
    assert relative(None, expected, where, Smoothing()).tolist() == [1, 1, 1, 1]


def test_planted_rates_are_found_again() -> None:
    delivered = made.delivered(years=12, per_age=120)
    spec = made.spec(events={**made.spec().events.model_dump(), "years": 12})
    given = read(spec, delivered)
    rates = rates_of(spec, given, given.years[-1])
    whole = rates.births[:, 16:46].sum(axis=1)
    assert whole == pytest.approx(made.FERTILE[16:46].sum(), rel=0.08)
    for age in (70, 80, 90):
        assert rates.deaths[:, :, age] == pytest.approx(made.MORTAL[age], rel=0.25)
    # Everybody who leaves an area: half out of town, half to another area, some back again.
    assert rates.moved_out[:, :, 20:35].mean() == pytest.approx(made.MOVING[25], rel=0.05)


def test_a_projection_follows_the_planted_towns() -> None:
    """What is projected from half of the years meets the other half within what chance gives."""
    delivered = made.delivered(years=16, per_age=60)
    spec = made.spec(backtest={"since": 2023, "sizes": [0]})
    result = Projection(spec).run(delivered)
    assert result.backtest is not None
    (row,) = result.backtest.errors.to_dicts()
    assert row["areas"] == 6
    assert row["mape"] < 3
    assert abs(result.backtest.whole) < 3


def test_scenarios_stand_in_order_in_every_year_and_area() -> None:
    result = Projection(made.spec(scenario=SCENARIOS)).run(made.delivered())
    totals = result.table.filter(
        pl.col("kind") == "projected", pl.col("sex") == "", pl.col("ages_from") == 0,
        pl.col("ages_to") == 105,
    ).pivot("scenario", index=["level", "area", "year"], values="persons")  # fmt: skip
    assert totals.height == (6 + 2) * 10
    assert totals.filter(pl.col("low") >= pl.col("main")).is_empty()
    assert totals.filter(pl.col("main") >= pl.col("high")).is_empty()


def test_the_table_adds_up_over_levels_sexes_and_ages() -> None:
    result = Projection(made.spec()).run(made.delivered())
    table = result.table
    assert table.schema == PEOPLE
    whole = table.filter(pl.col("ages_from") == 0, pl.col("ages_to") == 105)
    by_level = (
        whole.filter(pl.col("sex") == "")
        .group_by("level", "year", "scenario")
        .agg(pl.col("persons").sum())
    )
    one, other = (by_level.filter(pl.col("level") == x).sort("scenario", "year")["persons"].to_numpy()
                  for x in ("kommune", "grunnkrets"))  # fmt: skip
    assert one == pytest.approx(other)
    sexes = whole.group_by("level", "area", "year", "scenario").agg(
        both=pl.col("persons").filter(pl.col("sex") == "").sum(),
        each=pl.col("persons").filter(pl.col("sex") != "").sum(),
    )
    assert sexes["both"].to_numpy() == pytest.approx(sexes["each"].to_numpy())


def test_flows_explain_every_change() -> None:
    result = Projection(made.spec()).run(made.delivered())
    for path in result.paths.values():
        ends = path.people[:, :, :, result.groups.index(EVERYBODY)].sum(axis=2)
        change = path.flows @ np.array([1, -1, 1, -1])
        assert ends[:-1] + change == pytest.approx(ends[1:])
        assert path.whole.sum(axis=(1, 2, 3)) == pytest.approx(ends.sum(axis=1))


def test_drawn_numbers_are_whole_and_repeat_with_the_seed() -> None:
    spec = made.spec(how="drawn", seed=5, years=4)
    tables = [Projection(spec).run(made.delivered()).table for _ in range(2)]
    assert tables[0].equals(tables[1])
    assert (tables[0]["persons"] % 1 == 0).all()
    other = Projection(made.spec(how="drawn", seed=6, years=4)).run(made.delivered()).table
    assert not other.equals(tables[0])


def test_bounds_hold_the_main_scenario_and_widen() -> None:
    spec = made.spec(bounds={"draws": 60, "share": 0.8}, years=8)
    table = Projection(spec).run(made.delivered()).table
    main = table.filter(pl.col("lower").is_not_null())
    assert main.height == 8 * 8
    assert main["sex"].unique().to_list() == [""]
    town = main.filter(pl.col("level") == "kommune").sort("area", "year")
    assert (town["lower"] <= town["persons"] * 1.02).all()
    width = town.with_columns(width=pl.col("upper") - pl.col("lower")).filter(
        pl.col("area") == "9901"
    )
    assert width["width"][-1] > width["width"][0]


def test_a_path_is_straight_and_then_level() -> None:
    factors = path_of(ScenarioSection(id="slow", births=0.8, over=4), 6)
    assert [one.births for one in factors] == pytest.approx([0.95, 0.9, 0.85, 0.8, 0.8, 0.8])
    assert {one.deaths for one in factors} == {1.0}


HOUSING = {
    "source": "boligprogram",
    "measure": "boliger",
    "type": "boligtype",
    "from_outside": 1.0,
    "homes": [
        {
            "type": "blokk",
            "residents": [{"ages": [0, 5], "persons": 0.2}, {"ages": [20, 40], "persons": 1.5}],
        }
    ],
}


def _programme(delivered: Delivered, **changed: object) -> Delivered:
    row = {"row": 2, "level": "grunnkrets", "area": "99010000", "period": "2024", "measure": "boliger",
           "value": 100.0, "status": "value", "mark": "", "boligtype": "blokk"}  # fmt: skip
    cells = pl.DataFrame([{**row, **changed}]).select(*CELLS, "boligtype")
    return Delivered({**delivered.cells, "boligprogram": cells}, delivered.files, delivered.links)


def test_the_housing_programme_brings_as_many_as_it_says() -> None:
    spec = made.spec(housing=HOUSING, scenario=[{"id": "main"}, {"id": "no_homes", "homes": 0}])
    assert residents(spec.housing).sum() == pytest.approx(1.7)  # type: ignore[arg-type]
    result = Projection(spec).run(_programme(made.delivered()))
    whole = [result.paths[one].people[:, :, :, 0].sum(axis=(1, 2)) for one in ("main", "no_homes")]
    added = whole[0] - whole[1]
    assert result.base == 2023
    assert added[:2] == pytest.approx([0, 0])
    assert added[2] == pytest.approx(170)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"boligtype": "hytte"}, "projection_home_type"),
        ({"area": "99019999"}, "projection_home_area"),
        ({"value": -3.0}, "projection_below_zero"),
        ({"value": None, "status": "missing"}, "projection_not_known"),
    ],
)
def test_a_broken_programme_is_told_of(changed: dict[str, object], code: str) -> None:
    with pytest.raises(UserError) as told:
        Projection(made.spec(housing=HOUSING)).run(_programme(made.delivered(), **changed))
    assert [finding.code for finding in told.value.findings] == [code]
    assert told.value.findings[0].place.row == 2
    for lang in ("nb", "nn", "en"):
        assert told.value.findings[0].text(lang)


def test_homes_after_the_last_year_are_told_of() -> None:
    result = Projection(made.spec(housing=HOUSING)).run(_programme(made.delivered(), period="2050"))
    assert [finding.code for finding in result.findings] == ["projection_homes_outside"]


CONSTRAINT = {"source": "ssb", "measure": "personer", "level": "kommune", "age": "aldersgruppe",
              "ages": {"0-66": [0, 66], "67+": [67, 105]}}  # fmt: skip


def _held(delivered: Delivered, **changed: object) -> Delivered:
    rows = [
        {"row": n + 2, "level": "kommune", "area": "9901", "period": str(2024 + n // 2), "measure": "personer",
         "value": value, "status": "value", "mark": "", "aldersgruppe": group}
        for n, (group, value) in enumerate([("0-66", 800.0), ("67+", 90.0), ("0-66", 820.0), ("67+", 95.5)])
    ]  # fmt: skip
    rows[0].update(changed)
    cells = pl.DataFrame(rows).select(*CELLS, "aldersgruppe")
    return Delivered({**delivered.cells, "ssb": cells}, delivered.files, delivered.links)


def test_areas_add_up_to_a_delivered_projection() -> None:
    spec = made.spec(constraint=CONSTRAINT, release={"bands": [0, 67]},
                     scenario=[{"id": "main"}, {"id": "free", "constrained": False}])  # fmt: skip
    table = Projection(spec).run(_held(made.delivered())).table
    main = table.filter(pl.col("scenario") == "main", pl.col("area") == "9901", pl.col("sex") == "")
    held = {
        (row["year"], row["ages_from"]): row["persons"]
        for row in main.filter(
            pl.col("ages_to").is_in([66, 105]), pl.col("ages_from").is_in([0, 67])
        ).to_dicts()
        if (row["ages_from"], row["ages_to"]) in [(0, 66), (67, 105)]
    }
    assert held[2024, 0] == pytest.approx(800)
    assert held[2024, 67] == pytest.approx(90)
    assert held[2025, 67] == pytest.approx(95.5)
    free = table.filter(
        pl.col("scenario") == "free", pl.col("area") == "9901", pl.col("year") == 2024
    )
    assert not np.isclose(free.filter(pl.col("ages_from") == 67)["persons"][0], 90)


def test_words_of_a_constraint_must_be_translated() -> None:
    with pytest.raises(UserError) as told:
        Projection(made.spec(constraint=CONSTRAINT)).run(
            _held(made.delivered(), aldersgruppe="0–66 år")
        )
    assert told.value.findings[0].code == "projection_words_untranslated"


def _changed(delivered: Delivered, *columns: pl.Expr, source: str = "folketall") -> Delivered:
    cells = {**delivered.cells, source: delivered.cells[source].with_columns(*columns)}
    return Delivered(cells, delivered.files, delivered.links)


FIRST = pl.col("row") == 2


@pytest.mark.parametrize(
    ("column", "code"),
    [
        (
            pl.when(FIRST).then(pl.lit("0-4 år")).otherwise("alder").alias("alder"),
            "projection_age_unread",
        ),
        (
            pl.when(FIRST).then(pl.lit("2015K1")).otherwise("period").alias("period"),
            "projection_year_unread",
        ),
        (
            pl.when(FIRST).then(pl.lit("suppressed_primary")).otherwise("status").alias("status"),
            "projection_not_known",
        ),
        (pl.when(FIRST).then(-1.0).otherwise("value").alias("value"), "projection_below_zero"),
    ],
)
def test_a_broken_population_stops_with_its_row(column: pl.Expr, code: str) -> None:
    with pytest.raises(UserError) as told:
        Projection(made.spec()).run(_changed(made.delivered(), column))
    finding = told.value.findings[0]
    assert (finding.code, finding.place.file, finding.place.row) == (code, "folketall.csv", 2)
    assert "folketall.csv" in finding.text("nb")


def test_an_absent_row_is_no_zero_unless_that_is_declared() -> None:
    delivered = made.delivered()
    cells = delivered.cells["folketall"].filter(~FIRST)
    lacking = Delivered({**delivered.cells, "folketall": cells}, delivered.files, delivered.links)
    with pytest.raises(UserError) as told:
        Projection(made.spec()).run(lacking)
    assert told.value.findings[0].code == "projection_holes"
    section = {**made.spec().population.model_dump(), "absent": "zero"}
    assert Projection(made.spec(population=section)).run(lacking).table.height


def test_totals_of_both_sexes_are_left_out_and_told_of() -> None:
    delivered = made.delivered()
    both = delivered.cells["folketall"].with_columns(kjonn=pl.lit("begge"))
    cells = {**delivered.cells, "folketall": pl.concat([delivered.cells["folketall"], both])}
    result = Projection(made.spec()).run(Delivered(cells, delivered.files, delivered.links))
    assert [finding.code for finding in result.findings] == ["projection_sex_left_out"]
    assert result.table.equals(Projection(made.spec()).run(delivered).table)


def test_areas_without_a_town_are_named() -> None:
    delivered = made.delivered()
    links = delivered.links.filter(pl.col("code") != "99010000")
    with pytest.raises(UserError) as told:
        Projection(made.spec()).run(Delivered(delivered.cells, delivered.files, links))
    assert told.value.findings[0].examples == ("99010000",)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"base": 1990}, "projection_base_absent"),
        ({"backtest": {"since": 2023}}, "projection_backtest_year"),
        ({"backtest": {"since": 2015}}, "projection_nothing_before"),
        ({"population": {"source": "borte", "measure": "personer"}}, "projection_source_unknown"),
        ({"population": {"source": "folketall", "measure": "hus"}}, "projection_no_rows"),
        (
            {"population": {"source": "folketall", "measure": "personer", "age": "år"}},
            "projection_dimension_absent",
        ),
        ({"release": {"levels": ["bydel"]}}, "projection_level_unlinked"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(changed: dict[str, object], code: str) -> None:
    with pytest.raises(UserError) as told:
        Projection(made.spec(**changed)).run(made.delivered())
    assert [finding.code for finding in told.value.findings] == [code]
    for lang in ("nb", "nn", "en"):
        assert told.value.findings[0].text(lang)


def test_an_earlier_base_sees_nothing_of_what_came_later() -> None:
    delivered = made.delivered()
    early = delivered.cells["folketall"].filter(pl.col("period").cast(pl.Int64) <= 2020)
    events = delivered.cells["hendelser"].filter(pl.col("period").cast(pl.Int64) < 2020)
    cut = Delivered({"folketall": early, "hendelser": events}, delivered.files, delivered.links)
    one, other = (Projection(made.spec(base=2020)).run(d).table for d in (delivered, cut))
    assert one.equals(other)


def test_the_method_is_told_in_three_languages() -> None:
    spec = made.spec(scenario=SCENARIOS)
    result = Projection(spec).run(made.delivered())
    for lang in ("nb", "nn", "en"):
        told = result.explain(lang)
        assert "2023" in told
        assert "{" not in told
    assert "1,1" in result.explain("nb")


def test_ages_by_year_are_for_the_house() -> None:
    ages = Projection(made.spec(years=2)).run(made.delivered()).ages_table()
    assert ages.height == 3 * 2 * 2 * AGES
    assert Ages(0, 105) == EVERYBODY
