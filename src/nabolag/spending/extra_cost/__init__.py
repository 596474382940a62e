"""Extra cost (utgiftsulempe): what living conditions go together with in kroner and positions."""

from nabolag.spending.extra_cost.compute import Amount, ExtraCost, extra_cost, total
from nabolag.spending.extra_cost.estimate import Estimate, from_report, own, usable
from nabolag.spending.extra_cost.scenario import Scenario
from nabolag.spending.extra_cost.worked import Example, Part, worked_examples

__all__ = [
    "Amount",
    "Estimate",
    "Example",
    "ExtraCost",
    "Part",
    "Scenario",
    "extra_cost",
    "from_report",
    "own",
    "total",
    "usable",
    "worked_examples",
]
