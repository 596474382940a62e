"""The catalogue of indicators (data) and the way from delivered cells to observations."""

from nabolag.indicators.binding import BindingSpec, Part
from nabolag.indicators.catalogue import (
    Catalogue,
    Definitions,
    load_catalogue,
    load_definitions,
)
from nabolag.indicators.observe import PRODUCER, Observed, observe

__all__ = [
    "PRODUCER",
    "BindingSpec",
    "Catalogue",
    "Definitions",
    "Observed",
    "Part",
    "load_catalogue",
    "load_definitions",
    "observe",
]
