"""How counts add up within an area: shares, groups, spans of years, and what is declared.

A count is named by indicator, role, period and group. An equation is a row: −1 at the whole, 1
at each part. Whether it holds is for the numbers of each area to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from nabolag.core import Indicator, Period, PeriodKind
from nabolag.disclosure.system.spoken import COMPLEMENT, COUNT, DENOMINATOR, NUMERATOR

#: One row a term: which equation, which count (its place), its factor (negative for the whole),
#: and whether the equation is believed where no numbers can tell.
TERMS = {
    "equation": pl.String(),
    "count": pl.Int64(),
    "factor": pl.Float64(),
    "believed": pl.Boolean(),
}
#: How the names of equations of those with and without a trait begin.
SHARE = "share"


def relations(counts: pl.DataFrame, catalogue: Mapping[str, Indicator]) -> pl.DataFrame:
    """Return the terms of every equation between counts (schema `TERMS`).

    `counts` holds `count` (its place), `indicator`, `role`, `period` and `group`. An equation is
    there only where its whole and at least one part are.
    """
    pieces = [
        _shares(counts),
        _groups(counts),
        _spans(counts),
        _declared(counts, catalogue),
    ]
    return pl.concat(pieces)


def _terms(
    wholes: pl.DataFrame, parts: pl.DataFrame, times: float = 1.0, *, believed: bool = True
) -> pl.DataFrame:
    """Put `times` a whole and its parts together; equations that lack either are left out."""
    both = wholes.join(parts, on="equation", how="semi")
    kept = parts.join(both, on="equation", how="semi")
    terms = pl.concat(
        [
            both.select("equation", "count", factor=pl.lit(-times)),
            kept.select("equation", "count", factor=pl.lit(1.0)),
        ]
    )
    return terms.with_columns(believed=pl.lit(believed)).cast(TERMS)  # type: ignore[arg-type]


def _equation(kind: str, *names: str | pl.Expr) -> pl.Expr:
    """Return a name that no other equation has."""
    return pl.concat_str(pl.lit(kind), *names, separator="\x1f").alias("equation")


def _shares(counts: pl.DataFrame) -> pl.DataFrame:
    """Those with the trait and those without are everybody."""
    named = counts.select(_equation(SHARE, "indicator", "period", "group"), "count", "role")
    full = named.filter(pl.col("role") == COMPLEMENT).select("equation")
    named = named.join(full, on="equation", how="semi")
    return _terms(
        named.filter(pl.col("role") == DENOMINATOR),
        named.filter(pl.col("role").is_in([NUMERATOR, COMPLEMENT])),
    )


def _groups(counts: pl.DataFrame) -> pl.DataFrame:
    """Return that a group is the sum of its own by one more trait; everybody is the empty one."""
    traits = (
        counts.filter(pl.col("group") != "")
        .select("group")
        .unique()
        .with_columns(pl.col("group").str.split(";").alias("traits"))
    )
    if traits.is_empty():
        return pl.DataFrame(schema=TERMS)
    rows = [
        (group, ";".join(t for t in parts if t != trait), trait.partition("=")[0])
        for group, parts in traits.iter_rows()
        for trait in parts
    ]
    schema = {"group": pl.String(), "whole": pl.String(), "by": pl.String()}
    steps = pl.DataFrame(rows, schema=schema, orient="row")
    name = ("indicator", "role", "period")
    parts = counts.join(steps, on="group").select(_equation("group", *name, "whole", "by"), "count")
    wholes = counts.join(steps.select("whole", "by").unique(), left_on="group", right_on="whole")
    return _terms(wholes.select(_equation("group", *name, "group", "by"), "count"), parts)


def _spans(counts: pl.DataFrame) -> pl.DataFrame:
    """Return that a pooled span is the sum of its years, or their mean: the numbers tell which."""
    pieces = [pl.DataFrame(schema=TERMS)]
    for text in counts["period"].unique().sort():
        years = _years(text)
        if not years:
            continue
        name = ("indicator", "role", "group")
        wholes = counts.filter(pl.col("period") == text)
        parts = counts.filter(pl.col("period").is_in(years))
        for tag, times in ((f"sum {text}", 1.0), (f"mean {text}", float(len(years)))):
            pieces.append(
                _terms(
                    wholes.select(_equation(tag, *name), "count"),
                    parts.select(_equation(tag, *name), "count"),
                    times,
                    believed=times == 1.0,
                )
            )
    return pl.concat(pieces)


def _years(text: str) -> list[str]:
    """Return the years of a pooled span, none for any other period."""
    try:
        period = Period.parse(text)
    except ValueError:
        return []
    if period.kind is not PeriodKind.SPAN:
        return []
    return [str(year) for year in range(period.start, period.end + 1)]


def _declared(counts: pl.DataFrame, catalogue: Mapping[str, Indicator]) -> pl.DataFrame:
    """Return which indicators the catalogue says make up another (`made_of`).

    The whole is the count itself, and the denominator of those that are counted among it.
    """
    present = set(counts["indicator"].unique())
    many = counts.filter(pl.col("role").is_in([COUNT, NUMERATOR]))
    pieces = [pl.DataFrame(schema=TERMS)]
    for whole, number, parts in _wholes(present, catalogue):
        among = [iid for iid in parts if catalogue[iid].counted_among == whole]
        own = many.filter(pl.col("indicator") == whole)
        base = counts.filter(pl.col("indicator").is_in(among[:1]), pl.col("role") == DENOMINATOR)
        traits = many.filter(pl.col("indicator").is_in(parts))
        for kind, wholes in (("count", own), ("denominator", base)):
            name = _equation(f"made_of {kind} {whole} {number}", "period", "group")
            pieces.append(_terms(wholes.select(name, "count"), traits.select(name, "count")))
    return pl.concat(pieces)


def _wholes(
    present: set[str], catalogue: Mapping[str, Indicator]
) -> Iterator[tuple[str, int, tuple[str, ...]]]:
    """Yield what is made of what, where every part has figures."""
    for iid, indicator in catalogue.items():
        for number, parts in enumerate(indicator.made_of):
            if present.issuperset(parts):
                yield iid, number, parts


def declared_same(counts: pl.DataFrame, catalogue: Mapping[str, Indicator]) -> pl.DataFrame:
    """Return pairs of counts that the catalogue says are one: `count`, `same`.

    A share that is `counted_among` another indicator has that indicator's count as denominator.
    """
    among = [
        (iid, catalogue[iid].counted_among)
        for iid in counts["indicator"].unique().sort()
        if catalogue[iid].counted_among
    ]
    schema = {"indicator": pl.String(), "among": pl.String()}
    names = pl.DataFrame(among, schema=schema, orient="row")
    denominators = counts.filter(pl.col("role") == DENOMINATOR).join(names, on="indicator")
    whole = counts.filter(pl.col("role") == COUNT).select(
        "period", "group", among="indicator", same="count"
    )
    return denominators.join(whole, on=["among", "period", "group"]).select("count", "same")
