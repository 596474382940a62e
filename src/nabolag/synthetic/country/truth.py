"""What is true of a synthetic country because it was planted, in files beside the data."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from nabolag.synthetic.country.spec import CountrySpec
from nabolag.synthetic.initiatives import KINDS
from nabolag.synthetic.services.accounts import (
    BETWEEN_MUNICIPALITIES,
    BETWEEN_UNITS,
    CHANCE,
    EQUATIONS,
)
from nabolag.synthetic.services.money import low_income_line
from nabolag.synthetic.services.schools import (
    CONTRIBUTION,
    POINTS,
    POINTS_CHANCE,
    POINTS_HOME,
    POINTS_SKILL,
)

TRUTH, TABLES = "truth.json", "truth"
_BY_AREA = ("settings",)


def write_truth(folder: Path, spec: CountrySpec, told: Sequence[dict[str, Any]]) -> None:
    """Write `truth.json` and, one row an area, `truth/settings.parquet`."""
    tables = folder / TABLES
    tables.mkdir(exist_ok=True)
    settings = [
        {"grunnkrets": code, **numbers}
        for one in told
        for code, numbers in zip(one["areas"]["codes"], one["settings"], strict=True)
    ]
    pl.DataFrame(settings, infer_schema_length=None).write_parquet(tables / "settings.parquet")
    document = {
        "synthetic": True,
        "seed": spec.seed,
        "years": list(spec.all_years),
        "segregation": {
            "log_spread_of_immigrant_share": spec.segregation,
        },
        "spending": _spending(spec),
        "marks": {
            "mean": POINTS,
            "person": POINTS_SKILL,
            "home": POINTS_HOME,
            "chance": POINTS_CHANCE,
            "spread_of_school_contributions": CONTRIBUTION,
        },
        "initiative_kinds": [
            {"kind": kind, "outcome": outcome, "effect": effect} for kind, outcome, effect in KINDS
        ],
        "municipalities": {one["code"]: _planted(one) for one in told},
    }
    text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / TRUTH).write_text(text + "\n", encoding="utf-8")


def _spending(spec: CountrySpec) -> dict[str, Any]:
    """Return the planted equations of the accounts, and what their shares mean."""
    return {
        "equations": [asdict(one) for one in EQUATIONS],
        "spread_between_municipalities": BETWEEN_MUNICIPALITIES,
        "spread_between_units": BETWEEN_UNITS,
        "chance": CHANCE,
        "low_income_below": {
            str(year): round(low_income_line(n)) for n, year in enumerate(spec.all_years)
        },
        "shares": {
            "low_income": "income_after_tax / consumption_units < low_income_below of the year",
            "single_parent": "household_type == single_parent",
            "immigrant": "immigration_category != A",
        },
    }


def _planted(one: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in one.items() if name not in (*_BY_AREA, "areas", "code")}
