"""A release with one more area in it, made of its own shown figures."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from nabolag.core import Finding, Indicator, Level, Provenance
from nabolag.disclosure.rules import told_rules
from nabolag.publish.own_area.sums import sums
from nabolag.store import Analysed, Release, conform, empty
from nabolag.store.frames import ACCUMULATION, AREAS, LINKS, OBSERVATIONS, REASONS, SHAPES
from nabolag.store.statuses import known, rank_of, without_numbers

_PLACE = ["level", "code"]
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class OwnArea:
    """Chosen areas of one level. `name` is what the reader calls them together."""

    level: str
    codes: tuple[str, ...]
    name: str

    def __post_init__(self) -> None:
        """Put the codes in order, each once: the order of choosing never matters."""
        object.__setattr__(self, "codes", tuple(sorted(set(self.codes))))

    @property
    def code(self) -> str:
        """The codes in one word, so that a file says what it is about."""
        return "+".join(self.codes)

    @property
    def place(self) -> Place:
        """The area's level and code among other areas."""
        return (Level.CUSTOM.value, self.code)


@dataclass(frozen=True)
class OwnRelease(Release):
    """What a release shows of one area of one's own, and of the areas all its members lie in.

    Read like any other release; nothing else of the one it is made from (`whole`) is in it.
    """

    whole: Release
    own: OwnArea

    @cached_property
    def around(self) -> pl.DataFrame:
        """The areas that every member lies in: `level`, `code`, `same` (it is made of them all)."""
        return _around(self.whole.links, self.own)

    @cached_property
    def same(self) -> tuple[Place, ...]:
        """Released areas that are exactly the chosen ones, the smallest first."""
        found = list(self.around.filter("same").select(_PLACE).iter_rows())
        order = [level.value for level in Level]
        alone = [(self.own.level, code) for code in self.own.codes if len(self.own.codes) == 1]
        return (*alone, *sorted(found, key=lambda place: (-order.index(place[0]), place[1])))

    @cached_property
    def observations(self) -> pl.DataFrame:
        """The own area's figures, and those of the areas it lies in, about everybody."""
        told = self.whole.observations.filter(pl.col("group").fill_null("") == "")
        places = pl.concat([_beside(self.around), _beside(_places(self._compared))]).unique()
        around = told.join(places, on=["level", "area"], how="semi")
        return pl.concat([self._own, conform(around, OBSERVATIONS)])

    @cached_property
    def _own(self) -> pl.DataFrame:
        """Sums, and where a released area is the same, what is shown of that one."""
        at_level = self.whole.observations.filter(pl.col("level") == self.own.level)
        rules = told_rules(self._rules)
        summed = sums(at_level, self.own.codes, self.whole.indicators, rules)
        level, code = self.own.place
        layers = [*(self._shown_of(place) for place in self.same), summed]
        first = pl.concat(
            frame.with_columns(pl.lit(n).alias("order")) for n, frame in enumerate(layers)
        )
        return (
            first.sort("order", maintain_order=True)
            .unique(["indicator", "period"], keep="first", maintain_order=True)
            .drop("order")
            .with_columns(pl.lit(level).alias("level"), pl.lit(code).alias("area"))
            .sort("indicator", "period")
        )

    def _shown_of(self, place: Place) -> pl.DataFrame:
        """Return what is shown of a released area; of one chosen alone, also why not."""
        level, code = place
        rows = self.whole.observations.filter(
            pl.col("level") == level, pl.col("area") == code, pl.col("group").fill_null("") == ""
        )
        if level != self.own.level:
            rows = rows.filter(known(rank_of()), pl.col("value").is_not_null())
        return conform(without_numbers(rows), OBSERVATIONS)

    @property
    def _rules(self) -> list[dict[str, Any]]:
        return list((self.whole.about.get("disclosure") or {}).get("rules") or ())

    @cached_property
    def _compared(self) -> list[Place]:
        """The municipality and the country of the release, which pages stand beside."""
        stated = [self.about.get(name) for name in ("municipality", "country")]
        return [(str(one["level"]), str(one["code"])) for one in stated if one]

    @cached_property
    def areas(self) -> pl.DataFrame:
        """The own area and those around it."""
        level, code = self.own.place
        row = {"level": level, "code": code, "name": self.own.name}
        places = pl.concat([self.around.select(_PLACE), _places(self._compared)]).unique()
        beside = self.whole.areas.join(places, on=_PLACE, how="semi")
        return pl.concat([conform(pl.DataFrame([row]), AREAS), beside])

    @cached_property
    def links(self) -> pl.DataFrame:
        """The own area lies in what all its members lie in, and is not held against itself."""
        level, code = self.own.place
        return self.around.filter(pl.col("level") != Level.CUSTOM.value, ~pl.col("same")).select(
            level=pl.lit(level), code=pl.lit(code), parent_level="level", parent_code="code"
        )

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """The whole release's."""
        return self.whole.indicators

    @cached_property
    def sources(self) -> dict[str, Provenance]:
        """The whole release's."""
        return self.whole.sources

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """The whole release's."""
        return self.whole.findings

    @cached_property
    def about(self) -> dict[str, Any]:
        """The whole release's, with areas of one's own among its levels.

        All of a municipality is compared with the country, as its own page is.
        """
        told = dict(self.whole.about)
        levels = [level for level in told.get("levels", ()) if level != Level.CUSTOM]
        town = told.get("municipality")
        if town and (town["level"], town["code"]) in self.same:
            told["municipality"] = None
        return {**told, "levels": [Level.CUSTOM.value, *levels]}

    @cached_property
    def accumulation(self) -> pl.DataFrame:
        """None: a class is drawn among areas of one level."""
        return empty(ACCUMULATION)

    @cached_property
    def reasons(self) -> pl.DataFrame:
        """None, as there are no classes."""
        return empty(REASONS)

    @cached_property
    def shapes(self) -> pl.DataFrame:
        """None: the members have theirs."""
        return empty(SHAPES)

    @cached_property
    def analyses(self) -> dict[str, Analysed]:
        """None: analyses are of the areas they were run on."""
        return {}


