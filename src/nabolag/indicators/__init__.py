"""The catalogue of indicators (data) and the way from delivered cells to observations."""

from nabolag.indicators.binding import BindingSpec, Part
from nabolag.indicators.catalogue import (
    Catalogue,
    Definitions,
    load_catalogue,
    load_definitions,
)
from nabolag.indicators.contributions import contributions
from nabolag.indicators.engine import (
    Counting,
    Measured,
    RegisterFiles,
    RegisterFrames,
    measure_registers,
)
from nabolag.indicators.merge import merged
from nabolag.indicators.observe import PRODUCER, Observed, observe
from nabolag.indicators.populated import MinimumPopulation, Populated, held_to_population
from nabolag.indicators.standard_set import (
    Asked,
    Changes,
    Edition,
    Member,
    StandardSet,
    load_editions,
    standard_set,
)

__all__ = [
    "PRODUCER",
    "Asked",
    "BindingSpec",
    "Catalogue",
    "Changes",
    "Counting",
    "Definitions",
    "Edition",
    "Measured",
    "Member",
    "MinimumPopulation",
    "Observed",
    "Part",
    "Populated",
    "RegisterFiles",
    "RegisterFrames",
    "StandardSet",
    "contributions",
    "held_to_population",
    "load_catalogue",
    "load_definitions",
    "load_editions",
    "measure_registers",
    "merged",
    "observe",
    "standard_set",
]
