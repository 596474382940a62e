"""What lines come to: every øre in is an øre out, placed or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from nabolag.accounts.explaining import explained
from nabolag.accounts.lines import read_lines
from nabolag.accounts.spec import AccountsSpec
from nabolag.core import Finding, Lang, Place, Severity

#: Sums by year, service, area and unit. `area` is empty for the municipality as a whole, and
#: `service` for lines that no service has.
SUMS: Final = ("year", "service", "level", "area")
_EXAMPLES: Final = 8


@dataclass(frozen=True)
class AccountsResult:
    """A ledger: its lines (`lines.LINES`), what they come to, and what was noticed."""

    spec: AccountsSpec
    lines: pl.DataFrame
    findings: tuple[Finding, ...] = ()

    @property
    def table(self) -> pl.DataFrame:
        """Øre by year, service and area; `lines` is how many, `unread` how many had no amount.

        Lines without a service or an area that is known are among them: nothing is lost.
        """
        return (
            self.lines.group_by(*SUMS)
            .agg(
                pl.col("ore").sum(),
                pl.col("ore").filter(pl.col("side") == "income").sum().alias("income_ore"),
                pl.len().cast(pl.Int64).alias("lines"),
                pl.col("ore").null_count().cast(pl.Int64).alias("unread"),
            )
            .sort(*SUMS, nulls_last=True)
        )

    @property
    def units(self) -> pl.DataFrame:
        """Øre by year, function, service, unit and area."""
        keys = ["year", "function", "service", "unit", "level", "area"]
        return self.lines.group_by(*keys).agg(pl.col("ore").sum()).sort(keys, nulls_last=True)

    @property
    def problems(self) -> pl.DataFrame:
        """Every line with something wrong: where it stands, what it is, and its amount."""
        wrong = self.lines.filter(pl.col("problem") != "")
        return wrong.select("file", "row", "column", "problem", "year", "text", "ore")

    @property
    def balance(self) -> pl.DataFrame:
        """Øre of each year and side. A balanced budget has years that add up to 0."""
        return self.lines.group_by("year").agg(
            pl.col("ore").filter(pl.col("side") == "expense").sum().alias("expense_ore"),
            pl.col("ore").filter(pl.col("side") == "income").sum().alias("income_ore"),
            pl.col("ore").sum(),
        ).sort("year", nulls_last=True)  # fmt: skip

    def explain(self, lang: Lang) -> str:
        """Return how the lines were read, in words."""
        return explained(self.spec, lang)


def read_accounts(spec: AccountsSpec, files: Sequence[tuple[Path, str]]) -> AccountsResult:
    """Read a ledger's files. Raises `UserError` for files and columns that are not there."""
    return summed(spec, *read_lines(spec, files))


def summed(
    spec: AccountsSpec, lines: pl.DataFrame, told: tuple[Finding, ...] = ()
) -> AccountsResult:
    """Return what the lines come to. Raises nothing: what is wrong with a line is told of."""
    found = AccountsResult(spec, lines)
    return AccountsResult(spec, lines, (*told, *_told(found), *_unbalanced(found)))


def held_to(result: AccountsResult, areas: pl.DataFrame) -> AccountsResult:
    """Return the ledger with lines about areas that are not known (`AREAS`) among the problems."""
    spec = result.spec
    if spec.area is None:
        return result
    known = areas.filter(pl.col("level") == spec.area.level.value)["code"].unique().to_list()
    strange = ~pl.col("area").is_in(["", *known])
    lines = result.lines.with_columns(
        pl.when(strange).then(None).otherwise(pl.col("area")).alias("area"),
        *(
            pl.when(strange & (pl.col("problem").is_in(["", "service"])))
            .then(pl.lit(words)).otherwise(pl.col(name)).alias(name)
            for name, words in (("column", spec.area.column), ("problem", "area"))
        ),
    )  # fmt: skip
    told = tuple(finding for finding in result.findings if not finding.code.startswith("accounts"))
    return summed(spec, lines, told)


def _told(result: AccountsResult) -> list[Finding]:
    found = []
    for (problem, file), part in result.problems.group_by("problem", "file", maintain_order=True):
        first = part.row(0, named=True)
        place = Place(str(file), first["row"], first["column"])
        shown = tuple(str(text) for text in part["text"].head(_EXAMPLES))
        numbers = part["row"].unique(maintain_order=True).head(_EXAMPLES)
        rows = ", ".join(map(str, numbers))
        params = {"id": result.spec.id, "rows": rows}
        code = f"accounts_{problem}"
        found.append(Finding(code, Severity.WARNING, place, params, part.height, shown))
    return found


def _unbalanced(result: AccountsResult) -> list[Finding]:
    if not result.spec.balanced:
        return []
    off = result.balance.filter(pl.col("ore") != 0)
    shown = tuple(f"{row['year']}: {row['ore'] / 100:.2f} kr" for row in off.iter_rows(named=True))
    if not shown:
        return []
    params = {"id": result.spec.id}
    return [Finding("accounts_unbalanced", Severity.WARNING, params=params, count=len(shown),
                    examples=shown)]  # fmt: skip
