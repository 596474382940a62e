"""What may leave the house: rules per data owner, suppression, and the audit of it."""

from nabolag.disclosure.audit import Audit
from nabolag.disclosure.dominance import asks_dominance
from nabolag.disclosure.linked import Earlier, read_again
from nabolag.disclosure.primary import DOMINANCE
from nabolag.disclosure.protect import Protected, protect
from nabolag.disclosure.rules import DEFAULT_RULE, DisclosureRule, rule_for, told_rules
from nabolag.disclosure.words import reason_text, recoded_words, rounded_words, rounding_base

__all__ = [
    "DEFAULT_RULE",
    "DOMINANCE",
    "Audit",
    "DisclosureRule",
    "Earlier",
    "Protected",
    "asks_dominance",
    "protect",
    "read_again",
    "reason_text",
    "recoded_words",
    "rounded_words",
    "rounding_base",
    "rule_for",
    "told_rules",
]
