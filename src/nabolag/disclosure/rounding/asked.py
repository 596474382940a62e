"""Which figures are to be rounded, and whether they can be: else it is said why not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from nabolag.core import Finding, Indicator, Place, Severity, Unit, error, raise_errors
from nabolag.disclosure.rounding.cells import Rounded
from nabolag.disclosure.rules import DisclosureRule, covering_rules, rule_for
from nabolag.disclosure.system import Block, System
from nabolag.disclosure.system.areas import Ints
from nabolag.disclosure.system.spoken import COUNT, DENOMINATOR, NUMERATOR
from nabolag.store import CONFIG_NAME
from nabolag.store.statuses import NUMBERED

#: Units whose figures are counts, or made of two: they are rounded. Others are hidden as before.
COUNTED: Final = (Unit.COUNT, Unit.SHARE, Unit.RATE)
_EXAMPLES: Final = 5
#: A count that was worked out of a share printed with few decimals may be this far off, not more.
_BLUR: Final = 0.01
_CONFIG: Final = Place(CONFIG_NAME)


@dataclass(frozen=True, slots=True)
class Asked:
    """How a block is rounded."""

    base: int
    seed: int


def methods(
    observations: pl.DataFrame,
    rules: Sequence[DisclosureRule],
    catalogue: Mapping[str, Indicator],
) -> pl.DataFrame:
    """Return how each indicator of each source is protected.

    Columns `indicator`, `source`, `round`, `unit`, `counted` (its figures are counts), `base` and
    `seed` (of what is rounded). Raises `UserError` where rules that cover the same figures say
    different things.
    """
    rows = []
    for iid, source in observations.select("indicator", "source").unique().sort(pl.all()).rows():
        covering = covering_rules(iid, source, rules)
        said = {(rule.method, rule.base, rule.seed) for rule in covering}
        if len(said) > 1 and any(rule.method == "round" for rule in covering):
            raise error("rounding_rules_differ", _CONFIG, indicator=iid, source=source)
        rule = rule_for(iid, source, rules)
        rounds = rule.method == "round"
        base, seed = (rule.base, rule.seed) if rounds else (None, None)
        unit = catalogue[iid].unit
        rows.append((iid, source, rounds, unit.value, unit in COUNTED, base, seed))
    return pl.DataFrame(rows, schema=_METHODS, orient="row")


_METHODS = {
    "indicator": pl.String(), "source": pl.String(), "round": pl.Boolean(), "unit": pl.String(),
    "counted": pl.Boolean(), "base": pl.Int64(), "seed": pl.Int64(),
}  # fmt: skip


def asked_of(system: System, rows: pl.DataFrame) -> list[Asked | None]:
    """Return how each block is to be rounded, `None` where it is not.

    `rows` has `round`, `base` and `seed` for each figure of the system, in order. Raises
    `UserError` where figures that hang together are protected in different ways: what is exact in
    one would undo the rounding of the other.
    """
    rounds = rows["round"].to_numpy()
    found: list[Asked | None] = []
    for block in system.blocks:
        own = np.unique(block.row[block.exists])
        mine = rounds[own]
        if not mine.any():
            found.append(None)
            continue
        if not mine.all():
            _apart(rows, own[mine], own[~mine])
        said = rows[own.tolist()].select("base", "seed").unique()
        if said.height > 1:
            same = [row == said.row(0) for row in rows[own.tolist()].select("base", "seed").rows()]
            _apart(rows, own[np.array(same)], own[~np.array(same)])
        base, seed = said.row(0)
        found.append(Asked(base, seed))
    return found


def _apart(rows: pl.DataFrame, one: Ints, other: Ints) -> None:
    names = [sorted(set(rows[which.tolist()]["indicator"]))[0] for which in (one, other)]
    raise error("rounding_hangs_together", _CONFIG, one=names[0], other=names[1])


def in_sums() -> pl.Expr:
    """Tell which figures bring counts into the sums.

    A share or rate that comes without any count of its own tells a ratio, and no count.
    """
    ratio = pl.col("unit").is_in([Unit.SHARE.value, Unit.RATE.value])
    bare = pl.col("numerator").is_null() & pl.col("denominator").is_null()
    return ~(ratio & bare & pl.col("status").is_in(NUMBERED))


def counts_are_known(rows: pl.DataFrame, terms: pl.DataFrame, filled: pl.DataFrame) -> None:
    """Raise `UserError` where a figure that is to be rounded comes without its counts.

    `terms` are what figures speak of (`row` as in `rows`), and `filled` the figures (`row`) whose
    denominator is told: one that is worked out of a printed share is not a count.
    """
    shown = rows.filter(pl.col("round"), pl.col("counted"), pl.col("status").is_in(NUMBERED))
    told = terms.filter(
        pl.col("role").is_in([COUNT, NUMERATOR, DENOMINATOR]),
        pl.col("x").is_not_null(),
        pl.col("blur") <= _BLUR,
    )
    have = told.group_by("row").agg(pl.len().alias("told"))
    asked = pl.when(pl.col("unit") == Unit.COUNT.value).then(1).otherwise(2)
    counted = (pl.col("unit") == Unit.COUNT.value) | pl.col("row").is_in(filled["row"].implode())
    enough = counted & (pl.col("told").fill_null(0) >= asked)
    bare = shown.join(have, on="row", how="left").filter(~enough)
    raise_errors(
        Finding(
            "rounding_without_counts",
            Severity.ERROR,
            _CONFIG,
            params={"indicator": iid, "source": source},
            count=n,
        )
        for iid, source, n in bare.group_by("indicator", "source").len().sort(pl.all()).rows()
    )


def inner_cells_are_known(blocks: Iterable[tuple[Block, Rounded]]) -> None:
    """Raise `UserError` for blocks whose inner cells are not in the house."""
    findings = [finding for block, done in blocks for finding in _stopping(block, done)]
    raise_errors(_once(findings))


def _stopping(block: Block, done: Rounded) -> Iterator[Finding]:
    kinds = {
        "rounding_inner_contradicted": done.contradicted,
        "rounding_inner_unknown": done.unknown,
        "rounding_left_small": done.small,
    }
    for code, cells in kinds.items():
        for iid, examples, n in _named(block, cells):
            yield Finding(code, Severity.ERROR, _CONFIG, {"indicator": iid}, n, examples)


def _named(block: Block, cells: Ints) -> Iterator[tuple[str, tuple[str, ...], int]]:
    """Yield indicators with some of the cells that are theirs."""
    area, count = np.divmod(cells, block.shape[1])
    names = block.areas.areas[area.tolist()].hstack(block.counts[count.tolist()])
    for (iid,), own in names.partition_by("indicator", as_dict=True, maintain_order=True).items():
        said = [
            " ".join(filter(None, (f"{r['level']}:{r['area']}", r["period"], r["group"])))
            for r in own.sort("level", "area", "period", "group").head(_EXAMPLES).to_dicts()
        ]
        yield str(iid), tuple(dict.fromkeys(said)), own.height


def _once(findings: list[Finding]) -> list[Finding]:
    """Keep one finding for each code and indicator."""
    first: dict[tuple[str, str], Finding] = {}
    for finding in findings:
        first.setdefault((finding.code, str(finding.params["indicator"])), finding)
    return list(first.values())
