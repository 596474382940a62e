"""A release that holds what analyses found in given figures, and little else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nabolag.analysis.method import AnalysisSpec, Given
from nabolag.pipeline.analyses import run_analyses
from nabolag.store import Release, empty, indicator_as_dict, write_bundle
from nabolag.store.frames import ACCUMULATION, REASONS
from tests.support.sample import SOURCE, about


def release_of(folder: Path, given: Given, specs: Sequence[AnalysisSpec]) -> Release:
    """Write a release of the figures and the analyses of them under `folder`, and open it."""
    found = run_analyses(specs, given)
    levels = given.areas["level"].unique(maintain_order=True).to_list()
    frames = {
        **found.frames,
        "observations": given.observations,
        "accumulation": empty(ACCUMULATION),
        "reasons": empty(REASONS),
        "areas": given.areas,
        "links": given.links,
        "shapes": given.shapes,
    }
    used = given.observations["indicator"].unique(maintain_order=True)
    documents = {
        "analyses": found.document,
        "indicators": [indicator_as_dict(given.catalogue[iid]) for iid in used],
        "sources": [SOURCE.as_dict()],
        "findings": [],
        "about": about() | {"levels": levels, "main_level": levels[0], "accumulation": None},
    }
    return Release(write_bundle(folder / "releases", frames, documents, {"kind": "release"}))
