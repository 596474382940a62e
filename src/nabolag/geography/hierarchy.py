"""Whether the declared links make a hierarchy."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from nabolag.core import Finding, Severity
from nabolag.geography.register import closed

_EXAMPLES = 8


def sound_links(declared: pl.DataFrame, areas: pl.DataFrame) -> tuple[pl.DataFrame, list[Finding]]:
    """Return the links that can be used, and what is wrong with the others.

    Left out and reported: links from or to areas that nobody declares, links between levels
    that lie in one another in a ring, and links that give an area two ancestors of one level.
    """
    ring = _ring(declared)
    if ring:
        params = {"levels": " → ".join(ring)}
        return declared.clear(), [Finding("area_level_cycle", Severity.ERROR, params=params)]
    links, findings = _known(declared, areas)
    links, twice = _single(links, areas)
    return links, findings + twice + _orphans(links, areas)


def _ring(links: pl.DataFrame) -> list[str]:
    """Return levels that lie in one another in a ring, the first again at the end."""
    pairs = links.select("level", "parent_level").unique().sort("level", "parent_level")
    above: dict[str, list[str]] = {}
    for level, parent in pairs.iter_rows():
        above.setdefault(level, []).append(parent)
    for start in above:
        found = _way_back(above, start, [start])
        if found:
            return found
    return []


def _way_back(above: Mapping[str, list[str]], start: str, path: list[str]) -> list[str]:
    for parent in above.get(path[-1], []):
        if parent == start:
            return [*path, start]
        if parent not in path:
            found = _way_back(above, start, [*path, parent])
            if found:
                return found
    return []


def _known(links: pl.DataFrame, areas: pl.DataFrame) -> tuple[pl.DataFrame, list[Finding]]:
    """Leave out links to parents that no list and no border file holds."""
    parents = areas.select(parent_level="level", parent_code="code")
    unknown = links.join(parents, on=["parent_level", "parent_code"], how="anti")
    findings = [
        Finding(
            "area_parent_unknown",
            Severity.WARNING,
            params={"level": part["level"][0], "parent_level": part["parent_level"][0]},
            count=part.height,
            examples=tuple(part["parent_code"].unique(maintain_order=True).head(_EXAMPLES)),
        )
        for part in unknown.partition_by("level", "parent_level", maintain_order=True)
    ]
    return links.join(unknown, on=links.columns, how="anti"), findings


def _single(links: pl.DataFrame, areas: pl.DataFrame) -> tuple[pl.DataFrame, list[Finding]]:
    """Leave out every link of areas with two ancestors at one level, by whichever way."""
    several = (
        closed(links)
        .group_by("level", "code", "parent_level")
        .agg(pl.col("parent_code").unique().sort())
        .filter(pl.col("parent_code").list.len() > 1)
        .sort("level", "parent_level", "code")
        .join(areas.select("level", "code", "name"), on=["level", "code"], how="left")
    )
    findings = [
        Finding(
            "area_two_parents",
            Severity.ERROR,
            params={"level": part["level"][0], "parent_level": part["parent_level"][0]},
            count=part.height,
            examples=tuple(_two(row) for row in part.head(_EXAMPLES).iter_rows(named=True)),
        )
        for part in several.partition_by("level", "parent_level", maintain_order=True)
    ]
    return links.join(several, on=["level", "code"], how="anti"), findings


def _two(row: Mapping[str, object]) -> str:
    parents = row["parent_code"]
    shown = ", ".join(parents) if isinstance(parents, list) else ""
    return f"{row['code']} {row['name'] or ''} ({shown})"


def _orphans(links: pl.DataFrame, areas: pl.DataFrame) -> list[Finding]:
    """Report areas that lack a parent which other areas of their level have."""
    reached = closed(links)
    found = []
    for level, parent_level in (
        reached.select("level", "parent_level").unique().sort("level", "parent_level").iter_rows()
    ):
        inside = reached.filter(
            pl.col("level") == level, pl.col("parent_level") == parent_level
        ).select("code")
        alone = areas.filter(pl.col("level") == level).join(inside, on="code", how="anti")
        if alone.height:
            shown = alone.select("code", "name").sort("code").head(_EXAMPLES).iter_rows()
            found.append(
                Finding(
                    "area_parent_absent",
                    Severity.INFO,
                    params={"level": level, "parent_level": parent_level},
                    count=alone.height,
                    examples=tuple(f"{code} {name}".strip() for code, name in shown),
                )
            )
    return found
