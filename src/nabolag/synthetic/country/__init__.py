"""A synthetic country: municipalities that live side by side, and people who move between them."""

from nabolag.synthetic.country.demo import demo_spec, write_demo_country
from nabolag.synthetic.country.spec import CountrySpec, plan_country
from nabolag.synthetic.country.totals import read_population
from nabolag.synthetic.country.write import CountryFacts, write_country

__all__ = [
    "CountryFacts",
    "CountrySpec",
    "demo_spec",
    "plan_country",
    "read_population",
    "write_country",
    "write_demo_country",
]
