"""Sharing a budget among units: models as data, exact kroner, and what other choices would give."""

from nabolag.allocation.comparing import Comparison, compared
from nabolag.allocation.guarantee import Transition, transition
from nabolag.allocation.inverse import Demand, Inverse, weights_for
from nabolag.allocation.model import Criterion, Guarantee, Model, Pot, Zone
from nabolag.allocation.presets import Preset, preset, presets
from nabolag.allocation.sensitivity import Sensitivity, Spread, coefficient_sensitivity, sensitivity
from nabolag.allocation.sharing import Allocation, Bounds, allocate, bounded
from nabolag.allocation.units import Need, Units, read_units

__all__ = [
    "Allocation",
    "Bounds",
    "Comparison",
    "Criterion",
    "Demand",
    "Guarantee",
    "Inverse",
    "Model",
    "Need",
    "Pot",
    "Preset",
    "Sensitivity",
    "Spread",
    "Transition",
    "Units",
    "Zone",
    "allocate",
    "bounded",
    "coefficient_sensitivity",
    "compared",
    "preset",
    "presets",
    "read_units",
    "sensitivity",
    "transition",
    "weights_for",
]
