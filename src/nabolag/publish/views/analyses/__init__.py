"""Pages of analyses, made of what left with the release and of nothing else."""

from nabolag.publish.views.analyses.model import (
    AnalysisLine,
    AnalysisView,
    AreaFinding,
    Asked,
    Cell,
    Choosing,
    Column,
    Picture,
    TableView,
)
from nabolag.publish.views.analyses.pages import analysis_lines, analysis_page, area_findings

__all__ = [
    "AnalysisLine",
    "AnalysisView",
    "AreaFinding",
    "Asked",
    "Cell",
    "Choosing",
    "Column",
    "Picture",
    "TableView",
    "analysis_lines",
    "analysis_page",
    "area_findings",
]
