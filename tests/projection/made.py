"""Small towns for the tests: known rates, and everything that followed from them."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from nabolag.projection.axes import AGES, SEXES, Places, aged, summed
from nabolag.projection.rates import Rates
from nabolag.projection.reading import Delivered
from nabolag.projection.spec import ProjectionSpec
from nabolag.projection.step import Factors, drawn
from nabolag.store.frames import CELLS

AGE = np.arange(AGES)
FERTILE = np.where((AGE >= 16) & (AGE <= 46), 0.13 * np.exp(-((AGE - 31) ** 2) / 50), 0)
MORTAL = np.clip(0.0004 * np.exp(0.09 * (AGE - 30)), 0.0002, 0.7)
MOVING = np.where((AGE >= 18) & (AGE <= 35), 0.12, 0.04)


def places(areas: int = 6, towns: int = 2) -> Places:
    """Return areas that are shared out on towns."""
    inside = np.sort(np.arange(areas) % towns).astype(np.int64)
    codes = tuple(f"990{town + 1}{number:04d}" for number, town in enumerate(inside))
    return Places(codes, tuple(f"990{town + 1}" for town in range(towns)), inside)


def people(where: Places, per_age: float = 6.0, seed: int = 1) -> np.ndarray:
    """Return a population that thins out with age, of uneven size."""
    rng = np.random.default_rng(seed)
    shape = np.clip(1 - np.clip(AGE - 60, 0, None) / 40, 0, 1)
    size = 0.5 + np.arange(len(where.codes)) / len(where.codes)
    return rng.poisson(per_age * size[:, None, None] * shape, (len(where.codes), 2, AGES)).astype(
        float
    )


def rates(where: Places, **changed: Any) -> Rates:
    """Return the same rates for every town, areas as they are on average."""
    towns, areas = len(where.larger), len(where.codes)
    known: dict[str, Any] = {
        "births": np.tile(FERTILE, (towns, 1)),
        "deaths": np.tile(MORTAL, (towns, 2, 1)),
        "moved_out": np.tile(MOVING / 2, (towns, 2, 1)),
        "moved_within": np.tile(MOVING / 2, (towns, 2, 1)),
        "moved_in": np.tile(MOVING * 20, (towns, 2, 1)),
        "settle": np.ones((areas, 2, AGES))
        / np.bincount(where.inside)[where.inside][:, None, None],
        "girls": 0.486,
        "own_births": np.ones(areas),
        "own_deaths": np.ones(areas),
        "own_moved_out": np.ones(areas),
    }
    return Rates(**{**known, **changed})


def lived(
    years: int, where: Places, seed: int = 3, per_age: float = 6.0
) -> tuple[list[np.ndarray], list[Any]]:
    """Let towns live by the known rates in whole persons: people of each 1 January, and flows.

    All moves are to and from other towns.
    """
    rng = np.random.default_rng(seed)
    apart = np.zeros((len(where.larger), 2, AGES))
    known = rates(where, moved_out=apart + MOVING, moved_within=apart)
    there = people(where, per_age, seed).astype(np.int64)
    told, happened = [there], []
    for _ in range(years):
        flows = drawn(there, known, where, Factors(), None, rng)
        happened.append(flows)
        there = flows.end
        told.append(there)
    return told, happened


def _rows(
    values: np.ndarray, codes: tuple[str, ...], level: str, year: int, measure: str
) -> pl.DataFrame:
    at = np.indices(values.shape).reshape(3, -1)
    return pl.DataFrame(
        {
            "level": [level] * at.shape[1],
            "area": np.array(codes, dtype=object)[at[0]].tolist(),
            "period": [str(year)] * at.shape[1],
            "measure": [measure] * at.shape[1],
            "value": values.astype(float).ravel(),
            "status": ["value"] * at.shape[1],
            "mark": [""] * at.shape[1],
            "alder": [str(age) for age in at[2]],
            "kjonn": np.array(["kvinner", "menn"], dtype=object)[at[1]].tolist(),
        }
    )


def delivered(
    years: int = 8, first: int = 2015, areas: int = 6, towns: int = 2, per_age: float = 6.0
) -> Delivered:
    """Return deliveries of towns that lived by the known rates."""
    where = places(areas, towns)
    told, happened = lived(years, where, per_age=per_age)
    population = [
        _rows(p, where.codes, "grunnkrets", first + n, "personer") for n, p in enumerate(told)
    ]
    events = []
    for n, flows in enumerate(happened):
        mothers = np.zeros_like(flows.births)
        start = aged(told[n])
        weights = start[:, 0] * FERTILE
        mothers[:, 0] = _shared(flows.births.sum(axis=(1, 2)), weights)
        for level, codes, total in (
            ("kommune", where.larger, lambda v: summed(v, where)),
            ("grunnkrets", where.codes, lambda v: v),
        ):
            for measure, values in (
                ("fodte", mothers),
                ("dode", flows.deaths),
                ("utflyttet", flows.left),
                ("innflyttet", flows.arrived),
            ):
                events.append(_rows(total(values), codes, level, first + n, measure))
    cells = {"folketall": _cells(population), "hendelser": _cells(events)}
    links = pl.DataFrame(
        {
            "level": ["grunnkrets"] * areas,
            "code": where.codes,
            "parent_level": ["kommune"] * areas,
            "parent_code": [where.larger[i] for i in where.inside],
        }
    )
    return Delivered(cells, {"folketall": "folketall.csv", "hendelser": "hendelser.csv"}, links)


def _shared(totals: np.ndarray, weights: np.ndarray) -> np.ndarray:
    rng = np.random.default_rng(9)
    return np.stack([rng.multinomial(n, w / w.sum()) for n, w in zip(totals, weights, strict=True)])


def _cells(parts: list[pl.DataFrame]) -> pl.DataFrame:
    table = pl.concat(parts)
    return table.with_columns(row=pl.int_range(2, table.height + 2)).select(
        *CELLS, "alder", "kjonn"
    )


def spec(**changed: Any) -> ProjectionSpec:
    """Return a specification of the deliveries."""
    known: dict[str, Any] = {
        "id": "framskriving",
        "level": "grunnkrets",
        "years": 10,
        "population": {"source": "folketall", "measure": "personer"},
        "events": {
            "source": "hendelser",
            "births": "fodte",
            "deaths": "dode",
            "moved_out": "utflyttet",
            "moved_in": "innflyttet",
        },
    }
    return ProjectionSpec.model_validate({**known, **changed})


__all__ = ["SEXES", "delivered", "lived", "people", "places", "rates", "spec"]
