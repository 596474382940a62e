"""Which figure a report is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import polars as pl

from nabolag.core import Lang, Level
from nabolag.store import Release


@dataclass(frozen=True, slots=True)
class Subject:
    """A figure by its codes in a release; an empty code means «not about that»."""

    release: str
    level: str = ""
    area: str = ""
    indicator: str = ""
    period: str = ""

    def as_dict(self) -> dict[str, str]:
        """Return the codes by name."""
        return asdict(self)


def subject_of(given: Mapping[str, str], release: Release) -> Subject:
    """Return the figure that a request names, with only what the release knows.

    A code that the release does not hold is left out; the report itself still counts. Where the
    reader had an older release open, that one's name is kept if it looks like one.
    """
    seen = given.get("release", "")
    level, area = _known_area(release, given.get("level", ""), given.get("area", ""))
    indicator, period = given.get("indicator", ""), given.get("period", "")
    periods = release.observations["period"].unique()
    return Subject(
        release=seen if _looks_like_release(seen) else release.id,
        level=level,
        area=area,
        indicator=indicator if indicator in release.indicators else "",
        period=period if period in set(periods) else "",
    )


def in_words(subject: Subject, release: Release, lang: Lang) -> str:
    """Return «Husholdninger med lavinntekt, Åsen (delbydel), 2017», empty for the whole site."""
    parts = []
    if subject.indicator:
        parts.append(release.indicators[subject.indicator].label.in_(lang))
    if subject.area:
        here = _rows(release, subject.level, subject.area)
        level = Level(subject.level).label.in_(lang)
        parts.append(f"{here['name'][0] or subject.area} ({level})")
    if subject.period:
        parts.append(subject.period)
    return ", ".join(parts)


def _known_area(release: Release, level: str, code: str) -> tuple[str, str]:
    return (level, code) if not _rows(release, level, code).is_empty() else ("", "")


def _rows(release: Release, level: str, code: str) -> pl.DataFrame:
    return release.areas.filter((pl.col("level") == level) & (pl.col("code") == code))


def _looks_like_release(name: str) -> bool:
    stamp, _, content = name.partition("-")
    return len(stamp) == 16 and len(content) == 12 and (stamp + content).isalnum()
