"""Areas: code lists, hierarchy, shapes; do the figures fit them, and what do they add up to."""

from nabolag.geography.build import build_register
from nabolag.geography.contiguity import contiguity
from nabolag.geography.expected import Accounted, account_for
from nabolag.geography.lists import AreaListRead, read_area_list
from nabolag.geography.matching import match
from nabolag.geography.register import AreaRegister, ancestors_of, empty_register
from nabolag.geography.rollup import roll_up, unlinked
from nabolag.geography.spec import AreaListSpec, Reclassify

__all__ = [
    "Accounted",
    "AreaListRead",
    "AreaListSpec",
    "AreaRegister",
    "Reclassify",
    "account_for",
    "ancestors_of",
    "build_register",
    "contiguity",
    "empty_register",
    "match",
    "read_area_list",
    "roll_up",
    "unlinked",
]
