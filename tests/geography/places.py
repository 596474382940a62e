"""A small invented municipality for tests of the geography room."""

from __future__ import annotations

from typing import Any

import polars as pl
import shapely

from nabolag.core import LANGS, Finding
from nabolag.geography import (
    AreaListRead,
    AreaListSpec,
    AreaRegister,
    build_register,
    read_area_list,
)
from nabolag.sources.geometry import GeometryRead, GeometrySpec
from nabolag.store import conform
from nabolag.store.frames import AREAS, LINKS, SHAPES
from nabolag.store.statuses import rank_of

#: What tells the figures of one area apart, beside the area.
KEYS = ("indicator", "period", "group")


def inline(level: str, names: dict[str, str], **more: Any) -> AreaListRead:
    return read_area_list(AreaListSpec(id=f"list_{level}", level=level, names=names, **more))


def squares(level: str, codes: list[str], geography: str = "2019") -> GeometryRead:
    """Squares of about a kilometre in a row, each sharing a border with the next."""
    spec = GeometrySpec(
        id="squares", file="squares.geojson", level=level, geography=geography, code="kode"
    )
    boxes = [shapely.box(10 + 0.02 * n, 59, 10.02 + 0.02 * n, 59.01) for n in range(len(codes))]
    shapes = pl.DataFrame(
        [(level, code, shapely.to_wkb(box), 1.27) for code, box in zip(codes, boxes, strict=True)],
        schema=SHAPES, orient="row",
    )  # fmt: skip
    rows = [{"level": level, "code": c, "name": f"Sted {c}", "geography": geography} for c in codes]
    return GeometryRead(
        spec, shapes, conform(pl.DataFrame(rows), AREAS), pl.DataFrame(schema=LINKS)
    )


BYDEL_OF = {"level": "bydel", "transform": [{"first": 2}, {"prefix": "0301"}]}


def town(**more: Any) -> AreaRegister:
    """Four delbydeler in two bydeler in one kommune, one without a bydel, one retired."""
    lists = [
        inline("kommune", {"0301": "Byen"}),
        inline(
            "bydel",
            {"030101": "Øst", "030102": "Vest"},
            parents=[{"level": "kommune", "constant": "0301"}],
        ),
        inline(
            "delbydel", {"0101": "A", "0102": "B", "0201": "C", "0202": "D"}, parents=[BYDEL_OF]
        ),
        inline(
            "delbydel",
            {"9901": "Uten adresse"},
            shapeless=True,
            parents=[{"level": "kommune", "constant": "0301"}],
        ),
        inline("delbydel", {"0109": "Gamle A"}, retired=True, parents=[BYDEL_OF]),
    ]
    return build_register([squares("delbydel", ["0101", "0102", "0201", "0202"])], lists, **more)


def speaks(findings: tuple[Finding, ...]) -> list[str]:
    """Return the codes, after every finding has found its words in every language."""
    for finding in findings:
        for lang in LANGS:
            assert finding.text(lang)
    return [finding.code for finding in findings]


def counts(
    rows: dict[str, float | str], level: str = "delbydel", period: str = "2018"
) -> pl.DataFrame:
    """Return figures; a text is a status without a number."""
    made = [
        {
            "level": level, "area": area, "period": period, "indicator": "people", "group": "",
            "numerator": float(value) if not isinstance(value, str) else None,
            "status": value if isinstance(value, str) else "value",
        }
        for area, value in rows.items()
    ]  # fmt: skip
    schema = dict.fromkeys(("level", "area", "period", "indicator", "group"), pl.String)
    return pl.DataFrame(made, schema={**schema, "numerator": pl.Float64, "status": pl.String})


def ranked(values: pl.DataFrame) -> pl.DataFrame:
    """Return figures with the ranks of their statuses in place of the names."""
    return values.with_columns(rank_of().alias("rank")).drop("status")
