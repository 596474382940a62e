"""Comparison groups: which areas are most alike, by stated traits, and in what."""

from nabolag.analysis.peers.spec import Peers

__all__ = ["Peers"]
