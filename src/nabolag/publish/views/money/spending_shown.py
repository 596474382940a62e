"""What the page about spending models shows of a model."""

from __future__ import annotations

from dataclasses import dataclass

from nabolag.core import Lang
from nabolag.publish.spending.model import Model
from nabolag.publish.spending.sentences import answer


@dataclass(frozen=True)
class Shown:
    """A model and the outcome that is shown of it."""

    model: Model
    outcome: str
    lang: Lang

    @property
    def numbers(self) -> list[int]:
        """The columns that are shown."""
        return self.model.numbers(self.outcome)

    @property
    def term(self) -> str:
        """The term the page opens with: the first of the main ones that a column could estimate."""
        held = [one for one in self.model.main if self.columns_of(one)]
        return held[0] if held else ""

    @property
    def number(self) -> int:
        """The column the page opens with: the last with the term, where most is held equal."""
        held = self.columns_of(self.term)
        return held[-1] if held else 0

    @property
    def answer(self) -> str:
        """What the column the page opens with says, in a sentence."""
        return answer(self.model, self.term, self.number, self.lang)

    @property
    def is_sure(self) -> bool:
        """Tell whether it says that something goes together."""
        cell = self.model.cell(self.term, self.number) if self.term else None
        return cell is not None and cell["p"] is not None and cell["p"] < 1 - self.model.level

    def columns_of(self, term: str) -> list[int]:
        """Return the columns that could estimate a term."""
        cells = ((number, self.model.cell(term, number)) for number in self.numbers)
        return [number for number, cell in cells if cell and cell["estimate"] is not None]
