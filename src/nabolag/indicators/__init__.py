"""The catalogue of indicators (data) and the way from delivered cells to observations."""

from nabolag.indicators.binding import BindingSpec, Part
from nabolag.indicators.catalogue import Catalogue, load_catalogue
from nabolag.indicators.observe import PRODUCER, Observed, observe
from nabolag.indicators.rollup import ancestors_of

__all__ = [
    "PRODUCER",
    "BindingSpec",
    "Catalogue",
    "Observed",
    "Part",
    "ancestors_of",
    "load_catalogue",
    "observe",
]
