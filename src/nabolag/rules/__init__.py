"""Rules as short pure functions on columns, with dated parameters and references."""

from nabolag.rules.housing import crowded, rents
from nabolag.rules.income import consumption_units, low_income, persistent_low_income
from nabolag.rules.parameters import (
    ConsumptionScale,
    CrowdingLimits,
    LowEducationLimits,
    LowIncomeLimits,
    OutsideWorkLimits,
    consumption_scale,
    crowding_limits,
    low_education_limits,
    low_income_limits,
    outside_work_limits,
)
from nabolag.rules.people import (
    low_education,
    outside_work_and_education,
    single_parent_household,
)
from nabolag.rules.rule import RULES, RuleInfo, RuleStatus, rule

__all__ = [
    "RULES",
    "ConsumptionScale",
    "CrowdingLimits",
    "LowEducationLimits",
    "LowIncomeLimits",
    "OutsideWorkLimits",
    "RuleInfo",
    "RuleStatus",
    "consumption_scale",
    "consumption_units",
    "crowded",
    "crowding_limits",
    "low_education",
    "low_education_limits",
    "low_income",
    "low_income_limits",
    "outside_work_and_education",
    "outside_work_limits",
    "persistent_low_income",
    "rents",
    "rule",
    "single_parent_household",
]
