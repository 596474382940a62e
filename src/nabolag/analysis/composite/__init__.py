"""Composite indices: a small pipeline of frozen steps, each of which says what it cannot do."""

from nabolag.analysis.composite.spec import Index

__all__ = ["Index"]
