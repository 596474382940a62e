"""A small hand-made release for tests of everything that reads releases.

Six sub-districts in two districts in one municipality, three years, six indicators. The figures
are invented for tests and say nothing about any place.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import shapely

from nabolag.analysis.inequality import Inequality
from nabolag.analysis.method import AnalysisSpec, Given
from nabolag.analysis.peers import Peers
from nabolag.analysis.ranks import Ranks
from nabolag.analysis.segregation import Segregation
from nabolag.core import Indicator, Kind, Level, Provenance, Status, Text, Unit, Worse
from nabolag.pipeline.analyses import run_analyses
from nabolag.store import Release, conform, indicator_as_dict, write_bundle
from nabolag.store.frames import ACCUMULATION, AREAS, LINKS, OBSERVATIONS, REASONS, SHAPES

PERIODS = ("2015", "2016", "2017")
AREA_NAMES = {
    "0101": "Åsen",
    "0102": "Brygga",
    "0103": "Kirkehaugen",
    "0201": "Nordre Øya",
    "0202": "Skogly",
    "0203": "Fjæra",
}
SOURCE = Provenance(
    source="deliveries",
    producer="Eksempel kommune",
    title=Text("Levekår etter delbydel", "Levekår etter delbydel", "Living conditions"),
    file="levekar.csv",
    sha256="0" * 64,
    retrieved_at="2026-11-01",
    licence="CC BY 4.0",
    geography="2020",
    code_version="test",
)


def _indicator(iid: str, nb: str, en: str, kind: Kind, worse: Worse, **more: Any) -> Indicator:
    unit = more.pop("unit", Unit.SHARE)
    return Indicator(
        id=iid,
        label=Text(nb, nb.replace("Husholdninger", "Hushald"), en),
        definition=Text(
            f"{nb} i prosent av alle.",
            f"{nb.replace('Husholdninger', 'Hushald')} i prosent av alle.",
            f"{en}, share.",
        ),
        unit=unit,
        kind=kind,
        worse=worse,
        **more,
    )


INDICATORS = (
    _indicator("low_income", "Husholdninger med lavinntekt", "Low-income households",
               Kind.CHALLENGE, Worse.HIGH, ring="income"),
    _indicator("crowded", "Husholdninger som bor trangt", "Crowded households",
               Kind.CHALLENGE, Worse.HIGH, ring="housing"),
    _indicator("tenants", "Husholdninger som leier", "Households that rent",
               Kind.CHALLENGE, Worse.HIGH, ring="housing"),
    _indicator("mean_income", "Gjennomsnittsinntekt", "Mean income",
               Kind.CHALLENGE, Worse.LOW, ring="income", unit=Unit.NOK, decimals=0),
    _indicator("feels_safe", "Trygge i nærmiljøet", "Feel safe nearby",
               Kind.ASSET, Worse.LOW, ring="safety"),
    _indicator("immigrants", "Innvandrere", "Immigrants",
               Kind.BACKGROUND, Worse.NEITHER, ring="population"),
)  # fmt: skip

ANALYSES = (
    Peers(id="ligner", level=Level.DELBYDEL, traits=("crowded", "tenants"), count=2),
    Ranks(id="rangering", level=Level.DELBYDEL, indicators=("crowded", "tenants"), top=2),
    Inequality(
        id="ulikhet",
        level=Level.DELBYDEL,
        indicators=("tenants", "low_income"),
        periods=PERIODS,
        along="mean_income",
        nest=Level.BYDEL,
        minimum_known=0.8,
    ),
    Segregation(
        id="hvem-bor-hvor",
        level=Level.DELBYDEL,
        indicators=("immigrants", "low_income"),
        nest=Level.BYDEL,
        neighbours=True,
        draws=99,
    ),
)

_BASE = {"low_income": 0.08, "crowded": 0.05, "tenants": 0.2, "feels_safe": 0.9, "immigrants": 0.15}


def _figure(indicator: str, position: int, year: int) -> dict[str, Any]:
    persons = 400.0 + 150 * position
    if indicator == "mean_income":
        return {"value": 620_000.0 - 45_000 * position + 5_000 * year, "status": "value"}
    sign = -1 if indicator == "feels_safe" else 1
    share = _BASE[indicator] + sign * (0.03 * position + 0.004 * year * (position % 3))
    numerator = float(round(share * persons))
    half = 1.96 * (share * (1 - share) / persons) ** 0.5
    return {
        "value": numerator / persons,
        "numerator": numerator,
        "denominator": persons,
        "lower": max(0.0, share - half),
        "upper": share + half,
        "status": "value",
    }


_HIDDEN = {
    ("0101", "low_income", "2017"): Status.SUPPRESSED_PRIMARY,
    ("0202", "crowded", "2017"): Status.MISSING,
    ("0102", "mean_income", "2017"): Status.NOT_APPLICABLE,
}
_REASON = {
    Status.SUPPRESSED_PRIMARY: "numerator<5",
    Status.MISSING: "",
    Status.NOT_APPLICABLE: "",
}


def _observation(area: str, position: int, indicator: str, year: int) -> dict[str, Any]:
    period = PERIODS[year]
    row = {
        "level": "delbydel", "area": area, "geography": "2020", "indicator": indicator,
        "period": period, "group": "", "reason": "", "mark": "", "source": SOURCE.source,
        **_figure(indicator, position, year),
    }  # fmt: skip
    status = _HIDDEN.get((area, indicator, period))
    if status is not None:
        blank = dict.fromkeys(("value", "numerator", "denominator", "lower", "upper"))
        row |= blank | {"status": status.value, "reason": _REASON[status]}
        row["mark"] = "." if status is Status.NOT_APPLICABLE else ""
    return row


def observations() -> pl.DataFrame:
    """Return the sample's observations at all three levels."""
    rows = [
        _observation(area, position, indicator.id, year)
        for position, area in enumerate(AREA_NAMES)
        for indicator in INDICATORS
        for year in range(len(PERIODS))
    ]
    for level, code, position in (
        ("kommune", "9901", 2),
        ("bydel", "990101", 1),
        ("bydel", "990102", 4),
    ):
        for indicator in INDICATORS:
            for year in range(len(PERIODS)):
                row = _observation("x", position, indicator.id, year)
                rows.append(row | {"level": level, "area": code})
    return conform(pl.DataFrame(rows, infer_schema_length=None), OBSERVATIONS)


