"""The audit: what a reader can work out of a release, looked for before anybody else does.

First what adding and subtracting brings out exactly (`exact`), which is quick; then, for the
counts that are owed protection and did not come out, how far they can be narrowed down, with
everything that is known of them (`intervals`). It does not know or trust how figures were hidden.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import polars as pl

from nabolag.core.columns import OBSERVATION_KEY
from nabolag.disclosure.exact import recoverable
from nabolag.disclosure.intervals import NEARLY, Question, open_enough
from nabolag.disclosure.reading import Reading
from nabolag.disclosure.system import Block, System
from nabolag.disclosure.system.areas import Flags

#: What the audit can say of a figure, the worst first.
EXACT: Final = "exact"
NARROW: Final = "narrow"
BEFORE: Final = "before"
UNKNOWN: Final = "impossible"
_VERDICTS = (EXACT, BEFORE, NARROW, UNKNOWN)


@dataclass(frozen=True)
class Audit:
    """What was found.

    `figures` has a row for each hidden figure that is not protected as it should be: its key,
    `row` in the observations, `verdict` (`exact`: it comes out exactly; `before`: it does so from
    earlier releases alone; `narrow`: the interval is narrower than asked; `impossible`: what is
    published contradicts itself, so nothing can be said), and for narrow ones `least` and `most`.

    `owed` counts the hidden counts that are owed protection, `counts` all hidden counts, `total`
    and `hidden` the figures; `known` hidden figures that come out exactly although nothing was
    owed them; `blocks`, `equations` and `programs` how large the work was.
    """

    figures: pl.DataFrame
    total: int
    hidden: int
    counts: int
    owed: int
    known: int
    blocks: int
    equations: int
    programs: int

    @cached_property
    def by_verdict(self) -> dict[str, int]:
        """How many figures there are of each verdict."""
        found = dict(self.figures.group_by("verdict").len().rows())
        return {verdict: int(found.get(verdict, 0)) for verdict in _VERDICTS}

    @property
    def exact(self) -> int:
        """How many hidden figures this release gives away exactly. Must be 0."""
        return self.by_verdict[EXACT]

    @property
    def hidden_share(self) -> float:
        """The share of the figures that are hidden."""
        return self.hidden / self.total if self.total else 0.0

    def as_dict(self) -> dict[str, Any]:
        """Return the numbers as plain data. Names no figure, so that it may leave the house."""
        return {
            "figures": self.total,
            "hidden": self.hidden,
            "hidden_share": round(self.hidden_share, 6),
            "hidden_counts": self.counts,
            "owed_counts": self.owed,
            **self.by_verdict,
            "known_though_hidden": self.known,
            "blocks": self.blocks,
            "equations": self.equations,
            "programs": self.programs,
        }


def audit(system: System, readings: Sequence[Reading]) -> Audit:
    """Return what a reader can work out of what the readings show.

    `system.figures` hold the release's statuses and, where the house has them, the true numbers.
    """
    parts = [_block(b, r) for b, r in zip(system.blocks, readings, strict=True)]
    found = pl.concat([pl.DataFrame(schema=_FOUND), *(part.found for part in parts)])
    order = {verdict: place for place, verdict in enumerate(_VERDICTS)}
    worst = (
        found.sort(pl.col("verdict").replace_strict(order, default=0), maintain_order=True)
        .unique("row", keep="first", maintain_order=True)
        .sort("row")
    )
    named = system.figures.select(OBSERVATION_KEY).with_row_index("row").cast({"row": pl.Int64})
    return Audit(
        named.join(worst, on="row", how="inner", maintain_order="right"),
        total=system.figures.height,
        hidden=_hidden(system, readings),
        counts=sum(part.counts for part in parts),
        owed=sum(part.owed for part in parts),
        known=sum(part.known for part in parts),
        blocks=len(system.blocks),
        equations=sum(block.equations.shape[0] for block in system.blocks),
        programs=sum(part.programs for part in parts),
    )


def _hidden(system: System, readings: Sequence[Reading]) -> int:
    """Count the figures that are hidden: by their status, or by the readings."""
    hidden = system.figures["status"].str.starts_with("suppressed").to_numpy().copy()
    for block, reading in zip(system.blocks, readings, strict=True):
        hidden[block.row[block.exists & ~reading.shown & ~reading.absent]] = True
    return int(hidden.sum())


_FOUND = {
    "row": pl.Int64(),
    "verdict": pl.String(),
    "least": pl.Float64(),
    "most": pl.Float64(),
}


@dataclass(frozen=True)
class _Part:
    found: pl.DataFrame
    counts: int
    owed: int
    known: int
    programs: int


def _block(block: Block, reading: Reading) -> _Part:
    """Audit one block."""
    asked = Question.of(block, reading)
    owed = (reading.need > 0) & block.present
    determined = recoverable(block.equations, asked.hidden).reshape(block.shape)
    published = owed & reading.known(block) & ~reading.fixed
    rest = asked.need * ~determined.ravel()
    found = open_enough(asked.asking(rest))
    width = found.width(asked.whole)
    short = found.short(asked.asking(rest))
    pinned = (short & (width < NEARLY) & ~found.impossible).reshape(block.shape)
    given_away = ((determined | pinned) & owed) | published
    before = _before(block, reading, given_away) | (owed & reading.fixed)
    narrow = (short & ~found.impossible).reshape(block.shape) & ~pinned
    unclear = (short & found.impossible).reshape(block.shape)
    verdicts = {EXACT: given_away & ~before, BEFORE: before, NARROW: narrow, UNKNOWN: unclear}
    least, most = (ends.reshape(block.shape) for ends in (found.least, found.most))
    pieces = [_rows(block, reading, cells, v, (least, most)) for v, cells in verdicts.items()]
    return _Part(
        pl.concat(pieces),
        counts=int(asked.hidden.sum()),
        owed=int(owed.sum()),
        known=_known(block, reading, determined),
        programs=found.programs,
    )


def _before(block: Block, reading: Reading, given_away: Flags) -> Flags:
    """Return which of the counts that come out do so from earlier releases alone."""
    if not given_away.any() or not (reading.fixed & ~block.nobody).any():
        return np.zeros_like(given_away)
    nothing = reading.showing(np.zeros_like(reading.shown))
    hidden = block.present & ~nothing.known(block)
    alone = recoverable(block.equations, hidden.ravel()).reshape(block.shape)
    return given_away & (alone | reading.fixed)


def _known(block: Block, reading: Reading, determined: Flags) -> int:
    """Count the hidden figures that come out whole, though nothing is owed their counts."""
    open_counts = block.present & ~determined & ~reading.known(block)
    owed = reading.need > 0
    speaks = block.speaks.T.astype(np.float32)
    silent = ((open_counts | owed).astype(np.float32) @ speaks) > 0
    return int((block.exists & ~reading.shown & ~silent & ~reading.absent).sum())


def _rows(
    block: Block, reading: Reading, cells: Flags, verdict: str, ends: tuple[Any, Any]
) -> pl.DataFrame:
    """Return the hidden figures that speak of some counts, with the interval of the count."""
    least, most = ends
    rows = []
    for area, count in np.argwhere(cells).tolist():
        figures = block.speaks[:, count] & block.exists[area] & ~reading.shown[area]
        told = verdict == NARROW
        low, high = (least[area, count], most[area, count]) if told else (None, None)
        rows += [(int(row), verdict, low, high) for row in block.row[area][figures]]
    return pl.DataFrame(rows, schema=_FOUND, orient="row")
