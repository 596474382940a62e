"""Expenditure need: criteria and published weights to an index by municipality."""

from nabolag.allocation.need.index import (
    criterion_indices,
    equalisation,
    need_index,
    sector_indices,
    total_index,
)
from nabolag.allocation.need.model import NeedModel, from_mapping
from nabolag.allocation.need.reading import read_indices, read_weights

__all__ = [
    "NeedModel",
    "criterion_indices",
    "equalisation",
    "from_mapping",
    "need_index",
    "read_indices",
    "read_weights",
    "sector_indices",
    "total_index",
]
