"""Expenditure need: criteria and published weights to an index by municipality."""

from nabolag.allocation.need.delivered import NeedRead, NeedResult, computed, read_need
from nabolag.allocation.need.index import (
    criterion_indices,
    equalisation,
    need_index,
    sector_indices,
    total_index,
)
from nabolag.allocation.need.model import NeedModel, from_mapping
from nabolag.allocation.need.reading import read_indices, read_weights
from nabolag.allocation.need.spec import ExpenditureNeedSpec

__all__ = [
    "ExpenditureNeedSpec",
    "NeedModel",
    "NeedRead",
    "NeedResult",
    "computed",
    "criterion_indices",
    "equalisation",
    "from_mapping",
    "need_index",
    "read_indices",
    "read_need",
    "read_weights",
    "sector_indices",
    "total_index",
]
