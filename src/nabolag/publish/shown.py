"""One figure as readers see it: what sentences, views and figures are all made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shown:
    """One figure as it is shown, with the reason where there is no number.

    `text` is the number with its unit, or the status in words; never a bare dash.
    `status_words` is empty for an ordinary number. `kind` is `value`, `unreliable`, `hidden`,
    `missing` or `not_applicable`, for drawing. `recoded` and `recoded_text` say of a number that
    it was moved from the borders of another year, and how: in one word of the house, and in a
    sentence. `rounded_text` says of a number that small counts in it are rounded. `group` is whom
    the figure is about as the release writes it, empty for everybody.
    """

    level: str
    area: str
    name: str
    indicator: str
    period: str
    period_text: str
    text: str
    kind: str
    status: str
    status_words: str = ""
    value: float | None = None
    plain: str = ""
    lower: float | None = None
    upper: float | None = None
    interval_text: str = ""
    numerator: float | None = None
    denominator: float | None = None
    source: str = ""
    recoded: str = ""
    recoded_text: str = ""
    rounded_text: str = ""
    group: str = ""

    @property
    def has_value(self) -> bool:
        """True where there is a number to show."""
        return self.value is not None
