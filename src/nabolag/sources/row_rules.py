"""What is asked of a row's texts, and what is done with one: conditions, rows left out, steps."""

from __future__ import annotations

from pydantic import Field, model_validator

from nabolag.sources.given import Texts, Words, compiles
from nabolag.store import Section


class Condition(Section):
    """One test of one column's text. Exactly one of the tests is given.

    Texts are compared after white space at both ends is taken away.
    """

    column: str
    equals: str | None = None
    in_: Texts | None = Field(default=None, alias="in")
    not_in: Texts | None = None
    matches: str | None = None
    blank: bool | None = None

    @model_validator(mode="after")
    def _one_test(self) -> Condition:
        tests = (self.equals, self.in_, self.not_in, self.matches, self.blank)
        if sum(test is not None for test in tests) != 1:
            raise ValueError("give exactly one of equals, in, not_in, matches, blank")
        if self.matches is not None:
            compiles(self.matches)
        return self


class LeaveOut(Section):
    """Rows that are not imported: every condition of `where` holds. Counted and reported."""

    reason: Words
    where: tuple[Condition, ...] = Field(min_length=1)


class Step(Section):
    """One step from the text in the file to a code. Exactly one is given.

    `first = 4`, `last = 4`, `slice = [2, 6]` (from, to; counted from 0), `strip_prefix = "K-"`,
    `strip_suffix`, `pad = 8` (zeros in front), `replace = [old, new]`, `before = " "` (the text
    before the first occurrence), `after`, `prefix = "0301"` (put in front).
    """

    first: int | None = None
    last: int | None = None
    slice: tuple[int, int] | None = None
    strip_prefix: str | None = None
    strip_suffix: str | None = None
    pad: int | None = None
    replace: tuple[str, str] | None = None
    before: str | None = None
    after: str | None = None
    prefix: str | None = None

    @model_validator(mode="after")
    def _one_step(self) -> Step:
        if len(self.model_fields_set) != 1:
            raise ValueError("give exactly one step in each pair of braces")
        return self

    @property
    def name(self) -> str:
        """Which step it is."""
        return next(iter(self.model_fields_set))
