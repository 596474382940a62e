"""A synthetic municipality with planted truths. Nothing in it is about real people or places."""

from nabolag.synthetic.municipality import Facts, write_municipality
from nabolag.synthetic.records import Ground, lay_ground, live
from nabolag.synthetic.spec import MunicipalitySpec
from nabolag.synthetic.truth import CHALLENGES, INDICATOR_OF, Truth

__all__ = [
    "CHALLENGES",
    "INDICATOR_OF",
    "Facts",
    "Ground",
    "MunicipalitySpec",
    "Truth",
    "lay_ground",
    "live",
    "write_municipality",
]
