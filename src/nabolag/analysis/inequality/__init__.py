"""Inequality between areas, gradients, and what gaps are made of."""

from nabolag.analysis.inequality.spec import Inequality

__all__ = ["Inequality"]
