"""Figures made anew from rounded counts: counts, shares and rates, with a mark that says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from nabolag.core import Finding, Indicator, Status, Unit
from nabolag.disclosure.primary import primarily
from nabolag.disclosure.rounding.asked import (
    asked_of,
    counts_are_known,
    in_sums,
    inner_cells_are_known,
    methods,
)
from nabolag.disclosure.rounding.bounds import with_bounds
from nabolag.disclosure.rounding.cells import Rounded, round_block
from nabolag.disclosure.rounding.earlier import shown_earlier, shown_exactly
from nabolag.disclosure.rounding.inner import NOTHING
from nabolag.disclosure.rounding.lots import count_names
from nabolag.disclosure.rounding.utility import Utility
from nabolag.disclosure.rules import DisclosureRule
from nabolag.disclosure.system import System, linear_system
from nabolag.disclosure.system.areas import Floats
from nabolag.disclosure.system.spoken import (
    COUNT,
    DENOMINATOR,
    NUMERATOR,
    denominators_from_counts,
    spoken,
)
from nabolag.disclosure.words import ROUNDED
from nabolag.store.frames import LINKS, OBSERVATIONS
from nabolag.store.statuses import NUMBERED, without_numbers

_HIDDEN: Final = Status.SUPPRESSED_PRIMARY.value
_NOBODY: Final = Status.NOT_APPLICABLE.value
_RATE: Final = 1000.0


@dataclass(frozen=True)
class SetApart:
    """Observations parted: those that are rounded, and the rest, which are hidden where small.

    `rounded` are finished, with their place (`row`). `amounts` are rows of the rest (means and
    amounts under a rule that rounds) with the rounded number of those behind them. `summary` is
    for the release's description: empty where nothing is rounded. `findings` are for the house.
    """

    rest: pl.DataFrame
    rounded: pl.DataFrame
    amounts: pl.DataFrame
    summary: Mapping[str, Any]
    findings: tuple[Finding, ...] = ()

    def joined(self, safe: pl.DataFrame) -> pl.DataFrame:
        """Put the protected rest and the rounded figures together again, in their order.

        `safe` has the rows of `rest`, in order. A mean keeps its value, loses its sum (sum over
        mean is how many there are) and says the rounded number of those behind it.
        """
        if not self.summary:
            return safe
        taken = self.rounded["row"].to_numpy()
        rows = np.setdiff1d(np.arange(safe.height + taken.size), taken)
        placed = safe.select(pl.Series("row", rows, dtype=pl.UInt32), pl.all())
        both = pl.concat([_with_rounded_base(placed, self.amounts), self.rounded])
        return both.sort("row").select(safe.columns)


def set_apart(
    observations: pl.DataFrame,
    rules: Sequence[DisclosureRule],
    catalogue: Mapping[str, Indicator],
    links: pl.DataFrame | None = None,
    before: Sequence[pl.DataFrame] = (),
) -> SetApart:
    """Round the figures whose rules say `method = "round"`, and set them apart from the rest.

    `observations` still have all their numbers. Counts, shares and rates are added up anew from
    rounded inner cells, over areas, groups and years. What rules ask beside the three thresholds
    on small counts still holds. What was shown `before` (see `earlier`) is shown again where the
    true number allows it. Raises `UserError` where inner cells are not known, figures that
    hang together are protected differently, or rules contradict one another.
    """
    said = methods(observations, rules, catalogue)
    if not said["round"].any():
        nothing = observations.clear().with_row_index("row")
        return SetApart(observations, nothing, _NO_AMOUNTS, {})
    rows = _with_methods(observations, said)
    summed = rows.filter(in_sums())
    figures = summed.select(observations.columns)
    terms = spoken(figures, catalogue, rules)
    terms = terms.with_columns(summed["row"].gather(terms["row"]))
    everybody = denominators_from_counts(figures, catalogue)["denominator"]
    counts_are_known(rows, terms, summed.filter(everybody.is_not_null()))
    given = links if links is not None else pl.DataFrame(schema=LINKS)
    system = linear_system(figures, catalogue, given, rules)
    told = shown_earlier(system, before, catalogue)
    done = _rounded_blocks(system, summed, told)
    counts = _new_counts(system, done, terms)
    ours = pl.col("round") & pl.col("counted")
    made = _made(rows.filter(ours).join(counts, on="row", how="left", maintain_order="left"))
    finished = _finished(made, rules, catalogue, links).select("row", *observations.columns)
    rest = rows.filter(~ours)
    amounts = rest.filter("round").join(counts, on="row")
    return SetApart(
        rest.select(observations.columns),
        finished,
        amounts.select("row", "base", everybody="new_denominator"),
        _summary(system, done, said),
        shown_exactly(system, [rounded for rounded, _ in done], told),
    )


def _with_methods(observations: pl.DataFrame, said: pl.DataFrame) -> pl.DataFrame:
    """Give the observations numbers, and lay beside each how it is protected."""
    numbered = observations.with_row_index("row")
    return numbered.join(said, on=["indicator", "source"], how="left", maintain_order="left")


_NO_AMOUNTS = pl.DataFrame(
    schema={"row": pl.UInt32(), "base": pl.Int64(), "everybody": pl.Float64()}
)
_Done = list[tuple[Rounded | None, int]]


def _rounded_blocks(system: System, rows: pl.DataFrame, before: Sequence[Floats]) -> _Done:
    """Return each block rounded, with its base; `None` where it is not to be."""
    done: _Done = []
    for number, asked in enumerate(asked_of(system, rows)):
        if asked is None:
            done.append((None, 0))
            continue
        names = count_names(system.names, number)
        block, earlier = system.blocks[number], before[number]
        rounded = round_block(block, names, asked.base, asked.seed, earlier)
        done.append((rounded, asked.base))
    told = [(b, r) for b, (r, _) in zip(system.blocks, done, strict=True) if r and r.stopped]
    inner_cells_are_known(told)
    return done


def _new_counts(system: System, done: _Done, terms: pl.DataFrame) -> pl.DataFrame:
    """Return for each figure (`row`) its rounded counts, by role, and whether it is `marked`."""
    located = system.located(terms.filter(pl.col("role").is_in([COUNT, NUMERATOR, DENOMINATOR])))
    pieces = []
    for (number,), part in located.partition_by("block", as_dict=True).items():
        rounded, _ = done[int(str(number))]
        if rounded is None:
            continue
        i, c = part["place"].to_numpy(), part["column"].to_numpy()
        pieces.append(
            part.select("row", "role").with_columns(
                new=pl.Series(rounded.value[i, c]).fill_nan(None),
                marked=pl.Series(rounded.marked[i, c]),
            )
        )
    schema = {"row": pl.UInt32(), "role": pl.String(), "new": pl.Float64(), "marked": pl.Boolean()}
    said = pl.concat([pl.DataFrame(schema=schema), *pieces])
    by_role = [
        pl.col("new").filter(pl.col("role") == role).first().alias(f"new_{role}")
        for role in (COUNT, NUMERATOR, DENOMINATOR)
    ]
    return said.group_by("row").agg(*by_role, pl.col("marked").any())


def _made(rows: pl.DataFrame) -> pl.DataFrame:
    """Make figures of their rounded counts. Where nobody is left to count among, there is none."""
    count, share = pl.col("unit") == Unit.COUNT.value, pl.col("unit") == Unit.SHARE.value
    times = pl.when(share).then(1.0).otherwise(_RATE)
    few, of = pl.col("new_numerator"), pl.col("new_denominator")
    nobody = ~count & (of.abs() < NOTHING)
    shown = pl.col("status").is_in(NUMBERED) & ~nobody
    gone = nobody & pl.col("status").is_in([*NUMBERED, _NOBODY])
    numbers = {
        "value": pl.when(count).then(pl.col("new_count")).otherwise(times * few / of),
        "numerator": pl.when(count).then(None).otherwise(few),
        "denominator": pl.when(count).then(None).otherwise(of),
    }
    bounded = with_bounds(rows, shown & share).with_columns(said=_reason())
    return bounded.with_columns(
        *(pl.when(shown).then(number).alias(name) for name, number in numbers.items()),
        status=pl.when(gone).then(pl.lit(_HIDDEN)).otherwise("status"),
        reason=pl.when(gone).then("said").otherwise("reason"),
    )


def _reason() -> pl.Expr:
    return pl.concat_str(pl.lit(ROUNDED), "base")


def _finished(
    rows: pl.DataFrame,
    rules: Sequence[DisclosureRule],
    catalogue: Mapping[str, Indicator],
    links: pl.DataFrame | None,
) -> pl.DataFrame:
    """Ask what rules ask beside the thresholds on small counts, and mark what is rounded."""
    lenient = [
        rule.model_copy(update={"numerator": 0, "complement": 0, "denominator": 0, "zero": "show"})
        for rule in rules
    ]
    told, _ = primarily(rows.select(*OBSERVATIONS), lenient, catalogue, links)
    judged = rows.with_columns(told["status"], told["reason"])
    shown, marked = pl.col("status").is_in(NUMBERED), pl.col("marked").fill_null(value=False)
    was = pl.col("reason").fill_null("")
    both = pl.when(was == "").then("said").otherwise(pl.concat_str("said", was, separator=";"))
    return without_numbers(judged).with_columns(
        reason=pl.when(shown & marked).then(both).otherwise("reason")
    )


def _with_rounded_base(safe: pl.DataFrame, amounts: pl.DataFrame) -> pl.DataFrame:
    """Give means and amounts the rounded number of those behind them, and take their sum away.

    Where that number is 0, it is not told whether nobody or few are behind it.
    """
    both = safe.join(amounts, on="row", how="left", maintain_order="left")
    ours = pl.col("base").is_not_null() & pl.col("status").is_in(NUMBERED)
    absent = pl.col("status") == Status.MISSING.value
    gone = (pl.col("everybody") < NOTHING).fill_null(value=False) & ~absent
    told = both.with_columns(
        numerator=pl.when(ours).then(None).otherwise("numerator"),
        denominator=pl.when(ours).then("everybody").otherwise("denominator"),
        status=pl.when(gone).then(pl.lit(_HIDDEN)).otherwise("status"),
        reason=pl.when(gone).then(_reason()).otherwise("reason"),
    )
    return without_numbers(told).select(safe.columns)


def _summary(system: System, done: _Done, said: pl.DataFrame) -> dict[str, Any]:
    """Describe the rounding: the bases, the indicators, and how far it moved the figures."""
    inner: list[tuple[Floats, Floats]] = []
    published: list[tuple[Floats, Floats]] = []
    for block, (rounded, _) in zip(system.blocks, done, strict=True):
        if rounded is None:
            continue
        before, after = block.implied, rounded.value
        known = ~np.isnan(before) & ~np.isnan(after)
        cells = known & rounded.inner
        published.append((before[known], after[known]))
        inner.append((before[cells], after[cells]))
    utility = Utility.of(_joined(inner), _joined(published))
    ours = said.filter("round", "counted")
    return {
        "base": ours["base"].unique().sort().to_list(),
        "indicators": ours["indicator"].unique().sort().to_list(),
        **utility.as_dict(),
    }


def _joined(pairs: list[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    empty = np.zeros(0)
    before = np.concatenate([empty, *(pair[0] for pair in pairs)])
    after = np.concatenate([empty, *(pair[1] for pair in pairs)])
    return before, after
