"""Borders through time: dated lists, changes, crosswalks and recoded figures."""

from nabolag.geography.dated.areas import DatedAreas, dated_areas, no_areas
from nabolag.geography.dated.changes import ChangeKind, Changes, changes_of, no_changes
from nabolag.geography.dated.crosswalk import Basis, Crosswalk, crosswalk_of, stacked
from nabolag.geography.dated.frames import CHANGES, CODES, CROSSWALK, POPULATION, day_of
from nabolag.geography.dated.recode import Conversion, Measure, Recoded, recode_figures
from nabolag.geography.dated.stepping import crosswalk_between
from nabolag.geography.dated.weights import weights_from_parts

__all__ = [
    "CHANGES",
    "CODES",
    "CROSSWALK",
    "POPULATION",
    "Basis",
    "ChangeKind",
    "Changes",
    "Conversion",
    "Crosswalk",
    "DatedAreas",
    "Measure",
    "Recoded",
    "changes_of",
    "crosswalk_between",
    "crosswalk_of",
    "dated_areas",
    "day_of",
    "no_areas",
    "no_changes",
    "recode_figures",
    "stacked",
    "weights_from_parts",
]
