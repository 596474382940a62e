"""Rules as a release tells of them can be read again."""

from __future__ import annotations

from nabolag.disclosure import DEFAULT_RULE, DisclosureRule, told_rules


def test_thresholds_come_back_as_they_were() -> None:
    rule = DisclosureRule(owner="Byen", numerator=10, zero="hide", drawn_denominator=50, width=3)
    assert told_rules([DEFAULT_RULE.as_dict(), rule.as_dict()]) == [DEFAULT_RULE, rule]


def test_how_figures_were_rounded_does_not() -> None:
    rule = DisclosureRule(method="round", base=5, seed=7, denominator=20)
    (read,) = told_rules([rule.as_dict()])
    assert "seed" not in rule.as_dict()
    assert (read.method, read.denominator) == ("suppress", 20)
