"""The words of the house. Imports nothing of ours from above and no heavy library."""

from nabolag.core.area import CODE_PATTERNS, Area, Level, code_fits
from nabolag.core.findings import (
    Finding,
    Place,
    Severity,
    UserError,
    asked_or_first,
    error,
    raise_errors,
)
from nabolag.core.indicator import (
    RATIO_UNITS,
    Comparability,
    Comparison,
    DefinitionChange,
    Indicator,
    Kind,
    Origin,
    Unit,
    Worse,
)
from nabolag.core.money import Money
from nabolag.core.observation import ZERO, Figure, Share, add, pool, ratio
from nabolag.core.period import Period, PeriodKind
from nabolag.core.provenance import OWN_NUMBERS, SOURCES_APART, Provenance, source_ids
from nabolag.core.status import SUPPRESSED, WITH_VALUE, Status, combine
from nabolag.core.text import LANGS, Lang, Text, has_label, label, label_keys, label_text

__all__ = [
    "CODE_PATTERNS",
    "LANGS",
    "OWN_NUMBERS",
    "RATIO_UNITS",
    "SOURCES_APART",
    "SUPPRESSED",
    "WITH_VALUE",
    "ZERO",
    "Area",
    "Comparability",
    "Comparison",
    "DefinitionChange",
    "Figure",
    "Finding",
    "Indicator",
    "Kind",
    "Lang",
    "Level",
    "Money",
    "Origin",
    "Period",
    "PeriodKind",
    "Place",
    "Provenance",
    "Severity",
    "Share",
    "Status",
    "Text",
    "Unit",
    "UserError",
    "Worse",
    "add",
    "asked_or_first",
    "code_fits",
    "combine",
    "error",
    "has_label",
    "label",
    "label_keys",
    "label_text",
    "pool",
    "raise_errors",
    "ratio",
    "source_ids",
]
