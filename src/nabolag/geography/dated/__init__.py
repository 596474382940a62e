"""Borders through time: dated lists, changes, crosswalks and recoded figures."""

from nabolag.geography.dated.areas import DatedAreas, dated_areas, no_areas
from nabolag.geography.dated.borders import Borders, borders_of, no_borders
from nabolag.geography.dated.changes import ChangeKind, Changes, changes_of, no_changes
from nabolag.geography.dated.crosswalk import (
    Basis,
    Crosswalk,
    crosswalk_of,
    differing,
    guesses,
    stacked,
)
from nabolag.geography.dated.frames import CHANGES, CODES, CROSSWALK, POPULATION, day_of
from nabolag.geography.dated.observations import recode
from nabolag.geography.dated.read import DatedRead, read_dated, read_kept
from nabolag.geography.dated.recode import (
    ESTIMATED,
    Conversion,
    Measure,
    Recoded,
    recode_figures,
)
from nabolag.geography.dated.recoder import (
    OWN,
    REASON,
    Recoder,
    breaks,
    measure_of,
    reason_of,
    recoder_of,
)
from nabolag.geography.dated.spec import (
    AreaHistorySpec,
    AreaPopulationSpec,
    ChangesSpec,
    CrosswalkSpec,
    DatedFile,
)
from nabolag.geography.dated.stepping import crosswalk_between
from nabolag.geography.dated.weights import weights_from_parts

__all__ = [
    "CHANGES",
    "CODES",
    "CROSSWALK",
    "ESTIMATED",
    "OWN",
    "POPULATION",
    "REASON",
    "AreaHistorySpec",
    "AreaPopulationSpec",
    "Basis",
    "Borders",
    "ChangeKind",
    "Changes",
    "ChangesSpec",
    "Conversion",
    "Crosswalk",
    "CrosswalkSpec",
    "DatedAreas",
    "DatedFile",
    "DatedRead",
    "Measure",
    "Recoded",
    "Recoder",
    "borders_of",
    "breaks",
    "changes_of",
    "crosswalk_between",
    "crosswalk_of",
    "dated_areas",
    "day_of",
    "differing",
    "guesses",
    "measure_of",
    "no_areas",
    "no_borders",
    "no_changes",
    "read_dated",
    "read_kept",
    "reason_of",
    "recode",
    "recode_figures",
    "recoder_of",
    "stacked",
    "weights_from_parts",
]
