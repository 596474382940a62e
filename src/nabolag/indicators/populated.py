"""`[minimum_population]`: what becomes of figures of areas where too few people live.

A share of eighty residents leaps from year to year without anything having happened. This is about
what a figure is worth, not about privacy, which `[[disclosure]]` sees to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import polars as pl
from pydantic import Field

from nabolag.core import (
    Finding,
    Indicator,
    Level,
    Period,
    Place,
    Severity,
    Status,
    Unit,
)
from nabolag.core.columns import OBSERVATION_NUMBERS
from nabolag.store import CONFIG_NAME, Section
from nabolag.store.statuses import NUMBERED

Treatment: TypeAlias = Literal["report", "unreliable", "hide"]
#: The reason of a figure where the release hides how many live in the area.
HIDDEN_LIVING: Final = "population_hidden"
_PLACE: Final = ["level", "area"]
_WHEN: Final = [*_PLACE, "period"]
_EXAMPLES: Final = 8
#: What is noticed of areas below the limit, by treatment.
_TOLD: Final[Mapping[str, tuple[str, Severity]]] = {
    "report": ("population_few", Severity.WARNING),
    "unreliable": ("population_few_unreliable", Severity.INFO),
    "hide": ("population_few_hidden", Severity.INFO),
}


class MinimumPopulation(Section):
    """`[minimum_population]`: how many must live in an area for figures of it to be worth telling.

    Asked of areas of `levels`. `indicator` is the count that says how many live there; its own
    figures are left as they are, for they say why the others are not. `treatment` of the other
    figures: `report` names the areas, `unreliable` shows the figures as uncertain, and `hide`
    hides them.
    """

    least: int = Field(ge=1)
    treatment: Treatment
    levels: tuple[Level, ...] = Field(default=(Level.CUSTOM,), min_length=1)
    indicator: str = "population"

    @property
    def reason(self) -> str:
        """The reason of a figure that is hidden or uncertain under this rule."""
        return f"population<{self.least}"


@dataclass(frozen=True, slots=True)
class Populated:
    """Where too few live (`few`: level, area, period), and what was noticed of it.

    `unknown` is where nobody in the house knows how many do.

    A finding of severity `ERROR` means that the rule could not be followed: nothing may be
    released.
    """

    rule: MinimumPopulation | None
    few: pl.DataFrame
    unknown: pl.DataFrame
    findings: tuple[Finding, ...] = ()

    def laid_on(self, safe: pl.DataFrame) -> pl.DataFrame:
        """Return protected observations with the rule's treatment of the areas in `few`.

        Comes after `protect`, so that what is hidden for privacy is found as if this rule were
        not there: it can only hide more. What is hidden or uncertain already keeps its reason.
        Where `safe` hides how many live in an area, its figures are treated whether they are few
        or not: else the treatment would tell. Where nobody knows it, there is nothing to tell.
        """
        if self.rule is None or self.rule.treatment == "report":
            return safe
        hides = self.rule.treatment == "hide"
        before = NUMBERED if hides else [Status.VALUE.value]
        after = Status.SUPPRESSED_RULE if hides else Status.UNRELIABLE
        hidden = _hidden_living(safe, self.rule).join(self.unknown, on=_WHEN, how="anti")
        shown = self.few.join(hidden, on=_WHEN, how="anti")
        why = pl.concat(
            [
                shown.with_columns(_why=pl.lit(self.rule.reason)),
                hidden.with_columns(_why=pl.lit(HIDDEN_LIVING)),
            ]
        )
        marked = safe.join(why, on=_WHEN, how="left", maintain_order="left")
        named = pl.col("_why").is_not_null()
        treated = named & _asked(self.rule) & pl.col("status").is_in(before)
        return marked.with_columns(
            pl.when(treated).then(pl.lit(after.value)).otherwise("status").alias("status"),
            pl.when(treated).then("_why").otherwise("reason").alias("reason"),
            *(pl.when(~treated).then(name).alias(name) for name in OBSERVATION_NUMBERS if hides),
        ).drop("_why")


def held_to_population(
    observations: pl.DataFrame,
    rule: MinimumPopulation | None,
    catalogue: Mapping[str, Indicator],
) -> Populated:
    """Find areas that too few live in, and the periods in which too few do.

    A figure of a period is held against the population of that period; where there is none, of
    each year that the period covers, the smallest of them counting. Another year is never used
    instead: what is not known is told of, and refused where figures are to be hidden.
    `observations` are not protected yet: a population that is hidden later counts all the same.
    """
    nowhere = observations.select(_WHEN).clear()
    if rule is None:
        return Populated(rule, nowhere, nowhere)
    if wrong := _cannot_count(rule, catalogue):
        return Populated(rule, nowhere, nowhere, (wrong,))
    shown = observations.filter(_asked(rule), pl.col("status").is_in(NUMBERED))
    places = shown.select(_WHEN).unique().join(_living(observations, rule), on=_WHEN, how="left")
    few = places.filter(pl.col("_living") < rule.least).select(_WHEN)
    unknown = places.filter(pl.col("_living").is_null()).select(_WHEN)
    findings = [
        *_nobody_asked(observations, rule),
        *_without_population(unknown, rule),
        *_too_few(few, rule),
    ]
    return Populated(rule, few, unknown, tuple(findings))


def _asked(rule: MinimumPopulation) -> pl.Expr:
    levels = [level.value for level in rule.levels]
    return pl.col("level").is_in(levels) & (pl.col("indicator") != rule.indicator)


def _hidden_living(safe: pl.DataFrame, rule: MinimumPopulation) -> pl.DataFrame:
    """Return in which areas and periods the release does not tell how many live there."""
    hidden = safe.filter(
        pl.col("indicator") == rule.indicator,
        pl.col("group") == "",
        pl.col("status").str.starts_with("suppressed"),
    ).select(_WHEN)
    asked = safe.filter(_asked(rule)).select(_WHEN).unique()
    covered = asked.join(_years(asked["period"]), on="period").join(
        hidden.rename({"period": "year"}), on=[*_PLACE, "year"], how="semi"
    )
    own = asked.join(hidden, on=_WHEN, how="semi")
    return pl.concat([own, covered.select(_WHEN)]).unique()


def _living(observations: pl.DataFrame, rule: MinimumPopulation) -> pl.DataFrame:
    """Return how many live in each area (`_living`, null where not known) in each period asked."""
    counted = observations.filter(
        pl.col("indicator") == rule.indicator,
        pl.col("group") == "",
        pl.col("status").is_in(NUMBERED),
    ).select(*_WHEN, living="value")
    asked = observations.filter(_asked(rule)).select(_WHEN).unique()
    own = asked.join(counted, on=_WHEN, how="left")
    years = _years(asked["period"])
    covered = (
        asked.join(years, on="period")
        .join(counted.rename({"period": "year"}), on=[*_PLACE, "year"], how="left")
        .group_by(_WHEN)
        # One year that is not known makes the whole unknown.
        .agg(pl.when(pl.col("living").null_count() == 0).then(pl.col("living").min()).alias("of"))
    )
    both = own.join(covered, on=_WHEN, how="left")
    return both.select(*_WHEN, pl.coalesce("living", "of").alias("_living"))


def _years(periods: pl.Series) -> pl.DataFrame:
    """Return each period (`period`) with every year it covers (`year`)."""
    spans = {text: Period.parse(text) for text in periods.unique().sort()}
    rows = [(text, str(y)) for text, p in spans.items() for y in range(p.start, p.end + 1)]
    return pl.DataFrame(rows, schema={"period": pl.String, "year": pl.String}, orient="row")


def _cannot_count(rule: MinimumPopulation, catalogue: Mapping[str, Indicator]) -> Finding | None:
    """Return why the indicator cannot say how many live in an area."""
    known = catalogue.get(rule.indicator)
    if known is not None and known.unit is Unit.COUNT:
        return None
    code = "population_indicator_unknown" if known is None else "population_indicator_no_count"
    return Finding(code, Severity.ERROR, Place(CONFIG_NAME), {"given": rule.indicator})


def _nobody_asked(observations: pl.DataFrame, rule: MinimumPopulation) -> list[Finding]:
    """Say where the rule is asked of a level that has no figures at all."""
    present = set(observations["level"].unique())
    empty = [level.value for level in rule.levels if level.value not in present]
    params = {"levels": ", ".join(empty)}
    place = Place(CONFIG_NAME)
    return [Finding("population_level_empty", Severity.WARNING, place, params)] if empty else []


def _without_population(unknown: pl.DataFrame, rule: MinimumPopulation) -> list[Finding]:
    """Say of which areas and periods it is not known how many live there."""
    if unknown.is_empty():
        return []
    hides = rule.treatment == "hide"
    code = "population_unknown_refused" if hides else "population_unknown"
    return [_about(code, Severity.ERROR if hides else Severity.WARNING, unknown, rule)]


def _too_few(few: pl.DataFrame, rule: MinimumPopulation) -> list[Finding]:
    code, severity = _TOLD[rule.treatment]
    return [] if few.is_empty() else [_about(code, severity, few, rule)]


def _about(code: str, severity: Severity, places: pl.DataFrame, rule: MinimumPopulation) -> Finding:
    """Return a finding that names areas with their periods; `count` is how many areas."""
    areas = places.group_by(_PLACE).agg(pl.col("period").unique().sort()).sort(_PLACE)
    named = [f"{area} ({', '.join(periods)})" for _, area, periods in areas.head(_EXAMPLES).rows()]
    params = {"least": rule.least, "indicator": rule.indicator}
    return Finding(code, severity, Place(CONFIG_NAME), params, areas.height, tuple(named))
