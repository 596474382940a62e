"""Dependants, places and kroner: by hand, at the edges, and never of what is hidden."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from nabolag.core import Text
from nabolag.projection.axes import Ages, bands
from nabolag.projection.outcomes import cost, demand, dependency, of_ages
from nabolag.projection.result import PEOPLE
from nabolag.projection.spec import CostSection, DependencySection, ProjectionSpec, ServiceSection
from tests.projection import made

SOURCE = "Eksempel"


def _people(*rows: tuple[int, str, int, int, float | None]) -> pl.DataFrame:
    """Return rows (year, scenario, from, to, persons); an empty scenario is registered."""
    return pl.DataFrame(
        [
            {"level": "kommune", "area": "9901", "year": year, "kind": "projected" if scenario else "registered",
             "scenario": scenario, "sex": "", "ages_from": low, "ages_to": high, "persons": persons,
             "lower": None, "upper": None, "status": "value" if persons is not None else "suppressed_primary"}
            for year, scenario, low, high, persons in rows
        ],
        schema=PEOPLE,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("outside", "band"),
    [(949, "low"), (950, "high"), (1050, "high"), (1051, "very_high")],
)
def test_the_bands_are_those_of_the_document(outside: int, band: str) -> None:
    """KS, Status Kommune 2025: 0.95–1.05 is high, above 1.05 very high (L3202–3206)."""
    people = _people((2025, "", 0, 105, 1000.0 + outside), (2025, "", 20, 64, 1000))
    (row,) = dependency(people, DependencySection()).to_dicts()
    assert row["ratio"] == pytest.approx(outside / 1000)
    assert row["band"] == band


def test_a_hidden_part_hides_the_ratio() -> None:
    people = _people((2025, "", 0, 105, 300), (2025, "", 20, 64, None))
    (row,) = dependency(people, DependencySection()).to_dicts()
    assert (row["ratio"], row["band"], row["status"]) == (None, "", "suppressed_primary")


def _rates(*pairs: tuple[tuple[int, int], float]) -> CostSection:
    return CostSection(
        prices=2025, valid_from=date(2025, 1, 1), source=Text.same(SOURCE), status="example",
        rates=tuple({"ages": ages, "kroner": kroner} for ages, kroner in pairs),
    )  # fmt: skip


def test_cost_is_the_rate_times_the_change() -> None:
    people = _people(
        (2024, "", 80, 105, 90), (2025, "", 80, 105, 100), (2026, "main", 80, 105, 110),
        (2027, "main", 80, 105, 108), (2026, "low", 80, 105, 104), (2027, "low", 80, 105, 104),
    )  # fmt: skip
    table = cost(people, _rates(((80, 105), 300_000)))
    found = {(row["scenario"], row["year"]): row["kroner"] for row in table.to_dicts()}
    assert found == {("main", 2026): 3_000_000, ("main", 2027): -600_000,
                     ("low", 2026): 1_200_000, ("low", 2027): 0}  # fmt: skip


@given(persons=st.integers(0, 5000), more=st.integers(0, 500), kroner=st.floats(0, 1e6))
def test_cost_is_nothing_without_change_and_rises_with_the_oldest(
    persons: int, more: int, kroner: float
) -> None:
    rates = _rates(((90, 105), kroner))
    still = _people((2025, "", 90, 105, persons), (2026, "main", 90, 105, persons))
    grown = _people((2025, "", 90, 105, persons), (2026, "main", 90, 105, persons + more))
    assert cost(still, rates)["kroner"].to_list() == [0]
    assert cost(grown, rates)["kroner"][0] == pytest.approx(more * kroner)


def test_a_hidden_year_has_no_cost() -> None:
    people = _people((2025, "", 80, 105, None), (2026, "main", 80, 105, None))
    (row,) = cost(people, _rates(((80, 105), 300_000))).to_dicts()
    assert row["kroner"] is None
    assert row["status"] == "suppressed_primary"


def test_places_are_persons_times_coverage() -> None:
    people = _people((2025, "", 1, 5, 400), (2026, "main", 1, 5, None))
    one = ServiceSection(
        id="kindergarten", ages=(1, 5), coverage=0.93, source=Text.same(SOURCE), status="example"
    )
    rows = demand(people, (one,)).to_dicts()
    assert [row["places"] for row in rows] == [pytest.approx(372), None]
    assert rows[1]["status"] == "suppressed_primary"


def test_age_groups_of_rates_must_not_overlap() -> None:
    with pytest.raises(ValidationError, match="must not overlap"):
        made.spec(cost={"prices": 2025, "valid_from": date(2025, 1, 1), "source": SOURCE, "status": "example",
                        "rates": [{"ages": [0, 5], "kroner": 1}, {"ages": [5, 9], "kroner": 1}]})  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"scenario": [{"id": "low"}]}, "one scenario is called main"),
        ({"scenario": [{"id": "main"}, {"id": "main"}]}, "something in scenario is named twice"),
        ({"release": {"bands": [5, 10]}}, "age bands are lowest ages"),
        ({"dependency": {"ages": [66, 20]}}, "rising numbers"),
        ({"dependency": {"ages": [20]}}, "ages are written"),
    ],
)
def test_a_specification_refuses_what_has_no_meaning(changed: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        made.spec(**changed)


def test_bands_cover_every_age_once() -> None:
    groups = bands((0, 6, 16, 20, 67, 80))
    assert sum(group.members.astype(int) for group in groups).tolist() == [1] * 106
    assert groups[-1] == Ages(80, 105)


def test_only_the_group_that_is_asked_for_is_counted() -> None:
    people = _people((2025, "", 0, 5, 10), (2025, "", 0, 105, 70))
    assert of_ages(people, Ages(0, 5))["persons"].to_list() == [10]


def test_a_specification_can_be_written_down() -> None:
    spec: ProjectionSpec = made.spec(release={"pyramid": ["kommune", "bydel"]})
    written = spec.as_dict()
    assert written["dependency"]["ages"] == [20, 64]
    assert written["release"]["pyramid"] == ["kommune", "bydel"]
