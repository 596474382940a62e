"""Units that tests share a budget among."""

from __future__ import annotations

from nabolag.allocation import Model, Need, Units
from nabolag.allocation.numbers import exact


def schools(count: int = 6) -> Units:
    """A handful of schools with two needs and what they have today."""
    ids = tuple(f"{n:02}" for n in range(1, count + 1))
    pupils = tuple(exact(100 + 37 * n % 400) for n in range(count))
    low = [round(0.05 + 0.03 * ((n * 5) % 7), 4) for n in range(count)]
    crowded = [round(0.02 + 0.04 * ((n * 3) % 5), 4) for n in range(count)]
    today = tuple(900_000 + 10_000 * n for n in range(count))
    names = tuple(f"Skole {unit}" for unit in ids)
    needs = {"low_income": Need.known(low), "crowded": Need.known(crowded)}
    return Units(ids, names, {"size": pupils}, needs, today)


def two_criteria(rule: str = "share", pupils: str = "0.25", **more: object) -> Model:
    """A model of one pot with two criteria."""
    criteria = [{"need": "low_income", "weight": "0.6"}, {"need": "crowded", "weight": "0.4"}]
    pot = {"pupils": pupils, "rule": rule, "criteria": criteria}
    return Model.model_validate({"pots": [pot], **more})
