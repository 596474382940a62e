"""Housing allowance (bostøtte): what a reform does, household by household, by area and size."""

from nabolag.allocation.housing_allowance.counts import (
    COUNTED,
    INSIDE,
    REST,
    SIZE,
    as_observations,
    grouping,
    indicators,
    links_of,
    paid_amounts,
    summed,
)
from nabolag.allocation.housing_allowance.simulate import (
    COUNTS,
    HOUSEHOLDS,
    of_sizes,
    percent_more,
    raised_for,
    simulate,
)
from nabolag.allocation.housing_allowance.spec import HousingAllowanceSpec, Reform
from nabolag.allocation.housing_allowance.steps import Steps, along_income, steps, terms_of

__all__ = [
    "COUNTED",
    "COUNTS",
    "HOUSEHOLDS",
    "INSIDE",
    "REST",
    "SIZE",
    "HousingAllowanceSpec",
    "Reform",
    "Steps",
    "along_income",
    "as_observations",
    "grouping",
    "indicators",
    "links_of",
    "of_sizes",
    "paid_amounts",
    "percent_more",
    "raised_for",
    "simulate",
    "steps",
    "summed",
    "terms_of",
]
