"""Methods on protected observations: accumulation of challenges."""

from nabolag.analysis.accumulation import CLASSES, UNKNOWN, Accumulation, AccumulationResult
from nabolag.analysis.spec import PRESETS

__all__ = ["CLASSES", "PRESETS", "UNKNOWN", "Accumulation", "AccumulationResult"]
