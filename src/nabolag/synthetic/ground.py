"""What is decided before anybody lives in a municipality: its areas and what is planted there."""

from __future__ import annotations

from dataclasses import dataclass

from nabolag.synthetic.areas import Areas, build_areas
from nabolag.synthetic.layout import lay_out
from nabolag.synthetic.spec import MunicipalitySpec
from nabolag.synthetic.truth import Truth, plant, plant_part


@dataclass(frozen=True)
class Retired:
    """A code that deliveries use until `last_year` for a part of the area `into` (position).

    Records are in the borders of the last year throughout; deliveries are as they were made.
    """

    code: str
    name: str
    into: int
    last_year: int


@dataclass(frozen=True)
class Ground:
    """What is decided before anybody lives there: the areas and what is planted in them."""

    spec: MunicipalitySpec
    areas: Areas
    truth: Truth
    retired: Retired


def lay_ground(spec: MunicipalitySpec) -> Ground:
    """Return areas and planted truth, the same for the same seed."""
    areas = build_areas(spec) if spec.mapped else lay_out(spec)
    rng = spec.stream("truth")
    if spec.part:
        truth = plant_part(areas, spec.all_years, rng, spec.segregation)
    else:
        truth = plant(areas, spec.all_years, rng, initiatives=spec.initiatives)
    return Ground(spec, areas, truth, _retired(spec, areas, truth))


def _retired(spec: MunicipalitySpec, areas: Areas, truth: Truth) -> Retired:
    """Choose the most populous area without a planted truth; it once was two."""
    weight = areas.weight.copy()
    weight[truth.planted] = 0
    into = int(weight.argmax())
    district = areas.bydel_codes[areas.bydel[into]] if areas.bydel_codes else f"{spec.code}99"
    code = f"{district}90"
    return Retired(code, f"Gamle {areas.names[into]}", into, spec.first_year + 2)
