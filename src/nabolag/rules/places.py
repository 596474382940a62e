"""Rules about the surroundings: recreation, parks, noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from nabolag.rules.facts import Flag, Number, Word
from nabolag.rules.parameters import Parameters
from nabolag.rules.rule import rule
from nabolag.rules.unknown import among, choose, known


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeAccessLimits(Parameters):
    """Per cent of residents with safe access: few up to `few_percent`, many from `many_percent`."""

    entry: ClassVar[str] = "safe_access"

    few_percent: float
    many_percent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeWayLimits(Parameters):
    """Of a road that must be crossed: highest speed limit (km/h) and vehicles a day, if any."""

    entry: ClassVar[str] = "safe_way"

    highest_speed: float
    highest_daily_traffic: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkLimits(Parameters):
    """A park is near when it is less than `distance_m` metres from home."""

    entry: ClassVar[str] = "park"

    distance_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NoiseLimits(Parameters):
    """Outdoor level above `level_db` decibel at one's dwelling is exposure."""

    entry: ClassVar[str] = "noise"

    level_db: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NatureLimits(Parameters):
    """Large natural area (nærturterreng): its least size and the longest distance to it."""

    entry: ClassVar[str] = "near_nature"

    area_daa: float
    distance_m: float


@rule(term="trygg vei", reference="Meld. St. 28 (2022–2023) L2501–2505 (grensene er ikke nevnt)")
def safe_way(speed_limit: Number, daily_traffic: Number, p: SafeWayLimits) -> Flag:
    """Tell whether the way somewhere is safe, by the worst road that must be crossed.

    No road to cross is a speed limit and a traffic of 0. The text says «ei nærmare definert
    fartsgrense eller trafikkmengd» without numbers; ours are declared, and traffic counts only
    where a limit for it is set.
    """
    slow = speed_limit <= p.highest_speed
    if p.highest_daily_traffic is None:
        return slow
    return slow & (daily_traffic <= p.highest_daily_traffic)


@rule(
    term="trygg tilgang til rekreasjonsareal, klasse",
    reference="Meld. St. 28 (2022–2023) L2498–2509",
)
def safe_access_class(safe_access_percent: Number, p: SafeAccessLimits) -> Word:
    """Name an area's class by the share of residents with safe access: `few`, `some` or `many`.

    The text names no class between the two; `some` is ours. What makes access safe is several
    variables (a road with a certain speed or traffic) and a fact here.
    """
    classes = choose(
        [
            (safe_access_percent <= p.few_percent, "few"),
            (safe_access_percent >= p.many_percent, "many"),
        ],
        "some",
    )
    return among(known(safe_access_percent), classes)


@rule(term="nær park", reference="Meld. St. 28 (2022–2023) L2491–2496")
def near_park(distance_m: Number, p: ParkLimits) -> Flag:
    """Tell whether the nearest park or green area is near home."""
    return distance_m < p.distance_m


@rule(term="utsatt for støy", reference="Meld. St. 28 (2022–2023) L2536–2539")
def noise_exposed(level_db: Number, p: NoiseLimits) -> Flag:
    """Tell whether the outdoor noise at a dwelling is above the level."""
    return level_db > p.level_db


@rule(term="trygg tilgang til nærturterreng", reference="Status Kommune 2025 L5562–5566")
def near_nature(distance_m: Number, area_daa: Number, safe_way: Flag, p: NatureLimits) -> Flag:
    """Tell whether a resident of an urban settlement has safe access to a large natural area."""
    return (distance_m <= p.distance_m) & (area_daa >= p.area_daa) & safe_way
