"""What initiatives came to do in a year, known because the year could be drawn without them."""

from __future__ import annotations

from typing import Any

from nabolag.synthetic.ground import Ground
from nabolag.synthetic.state import Town
from nabolag.synthetic.work import Activity

#: Whose employment is counted: ages reached during the year.
FROM_AGE, TO_AGE = 20, 66


def realised(ground: Ground, town: Town, activity: Activity, year: int) -> list[dict[str, Any]]:
    """Return, for each area of an initiative that moves employment, what share it brought to work.

    The same chances are held against the line with and without the initiative, so the difference
    is the initiative's alone.
    """
    area = town.person_area()
    counted = (activity.age >= FROM_AGE) & (activity.age <= TO_AGE)
    found = []
    for one in ground.truth.programme.initiatives:
        if one.outcome != "employed" or year < one.from_year:
            continue
        for place in one.areas:
            here = counted & (area == place)
            with_it = activity.employed[here].mean() if here.any() else 0.0
            without = activity.unaided[here].mean() if here.any() else 0.0
            found.append(
                {
                    "kind": one.kind,
                    "area": ground.areas.codes[place],
                    "year": year,
                    "persons": int(here.sum()),
                    "employed_share": round(float(with_it), 6),
                    "effect_on_share": round(float(with_it - without), 6),
                }
            )
    return found
