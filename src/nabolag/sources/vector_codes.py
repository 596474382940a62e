"""How area codes and parents are read out of a delivered row: declared steps, never guesses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

import polars as pl
from pydantic import BeforeValidator, Field, model_validator

from nabolag.core import LANGS, Finding, Level, Place, Severity
from nabolag.sources.codes import all_hold, renamed, transformed
from nabolag.sources.row_rules import Condition, LeaveOut, Step
from nabolag.store import Section
from nabolag.store.frames import LINKS


class CodeRule(Section):
    """Where a code stands and what is done to it.

    The text of `column` (or `constant` in every row) is looked up whole in `codes`; then the
    steps of `transform` follow in order. A blank text stays blank.
    """

    column: str = ""
    constant: str = ""
    codes: dict[str, str] = Field(default_factory=dict)
    transform: tuple[Step, ...] = ()

    @model_validator(mode="after")
    def _not_both(self) -> CodeRule:
        if self.column and self.constant:
            raise ValueError("give either column or constant, not both")
        return self

    def expression(self, own: str = "") -> pl.Expr:
        """Return the code as an expression over columns of trimmed text.

        `own` is the column that is read where the rule names none.
        """
        if self.constant:
            return pl.lit(self.constant)
        given = pl.col(self.column or own)
        made = transformed(renamed(given, self.codes), self.transform)
        return pl.when(given == "").then(pl.lit("")).otherwise(made)


def _as_rule(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


#: A rule, or simply the name of a column.
Code = Annotated[CodeRule, BeforeValidator(_as_rule)]


class ParentRule(CodeRule):
    """Which area of another level each row lies in.

    Without `column` and `constant` the parent's code is made of the area's own finished code:
    `{ level = "bydel", transform = [{ first = 2 }, { prefix = "0301" }] }`. In a list that
    holds several levels, `of` says which of them the rule is for.
    """

    level: Level
    of: tuple[Level, ...] = ()

    def applies(self) -> pl.Expr:
        """Tell for which rows the rule is (by their finished `_level`)."""
        return pl.col("_level").is_in([level.value for level in self.of or Level])


def columns_used(
    rules: Mapping[str, CodeRule | str],
    keep: Iterable[Condition] = (),
    leave_out: Iterable[LeaveOut] = (),
) -> dict[str, str]:
    """Return the columns that are read, each with the first key that names it."""
    used: dict[str, str] = {}
    for key, rule in rules.items():
        column = rule.column if isinstance(rule, CodeRule) else rule
        if column:
            used.setdefault(column, key)
    for condition in keep:
        used.setdefault(condition.column, "keep")
    for entry in leave_out:
        for condition in entry.where:
            used.setdefault(condition.column, "leave_out")
    return used


def rows_in(
    frame: pl.DataFrame, keep: Iterable[Condition], leave_out: Iterable[LeaveOut]
) -> tuple[pl.DataFrame, list[tuple[LeaveOut, int]], int]:
    """Return the rows that are to be read, what each `leave_out` took, and what `keep` took."""
    chosen = frame.filter(all_hold(keep))
    outside = frame.height - chosen.height
    taken: list[tuple[LeaveOut, int]] = []
    for entry in leave_out:
        rest = chosen.filter(~all_hold(entry.where))
        taken.append((entry, chosen.height - rest.height))
        chosen = rest
    return chosen, taken, outside


def told_left_out(
    kind: Literal["area", "geometry"],
    place: Place,
    taken: Iterable[tuple[LeaveOut, int]],
    outside: int,
) -> list[Finding]:
    """Say how many rows each `leave_out` took and why, and how many `keep` did not take."""
    found = [
        Finding(f"{kind}_left_out", Severity.INFO, place,
                {f"reason_{lang}": entry.reason.in_(lang) for lang in LANGS}, count)
        for entry, count in taken if count
    ]  # fmt: skip
    if outside:
        found.append(Finding(f"{kind}_not_kept", Severity.INFO, place, {}, outside))
    return found


def parent_links(frame: pl.DataFrame, parents: Iterable[ParentRule]) -> pl.DataFrame:
    """Return one row a link (columns of `core.columns.LINKS`); a blank parent gives none.

    `frame` holds the finished `_level` and `_code` beside the delivered columns.
    """
    parts = [
        frame.filter(parent.applies()).select(
            pl.col("_level").alias("level"),
            pl.col("_code").alias("code"),
            pl.lit(parent.level.value).alias("parent_level"),
            parent.expression("_code").alias("parent_code"),
        )
        for parent in parents
    ]
    if not parts:
        return pl.DataFrame(schema=LINKS)
    links = pl.concat(parts).filter(pl.col("parent_code") != "", pl.col("code") != "")
    # A code list writes an area's own code in the column of its own level: that is no parent.
    own = (pl.col("level") == pl.col("parent_level")) & (pl.col("code") == pl.col("parent_code"))
    return links.filter(~own).unique(maintain_order=True)
