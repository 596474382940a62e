"""A synthetic municipality, or a country of them, with planted truths; nobody in it is real."""

from nabolag.synthetic.country import (
    CountryFacts,
    CountrySpec,
    demo_spec,
    read_population,
    write_country,
    write_demo_country,
)
from nabolag.synthetic.municipality import Facts, write_municipality
from nabolag.synthetic.records import Ground, lay_ground, live
from nabolag.synthetic.spec import MunicipalitySpec
from nabolag.synthetic.truth import CHALLENGES, INDICATOR_OF, Truth

__all__ = [
    "CHALLENGES",
    "INDICATOR_OF",
    "CountryFacts",
    "CountrySpec",
    "Facts",
    "Ground",
    "MunicipalitySpec",
    "Truth",
    "demo_spec",
    "lay_ground",
    "live",
    "read_population",
    "write_country",
    "write_demo_country",
    "write_municipality",
]
