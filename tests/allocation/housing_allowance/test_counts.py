"""Counts that are protected: what is added comes out neither of the whole less the rest."""

from __future__ import annotations

import polars as pl
import pytest

from nabolag.allocation.housing_allowance import (
    COUNTED,
    INSIDE,
    REST,
    as_observations,
    grouping,
    indicators,
    links_of,
    of_sizes,
    paid_amounts,
    summed,
)
from nabolag.allocation.housing_allowance.simulate import COUNTS
from nabolag.disclosure import Protected, protect
from nabolag.store import conform
from nabolag.store.frames import LINKS

WHOLE = ("kommune", "5001")
CODES = ("500101", "500102", "500103")


def links() -> pl.DataFrame:
    rows = [("bydel", code, "kommune", "5001") for code in CODES]
    return conform(pl.DataFrame(rows, schema=list(LINKS), orient="row"), LINKS)


def counts(added: dict[str, dict[int, int]]) -> pl.DataFrame:
    """Return counts by area and size: 40 within before, and those added."""
    rows = [
        (code, size, 500, 0, 40, more, 40 + more, 30, 30 + more, 1e6, 1.1e6)
        for code, sizes in added.items()
        for size, more in sizes.items()
    ]
    return pl.DataFrame(rows, schema=COUNTS, orient="row")


def protected(added: dict[str, dict[int, int]]) -> tuple[Protected, pl.DataFrame]:
    places = grouping("bydel", CODES[:1], WHOLE, links())
    every = summed(counts(added), places)
    tried = of_sizes(every, (4, 5, 6))
    figures = as_observations(tried, every, 2024)
    return protect(figures, (), indicators(), links_of(places, "bydel")), figures


def shown(safe: Protected, column: str) -> dict[tuple[str, str], float | None]:
    part = safe.observations.filter(pl.col("indicator") == COUNTED[column])
    return {
        (area, group): value for area, group, value in part.select("area", "group", "value").rows()
    }


def test_plenty_is_shown_as_it_is() -> None:
    safe, figures = protected({code: dict.fromkeys((4, 5, 6), 20) for code in CODES})
    assert safe.observations["value"].null_count() == 0
    whole = shown(safe, "new")
    assert whole["5001", ""] == whole[INSIDE, ""] + whole[REST, ""] == 540  # type: ignore[operator]
    assert safe.observations.height == figures.height


@pytest.mark.parametrize("few", [1, 3, 4])
def test_the_hole_of_trondheim_is_closed(few: int) -> None:
    """L6695–6705: the increase inside was hidden, and came out as the whole less the rest."""
    added = {CODES[0]: {4: few, 5: 30, 6: 30}, CODES[1]: {4: 40, 5: 40, 6: 40},
             CODES[2]: {4: 40, 5: 40, 6: 40}}  # fmt: skip
    safe, _ = protected(added)
    assert not [f for f in safe.findings if f.severity.value == "error"]
    four = "household_size=4"
    told = {column: shown(safe, column) for column in ("old", "added", "new")}
    assert told["added"][INSIDE, four] is None
    # Neither as the whole less the rest, nor as after less before.
    assert None in (told["added"]["5001", four], told["added"][REST, four])
    assert None in (told["old"][INSIDE, four], told["new"][INSIDE, four])
    # Nor as the sum of the sizes less the others.
    others = [told["added"][INSIDE, f"household_size={size}"] for size in (5, 6)]
    assert None in (told["added"][INSIDE, ""], *others)


def test_nobody_is_a_zero_and_no_secret() -> None:
    safe, _ = protected({CODES[0]: {4: 0, 5: 30, 6: 30}, CODES[1]: {4: 40, 5: 40, 6: 40}})
    assert shown(safe, "added")[INSIDE, "household_size=4"] == 0


def test_amounts_of_few_are_hidden_on_both_sides() -> None:
    places = grouping("bydel", CODES[:1], WHOLE, links())
    tried = of_sizes(summed(counts({CODES[0]: {4: 2}, CODES[1]: {4: 40}}), places), (4, 5, 6))
    paid = {row["area"]: row for row in paid_amounts(tried, 5).iter_rows(named=True)}
    assert paid[INSIDE]["paid_new"] is paid[REST]["paid_new"] is None
    assert paid["5001"]["paid_new"] == 2_200_000


def test_areas_of_another_municipality_are_in_no_group() -> None:
    elsewhere = pl.concat([links(), links().with_columns(
        code=pl.lit("460101"), parent_code=pl.lit("4601")).head(1)])  # fmt: skip
    assert set(grouping("bydel", CODES[:1], WHOLE, elsewhere)["code"]) == set(CODES)
