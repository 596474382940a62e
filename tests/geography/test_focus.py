"""One municipality's own areas, and the country around it."""

from __future__ import annotations

import polars as pl

from nabolag.core import Level
from nabolag.geography.focus import focused, smaller_elsewhere
from nabolag.geography.register import AreaRegister
from nabolag.store import empty
from nabolag.store.frames import AREAS, LINKS, SHAPES


def country() -> AreaRegister:
    """Two municipalities with two areas each; one area code stands at two levels."""
    areas = [
        ("land", "0"),
        ("kommune", "9901"),
        ("kommune", "9902"),
        ("grunnkrets", "99010101"),
        ("grunnkrets", "99010102"),
        ("grunnkrets", "99020101"),
        ("levekarssone", "99010101"),
    ]
    links = [
        ("kommune", "9901", "land", "0"),
        ("kommune", "9902", "land", "0"),
        ("grunnkrets", "99010101", "kommune", "9901"),
        ("grunnkrets", "99010102", "kommune", "9901"),
        ("grunnkrets", "99020101", "kommune", "9902"),
        ("levekarssone", "99010101", "kommune", "9902"),
    ]
    listed = pl.DataFrame(areas, schema=["level", "code"], orient="row")
    named = listed.with_columns(
        pl.lit(None).cast(kind).alias(name)
        for name, kind in AREAS.items()
        if name not in listed.columns
    )
    return AreaRegister(
        named.select(list(AREAS)),
        pl.DataFrame(links, schema=list(LINKS), orient="row"),
        empty(SHAPES),
    )


def test_own_areas_and_everything_larger_stay() -> None:
    """The neighbour municipality is compared with; its areas are not shown."""
    near = focused(country(), Level.KOMMUNE, "9901")
    kept = {(level, code) for level, code in near.areas.select("level", "code").iter_rows()}
    assert kept == {
        ("land", "0"),
        ("kommune", "9901"),
        ("kommune", "9902"),
        ("grunnkrets", "99010101"),
        ("grunnkrets", "99010102"),
    }
    assert near.links.height == 4


def test_a_code_is_of_its_level() -> None:
    """The zone that carries an own area's code, but lies elsewhere, goes."""
    gone = smaller_elsewhere(country(), Level.KOMMUNE, "9901")
    assert set(gone.iter_rows()) == {("grunnkrets", "99020101"), ("levekarssone", "99010101")}


def test_the_coarsest_level_keeps_all() -> None:
    """Everything lies in the country."""
    whole = country()
    assert focused(whole, Level.LAND, "0").areas.equals(whole.areas)
