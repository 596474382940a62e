"""Accumulation drawn again: which areas stay where several challenges meet."""

from nabolag.analysis.stability.spec import Stability

__all__ = ["Stability"]
