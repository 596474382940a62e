"""Ranks of areas, and how sure they are."""

from nabolag.analysis.ranks.sets import RankSets, Sure, rank_sets
from nabolag.analysis.ranks.spec import RANKS, Ranks

__all__ = ["RANKS", "RankSets", "Ranks", "Sure", "rank_sets"]
