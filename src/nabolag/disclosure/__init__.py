"""What may leave the house: rules per data owner, primary suppression, honest summaries."""

from nabolag.disclosure.protect import Protected, protect
from nabolag.disclosure.rules import DEFAULT_RULE, DisclosureRule, rule_for
from nabolag.disclosure.totals import totals_beside_hidden
from nabolag.disclosure.words import reason_text, recoded_words, rounded_words, rounding_base

__all__ = [
    "DEFAULT_RULE",
    "DisclosureRule",
    "Protected",
    "protect",
    "reason_text",
    "recoded_words",
    "rounded_words",
    "rounding_base",
    "rule_for",
    "totals_beside_hidden",
]
