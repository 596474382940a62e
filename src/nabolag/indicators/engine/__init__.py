"""The engine: registers in, observations out, in as few scans as possible."""

from nabolag.indicators.engine.expressions import (
    Expression,
    NotAnExpressionError,
    facts_of,
    parse,
    rules_of,
)
from nabolag.indicators.engine.measures import Counted, Measure, Statistic, read_measure

__all__ = [
    "Counted",
    "Expression",
    "Measure",
    "NotAnExpressionError",
    "Statistic",
    "facts_of",
    "parse",
    "read_measure",
    "rules_of",
]
