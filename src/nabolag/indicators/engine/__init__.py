"""The engine: registers in, observations out, in as few scans as possible."""

from nabolag.indicators.engine.answering import rules_digest
from nabolag.indicators.engine.checking import measure_problems
from nabolag.indicators.engine.expressions import (
    Expression,
    NotAnExpressionError,
    facts_of,
    parse,
    rules_of,
)
from nabolag.indicators.engine.facts import kinds
from nabolag.indicators.engine.measures import Counted, Measure, Statistic, read_measure
from nabolag.indicators.engine.registers import RegisterFiles, RegisterFrames, Registers
from nabolag.indicators.engine.run import measure_registers
from nabolag.indicators.engine.spec import COVERAGE, Counting, Measured, YearKeeper

__all__ = [
    "COVERAGE",
    "Counted",
    "Counting",
    "Expression",
    "Measure",
    "Measured",
    "NotAnExpressionError",
    "RegisterFiles",
    "RegisterFrames",
    "Registers",
    "Statistic",
    "YearKeeper",
    "facts_of",
    "kinds",
    "measure_problems",
    "measure_registers",
    "parse",
    "read_measure",
    "rules_digest",
    "rules_of",
]
