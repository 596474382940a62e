"""What the columns of a table seem to hold: place, period, figures, groups."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal, TypeAlias

import polars as pl

from nabolag.core import Level, code_fits
from nabolag.sources.grid import RawTable
from nabolag.sources.marks import DEFAULT_MARKS
from nabolag.sources.sniff import is_number, is_year

Kind = Literal["code", "name", "period", "number", "text", "blank"]
#: The different texts of a column in the order they first stand, and in how many rows each does.
Held: TypeAlias = Mapping[str, int]
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
_DATE = re.compile(r"((?:19|20)\d\d)-(\d\d-\d\d)")
_YEARS = re.compile(r"((?:19|20)\d\d)[-/–]((?:19|20)\d\d)")
_PERIOD_HINT = re.compile(r"^(år|aar|year|tid|periode|period|skoleår|kvartal|måned)\b", re.I)
_CODE_HINT = re.compile(
    r"(nr|nummer|kode|code|id)$|krets|bydel|kommune|(?<!per)sone|region|område", re.I
)
_TOWN_HINT = re.compile(r"kommune[ _]?(nr|nummer|kode|id)", re.I)
_HEADED_BY_YEAR = re.compile(r"\b(19|20)\d\d\b")
_NAME_HINT = re.compile(r"navn|name|område|bydel|krets|kommune|sone|sted", re.I)
_COUNTER_HINT = re.compile(r"objectid|^fid$|^gid$|^ogc_fid$", re.I)
#: «030101 Gamle Oslo»; «18 - 29 år» and «18 år» are ages.
_CODED_NAME = re.compile(r"(\d{2,10}[a-z]{0,2}) +(?!år\b|[-–+])\D.*")
#: Words and lists that a program wrote in a cell are nobody's name.
_WRITTEN_BY_PROGRAM = ("[", "{", "<")
#: A code whose letter tells the generations of an area apart: Oslo's 030101 and 030101a.
_LETTERED = re.compile(r"(\d{2,10})([a-z])")
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
    the code stands before the first space; `suffix` is a letter at the end that is no part of the
    code, and `generations` says that some codes have such a letter and the same without it are
    other areas. `period_kind` is set for periods.
    """

    name: str
    first: tuple[str, ...]
    kind: Kind
    pad: int = 0
    before: bool = False
    suffix: str = ""
    generations: bool = False
    period_kind: str = ""

    def codes(self, texts: Sequence[str]) -> list[str]:
        """Return what the texts become when the steps of this column are taken."""
        cut = [text.split(" ", 1)[0] if self.before else text for text in texts]
        cut = [text.removesuffix(self.suffix) for text in cut]
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
    counted = Counter(texts.to_list())
    # A column has few different texts and many rows: each text is looked at once, and weighed.
    held = {text: n for text, n in counted.items() if text and text not in BLANK_WORDS}
    first = tuple(islice(held, _FEW))
    if not held:
        return ColumnSeen(name, (), "blank")
    period = _period_kind(name, held)
    if period:
        return ColumnSeen(name, first, "period", period_kind=period)
    if _CODED_NAME.fullmatch(first[0]) and _share(held, _CODED_NAME) >= _MOSTLY:
        suffix, generations = _letter(text.split(" ", 1)[0] for text in held)
        return ColumnSeen(name, first, "code", before=True, suffix=suffix, generations=generations)
    suffix, generations = _letter(held)
    bare = {text.removesuffix(suffix): n for text, n in held.items()}
    if _codelike(name, bare):
        pad = _lost_zeros(bare)
        return ColumnSeen(name, first, "code", pad, suffix=suffix, generations=generations)
    figures = {text: n for text, n in held.items() if text not in DEFAULT_MARKS}
    numbers = sum(n for text, n in figures.items() if is_number(text))
    if figures and numbers >= _MOSTLY * sum(figures.values()):
        return ColumnSeen(name, first, "number")
    return ColumnSeen(name, first, "name" if _namelike(name, held) else "text")


def says_name(column: str) -> bool:
    """Tell whether a heading says that it holds names."""
    return re.search("navn|name", column, re.I) is not None


