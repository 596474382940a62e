"""Which period names a year, and which figure stands for it."""

from __future__ import annotations

from itertools import permutations

import pytest

from nabolag.analysis.periods import targets, used_period

SAME_END = ["2014-2018", "2016-2018", "2017-2018"]


@pytest.mark.parametrize("order", permutations(SAME_END))
def test_of_spans_that_end_together_the_shortest_is_used(order: tuple[str, ...]) -> None:
    assert targets(order) == ["2017-2018"]
    assert used_period("2019", order, max_age=1) == "2017-2018"


def test_a_year_goes_before_a_span_that_ends_in_it() -> None:
    assert targets([*SAME_END, "2018", "2018K4"]) == ["2018"]
