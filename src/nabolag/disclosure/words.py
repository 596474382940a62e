"""Why a figure is hidden or uncertain, in words."""

from __future__ import annotations

from nabolag.core import Lang, Level, Status, has_label, label


def reason_text(reason: str, status: Status, lang: Lang) -> str:
    """Return the sentence for an observation's `reason`, empty where there is none.

    Reads what `protect`, `observe` and the engine of registers write: `numerator<5`,
    `complement<5`, `denominator<5`, `minimum_level=bydel`, `producer`, `unknown_facts`,
    `too_few_years`, `not_delivered`, `rule_numbers_absent`, `rule_not_in_force`,
    `recoded:2013:merged`, `population<500`. A text that is none of these is returned as it is.
    """
    if recoding := recoded_words(reason, lang):
        return recoding
    if has_label(f"disclosure.reason.{reason}"):
        return label(f"disclosure.reason.{reason}", lang)
    if "=" in reason:
        level = Level(reason.partition("=")[2])
        return label("disclosure.reason.minimum_level", lang, level=level.label.in_(lang))
    name, below, threshold = reason.partition("<")
    if not below:
        return reason
    name = "uncertain" if status is Status.UNRELIABLE and name == "denominator" else name
    return label(f"disclosure.reason.{name}", lang, threshold=threshold)


def recoded_words(reason: str, lang: Lang) -> str:
    """Return how a figure came to stand in its borders (`recoded:2013:merged`), else empty."""
    begin, _, rest = reason.partition(":")
    year, _, how = rest.rpartition(":")
    return label(f"recoded.{how}", lang, year=year) if begin == "recoded" and how else ""