def with_own_area(release: Release, own: OwnArea) -> OwnRelease:
    """Return what a release shows of areas put together. The areas must be of the release."""
    return OwnRelease(release.bundle, release, own)


def _beside(places: pl.DataFrame) -> pl.DataFrame:
    return places.select("level", area="code")


def _places(places: list[Place]) -> pl.DataFrame:
    return pl.DataFrame(places, schema=dict.fromkeys(_PLACE, pl.String), orient="row")


def _around(links: pl.DataFrame, own: OwnArea) -> pl.DataFrame:
    """Return the areas that all members lie in, and whether they hold nothing else of the level."""
    members = _places([(own.level, code) for code in own.codes])
    up = _reached(links, members, LINKS)
    common = up.group_by(_PLACE).agg(pl.len().alias("n")).filter(pl.col("n") == len(own.codes))
    turned = links.select(
        level="parent_level", code="parent_code", parent_level="level", parent_code="code"
    )
    down = _reached(turned, common.select(_PLACE), LINKS).filter(pl.col("level") == own.level)
    held = down.group_by(level="from_level", code="from_code").agg(pl.len().alias("held"))
    return (
        common.join(held, on=_PLACE, how="left")
        .with_columns((pl.col("held") == len(own.codes)).alias("same"))
        .select(*_PLACE, "same")
        .sort(_PLACE)
    )


def _reached(links: pl.DataFrame, start: pl.DataFrame, schema: Any) -> pl.DataFrame:
    """Return every area that each of some areas leads to, step by step, each once."""
    here = start.with_columns(from_level="level", from_code="code")
    found = here.clear()
    for _ in Level:
        here = (
            here.join(links.select(list(schema)), on=_PLACE)
            .select("from_level", "from_code", level="parent_level", code="parent_code")
            .unique()
            .select(found.columns)
            .join(found, on=found.columns, how="anti")
        )
        if here.is_empty():
            break
        found = pl.concat([found, here])
    return found
