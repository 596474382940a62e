"""From the borders of one year to those of another: weights, and how sure they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

import polars as pl

from nabolag.core import Finding, Severity
from nabolag.geography.dated.areas import shown
from nabolag.geography.dated.frames import CROSSWALK
from nabolag.store import conform, empty

_PAIR = ["geography", "level", "from_code", "to_code"]
_SOURCE = ["geography", "level", "from_code"]
_TARGET = ["geography", "level", "to_code"]
_TOLERANCE = 1e-6
_EXAMPLES = 8


class Basis(StrEnum):
    """Where a weight comes from, the surest first.

    `WHOLE`: the whole area goes to one. `PARTS`: people counted in smaller areas. `POPULATION`:
    people of the successors. `GIVEN`: the file says so, and not why. `EQUAL`: nothing is known.
    """

    WHOLE = "whole"
    PARTS = "parts"
    POPULATION = "population"
    GIVEN = "given"
    EQUAL = "equal"


#: Weights of these are counts of people. Of the others nothing is known but 0 to 1.
COUNTED = (Basis.WHOLE, Basis.PARTS, Basis.POPULATION)
_ORDER = {basis.value: place for place, basis in enumerate(Basis)}


@dataclass(frozen=True)
class Crosswalk:
    """Weights from one or several geographies to one (columns of `frames.CROSSWALK`).

    For each old area the weights sum to 1. The level is part of every key: a levekårssone never
    meets a grunnkrets with the same code. `old_codes` says what is done with a code that was no
    longer in use in its year: `refuse`, or `use` the nearest earlier year that has it.
    """

    table: pl.DataFrame
    to_geography: str
    findings: tuple[Finding, ...] = ()
    old_codes: str = "refuse"

    @cached_property
    def geographies(self) -> tuple[str, ...]:
        """The geographies it leads from, the first one first."""
        return tuple(self.table["geography"].unique().sort().to_list())

    def of(self, geography: str) -> Crosswalk:
        """Return the part that leads from one geography."""
        return replace(self, table=self.table.filter(pl.col("geography") == geography))

    def then(self, later: Crosswalk) -> Crosswalk:
        """Return the way through another: from here to where `later` leads.

        Raises `ValueError` where `later` does not start where this one ends. A code that `later`
        does not have would lose its people: it is an error in `findings`.
        """
        if later.geographies not in ((self.to_geography,), ()):
            starts = ", ".join(later.geographies)
            raise ValueError(f"the way on starts from {starts}, not from {self.to_geography}")
        onward = later.table.drop("geography").rename({"from_code": "to_code", "to_code": "_far"})
        joined = self.table.join(
            onward, on=["level", "to_code"], how="left", suffix="_on", maintain_order="left"
        )
        lost = joined.filter(pl.col("_far").is_null())
        through = joined.filter(pl.col("_far").is_not_null()).select(
            "geography", "level", "from_code", pl.col("_far").alias("to_code"),
            *(pl.col(name) * pl.col(f"{name}_on") for name in ("weight", "low", "high")),
            weaker("basis", "basis_on").alias("basis"),
        )  # fmt: skip
        findings = [*self.findings, *later.findings]
        if lost.height:
            findings.append(about("crosswalk_lost", Severity.ERROR, lost, "to_code"))
        return Crosswalk(summed(through), later.to_geography, tuple(findings), self.old_codes)

    def inverse(self, population: pl.DataFrame | None = None) -> Crosswalk:
        """Return the way back, for a crosswalk from one geography.

        A merger is undone by how many lived in each old area (`level`, `code`, `persons` of the
        geography it leads from); without that, by equal parts. Either is told by `basis`.
        """
        if len(self.geographies) != 1:
            raise ValueError("only a crosswalk from one geography has a way back")
        flows = _flows(self.table, population)
        key = ["level", "to_code"]
        flow = pl.col("_flow")
        total, n = flow.sum().over(key), pl.len().over(key)
        counted = flow.is_not_null().all().over(key) & (total > 0)
        weight = pl.when(counted).then(flow / total).otherwise(1 / n)
        back = flows.with_columns(
            weight.alias("weight"),
            pl.when(n == 1).then(pl.lit(Basis.WHOLE.value)).when(~counted)
            .then(pl.lit(Basis.EQUAL.value)).otherwise(_at_least_population()).alias("basis"),
            pl.lit(self.to_geography).alias("geography"),
        ).select(
            "geography", "level", pl.col("to_code").alias("from_code"),
            pl.col("from_code").alias("to_code"), "weight", "basis",
        )  # fmt: skip
        # An area that got people from two, one of which it shares with another, is told whole.
        return Crosswalk(bounded(back), self.geographies[0], self.findings, self.old_codes)

    @cached_property
    def whole(self) -> pl.DataFrame:
        """Old areas that lie whole in one new area which has no other part: `…, to_code`."""
        counted = self.table.with_columns(
            pl.len().over(_SOURCE).alias("_out"), pl.len().over(_TARGET).alias("_in")
        )
        return counted.filter(pl.col("_out") == 1, pl.col("_in") == 1).drop("_out", "_in")


def crosswalk_of(
    rows: pl.DataFrame, to_geography: str, *, basis: Basis | None = None, old_codes: str = "refuse"
) -> Crosswalk:
    """Return a checked crosswalk out of `geography`, `level`, `from_code`, `to_code`, `weight`.

    `basis` says where the weights of divided areas come from, where the rows do not. Rows
    of one pair are added. Findings: weights outside 0–1 and sums that are not 1 (errors).
    """
    given = rows if "basis" in rows.columns else rows.with_columns(
        pl.lit((basis or Basis.GIVEN).value).alias("basis")
    )  # fmt: skip
    pairs = given.group_by(_PAIR, maintain_order=True).agg(
        pl.col("weight").sum(), pl.col("basis").sort_by(_order("basis")).last()
    )
    table = bounded(pairs.filter(pl.col("weight") != 0))
    return Crosswalk(table, to_geography, tuple(weight_findings(pairs)), old_codes)


def bounded(pairs: pl.DataFrame) -> pl.DataFrame:
    """Add what is known of each weight: an area that is not divided is whole, `low` = `high` = 1.

    Counted weights are taken as known. Of the others only that they lie between 0 and 1.
    """
    alone = pl.len().over(_SOURCE) == 1
    basis = pl.when(alone).then(pl.lit(Basis.WHOLE.value)).otherwise(pl.col("basis"))
    sure = pl.col("basis").is_in([one.value for one in COUNTED])
    based = pairs.with_columns(basis.alias("basis"))
    return conform(
        based.with_columns(
            pl.when(sure).then(pl.col("weight")).otherwise(0.0).alias("low"),
            pl.when(sure).then(pl.col("weight")).otherwise(1.0).alias("high"),
        ),
        CROSSWALK,
    ).sort(_PAIR)


def summed(pairs: pl.DataFrame) -> pl.DataFrame:
    """Join rows of one pair that came by different ways; bounds add up and stay within 0–1."""
    joined = pairs.group_by(_PAIR, maintain_order=True).agg(
        pl.col("weight", "low", "high").sum(), pl.col("basis").sort_by(_order("basis")).last()
    )
    # Ways that part and meet again move the whole area, however it was divided between.
    alone = pl.len().over(_SOURCE) == 1
    return conform(
        joined.with_columns(
            pl.when(alone).then(1.0).otherwise(pl.col("low").clip(0.0, 1.0)).alias("low"),
            pl.when(alone).then(1.0).otherwise(pl.col("high").clip(0.0, 1.0)).alias("high"),
            pl.when(alone)
            .then(pl.lit(Basis.WHOLE.value))
            .otherwise(pl.col("basis"))
            .alias("basis"),
        ),
        CROSSWALK,
    ).sort(_PAIR)


def weaker(one: str, other: str) -> pl.Expr:
    """Return the less sure of two bases."""
    return pl.when(_order(one) >= _order(other)).then(pl.col(one)).otherwise(pl.col(other))


def _order(column: str) -> pl.Expr:
    return pl.col(column).replace_strict(_ORDER, return_dtype=pl.Int64)


def _flows(table: pl.DataFrame, population: pl.DataFrame | None) -> pl.DataFrame:
    """Add how many people of each old area went each way; null where nobody counted them."""
    if population is None:
        return table.with_columns(pl.lit(None, pl.Float64).alias("_flow"))
    people = population.select("level", pl.col("code").alias("from_code"), "persons")
    joined = table.join(people, on=["level", "from_code"], how="left", maintain_order="left")
    return joined.with_columns((pl.col("weight") * pl.col("persons")).alias("_flow"))


def _at_least_population() -> pl.Expr:
    surer = _order("basis") <= _ORDER[Basis.POPULATION.value]
    return pl.when(surer).then(pl.lit(Basis.POPULATION.value)).otherwise(pl.col("basis"))


def weight_findings(pairs: pl.DataFrame) -> list[Finding]:
    """Return what is wrong with weights: outside 0–1, and sums other than 1."""
    outside = pairs.filter(~pl.col("weight").is_between(0, 1 + _TOLERANCE))
    sums = pairs.group_by(_SOURCE, maintain_order=True).agg(pl.col("weight").sum())
    uneven = sums.filter((pl.col("weight") - 1).abs() > _TOLERANCE)
    return [
        about(code, Severity.ERROR, rows, "from_code")
        for code, rows in (("crosswalk_weight", outside), ("crosswalk_sum", uneven))
        if rows.height
    ]


def guesses(pairs: pl.DataFrame) -> tuple[Finding, ...]:
    """Return what to tell of areas that are divided by weights of which nothing is known."""
    rough = [Basis.GIVEN.value, Basis.EQUAL.value]
    divided = pairs.filter(pl.len().over(_SOURCE) > 1, pl.col("basis").is_in(rough))
    severity = Severity.WARNING
    return (about("crosswalk_guessed", severity, divided, "from_code"),) if divided.height else ()


def about(code: str, severity: Severity, rows: pl.DataFrame, column: str) -> Finding:
    """Return a finding that names codes of one column, and where they are from."""
    params = {
        "level": ", ".join(rows["level"].unique(maintain_order=True).to_list()),
        "geography": _span(rows["geography"].unique().sort().to_list()),
    }
    codes = rows.select(code=column, name=pl.lit(""), level="level").unique(maintain_order=True)
    return Finding(code, severity, params=params, count=codes.height, examples=shown(codes))


def _span(years: Sequence[str]) -> str:
    return years[0] if len(years) < 2 else f"{years[0]}–{years[-1]}"


def differing(one: Crosswalk, other: Crosswalk) -> tuple[Finding, ...]:
    """Return where two crosswalks to one geography send an area to different places.

    Codes that only one of them has are not compared. Homonyms in different counties are what
    this finds: lists that were matched by name.
    """
    ends = [
        part.table.group_by(_SOURCE, maintain_order=True).agg(pl.col("to_code").unique().sort())
        for part in (one, other)
    ]
    both = ends[0].join(ends[1], on=_SOURCE, suffix="_other", maintain_order="left")
    apart = both.filter(pl.col("to_code") != pl.col("to_code_other")).sort(_SOURCE)
    severity = Severity.WARNING
    return (about("crosswalk_differs", severity, apart, "from_code"),) if apart.height else ()


def stacked(parts: Sequence[Crosswalk]) -> Crosswalk:
    """Return several crosswalks to one geography as one.

    Where several have the same old area, the first of them stands, with all its ways.
    Raises `ValueError` where they lead to different geographies.
    """
    ends = {part.to_geography for part in parts}
    if len(ends) != 1:
        raise ValueError(f"crosswalks lead to different geographies: {sorted(ends)}")
    numbered = [part.table.with_columns(_at=pl.lit(at)) for at, part in enumerate(parts)]
    every = pl.concat([empty(CROSSWALK).with_columns(_at=pl.lit(0)), *numbered])
    table = every.filter(pl.col("_at") == pl.col("_at").min().over(_SOURCE)).drop("_at")
    findings = tuple(finding for part in parts for finding in part.findings)
    policy = "use" if any(part.old_codes == "use" for part in parts) else "refuse"
    return Crosswalk(table.sort(_PAIR), ends.pop(), findings, policy)
