"""Spending models: the tables of SØF-rapport 04/20 as specifications, and how sure they are.

`named_model("table-02")` is one of the report's tables; `ModelSpec` describes one's own.
`estimate(spec, frame)` estimates it on a table of units, `schools(folder)` and
`kindergartens(folder)` make such tables of registers. Associations are not causes.
"""

from nabolag.spending.named import named_model, named_models, uses_background
from nabolag.spending.result import SpendingResult
from nabolag.spending.run import estimate
from nabolag.spending.spec import Choice, Inference, ModelSpec, Regression
from nabolag.spending.units import kindergartens, schools
from nabolag.spending.variables import Variable, is_background, name_of, variables

__all__ = [
    "Choice",
    "Inference",
    "ModelSpec",
    "Regression",
    "SpendingResult",
    "Variable",
    "estimate",
    "is_background",
    "kindergartens",
    "name_of",
    "named_model",
    "named_models",
    "schools",
    "uses_background",
    "variables",
]
