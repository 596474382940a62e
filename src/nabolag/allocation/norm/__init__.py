"""The teacher norm (lærernormen): who meets it, what is missing, and a norm that follows need."""

from nabolag.allocation.norm.delivered import HoursRead, TeacherHoursSpec, read_hours
from nabolag.allocation.norm.differentiating import Differentiated, Differentiation, differentiate
from nabolag.allocation.norm.judging import (
    IS_JUDGED,
    JUDGED,
    NOT_IN_FORCE,
    PRIVATE,
    UNKNOWN,
    judge,
    summary,
)
from nabolag.allocation.norm.linking import before_after, lay, links, slope, thirds
from nabolag.allocation.norm.run import (
    NormResult,
    differentiated,
    first_year,
    how_of,
    latest,
    strengths,
    teacher_norm,
)
from nabolag.allocation.norm.spec import EXPECTED_POINTS, TeacherNormSpec
from nabolag.allocation.norm.stages import SCHOOLS, STAGES, of_register

__all__ = [
    "EXPECTED_POINTS",
    "IS_JUDGED",
    "JUDGED",
    "NOT_IN_FORCE",
    "PRIVATE",
    "SCHOOLS",
    "STAGES",
    "UNKNOWN",
    "Differentiated",
    "Differentiation",
    "HoursRead",
    "NormResult",
    "TeacherHoursSpec",
    "TeacherNormSpec",
    "before_after",
    "differentiate",
    "differentiated",
    "first_year",
    "how_of",
    "judge",
    "latest",
    "lay",
    "links",
    "of_register",
    "read_hours",
    "slope",
    "strengths",
    "summary",
    "teacher_norm",
    "thirds",
]
