"""Which columns of a delivered table hold figures, and which split them into groups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from nabolag.sources.sniff_columns import ColumnSeen

#: A figure that is the same in so many rows is no figure («999» for «put together»).
_SAME_IN_ALL = 10


def figure_columns(frame: pl.DataFrame, columns: Sequence[ColumnSeen]) -> list[str]:
    """Return the columns of figures; one with the same figure in every row holds none."""
    found = [column.name for column in columns if column.kind == "number"]
    same = [name for name in found if frame[name].n_unique() == 1]
    if frame.height < _SAME_IN_ALL or len(same) == len(found):
        return found
    return [name for name in found if name not in same]


def group_columns(frame: pl.DataFrame, columns: Iterable[ColumnSeen], place: str) -> list[str]:
    """Return the columns that split figures into groups: texts that the place does not decide."""
    found = []
    for column in columns:
        if column.kind not in ("text", "name", "code") or len(column.first) < 2:
            continue
        if not place or _most_in_a_place(frame, column.name, place) > 1:
            found.append(column.name)
    return found


def _most_in_a_place(frame: pl.DataFrame, column: str, place: str) -> int:
    counts = frame.group_by(place).agg(pl.col(column).n_unique().alias("_n"))
    return max(counts["_n"].to_list(), default=0)


def told_apart(frame: pl.DataFrame, groups: Sequence[str], period: str) -> list[str]:
    """Leave out a column of groups that the period, or another column of groups, already tells.

    Where two columns tell the same, the one with the shortest texts stays.
    """
    letters = {name: int(frame[name].str.len_chars().sum()) for name in groups}
    kept = list(groups)
    for name in sorted(groups, key=lambda name: -letters[name]):
        others = [other for other in (*kept, period) if other and other != name]
        if any(_decides(frame, other, name) for other in others):
            kept.remove(name)
    return kept


def _decides(frame: pl.DataFrame, one: str, other: str) -> bool:
    """Tell whether each text of a column stands with only one text of another."""
    return frame.select(one, other).n_unique() == frame[one].n_unique()
