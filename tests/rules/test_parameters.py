"""Parameters are dated, typed and say where they come from."""

from __future__ import annotations

from datetime import date

import pytest

from nabolag.rules import parameters as p


@pytest.mark.parametrize(
    "read",
    [
        p.crowding_limits,
        p.low_income_limits,
        p.consumption_scale,
        p.low_education_limits,
        p.outside_work_limits,
    ],
)
def test_every_parameter_has_a_reference(read: object) -> None:
    assert read(date(2020, 1, 1)).reference  # type: ignore[operator]


def test_the_documents_numbers() -> None:
    at = date(2023, 6, 1)
    assert p.crowding_limits(at).m2_per_person == 25  # Meld. St. 28 L2248
    assert p.low_income_limits(at).share_of_median == 0.6  # Meld. St. 28 L1280
    assert p.low_income_limits(at).years == 3  # Meld. St. 28 L1281
    assert (p.outside_work_limits(at).minimum_age, p.outside_work_limits(at).maximum_age) == (
        20,
        29,
    )


def test_the_newest_entry_that_has_begun_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = {
        "crowding": [
            {"from": date(2000, 1, 1), "m2_per_person": 20, "reference": "old"},
            {"from": date(2010, 1, 1), "m2_per_person": 25, "reference": "new"},
        ]
    }
    monkeypatch.setattr(p, "_entries", lambda: entries)
    assert p.crowding_limits(date(2009, 12, 31)).reference == "old"
    assert p.crowding_limits(date(2010, 1, 1)).reference == "new"
    with pytest.raises(LookupError, match="crowding"):
        p.crowding_limits(date(1999, 12, 31))
