"""Rules about dwellings."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from nabolag.rules.parameters import CrowdingLimits
from nabolag.rules.rule import rule
from nabolag.rules.unknown import among, known


@rule(term="trangbodd", reference="Meld. St. 28 (2022–2023) L2245–2248")
def crowded(persons: nw.Expr, rooms: nw.Expr, area_m2: nw.Expr, p: CrowdingLimits) -> nw.Expr:
    """Tell whether a household lives in a crowded dwelling.

    Both conditions must hold: fewer rooms than persons (or one person in one room), and less
    than `p.m2_per_person` square metres a person. Unknown rooms or area give unknown (null),
    never False, so that such households leave the denominator too.
    """
    too_few_rooms = (rooms < persons) | ((persons == 1) & (rooms == 1))
    too_small = area_m2 < persons * p.m2_per_person
    return among(known(persons, rooms, area_m2), too_few_rooms & too_small)


@rule(term="leier boligen", reference="Meld. St. 28 (2022–2023), SSB Boforhold (eieform)")
def rents(tenure: nw.Expr) -> nw.Expr:
    """Tell whether a household rents its dwelling. Unknown tenure gives unknown."""
    return tenure == "tenant"
