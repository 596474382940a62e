"""What a producer's marks stand for, and which of them need no declaration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from nabolag.core import Status

#: What a mark stands for. `zero` is the number 0 (SSB's «-» means that there is nothing to
#: count); `value` is a mark that changes nothing (a footnote, «preliminary»).
MarkMeaning = Literal[
    "missing", "not_applicable", "suppressed", "unreliable", "zero", "value"
]  # fmt: skip

#: Marks that need no declaration, and those only: Statistics Norway's standard signs and blank.
#: «-» and numbers such as -999 are never among them, for they mean different things in
#: different files.
DEFAULT_MARKS: Mapping[str, MarkMeaning] = {
    "": "missing",
    ":": "suppressed",
    "*": "suppressed",
    ".": "not_applicable",
    "..": "missing",
}
STATUS_OF_MARK: Mapping[MarkMeaning, Status] = {
    "missing": Status.MISSING,
    "not_applicable": Status.NOT_APPLICABLE,
    "suppressed": Status.SUPPRESSED_PRIMARY,
    "unreliable": Status.UNRELIABLE,
    "zero": Status.VALUE,
    "value": Status.VALUE,
}
