"""What a reader of a release knows of each count: the published ones, and bounds of the rest.

Somebody who reads everything, knows the rules and the code, and subtracts. That a figure is
hidden says something too: hidden because few have the trait means fewer than the limit, and at
least one where a zero would have been shown; hidden to protect others means not few. So only the
smallest areas and groups are told why they are hidden. Were all told, four parts of at least one
each in a whole of fewer than five would all be known to be one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import polars as pl

from nabolag.core import Status
from nabolag.disclosure.primary import DOMINANCE
from nabolag.disclosure.system import Block, System
from nabolag.disclosure.system.areas import Flags, Floats
from nabolag.disclosure.system.spoken import AMOUNT, COUNT, NUMERATOR, ROUGHLY
from nabolag.store.statuses import NUMBERED

#: The reason of a figure that does not say why it is hidden.
UNTOLD: Final = "privacy"
#: How the reason of a figure begins that is hidden because it says little (`[minimum_population]`).
WORTH_LITTLE: Final = "population"
_ABSENT = [Status.MISSING.value, Status.NOT_APPLICABLE.value]
#: How far from a count a number may be that is the same, where nothing was rounded.
_HAIR: Final = 1e-6


@dataclass(frozen=True)
class Reading:
    """Of one block: which figures are shown, and what that leaves of the counts.

    `shown[n, f]`: the figure is there to read. `told[n, f]`: where it is not, the reason stands
    there. `primary` and `by_rule` are figures that are hidden for their own sake, `dominated` those
    of them whose amounts few stand behind, `absent` those that are missing or not applicable.
    `fixed[n, m]`:
    the count is known whatever is hidden now (published before, or «not applicable»). `lower` and
    `upper` bound a count whose figures are all hidden. `need` is how wide the interval of a hidden
    count must be, 0 where nothing is owed, and `above` how far over the truth it must reach.
    """

    shown: Flags
    told: Flags
    primary: Flags
    by_rule: Flags
    dominated: Flags
    absent: Flags
    fixed: Flags
    lower: Floats
    upper: Floats
    need: Floats
    above: Floats

    def known(self, block: Block) -> Flags:
        """Return which counts can be read off a shown figure."""
        told: Flags = ((self.shown.astype(np.float32) @ block.speaks) > 0) | self.fixed
        return told & block.present

    def showing(self, shown: Flags) -> Reading:
        """Return what is known when other figures are shown."""
        return replace(self, shown=shown)

    def untold(self, block: Block) -> Reading:
        """Return what is known when no hidden figure of the block says why it is hidden."""
        return _bounded(block, replace(self, told=np.zeros_like(self.told)))


def read(system: System, before: Sequence[pl.DataFrame] = ()) -> list[Reading]:
    """Return what is known of each block of a system.

    `before` holds rows of `spoken` that earlier releases showed: a count that had the same number
    then is known.
    """
    status = system.figures["status"]
    kinds = [
        np.append(flags.to_numpy(), False)
        for flags in (
            status.is_in(NUMBERED),
            status == Status.SUPPRESSED_PRIMARY.value,
            (status == Status.SUPPRESSED_RULE.value) & ~_says_little(system.figures),
            system.figures["reason"].fill_null("") == DOMINANCE,
            status.is_in(_ABSENT),
            system.figures["reason"].fill_null("") != UNTOLD,
        )
    ]
    readings = []
    for block, known in zip(system.blocks, _known_before(system, before), strict=True):
        shown, primary, by_rule, dominated, absent, said = (flags[block.row] for flags in kinds)
        told = ~block.wholes & block.areas.smallest[:, None] & said
        fixed = known | block.nobody
        bare = Reading(shown, told, primary, by_rule, dominated, absent, fixed, *_NOTHING)
        readings.append(_bounded(block, bare))
    return readings


def _says_little(figures: pl.DataFrame) -> pl.Series:
    """Tell which figures are hidden because they are worth little; no protection is owed them."""
    return figures["reason"].fill_null("").str.starts_with(WORTH_LITTLE)


_NOTHING = (np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0))


def _bounded(block: Block, reading: Reading) -> Reading:
    """Work out bounds and needs from what is told.

    An interval can be as wide as the rule itself leaves room for, not wider.
    """
    x, limit = block.value, block.limit
    unknown = np.isnan(x)
    few = ~unknown & (limit > 0) & (x < limit) & ((x != 0) | block.zero)
    none = ~unknown & (limit > 0) & (x == 0) & ~block.zero
    untold = _only(block, ~reading.told | reading.by_rule)
    least = np.where(block.zero, 0.0, 1.0)
    lower = np.where(few | (untold & (limit > 0)), least, limit)
    lower = np.where(unknown | (x < lower), 0.0, lower)
    upper = np.where(few & ~untold, np.maximum(limit - 1.0, x), np.inf)
    upper = np.where(none & ~_only(block, reading.by_rule), 0.0, upper)
    above = _dominated(block, reading)
    else_owed = np.maximum(_else_owed(block, reading), above + np.minimum(above, np.nan_to_num(x)))
    need = np.where(few, np.minimum(block.width, upper - lower), else_owed)
    need = np.where(block.present & ~block.nobody, need, 0.0)
    return replace(reading, lower=lower, upper=upper, need=need, above=above)


def _dominated(block: Block, reading: Reading) -> Floats:
    """Return how far over an amount that few stand behind a reader's interval must reach.

    As far below it too, but not below nothing. What few have most of is guessed from above: who has
    the rest takes it from the most that the whole can be.
    """
    amount = (block.counts["role"] == AMOUNT).to_numpy()
    few = (reading.dominated.astype(np.float32) @ (block.speaks & amount)) > 0
    return np.where(few & block.present, block.width * np.nan_to_num(np.abs(block.value)), 0.0)


def _only(block: Block, figures: Flags) -> Flags:
    """Return the counts that no other figures speak of than these."""
    others = (block.exists & ~figures).astype(np.float32) @ block.speaks
    only: Flags = block.present & (others == 0)
    return only


def _else_owed(block: Block, reading: Reading) -> Floats:
    """Return the width owed to what is hidden for other reasons than being few.

    What a rule or the producer hides must not come out exactly: one step for counts of people;
    for sums of kroner and hours a sliver of themselves. Of a figure's counts it is the one that
    makes its value.
    """
    role = block.counts["role"]
    main = role.is_in([COUNT, NUMERATOR, AMOUNT]).to_numpy()
    amount = (role == AMOUNT).to_numpy()
    speaks = block.speaks & main
    by_rule = (reading.by_rule.astype(np.float32) @ speaks) > 0
    primary = (reading.primary.astype(np.float32) @ speaks) > 0
    asked = by_rule | (primary & (amount | np.isnan(block.value)))
    sliver = np.maximum(ROUGHLY * np.nan_to_num(np.abs(block.value)), ROUGHLY)
    return np.where(asked, np.where(amount, sliver, 1.0), 0.0)


def _known_before(system: System, before: Sequence[pl.DataFrame]) -> list[Flags]:
    """Return which counts an earlier release showed with the number they have now."""
    fixed = [np.zeros(block.shape, dtype=np.bool_) for block in system.blocks]
    for terms in before:
        told = terms.filter(pl.col("status").is_in(NUMBERED), pl.col("x").is_not_null())
        for (number,), rows in system.located(told).partition_by("block", as_dict=True).items():
            block = system.blocks[int(str(number))]
            i, c = rows["place"].to_numpy(), rows["column"].to_numpy()
            near = np.maximum(rows["blur"].to_numpy(), _HAIR)
            same = np.abs(block.value[i, c] - rows["x"].to_numpy()) <= near
            fixed[int(str(number))][i[same], c[same]] = True
    return fixed
