"""What the columns of a table seem to hold: place, period, figures, groups."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from nabolag.core import Level, code_fits
from nabolag.sources.grid import RawTable
from nabolag.sources.marks import DEFAULT_MARKS
from nabolag.sources.sniff import is_number, is_year

Kind = Literal["code", "name", "period", "number", "text", "blank"]
#: What programs write where there is nothing.
BLANK_WORDS = ("NULL", "null", "NA", "N/A", "None", "NaN")
_FEW = 3
_MOSTLY = 0.8
_PERIODS = {
    "year": re.compile(r"(19|20)\d\d"),
    "school_year": re.compile(r"(19|20)\d\d[-/–](19|20)?\d\d"),
    "quarter": re.compile(r"(19|20)\d\d ?[Kk]\d"),
    "month": re.compile(r"(19|20)\d\d(M|-)\d\d"),
}
_PERIOD_HINT = re.compile(r"^(år|aar|year|tid|periode|period|skoleår|kvartal|måned)\b", re.I)
_CODE_HINT = re.compile(
    r"(nr|nummer|kode|code|id)$|krets|bydel|kommune|(?<!per)sone|region|område", re.I
)
_HEADED_BY_YEAR = re.compile(r"\b(19|20)\d\d\b")
_NAME_HINT = re.compile(r"navn|name|område|bydel|krets|kommune|sone|sted", re.I)
_COUNTER_HINT = re.compile(r"objectid|^fid$|^gid$|^ogc_fid$", re.I)
_CODED_NAME = re.compile(r"(\d{2,10}) +\D.*")
_LEVELS = (
    ("grunnkrets", Level.GRUNNKRETS),
    ("delbydel", Level.DELBYDEL),
    ("bydel", Level.BYDEL),
    ("delområde", Level.DELOMRADE),
    ("levekår", Level.LEVEKARSSONE),
    ("kommune", Level.KOMMUNE),
    ("fylke", Level.FYLKE),
    ("barnehage", Level.KINDERGARTEN),
    ("skole", Level.SCHOOL),
)
_BY_LENGTH = {2: Level.FYLKE, 4: Level.DELBYDEL, 6: Level.BYDEL, 8: Level.GRUNNKRETS}


@dataclass(frozen=True, slots=True)
class ColumnSeen:
    """One column: its name, its first few different texts, and what it seems to hold.

    `pad` is the length codes should have where leading zeros seem lost; `before` says that
    the code stands before the first space; `period_kind` is set for periods.
    """

    name: str
    first: tuple[str, ...]
    kind: Kind
    pad: int = 0
    before: bool = False
    period_kind: str = ""

    def codes(self, texts: Sequence[str]) -> list[str]:
        """Return what the texts become when the steps of this column are taken."""
        cut = [text.split(" ", 1)[0] if self.before else text for text in texts]
        return [text.rjust(self.pad, "0") if text.isdigit() else text for text in cut]


def look_at_columns(table: RawTable) -> tuple[ColumnSeen, ...]:
    """Return every delivered column with what it seems to hold."""
    return tuple(
        look_at_column(name, table.frame[name])
        for name in table.columns
        if name not in table.derived
    )


def look_at_column(name: str, texts: pl.Series) -> ColumnSeen:
    """Return what one column of trimmed texts seems to hold."""
    held = [text for text in texts.to_list() if text and text not in BLANK_WORDS]
    distinct = list(dict.fromkeys(held))
    first = tuple(distinct[:_FEW])
    if not held:
        return ColumnSeen(name, (), "blank")
    period = _period_kind(name, held)
    if period:
        return ColumnSeen(name, first, "period", period_kind=period)
    if _CODED_NAME.fullmatch(held[0]) and _share(held, _CODED_NAME) >= _MOSTLY:
        return ColumnSeen(name, first, "code", before=True)
    if _codelike(name, held):
        return ColumnSeen(name, first, "code", pad=_lost_zeros(held))
    figures = [text for text in held if text not in DEFAULT_MARKS]
    if figures and sum(map(is_number, figures)) >= _MOSTLY * len(figures):
        return ColumnSeen(name, first, "number")
    return ColumnSeen(name, first, "name" if _namelike(name, held, distinct) else "text")


def says_name(column: str) -> bool:
    """Tell whether a heading says that it holds names."""
    return re.search("navn|name", column, re.I) is not None


def level_of(column: str, codes: Sequence[str]) -> Level:
    """Return the level that a heading and the shape of its codes point to.

    A guess to be confirmed: the same digits may be codes of several levels.
    """
    heading = column.casefold()
    usual = Counter(map(len, codes)).most_common(1)
    length = usual[0][0] if usual else 0
    of_length = [code for code in codes if len(code) == length]
    if not all(code.isdigit() for code in of_length):
        length = 0
    for word, level in _LEVELS:
        if word in heading and all(code_fits(level, code) for code in of_length):
            return level
    return _BY_LENGTH.get(length, Level.CUSTOM)


def _period_kind(name: str, held: Sequence[str]) -> str:
    if _CODE_HINT.search(name) and not _PERIOD_HINT.search(name):
        return ""
    for kind, pattern in _PERIODS.items():
        if _share(held, pattern) == 1:
            return kind
    return "year" if _PERIOD_HINT.search(name) and any(map(is_year, held)) else ""


def _namelike(name: str, held: Sequence[str], distinct: Sequence[str]) -> bool:
    """Tell whether a column holds names: letters, and many of them or a heading that says so."""
    lettered = sum(any(letter.isalpha() for letter in text) for text in distinct)
    if lettered < len(distinct) / 2 or len(distinct) < 2:
        return False
    return _NAME_HINT.search(name) is not None or len(distinct) > len(held) / 2


def _codelike(name: str, held: Sequence[str]) -> bool:
    """Tell whether a column holds codes: digits of one length, hinted at by zero or heading."""
    digits = [text for text in held if text.isdigit() and 2 <= len(text) <= 10]
    if len(digits) < _MOSTLY * len(held):
        return False
    if _COUNTER_HINT.search(name) or _HEADED_BY_YEAR.search(name):
        return False
    lengths = sorted({len(text) for text in digits})
    # Codes have an even number of digits, or one less where a leading zero is lost.
    if lengths[0] != lengths[-1] and (len(lengths) > 2 or lengths[1] - lengths[0] > 1):
        return False
    if len(lengths) == 2 and lengths[0] % 2 == 0:
        return False
    if lengths == [8]:
        return True  # A figure of eight digits in every row is a code of grunnkretser.
    return any(text.startswith("0") for text in digits) or _CODE_HINT.search(name) is not None


def _lost_zeros(held: Sequence[str]) -> int:
    """Return the length codes should have where some seem to have lost a leading zero, else 0."""
    lengths = {len(text) for text in held if text.isdigit()}
    odd = [length for length in lengths if length % 2]
    return max(odd) + 1 if odd else 0


def _share(held: Sequence[str], pattern: re.Pattern[str]) -> float:
    return sum(pattern.fullmatch(text) is not None for text in held) / len(held)
