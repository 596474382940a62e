"""Why a figure is hidden or uncertain, in words."""

from __future__ import annotations

from typing import Final

from nabolag.core import Lang, Level, Status, has_label, label

#: How the reason of a figure begins that is made of rounded counts; the base follows, then what
#: else there is to say, after a semicolon.
ROUNDED: Final = "rounded:"


def reason_text(reason: str, status: Status, lang: Lang) -> str:
    """Return the sentence for an observation's `reason`, empty where there is none.

    Reads what `protect`, `observe` and the engine of registers write: `numerator<5`,
    `complement<5`, `denominator<5`, `minimum_level=bydel`, `producer`, `unknown_facts`,
    `too_few_years`, `not_delivered`, `rule_numbers_absent`, `rule_not_in_force`,
    `recoded:2013:merged`, `population<500`, `population_hidden`, and `rounded:3`, alone or before
    any of these (`rounded:3;denominator<30`). A text that is none of these is returned as it is.
    """
    if rounding := rounded_words(reason, status, lang):
        rest = reason_text(reason.partition(";")[2], status, lang)
        return f"{rounding} {rest}".strip()
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


def rounding_base(reason: str) -> int | None:
    """Return the base that a figure's counts are rounded to, `None` where they are not."""
    if not reason.startswith(ROUNDED):
        return None
    return int(reason.removeprefix(ROUNDED).partition(";")[0])


def rounded_words(reason: str, status: Status, lang: Lang) -> str:
    """Return how a figure made of rounded counts may differ from the truth, else empty."""
    base = rounding_base(reason)
    if base is None:
        return ""
    name = "rounded" if status.has_value else "rounded_nobody"
    return label(f"disclosure.reason.{name}", lang, base=base, most=base - 1)


def recoded_words(reason: str, lang: Lang) -> str:
    """Return how a figure came to stand in its borders (`recoded:2013:merged`), else empty."""
    reason = reason.partition(";")[2] if reason.startswith(ROUNDED) else reason
    begin, _, rest = reason.partition(":")
    year, _, how = rest.rpartition(":")
    return label(f"recoded.{how}", lang, year=year) if begin == "recoded" and how else ""
