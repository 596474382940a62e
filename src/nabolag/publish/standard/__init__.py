"""The standard living-condition set as pages, tables and a manual, from the catalogue alone."""

from nabolag.publish.standard.files import SET_FORMATS, set_bytes
from nabolag.publish.standard.model import (
    Choices,
    SetEntryView,
    SetGroup,
    SetLine,
    StandardSetView,
)
from nabolag.publish.standard.pages import entry_page, set_page

__all__ = [
    "SET_FORMATS",
    "Choices",
    "SetEntryView",
    "SetGroup",
    "SetLine",
    "StandardSetView",
    "entry_page",
    "set_bytes",
    "set_page",
]
