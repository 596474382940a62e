"""What stands out in an area: differences that are certain, the widest of the spread first."""

from __future__ import annotations

from collections.abc import Sequence

from nabolag.core import Indicator, Lang, label
from nabolag.publish.numbers import number_word
from nabolag.publish.text import same_definition, years_in_row
from nabolag.publish.views.facts import Facts
from nabolag.publish.views.model import AreaRow, Shown, StandOut

#: How many facts a page begins with.
_FACTS = 3


def standing_out(facts: Facts, rows: Sequence[AreaRow], lang: Lang) -> tuple[StandOut, ...]:
    """Return up to three facts: what is lighter first, assets before all, then what is heavier.

    Both sides are told where both exist; the third is the one that reaches furthest. Only
    differences that are certain; background is never among them.
    """
    lighter, harder = lighter_rows(rows), harder_rows(rows)
    chosen = [*lighter[:1], *harder[:1]]
    rest = sorted([*lighter[1:], *harder[1:]], key=lambda row: (-_reach(row), row.indicator))
    chosen += rest[: _FACTS - len(chosen)]
    ordered = sorted(chosen, key=lambda row: (row.difference.meaning != "easier", not_asset(row)))
    return tuple(_told(facts, row, lang) for row in ordered)


def lighter_rows(rows: Sequence[AreaRow]) -> list[AreaRow]:
    """Return what is certainly easier here, assets first."""
    return sorted(_strongest(rows, "easier"), key=not_asset)


def harder_rows(rows: Sequence[AreaRow]) -> list[AreaRow]:
    """Return challenges that are certainly harder here."""
    return [row for row in _strongest(rows, "harder") if row.kind == "challenge"]


def not_asset(row: AreaRow) -> bool:
    """Tell whether a row is something else than an asset, for sorting assets first."""
    return row.kind != "asset"


def _strongest(rows: Sequence[AreaRow], meaning: str) -> list[AreaRow]:
    """Return rows whose difference is certain and means this, the widest of the spread first."""
    found = [row for row in rows if row.difference.meaning == meaning]
    return sorted(found, key=lambda row: (-_reach(row), row.indicator))


def _reach(row: AreaRow) -> float:
    """Return the difference as a part of the spread over areas, so that units can be compared."""
    width = row.spread.highest - row.spread.lowest if row.spread else 0.0
    return abs(row.difference.value or 0.0) / width if width else 0.0


def _told(facts: Facts, row: AreaRow, lang: Lang) -> StandOut:
    other = compared_with(row)
    assert other is not None  # noqa: S101 - a certain difference has both figures
    years = years_on_side(row, facts.release.indicators[row.indicator])
    since = label("publish.standing_out.years", lang, years=number_word(years, lang))
    return StandOut(
        indicator=row.indicator,
        label=row.label,
        ring=row.ring,
        meaning=row.difference.meaning,
        shown=row.shown,
        other=other,
        words=_meaning(row, lang),
        since=since if years > 1 else "",
    )


def _meaning(row: AreaRow, lang: Lang) -> str:
    """Say what the difference means: a smaller or greater challenge, or more of an asset."""
    rest = label(f"sentence.difference.{against(row)}_rest", lang)
    return label(f"publish.standing_out.{row.kind}_{row.difference.meaning}", lang, rest=rest)


def compared_with(row: AreaRow) -> Shown | None:
    """Return whom a row is judged against: the municipality, for a municipality the country."""
    return row.municipality if row.municipality is not None else row.country


def against(row: AreaRow) -> str:
    """Return the role of whom a row is judged against: `municipality` or `country`."""
    return "municipality" if row.municipality is not None else "country"


def years_on_side(row: AreaRow, entry: Indicator) -> int:
    """Return for how many years in a row the area has been on its side, by one definition."""
    town = next((s for s in row.history if s.role == against(row)), None)
    if town is None:
        return 0
    sign = 1 if row.difference.side == "above" else -1
    holds = {
        own.period: own.value is not None
        and other.value is not None
        and sign * (own.value - other.value) > 0
        for own, other in zip(row.history[0].points, town.points, strict=True)
    }
    points = [point for point in row.history[0].points if _not_after(point.period, row)]
    return years_in_row(same_definition(points, entry), holds)


def _not_after(period: str, row: AreaRow) -> bool:
    order = [point.period for point in row.history[0].points]
    return order.index(period) <= order.index(row.period)
