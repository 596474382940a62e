"""The thread through the house: deliveries → observations → methods → release."""

from nabolag.pipeline.build import build, check_deliveries, import_deliveries
from nabolag.pipeline.installation import Part, installation
from nabolag.pipeline.plan import Plan, load_plan
from nabolag.pipeline.report import ImportReport
from nabolag.pipeline.start import start_workspace
from nabolag.pipeline.step import Step, no_progress
from nabolag.pipeline.summary import BuildSummary

__all__ = [
    "BuildSummary",
    "ImportReport",
    "Part",
    "Plan",
    "Step",
    "build",
    "check_deliveries",
    "import_deliveries",
    "installation",
    "load_plan",
    "no_progress",
    "start_workspace",
]