def areas() -> pl.DataFrame:
    """Return areas of three levels."""
    names = [
        ("kommune", "9901", "Eksempel"),
        ("bydel", "990101", "Søndre"),
        ("bydel", "990102", "Nordre"),
    ]
    names += [("delbydel", code, name) for code, name in AREA_NAMES.items()]
    rows = [
        {"level": lev, "code": code, "name": name, "geography": "2020"} for lev, code, name in names
    ]
    return conform(pl.DataFrame(rows), AREAS)


def links() -> pl.DataFrame:
    """Return which sub-district lies in which district and municipality."""
    rows = [("delbydel", code, "bydel", f"9901{code[:2]}") for code in AREA_NAMES]
    rows += [("bydel", code, "kommune", "9901") for code in ("990101", "990102")]
    rows += [("delbydel", code, "kommune", "9901") for code in AREA_NAMES]
    return pl.DataFrame(rows, schema=LINKS, orient="row")


def shapes() -> pl.DataFrame:
    """Return six squares of about one square kilometre near 59.9 N 10.7 E."""
    rows = []
    for position, code in enumerate(AREA_NAMES):
        west, south = 10.70 + 0.02 * (position % 3), 59.90 + 0.01 * (position // 3)
        box = shapely.box(west, south, west + 0.02, south + 0.01)
        rows.append(("delbydel", code, shapely.to_wkb(box), 1.24))
    return pl.DataFrame(rows, schema=SHAPES, orient="row")


_CLASSES = {
    "0101": ("0", 0, 3, "", 3),
    "0102": ("0", 0, 3, "", 3),
    "0103": ("1", 1, 4, "mean_income", 1),
    "0201": ("1", 1, 4, "tenants", 2),
    "0202": ("2-3", 3, 3, "low_income;tenants;mean_income", 2),
    "0203": ("4+", 4, 4, "low_income;crowded;tenants;mean_income", 3),
}


def accumulation() -> pl.DataFrame:
    """Return classes for each sub-district and year (hand-made, not computed)."""
    rows = [
        ("delbydel", code, period, *facts) for code, facts in _CLASSES.items() for period in PERIODS
    ]
    return pl.DataFrame(rows, schema=ACCUMULATION, orient="row")


def reasons() -> pl.DataFrame:
    """Return one row an indicator, area and year beside the municipality."""
    seen = observations().filter(pl.col("level") == "delbydel")
    town = {
        (r["indicator"], r["period"]): r["value"]
        for r in observations().filter(pl.col("level") == "kommune").iter_rows(named=True)
    }
    challenges = [i.id for i in INDICATORS if i.may_flag]
    rows = []
    for r in seen.filter(pl.col("indicator").is_in(challenges)).iter_rows(named=True):
        flagged = r["indicator"] in _CLASSES[r["area"]][3].split(";")
        here, there = r["value"], town[r["indicator"], r["period"]]
        rows.append({
            "level": r["level"], "area": r["area"], "period": r["period"], "indicator": r["indicator"],
            "value": here, "status": r["status"], "threshold": 0.2, "flagged": flagged if here is not None else None,
            "municipality": there, "to_municipality": None if here is None or there is None else here - there,
            "years": 2 if flagged else 0,
        })  # fmt: skip
    return conform(pl.DataFrame(rows, infer_schema_length=None), REASONS)


def about() -> dict[str, Any]:
    """Return the release's own description."""
    return {
        "name": Text.same("Eksempel kommune").as_dict(),
        "municipality": {"level": "kommune", "code": "9901"},
        "country": None,
        "main_level": "delbydel",
        "levels": ["delbydel", "bydel", "kommune"],
        "main_period": "2017",
        "geography": "2020",
        "synthetic": True,
        "code_version": "test",
        "accumulation": {
            "indicators": [i.id for i in INDICATORS if i.may_flag],
            "top_share": 0.25,
            "pool": "year",
            "ties": "include",
        },
        "disclosure": {
            "rules": [{"owner": "", "numerator": 5, "complement": 5, "denominator": 5}],
            "hidden": {"suppressed_primary": 1},
            "totals_beside_hidden": True,
        },
    }


def used(spec: AnalysisSpec) -> list[str]:
    """Return the indicators an analysis is about."""
    lists = [iid for name in ("traits", "indicators") for iid in getattr(spec, name, ())]
    return [*lists, *(iid for iid in [getattr(spec, "along", "")] if iid)]


def write_sample_release(
    folder: Path,
    indicators: Sequence[Indicator] = INDICATORS,
    *,
    analyses: Sequence[AnalysisSpec] = ANALYSES,
    more: pl.DataFrame | None = None,
) -> Release:
    """Write the sample as a release under `folder/releases` and open it.

    `indicators` are the same entries, changed where a test needs them so; `more` observations
    are added to the sample's own.
    """
    catalogue = {i.id: i for i in indicators}
    seen = observations() if more is None else pl.concat([observations(), more])
    given = Given(seen, catalogue, links(), areas(), shapes())
    asked = [spec for spec in analyses if set(used(spec)) <= catalogue.keys()]
    found = run_analyses(asked, given)
    frames = {
        **found.frames,
        "observations": seen,
        "accumulation": accumulation(),
        "reasons": reasons(),
        "areas": areas(),
        "links": links(),
        "shapes": shapes(),
    }
    documents = {
        "analyses": found.document,
        "indicators": [indicator_as_dict(i) for i in indicators],
        "sources": [SOURCE.as_dict()],
        "findings": [],
        "about": about(),
    }
    return Release(write_bundle(folder / "releases", frames, documents, {"kind": "release"}))
