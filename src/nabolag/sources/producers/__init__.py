"""Producers of statistics: what they have, what is asked of them, and what they answered."""

from nabolag.sources.producers.keep import FetchFolder, Kept, Run
from nabolag.sources.producers.protocol import (
    Answer,
    Ask,
    Code,
    CodeList,
    Dimension,
    InPages,
    Producer,
    Query,
    Request,
    Selection,
    TableDescription,
    TableInfo,
)
from nabolag.sources.producers.registry import PRODUCERS, producer_named
from nabolag.sources.producers.spec import FetchSpec

__all__ = [
    "PRODUCERS",
    "Answer",
    "Ask",
    "Code",
    "CodeList",
    "Dimension",
    "FetchFolder",
    "FetchSpec",
    "InPages",
    "Kept",
    "Producer",
    "Query",
    "Request",
    "Run",
    "Selection",
    "TableDescription",
    "TableInfo",
    "producer_named",
]
