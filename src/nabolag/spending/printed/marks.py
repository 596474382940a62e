"""What the check says of cells: a mark, its reason, and the powers of ten that it proposes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from nabolag.core import Lang, label
from nabolag.spending.printed.model import Cell, Key

#: Below this, three decimals are written.
_FEW_DIGITS = 0.1


class Reason(StrEnum):
    """Why a cell is marked. The words stand in `core/labels/printed.toml`."""

    TABLE_SCALE = "table_scale"
    ROW_SCALE = "row_scale"
    SPLIT_SCALE = "split_scale"
    CELL_SCALE = "cell_scale"
    STARS = "stars"
    OUT_OF_ROW = "out_of_row"
    FORM = "form"
    UNIT = "unit"
    R2 = "r2"


@dataclass(frozen=True, slots=True)
class Mark:
    """A reason, the cells it is about, and what times ten to a power would mend it.

    The powers are 0 where nothing can be mended from what is printed. `facts` are the numbers
    that the reason stands on.
    """

    reason: Reason
    table: str
    cells: tuple[Key, ...]
    coefficient_power: int = 0
    error_power: int = 0
    facts: Mapping[str, Any] = field(default_factory=dict)

    def words(self, lang: Lang) -> str:
        """Say what was found and why, in one paragraph."""
        facts = {name: written(fact, lang) for name, fact in self.facts.items()}
        scaled = {
            "scaled": scaling(self.error_power or self.coefficient_power, lang),
            "error_scaled": scaling(self.error_power, lang),
            "coefficient_scaled": scaling(self.coefficient_power, lang),
        }
        params: dict[str, Any] = {"table": self.table, **scaled, **facts}
        return label(f"printed.mark.{self.reason.value}", lang, **params)

    @property
    def moves(self) -> bool:
        """Whether another number than the printed one is proposed."""
        return bool(self.coefficient_power or self.error_power)


@dataclass(frozen=True, slots=True)
class Corrected:
    """A cell beside what the check proposes. Equal to the printed where nothing is proposed."""

    cell: Cell
    coefficient: Decimal
    error: Decimal
    df: int | None
    marks: tuple[Mark, ...]

    @property
    def changed(self) -> bool:
        """Whether coefficient or error is another than the printed."""
        return any(mark.moves for mark in self.marks)

    @property
    def t_printed(self) -> float:
        """Coefficient over standard error as printed."""
        return float(self.cell.coefficient.value / self.cell.error.value)

    @property
    def t(self) -> float:
        """Coefficient over standard error as proposed."""
        return float(self.coefficient / self.error)


def scaling(power: int, lang: Lang) -> str:
    """Return «ganges med 100» for 2 and «deles på 100» for −2."""
    form = "times" if power >= 0 else "divided"
    return label(f"printed.scaled.{form}", lang, number=whole(10 ** abs(power), lang))


def whole(number: int, lang: Lang) -> str:
    """Write a whole number with its thousands apart."""
    return f"{number:,}".replace(",", "," if lang == "en" else "\N{NO-BREAK SPACE}")


def written(fact: Any, lang: Lang) -> Any:
    """Write a number as the language does: printed digits as they are, others to two decimals."""
    if isinstance(fact, int):
        return whole(fact, lang)
    if isinstance(fact, float):
        fact = f"{fact:.2f}" if abs(fact) >= _FEW_DIGITS else f"{fact:.3f}"
    is_number = isinstance(fact, str) and fact.removeprefix("-").replace(".", "").isdigit()
    return fact.replace(".", ",") if is_number and lang != "en" else fact
