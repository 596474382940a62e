"""Controlled rounding: small inner counts become 0 or the base, all others are added up anew."""

from nabolag.disclosure.rounding.cells import Rounded, round_block
from nabolag.disclosure.rounding.figures import SetApart, set_apart
from nabolag.disclosure.rounding.utility import Utility, hellinger

__all__ = ["Rounded", "SetApart", "Utility", "hellinger", "round_block", "set_apart"]
