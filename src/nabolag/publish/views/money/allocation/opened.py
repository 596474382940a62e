"""What can be shared: the allocations of a release, and table B11 of SØF-rapport 04/20."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final, Literal

import polars as pl

from nabolag.allocation import Model, Need, Units, preset, presets
from nabolag.allocation.b11 import BUDGET, FTE_COST, b11_units
from nabolag.allocation.numbers import exact
from nabolag.core import Lang, Status, Text, error, label, label_text
from nabolag.store import Release
from nabolag.store.release import allocation_frame

#: The example that anybody can open, whatever the release holds.
B11: Final = "b11"
_B11_PRESET = "sof-b11"


@dataclass(frozen=True, slots=True)
class NeedShown:
    """A need as the page tells of it."""

    id: str
    label: Text
    measure: Literal["rate", "count", "points"]
    worse: Literal["high", "low"]
    indicator: str = ""
    background: bool = False
    published: Text | None = None


@dataclass(frozen=True, eq=False)
class Opened:
    """What is shared: units and needs, the amount, the model it opens with, and where it is from.

    `areas` are the codes of the areas units lie in, at `area_level`. `preset` names the described
    model that it opens with, empty where the model is the workspace's own.
    """

    id: str
    name: Text
    units_word: Text
    size_word: Text
    units: Units
    needs: Mapping[str, NeedShown]
    budget: int
    model: Model
    preset: str = ""
    fte_cost: int | None = None
    areas: tuple[str, ...] = ()
    area_level: str = ""
    period: str = ""
    source: str = ""

    @property
    def has_today(self) -> bool:
        """Tell whether every unit's amount today is known."""
        return bool(self.units.today) and None not in self.units.today


def names_of(release: Release) -> dict[str, Text]:
    """Return what can be opened, by id: the workspace's own first, then the example."""
    own = {name: Text.of(entry["name"]) for name, entry in release.allocations.items()}
    return {**own, B11: preset(_B11_PRESET).name}


def opened(release: Release, name: str, lang: Lang) -> Opened:
    """Return what is shared; for an empty name, the first. Raises `UserError` for another name.

    `lang` is the language of names that are no proper names.
    """
    known = names_of(release)
    wanted = name or next(iter(known))
    if wanted not in known:
        raise error("allocation_unknown", given=wanted, known=", ".join(known))
    return b11(lang) if wanted == B11 else _of_release(release, wanted)


@lru_cache(maxsize=3)
def b11(lang: Lang) -> Opened:
    """Return the report's example, its facts with their lines."""
    need = NeedShown("expected_points", label_text("allocation.b11.need"), "points", "low")
    described, units = preset(_B11_PRESET), b11_units()
    return Opened(
        id=B11,
        name=described.name,
        units_word=label_text("allocation.b11.units"),
        size_word=label_text("allocation.b11.size"),
        units=replace(
            units, names=tuple(label("allocation.b11.unit", lang, number=i) for i in units.ids)
        ),
        needs={need.id: need},
        budget=BUDGET,
        model=described.model,
        preset=described.id,
        fte_cost=FTE_COST,
    )


def _of_release(release: Release, name: str) -> Opened:
    entry = release.allocations[name]
    held = {
        table: release.bundle.frame(allocation_frame(name, table))
        for table in ("units", "sizes", "needs")
    }
    own = entry["model"]
    return Opened(
        id=name,
        name=Text.of(entry["name"]),
        units_word=Text.of(entry["units"]),
        size_word=Text.of(entry["size_word"]),
        units=_units(held, entry["needs"]),
        needs={one["id"]: _need(one) for one in entry["needs"]},
        budget=int(entry["budget"]),
        model=Model.model_validate(own) if own else presets()[entry["preset"]].model,
        preset=entry["preset"],
        fte_cost=entry["fte_cost"],
        areas=tuple(held["units"]["area"]),
        area_level=entry["area_level"],
        period=entry["period"],
        source=entry["source"],
    )


def _need(entry: Mapping[str, Any]) -> NeedShown:
    published = Text.of(entry["published"]) if entry["published"] else None
    return NeedShown(
        entry["id"], Text.of(entry["label"]), entry["measure"], entry["worse"],
        entry["indicator"], entry["background"], published,
    )  # fmt: skip


def _units(held: Mapping[str, pl.DataFrame], needs: list[Mapping[str, Any]]) -> Units:
    frame, ids = held["units"], tuple(held["units"]["unit"])

    def column(table: pl.DataFrame, key: str, name: str) -> pl.DataFrame:
        order = pl.DataFrame({"unit": ids})
        own = table.filter(pl.col(key) == name)
        return order.join(own, on="unit", how="left", maintain_order="left")

    sizes = {
        name: tuple(exact(x) for x in column(held["sizes"], "size", name)["value"])
        for name in held["sizes"]["size"].unique(maintain_order=True)
    }
    made = {one["id"]: _values(column(held["needs"], "need", one["id"]), one) for one in needs}
    today = tuple(frame["today"]) if frame["today"].null_count() < frame.height else ()
    return Units(ids, tuple(frame["name"]), sizes, made, today, tuple(frame["base"]),
                 tuple(frame["special"]))  # fmt: skip


def _values(rows: pl.DataFrame, entry: Mapping[str, Any]) -> Need:
    values = tuple(None if value is None else exact(value) for value in rows["value"])
    return Need(values, tuple(Status(s) for s in rows["status"]), entry["measure"])
