"""Small deliveries and registers for the tests of this room."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl

from nabolag.core import Indicator, Kind, Text, Unit, Worse
from nabolag.core.columns import CELLS
from nabolag.geography import AreaRegister
from nabolag.geography.register import MARKS
from nabolag.store import conform, empty, schema_of
from nabolag.store.frames import AREAS, LINKS, SHAPES


def indicator(iid: str, unit: Unit = Unit.SHARE, **more: Any) -> Indicator:
    text = Text.same(iid)
    facts: dict[str, Any] = {"kind": Kind.CHALLENGE, "worse": Worse.HIGH, "ring": "income"}
    return Indicator(id=iid, label=text, definition=text, unit=unit, **(facts | more))


def cells(rows: Iterable[tuple[Any, ...]], *own: str, level: str = "delbydel") -> pl.DataFrame:
    """Rows of (area, period, measure, value or status name, *own dimensions)."""
    made = []
    for number, (area, period, measure, given, *rest) in enumerate(rows, start=2):
        at, code = area.split(":") if ":" in area else (level, area)
        known = not isinstance(given, str)
        made.append(
            {
                "row": number, "level": at, "area": code, "period": period, "measure": measure,
                "value": float(given) if known else None,
                "status": "value" if known else given,
                "mark": "" if known else ":",
                **dict(zip(own, rest, strict=True)),
            }
        )  # fmt: skip
    return pl.DataFrame(made, schema={**schema_of(CELLS), **dict.fromkeys(own, pl.String())})


def register(
    parents: dict[str, str], dates: dict[str, dict[str, Any]] | None = None, **marks: list[str]
) -> AreaRegister:
    """Areas and links from `{"delbydel:0101": "bydel:030101", …}`; parents are areas too."""
    names = list(dict.fromkeys([*parents, *parents.values()]))
    areas = [
        {"level": level, "code": code, "name": code, **(dates or {}).get(f"{level}:{code}", {})}
        for level, code in (name.split(":") for name in names if name)
    ]
    links = [(*child.split(":"), *parent.split(":")) for child, parent in parents.items() if parent]
    marked = [
        {"level": name.split(":")[0], "code": name.split(":")[1],
         "retired": name in marks.get("retired", []), "shapeless": name in marks.get("shapeless", [])}
        for name in {n for listed in marks.values() for n in listed}
    ]  # fmt: skip
    return AreaRegister(
        conform(pl.DataFrame(areas), AREAS),
        pl.DataFrame(links, schema=LINKS, orient="row"),
        empty(SHAPES),
        conform(pl.DataFrame(marked), MARKS) if marked else empty(MARKS),
    )


def one(frame: pl.DataFrame, area: str, **more: Any) -> dict[str, Any]:
    """The single row of an area (`level:code`)."""
    level, code = area.split(":")
    found = frame.filter(pl.col("level") == level, pl.col("area") == code)
    for name, value in more.items():
        found = found.filter(pl.col(name) == value)
    assert found.height == 1, found
    return found.row(0, named=True)


TOWN = {
    "delbydel:0101": "bydel:030101",
    "delbydel:0102": "bydel:030101",
    "delbydel:0201": "bydel:030102",
    "bydel:030101": "kommune:0301",
    "bydel:030102": "kommune:0301",
}
