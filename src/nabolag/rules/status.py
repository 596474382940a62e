"""How firm a rule is."""

from __future__ import annotations

from enum import StrEnum


class RuleStatus(StrEnum):
    """How firm a rule is. The documents mix these; the house never does."""

    IN_FORCE = "in_force"
    PROPOSED = "proposed"
    ANNOUNCED = "announced"
    RECOMMENDED = "recommended"
    EXAMPLE = "example"
    STATISTICAL = "statistical"
