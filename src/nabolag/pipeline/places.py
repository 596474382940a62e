"""A workspace's areas and what lies in them, without its figures: points and their areas."""

from __future__ import annotations

from dataclasses import replace

from nabolag.core import Place, error, raise_errors
from nabolag.pipeline.inputs import Inputs, read_inputs
from nabolag.pipeline.plan import load_plan
from nabolag.pipeline.step import Step, no_progress
from nabolag.store import CONFIG_NAME, Workspace


def read_points_placed(workspace: Workspace, step: Step = no_progress) -> Inputs:
    """Read borders, lists and points, and place every point; figures are not read.

    Raises `UserError` where `nabolag.toml` declares no `[[points]]`, and with every error found.
    """
    plan = load_plan(workspace)
    if not plan.points:
        raise error("points_undeclared", Place(CONFIG_NAME))
    inputs = read_inputs(workspace, replace(plan, sources=(), borders=()), step)
    raise_errors(inputs.findings)
    return inputs
