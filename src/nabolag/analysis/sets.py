"""Sets of areas inside an area, by indicator and period: what tables about them have in common."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final, Protocol

import polars as pl

from nabolag.core import Finding, Level, Severity

_TEXT, _NUMBER = pl.String(), pl.Float64()
#: The area that areas are compared inside, and what of them: the first columns of every table.
SET: Final[dict[str, pl.DataType]] = {
    "level": _TEXT, "area": _TEXT, "indicator": _TEXT, "period": _TEXT,
}  # fmt: skip
#: What each area of `part_level` adds from within; `part_area` empty: what lies between them.
PARTS: Final[dict[str, pl.DataType]] = {
    **SET, "part_level": _TEXT, "part_area": _TEXT, "value": _NUMBER, "share": _NUMBER,
}  # fmt: skip


class Inside(Protocol):
    """A kind of analysis that looks at areas of `level` inside each area of `within`."""

    @property
    def id(self) -> str:
        """What the entry is called."""

    @property
    def kind(self) -> str:
        """Which kind it is."""

    @property
    def level(self) -> Level:
        """The areas that are compared."""

    @property
    def within(self) -> Level:
        """The areas they are compared inside."""

    @property
    def indicators(self) -> Sequence[str]:
        """What is compared."""


def part_rows(
    key: Sequence[str], level: str, codes: Iterable[str], between: float, within: Iterable[float]
) -> list[tuple[Any, ...]]:
    """Return rows of `PARTS` for one set: what lies between areas of a level, and in each.

    A part has no share where all of them together are 0.
    """
    adds = [float(between), *(float(part) for part in within)]
    total = sum(adds)
    return [
        (*key, level, str(code), added, added / total if total > 0 else None)
        for code, added in zip(["", *codes], adds, strict=True)
    ]


def noticed(
    spec: Inside, held: Collection[str], table: pl.DataFrame, expected: Collection[str] = ()
) -> list[Finding]:
    """Say which indicators have no figures, and of which sets a `reason` stands for an answer.

    `held` are the indicators with figures. A reason is a warning, but for those `expected`.
    """
    place = {"id": spec.id, "level": spec.level.value, "within": spec.within.value}
    found = [
        Finding(f"{spec.kind}_no_figures", Severity.WARNING, params={**place, "indicator": iid})
        for iid in spec.indicators
        if iid not in held
    ]
    told = table.filter(pl.col("reason") != "").unique([*SET, "reason"], maintain_order=True)
    for (iid, reason), part in told.group_by("indicator", "reason", maintain_order=True):
        severity = Severity.INFO if reason in expected else Severity.WARNING
        periods = tuple(part["period"].unique(maintain_order=True).head(5).to_list())
        params = {**place, "indicator": str(iid)}
        found.append(
            Finding(f"{spec.kind}_{reason}", severity, params=params, count=part.height,
                    examples=periods)
        )  # fmt: skip
    return found