def level_of(column: str, codes: Sequence[str]) -> Level:
    """Return the level that a heading and the shape of its codes point to.

    A guess to be confirmed: the same digits may be codes of several levels.
    """
    heading = column.casefold().replace("aa", "å")
    usual = Counter(map(len, codes)).most_common(1)
    length = usual[0][0] if usual else 0
    of_length = [code for code in codes if len(code) == length]
    if not all(code.isdigit() for code in of_length):
        length = 0
    for word, level in _LEVELS:
        if word in heading and all(code_fits(level, code) for code in of_length):
            return level
    return _BY_LENGTH.get(length, Level.CUSTOM)


def town_column(frame: pl.DataFrame, columns: Sequence[str], code: str) -> str:
    """Return the column with the number of each area's municipality, empty where none has."""
    for name in columns:
        if name == code or "kommune" not in name.casefold():
            continue
        if all(text.isdigit() and code_fits(Level.KOMMUNE, text) for text in frame[name]):
            return name
    return ""


def _period_kind(name: str, held: Held) -> str:
    if _CODE_HINT.search(name) and not _PERIOD_HINT.search(name):
        return ""
    years = [_YEARS.fullmatch(text) for text in held]
    if all(years) and any(int(found[2]) - int(found[1]) > 1 for found in years if found):
        return "span"
    for kind, pattern in _PERIODS.items():
        if all(map(pattern.fullmatch, held)):
            return kind
    dates = [_DATE.fullmatch(text) for text in held]
    if all(dates):
        return "year" if len({found[2] for found in dates if found}) == 1 else "month"
    return "year" if _PERIOD_HINT.search(name) and any(map(is_year, held)) else ""


def _namelike(name: str, held: Held) -> bool:
    """Tell whether a column holds names: letters, and many of them or a heading that says so."""
    lettered = sum(any(letter.isalpha() for letter in text) for text in held)
    if lettered < len(held) / 2 or len(held) < 2:
        return False
    if any(text.startswith(_WRITTEN_BY_PROGRAM) for text in held):
        return False
    return _NAME_HINT.search(name) is not None or len(held) > sum(held.values()) / 2


def _codelike(name: str, held: Held) -> bool:
    """Tell whether a column holds codes: digits of one length, hinted at by zero or heading."""
    digits = {text: n for text, n in held.items() if text.isdigit() and 2 <= len(text) <= 10}
    if sum(digits.values()) < _MOSTLY * sum(held.values()):
        return False
    if _COUNTER_HINT.search(name) or _HEADED_BY_YEAR.search(name):
        return False
    lengths = sorted({len(text) for text in digits})
    if lengths == [2, 4] and _TOWN_HINT.search(name):
        return True  # The county and its municipalities, in one column.
    # Codes have an even number of digits, or one less where a leading zero is lost.
    several = lengths[0] != lengths[-1]
    if several and (lengths[0] % 2 == 0 or len(lengths) > 2 or lengths[1] - lengths[0] > 1):
        return False
    if lengths == [8]:
        return True  # A figure of eight digits in every row is a code of grunnkretser.
    return any(text.startswith("0") for text in digits) or _CODE_HINT.search(name) is not None


def _letter(codes: Iterable[str]) -> tuple[str, bool]:
    """Return the letter that most codes end with and may lose, and whether it tells areas apart.

    Where the same digits stand with the letter and without it, they are two areas: then no letter
    is returned.
    """
    distinct = set(codes)
    lettered = [found for code in distinct if (found := _LETTERED.fullmatch(code))]
    letters = Counter(found[2] for found in lettered)
    if any(found[1] in distinct for found in lettered):
        return "", True
    several = len(letters) != 1 or letters.total() < _MOSTLY * len(distinct)
    return ("" if several else next(iter(letters))), False


def _lost_zeros(held: Held) -> int:
    """Return the length codes should have where some seem to have lost a leading zero, else 0."""
    lengths = {len(text) for text in held if text.isdigit()}
    odd = [length for length in lengths if length % 2]
    return max(odd) + 1 if odd else 0


def _share(held: Held, pattern: re.Pattern[str]) -> float:
    """Return the share of rows whose text a pattern fits."""
    fitting = sum(n for text, n in held.items() if pattern.fullmatch(text))
    return fitting / sum(held.values())
