"""The linear system of a release: which counts it publishes, and how they add up."""

from nabolag.disclosure.system.areas import AreaSums, area_sums
from nabolag.disclosure.system.blocks import Block, Relations
from nabolag.disclosure.system.build import System, linear_system

__all__ = ["AreaSums", "Block", "Relations", "System", "area_sums", "linear_system"]
