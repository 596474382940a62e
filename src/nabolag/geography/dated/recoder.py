"""One source's figures on their way from the borders they came in to those of the workspace."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from nabolag.core import Indicator, Period, PeriodKind, Unit
from nabolag.geography.dated.borders import Borders
from nabolag.geography.dated.crosswalk import Crosswalk, guesses
from nabolag.geography.dated.frames import day_of, valid_on
from nabolag.geography.dated.landing import landing
from nabolag.geography.dated.recode import Measure, Recoded, recode_figures
from nabolag.geography.register import AreaRegister

#: What a source says whose rows stand in the borders of their own year.
OWN = "own"
#: How the reason of an observation begins that was recoded: `recoded:2013:merged`.
REASON = "recoded:"


@dataclass(frozen=True)
class Recoder:
    """Recodes what comes from one source. `geography` is a year, or `own`."""

    crosswalk: Crosswalk
    geography: str

    def figures(self, figures: pl.DataFrame, measure: Measure) -> Recoded:
        """Recode figures (see `recode_figures`) without a column `geography`.

        The result has a column `from_geography`, the borders that each figure came in.
        """
        stamped = self._stamped(figures).with_columns(pl.col("geography").alias("from_geography"))
        keys = [name for name in ("period", "group") if name in figures.columns]
        return recode_figures(stamped, self.crosswalk, measure, keys)

    def landed(self, cells: pl.DataFrame) -> pl.DataFrame:
        """Return cells under the codes where they land, to be held against a register.

        A divided area stands at each of its new areas; the numbers are not divided. Codes
        without a way are left out: `unplaced` tells of them.
        """
        stamped = self._stamped(cells)
        there = landing(stamped, self.crosswalk)
        place = ["geography", "level", "area"]
        ways = there.ways.unique(maintain_order=True)
        moved = stamped.join(ways, on=place, how="left", maintain_order="left")
        kept = moved.join(there.left.select(place), on=place, how="anti")
        return kept.with_columns(pl.coalesce("to_code", "area").alias("area")).select(cells.columns)

    def amounts(self, amounts: pl.DataFrame) -> pl.DataFrame:
        """Return amounts (a column `amount`, 0 where there is no row) under the codes they land at.

        Areas that were divided hand on by the weights, as `figures` does it. An area that several
        land at has a row of each.
        """
        stamped = self._stamped(amounts)
        there = landing(stamped, self.crosswalk)
        place = ["geography", "level", "area"]
        whole = there.alone.select(*place, "to_code", weight=pl.lit(1.0))
        ways = pl.concat([whole, there.together.select(*place, "to_code", "weight")])
        moved = stamped.join(ways, on=place, how="left", maintain_order="left").join(
            there.left.select(place), on=place, how="anti", maintain_order="left"
        )
        return moved.with_columns(
            pl.coalesce("to_code", "area").alias("area"),
            (pl.col("amount") * pl.col("weight").fill_null(1.0)).alias("amount"),
        ).select(amounts.columns)

    def standing(self, register: AreaRegister) -> AreaRegister:
        """Return the register as recoded figures are held against it: today's areas, undated.

        An area that began in 2020 has figures of 2013 once these are told in its borders, and an
        area that is no more has none.
        """
        areas = register.areas
        if areas["valid_from"].null_count() + areas["valid_to"].null_count() == 2 * areas.height:
            return register
        nothing = pl.lit(None, pl.Date)
        there = areas.filter(valid_on(day_of(self.crosswalk.to_geography)))
        return replace(register, areas=there.with_columns(valid_from=nothing, valid_to=nothing))

    def unplaced(self, cells: pl.DataFrame) -> Recoded:
        """Return what is to be told of the codes of cells: `findings`, and `left`."""
        there = landing(self._stamped(cells), self.crosswalk)
        used = self.crosswalk.table.join(
            self._stamped(cells).select("geography").unique(), on="geography", how="semi"
        )
        return Recoded(cells.clear(), (*guesses(used), *there.findings), there.left)

    def _stamped(self, frame: pl.DataFrame) -> pl.DataFrame:
        if self.geography != OWN:
            return frame.with_columns(pl.lit(self.geography).alias("geography"))
        years = {text: border_year(text) for text in frame["period"].unique().to_list()}
        year = pl.col("period").replace_strict(years, return_dtype=pl.String)
        return frame.with_columns(year.alias("geography"))


def border_year(period: str) -> str:
    """Return the year whose borders a period's figures stand in, where the source says `own`.

    The year itself; of a pooled span the last, of a school year the first (it is counted on
    1 October).
    """
    parsed = Period.parse(period)
    return str(parsed.end if parsed.kind is PeriodKind.SPAN else parsed.start)


def measure_of(indicator: Indicator) -> Measure:
    """Return how figures of an indicator are added: as counts, shares, rates or means."""
    known: dict[Unit, Measure] = {
        Unit.COUNT: "count",
        Unit.SHARE: "share",
        Unit.RATE: "rate",
    }
    return known.get(indicator.unit, "mean")


def recoder_of(borders: Borders, cells: pl.DataFrame, geography: str, to: str) -> Recoder | None:
    """Return what recodes the cells of a source, `None` where there is nothing to recode."""
    if not borders.known or not geography or geography == to:
        return None
    years = [geography]
    if geography == OWN:
        years = sorted({border_year(text) for text in cells["period"].unique().to_list() if text})
    return Recoder(borders.crosswalk(years, to), geography)


def reason_of(conversion: str = "conversion", year: str = "from_geography") -> pl.Expr:
    """Return the reason of a recoded figure, empty where its area is the same."""
    text = pl.concat_str(pl.lit(REASON), pl.col(year), pl.lit(":"), pl.col(conversion))
    return pl.when(pl.col(conversion).fill_null("") == "").then(pl.lit("")).otherwise(text)


def breaks(observations: pl.DataFrame) -> pl.DataFrame:
    """Return where a series goes from estimated to known borders, or back: a break mark.

    One row a figure whose conversion is unlike that of the period before it in the same series
    (`level`, `area`, `indicator`, `group`, `period`), where either was divided by weights.
    """
    series = ["level", "area", "indicator", "group"]
    shaky = pl.col("reason").fill_null("").str.contains(f"^{REASON}.*:(slight|partly|mostly)$")
    ordered = observations.sort(*series, "period").with_columns(shaky.alias("_shaky"))
    before = pl.col("_shaky").shift(1).over(series)
    return ordered.filter(before.is_not_null(), before != pl.col("_shaky")).select(
        *series, "period"
    )
